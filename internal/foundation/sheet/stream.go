package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/csv"
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// Writer writes a table row by row and keeps none of it: the longest export needs no more
// memory than a short one, and nothing of it lies on a disk. The file is whole when Close
// has answered without an error.
type Writer interface {
	Row(cells []Value) error
	Close() error
}

// NewCSV is a Writer for a spreadsheet program of the language: see CSV.
func NewCSV(to io.Writer, l i18n.Language) Writer {
	w := csv.NewWriter(to)
	w.Comma = Separator(l)
	return &csvWriter{to: to, csv: w, lang: l}
}

type csvWriter struct {
	to    io.Writer
	csv   *csv.Writer
	lang  i18n.Language
	begun bool
}

func (w *csvWriter) begin() error {
	if w.begun {
		return nil
	}
	w.begun = true
	_, err := io.WriteString(w.to, "\ufeff")
	return err
}

func (w *csvWriter) Row(row []Value) error {
	if err := w.begin(); err != nil {
		return err
	}
	cells := make([]string, len(row))
	for i, v := range row {
		switch v.kind {
		case 'n':
			cells[i] = strings.ReplaceAll(i18n.Decimal(w.lang, v.number, 6), "\u00a0", "")
			if w.lang == i18n.English {
				cells[i] = strings.ReplaceAll(cells[i], ",", "")
			}
			cells[i] = strings.Replace(cells[i], "−", "-", 1)
		case 'm':
			cells[i] = v.moment.Format(momentCSV)
		default:
			if cells[i] = Safe(v.text); i == 0 && strings.HasPrefix(cells[i], "+") {
				cells[i] = "'" + cells[i] // cut elsewhere, the line begins with it and goes on
			}
		}
	}
	return w.csv.Write(cells)
}

func (w *csvWriter) Close() error {
	if err := w.begin(); err != nil {
		return err
	}
	w.csv.Flush()
	return w.csv.Error()
}

// The parts of a workbook beside its one sheet.
const (
	xlsxHead  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	xlsxMain  = `http://schemas.openxmlformats.org/spreadsheetml/2006/main`
	xlsxLinks = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	xlsxTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`
	xlsxRoot  = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + xlsxLinks + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	xlsxBook  = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="` + xlsxLinks + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + xlsxLinks + `/styles" Target="styles.xml"/></Relationships>`
	// Style 0 is plain, 1 a moment, 2 a text that stays one.
	xlsxStyles = `<styleSheet xmlns="` + xlsxMain + `"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd\.mm\.yyyy hh:mm"/></numFmts><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
)

// NewXLSX is a Writer of one sheet: see XLSX. A name that no sheet may have becomes
// another.
func NewXLSX(to io.Writer, tab string) (Writer, error) {
	if n := utf8.RuneCountInString(tab); n == 0 || n > 31 || strings.ContainsAny(tab, `[]:*?/\'`) {
		tab = "Sheet1"
	}
	z := zip.NewWriter(to)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", xlsxTypes},
		{"_rels/.rels", xlsxRoot},
		{"xl/_rels/workbook.xml.rels", xlsxBook},
		{"xl/styles.xml", xlsxStyles},
		{"xl/workbook.xml", `<workbook xmlns="` + xlsxMain + `" xmlns:r="` + xlsxLinks + `"><sheets><sheet name="` + inXML(tab) + `" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	} {
		w, err := z.Create(part.name)
		if err != nil {
			return nil, err
		}
		if _, err := io.WriteString(w, xlsxHead+part.text); err != nil {
			return nil, err
		}
	}
	part, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, err
	}
	w := &xlsxWriter{zip: z, to: bufio.NewWriter(part)}
	_, err = w.to.WriteString(xlsxHead + `<worksheet xmlns="` + xlsxMain + `"><sheetData>`)
	return w, err
}

type xlsxWriter struct {
	zip *zip.Writer
	to  *bufio.Writer
	row int
}

func (w *xlsxWriter) Row(cells []Value) error {
	w.row++
	row := strconv.Itoa(w.row)
	w.write(`<row r="`, row, `">`)
	for i, v := range cells {
		at := column(i) + row
		switch {
		case v.kind == 'n':
			w.write(`<c r="`, at, `"><v>`, strconv.FormatFloat(v.number, 'f', -1, 64), `</v></c>`)
		case v.kind == 'm':
			w.write(`<c r="`, at, `" s="1"><v>`, serial(v.moment), `</v></c>`)
		case v.text != "":
			w.write(`<c r="`, at, `" s="2" t="inlineStr"><is><t xml:space="preserve">`, inXML(v.text), `</t></is></c>`)
		}
	}
	_, err := w.to.WriteString(`</row>`)
	return err
}

// write leaves errors to the next call: a bufio.Writer keeps the first.
func (w *xlsxWriter) write(parts ...string) {
	for _, p := range parts {
		_, _ = w.to.WriteString(p)
	}
}

func (w *xlsxWriter) Close() error {
	if _, err := w.to.WriteString(`</sheetData></worksheet>`); err != nil {
		return err
	}
	if err := w.to.Flush(); err != nil {
		return err
	}
	return w.zip.Close()
}

// column is the name of a column, from 0: A, B, … Z, AA.
func column(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// serial is a moment as days since the end of 1899. The file has no zone: what is
// written is what a clock in Bishkek shows.
func serial(at time.Time) string {
	clock := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), 0, 0, time.UTC)
	days := clock.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Minutes() / (24 * 60)
	return strconv.FormatFloat(days, 'f', -1, 64)
}

// inXML is a text in XML. What programs would read as a code of a sign is written so
// that they show it as it is.
func inXML(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(escaped.ReplaceAllStringFunc(text, func(s string) string { return "_x005F" + s })))
	return b.String()
}

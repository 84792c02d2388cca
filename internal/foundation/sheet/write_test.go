package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
)

func TestATextOfAnExportStaysATextWhereverItIsCut(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"+996 555 123456": "+996 555 123456", "+996555123456": "+996555123456", "x;+996 555;y": "x;'+996 555;y",
		"=1+1": "'=1+1", "+1+cmd|' /C calc'!A0": "'+1+cmd|' /C calc'!A0", "@SUM(A1)": "'@SUM(A1)", "-2+3": "'-2+3",
		"x;=1+1;y": "x;'=1+1;y", "x,=1": "x,'=1", "x\t=1": "x =1", "x\n=1": "x\n'=1", "x\r=1": "x\n'=1", "\tx": " x", "\r\nx": "\nx",
		"x; =1": "x; '=1", `x;"=1"`: `x;"'=1"`, "x;\u00a0@a": "x;\u00a0'@a",
		"＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠a": "'＠a", "a;＝1": "a;'＝1",
		"'=1": "''=1", "'x": "'x", "a-b = c@d": "a-b = c@d", "+": "'+", "Асанова": "Асанова", "": "",
	} {
		if got := sheet.Safe(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

// pieces cuts lines as programs do, with quotes and without.
func pieces(text, separator string) []string {
	list := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' || string(r) == separator })
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = rune(separator[0]), -1, true
	if rows, err := r.ReadAll(); err == nil {
		for _, row := range rows {
			list = append(list, row...)
		}
	}
	return list
}

func TestNoPieceOfAnExportIsAFormulaAndOurReaderReadsItBack(t *testing.T) {
	t.Parallel()
	texts := rapid.Map(rapid.SliceOfN(rapid.SampledFrom([]string{
		"=", "+", "-", "@", "＝", "＋", "－", "＠", "'", "\"", ",", ";", "\t", "\n", " ", "\u00a0", "1", "996", "a", "Ая", "SUM(A1)",
	}), 0, 8), func(parts []string) string { return strings.Join(parts, "") })
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom(i18n.Languages[:]).Draw(t, "language")
		in := [][]string{{"x", "y", "z"}}
		for range rapid.IntRange(1, 4).Draw(t, "rows") {
			in = append(in, []string{texts.Draw(t, "a"), texts.Draw(t, "b"), "end"})
		}
		var rows [][]sheet.Value
		for _, row := range in {
			rows = append(rows, sheet.Texts(row...))
		}
		raw, err := sheet.CSV(l, rows)
		if err != nil {
			t.Fatal(err)
		}
		for _, separator := range []string{",", ";", "\t"} {
			for _, piece := range pieces(strings.TrimPrefix(string(raw), "\ufeff"), separator) {
				if strings.HasPrefix(piece, "+") && strings.Trim(piece[1:], `0123456789 "`) == "" {
					continue
				}
				if piece != "" && strings.ContainsRune("=+-@＝＋－＠\t\r", []rune(piece)[0]) {
					t.Fatalf("cut at %q, %q begins a formula in %q", separator, piece, raw)
				}
			}
		}
		r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\ufeff"))))
		r.Comma = sheet.Separator(l)
		got, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range in {
			for j, want := range row {
				if want = strings.ReplaceAll(want, "\t", " "); sheet.Unguarded(got[i][j]) != want {
					t.Fatalf("%q is read back as %q", want, got[i][j])
				}
			}
		}
	})
}

func TestAnExportHasRealTypesAndIsReadByPrograms(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 28, 3, 30, 0, 0, time.UTC)
	table := [][]sheet.Value{
		sheet.Texts("Name", "Phone", "Since", "Number"),
		{sheet.Text("=1+1"), sheet.Text("+996555123456"), sheet.Moment(at), sheet.Figure(1234.5)},
		{sheet.Text("Аса\nнова"), sheet.Text("0555"), sheet.Moment(time.Time{}), sheet.Figure(-7)},
	}
	raw, err := sheet.XLSX("Тизме", table)
	if err != nil {
		t.Fatal(err)
	}
	s, err := sheet.Read("a.xlsx", raw)
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := rows(s)
	if want := `[["=1+1" "+996555123456" "2026-11-28 09:30" "1234.5"] ["Аса\nнова" "0555" "" "-7"]]`; err != nil || fmt.Sprintf("%q", got) != want {
		t.Errorf("%q, %v", got, err)
	}
	for l, want := range map[i18n.Language]string{
		i18n.Russian: "\ufeffName;Phone;Since;Number\n'=1+1;+996555123456;2026-11-28 09:30;1234,5\n\"Аса\nнова\";0555;;-7\n",
		i18n.Kyrgyz:  "\ufeffName;Phone;Since;Number\n'=1+1;+996555123456;2026-11-28 09:30;1234,5\n\"Аса\nнова\";0555;;-7\n",
		i18n.English: "\ufeffName,Phone,Since,Number\n'=1+1,+996555123456,2026-11-28 09:30,1234.5\n\"Аса\nнова\",0555,,-7\n",
	} {
		if raw, err := sheet.CSV(l, table); err != nil || string(raw) != want {
			t.Errorf("%s: %q, %v", l, raw, err)
		}
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	part, err := z.Open("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	xml, err := io.ReadAll(part)
	if err != nil || bytes.Contains(xml, []byte("2026-")) || !bytes.Contains(xml, []byte("<v>1234.5</v>")) || bytes.Contains(xml, []byte("<f>")) || bytes.Contains(xml, []byte("<v>+996")) {
		t.Errorf("a moment is a text, a number is none, or a text a formula: %s, %v", xml, err)
	}
}

// What is written row by row is what other programs read, whatever is in the cells; the
// independent reader here is excelize.
func TestAStreamedWorkbookIsReadByAnotherProgram(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		cell := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", " ", "=1+1", "_x0041_", "_x000D_b", "a\nb", "<&>\"'", "Ү\u0301", "+996555123456", "\x00", "0012"}))
		table := rapid.SliceOfN(rapid.SliceOfN(cell, 1, 30), 1, 5).Draw(r, "table")
		var b bytes.Buffer
		w, err := sheet.NewXLSX(&b, rapid.SampledFrom([]string{"Тизме", "", "a/b", "A & B", strings.Repeat("ы", 40)}).Draw(r, "tab"))
		if err != nil {
			r.Fatal(err)
		}
		for _, row := range table {
			if err := w.Row(sheet.Texts(row...)); err != nil {
				r.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			r.Fatal(err)
		}
		f, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
		if err != nil {
			r.Fatal(err)
		}
		defer f.Close()
		for i, row := range table {
			for j, want := range row {
				at, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					r.Fatal(err)
				}
				got, err := f.GetCellValue(f.GetSheetName(0), at)
				if want = seenInXML(want); err != nil || got != want {
					r.Fatalf("%s: %q is read as %q, %v", at, want, got, err)
				}
			}
		}
	})
}

// seenInXML is a text without what XML cannot hold.
func seenInXML(s string) string {
	return strings.Map(func(c rune) rune {
		if c == '\t' || c == '\n' || c == '\r' || c >= 0x20 && c <= 0xD7FF || c >= 0xE000 && c <= 0xFFFD || c >= 0x10000 {
			return c
		}
		return '\uFFFD'
	}, s)
}

package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Bounds of an XLSX file. A small file may unfold to a large one, and one cell
// far to the right unfolds to a row of thousands.
const (
	maxUnzip  = 256 << 20  // bytes
	maxSeen   = 30_000_000 // cells, with those that are empty
	maxKept   = 20_000_000 // cells of the table
	maxBefore = 1_000      // lines before the header
)

// gridRow is a row of an XLSX file; the empty cells at its end are left out.
type gridRow struct {
	line  int
	cells []string
	bare  int // column, from 1, of a formula without a result; 0 when there is none
}

func notXLSX() *Error { return &Error{Text: "this is not an XLSX file that can be read"} }

// readXLSX reads the first sheet, as it was saved: of formulas the results.
func (s *Sheet) readXLSX(raw []byte) error {
	if err := unfolds(raw); err != nil {
		return err
	}
	f, err := excelize.OpenReader(bytes.NewReader(raw), excelize.Options{UnzipSizeLimit: maxUnzip, UnzipXMLSizeLimit: maxUnzip, RawCellValue: true})
	if err != nil {
		return notXLSX()
	}
	defer f.Close()
	s.tabs = f.GetSheetList()
	if len(s.tabs) == 0 {
		return notXLSX()
	}
	bare, err := bareFormulas(firstSheet(f))
	if err != nil {
		return notXLSX()
	}
	rows, err := f.Rows(s.tabs[0])
	if err != nil {
		return notXLSX()
	}
	defer rows.Close()
	if err := s.keep(rows, bare); err != nil {
		return err
	}
	if s.Header == nil {
		text := "the file is empty, expected a first line with the names of the columns"
		if len(s.tabs) > 1 {
			text = fmt.Sprintf("the sheet %s, the first of %d, is empty; only the first is read", Quote(s.tabs[0]), len(s.tabs))
		}
		return &Error{Text: text}
	}
	return nil
}

// unfolds refuses what is too large before any of it is unfolded.
func unfolds(raw []byte) error {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return notXLSX()
	}
	size := uint64(0)
	for _, f := range z.File {
		if size += f.UncompressedSize64; size > maxUnzip || f.UncompressedSize64 > maxUnzip {
			return &Error{Text: fmt.Sprintf("this XLSX file unfolds to more than %d MB; save it as CSV UTF-8", maxUnzip>>20)}
		}
	}
	return nil
}

// keep takes the header and the rows below it that are not empty.
func (s *Sheet) keep(rows *excelize.Rows, bare map[[2]int]bool) error {
	seen, kept := 0, 0
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return &Error{Line: line, Text: "this row cannot be read"}
		}
		for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" && !bare[[2]int{line, len(cells)}] {
			if cells = cells[:len(cells)-1]; len(cells) == 0 {
				break
			}
		}
		seen += cap(cells)
		switch {
		case seen > maxSeen || kept > maxKept:
			return &Error{Line: line, Text: fmt.Sprintf("more than %d cells, or %d with the empty ones beside them", maxKept, maxSeen)}
		case len(cells) == 0 && s.Header == nil && line > maxBefore:
			return &Error{Line: line, Text: "expected the names of the columns, found nothing so far"}
		case len(cells) == 0:
		case s.Header == nil:
			if err := s.head(cells, line); err != nil {
				return err
			}
			s.skip = line - 1
		default:
			last := cells[len(cells)-1]
			row := gridRow{line: line, cells: slices.Clone(cells[:min(len(cells), len(s.Header)+1)])}
			row.cells[len(row.cells)-1] = last // what stands too far to the right
			for i := range row.cells {
				if bare[[2]int{line, i + 1}] {
					row.bare = i + 1
					break
				}
			}
			kept += len(row.cells)
			s.grid = append(s.grid, row)
			if len(row.cells) > len(s.Header) {
				return nil // who reads the rows will end here
			}
		}
	}
	if err := rows.Error(); err != nil {
		return notXLSX()
	}
	return nil
}

func (s *Sheet) gridRows(yield func(Row, error) bool) {
	for _, kept := range s.grid {
		cells := slices.Clone(kept.cells)
		for len(cells) < len(s.Header) {
			cells = append(cells, "")
		}
		row, err := s.row(kept.line, cells)
		if err == nil && kept.bare > 0 {
			err = row.Fail(kept.bare-1, "this formula has no result in the file; open the file in a spreadsheet program and save it again")
		}
		if !yield(row, err) || err != nil {
			return
		}
	}
}

// firstSheet gives the XML of the first sheet, nil when it is not found.
func firstSheet(f *excelize.File) []byte {
	part := func(name string) []byte {
		raw, _ := f.Pkg.Load(name)
		xml, _ := raw.([]byte)
		return xml
	}
	var book struct {
		Sheets []struct {
			ID string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	var links struct {
		List []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if xml.Unmarshal(part("xl/workbook.xml"), &book) != nil || xml.Unmarshal(part("xl/_rels/workbook.xml.rels"), &links) != nil || len(book.Sheets) == 0 {
		return nil
	}
	for _, l := range links.List {
		if l.ID == book.Sheets[0].ID {
			if target, whole := strings.CutPrefix(l.Target, "/"); whole {
				return part(target)
			}
			return part(path.Join("xl", l.Target))
		}
	}
	return nil
}

// bareFormulas finds, by line and column from 1, formulas whose results were
// not saved: a reader would take them for empty cells. It fails where the XML is
// damaged, at which the rows would end without a word.
func bareFormulas(sheet []byte) (map[[2]int]bool, error) {
	bare := map[[2]int]bool{}
	d := xml.NewDecoder(bytes.NewReader(sheet))
	var at, kind string // of the cell
	formula, result, value := false, false, false
	for depth := 0; ; {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) && depth == 0 {
			return bare, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			switch t.Name.Local {
			case "c":
				at, kind, formula, result = "", "", false, false
				for _, a := range t.Attr {
					switch a.Name.Local {
					case "r":
						at = a.Value
					case "t":
						kind = a.Value
					}
				}
			case "f":
				formula = true
			case "is":
				result = true
			case "v":
				value = true
				result = result || kind == "str" // which may be empty
			}
		case xml.CharData:
			result = result || value && len(bytes.TrimSpace(t)) > 0
		case xml.EndElement:
			depth--
			value = value && t.Name.Local != "v"
			if t.Name.Local == "c" && formula && !result {
				if column, line, err := excelize.CellNameToCoordinates(at); err == nil {
					bare[[2]int{line, column}] = true
				}
			}
		}
	}
}

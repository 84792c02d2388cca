package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"platforma.kg/ashar/internal/foundation/sheet"
)

// with gives a book whose first sheet has other XML.
func with(t *testing.T, xml string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(book(t, [][]any{{"x"}})), int64(len(book(t, [][]any{{"x"}}))))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		to, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(f.Name, "sheet1.xml") {
			if _, err := io.WriteString(to, xml); err != nil {
				t.Fatal(err)
			}
			continue
		}
		from, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(to, from); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const (
	sheetHead = `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
	sheetFoot = `</sheetData></worksheet>`
	namesRow  = `<row r="1"><c r="A1" t="inlineStr"><is><t>person</t></is></c><c r="B1" t="inlineStr"><is><t>pre</t></is></c></row>`
)

func TestAFormulaWithoutItsResultIsNoEmptyCell(t *testing.T) {
	t.Parallel()
	for _, formula := range []string{`<c r="B3"><f>1+1</f></c>`, `<c r="B3"><f>1+1</f><v></v></c>`, `<c r="B3"><f>1+1</f><v/></c>`} {
		s, err := sheet.Read("a.xlsx", with(t, sheetHead+namesRow+
			`<row r="2"><c r="A2" t="str"><f>""</f><v></v></c><c r="B2"><f>1+1</f><v>2</v></c></row>`+
			`<row r="3"><c r="A3"><v>2</v></c>`+formula+`</row>`+sheetFoot))
		if err != nil {
			t.Fatal(err)
		}
		cells, lines, err := rows(s)
		if len(cells) != 1 || lines[0] != 2 || cells[0][0] != "" || cells[0][1] != "2" {
			t.Errorf("read %v in %v", cells, lines)
		}
		told(t, err)
	}
}

func told(t *testing.T, err error) {
	t.Helper()
	if want := "a.xlsx, line 3, column 2 (pre): this formula has no result in the file; open the file in a spreadsheet program and save it again"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestASheetThatBreaksOffIsNotReadAsAShortOne(t *testing.T) {
	t.Parallel()
	for _, xml := range []string{
		sheetHead + namesRow + `<row r="2"><c r="A2"><v>1</v></c>`,
		sheetHead + namesRow + `<row r="2"><c r="A2"><v>1</v></c></row><row r=3><c r="A3"><v>1</v></c></row>` + sheetFoot,
	} {
		if _, err := sheet.Read("a.xlsx", with(t, xml)); err == nil || err.Error() != "a.xlsx: this is not an XLSX file that can be read" {
			t.Errorf("got %v", err)
		}
	}
}

func TestCellsFarToTheRightDoNotFillTheMemory(t *testing.T) {
	t.Parallel()
	row := func(cell string, from, to int) string {
		var b strings.Builder
		for r := from; r < to; r++ {
			fmt.Fprintf(&b, cell, r)
		}
		return b.String()
	}
	s, err := sheet.Read("a.xlsx", with(t, sheetHead+namesRow+row(`<row r="%[1]d"><c r="XFD%[1]d"><v>1</v></c></row>`, 2, 30_000)+sheetFoot))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := rows(s); err == nil || err.Error() != "a.xlsx, line 2, column 3: expected 2 cells as in the first line, found 3" {
		t.Errorf("got %v", err)
	}
	for name, c := range map[string]struct {
		xml  string
		rows int
	}{
		"spaces":      {namesRow + row(`<row r="%[1]d"><c r="XFD%[1]d" t="inlineStr"><is><t> </t></is></c></row>`, 2, 2_000), 0},
		"wide header": {`<row r="1">` + wideHeader() + `</row>` + row(`<row r="%[1]d"><c r="XFD%[1]d"><v>1</v></c></row>`, 2, 102), 100},
	} {
		s, err := sheet.Read("a.xlsx", with(t, sheetHead+c.xml+sheetFoot))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		read := 0
		for _, err := range s.Rows() {
			if read++; err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if read != c.rows {
			t.Errorf("%s: read %d rows, want %d", name, read, c.rows)
		}
	}
}

// wideHeader is the names of as many columns as a spreadsheet has.
func wideHeader() string {
	var b strings.Builder
	for c := range 16_384 {
		fmt.Fprintf(&b, `<c t="inlineStr"><is><t>n%d</t></is></c>`, c)
	}
	return b.String()
}

func TestAFileThatUnfoldsTooFarIsTold(t *testing.T) {
	t.Parallel()
	raw := with(t, sheetHead+namesRow+strings.Repeat(`<row><c t="inlineStr"><is><t>aaaaaaaaaaaaa</t></is></c></row>`, 4_500_000)+sheetFoot)
	if _, err := sheet.Read("a.xlsx", raw); err == nil || err.Error() != "a.xlsx: this XLSX file unfolds to more than 256 MB; save it as CSV UTF-8" {
		t.Errorf("got %v", err)
	}
}

func TestTheFirstSheetThatHasTheColumnsIsReadAndTheOthersAreNamed(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	defer f.Close()
	for _, name := range []string{"баллдар", "эскиси", "жашырын", "бош"} {
		if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
	}
	save := func() []byte {
		var out bytes.Buffer
		if err := f.Write(&out); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	if _, err := sheet.Read("a.xlsx", save()); err == nil || err.Error() != `a.xlsx: the file is empty, expected a first line with the names of the columns` {
		t.Errorf("got %v", err)
	}
	for place, text := range map[string]string{
		"Sheet1!A3": "notes", "баллдар!A1": "Тесттин жыйынтыгы", "баллдар!A3": "Person", "баллдар!B3": "pre", "баллдар!A4": "1", "эскиси!A1": "person", "эскиси!B1": "pre",
	} {
		tab, cell, _ := strings.Cut(place, "!")
		if err := f.SetCellStr(tab, cell, text); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.SetSheetVisible("жашырын", false); err != nil {
		t.Fatal(err)
	}
	s, err := sheet.Read("a.xlsx", save(), "person", "pre")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.Notes(), []string{`the sheet "баллдар" is read; not read: "Sheet1", "эскиси", "жашырын" (hidden)`}; s.HeaderLine() != 3 || !slices.Equal(got, want) {
		t.Errorf("line %d, %q", s.HeaderLine(), got)
	}
	if s, err = sheet.Read("a.xlsx", save()); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Require("pre"); err == nil || err.Error() != `a.xlsx, sheet "Sheet1", line 3: no column "pre"; the columns are: notes` {
		t.Errorf("got %v", err)
	}
}

package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/memory/memorytest"
	"platforma.kg/ashar/internal/foundation/sheet"
)

// most is what reading an uploaded table may take of memory at its worst.
const most = 150 << 20

func each(from, to int, pattern string) string {
	var b strings.Builder
	for r := from; r < to; r++ {
		fmt.Fprintf(&b, pattern, r)
	}
	return b.String()
}

// swapped gives the same book with other XML for some of its parts.
func swapped(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	raw := with(t, sheetHead+namesRow+sheetFoot)
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		if _, other := parts[f.Name]; other {
			continue
		}
		from, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		to, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(to, from); err != nil {
			t.Fatal(err)
		}
	}
	for name, xml := range parts {
		to, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(to, xml); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const sheet1 = "xl/worksheets/sheet1.xml"

func TestATableTakesNoMoreMemoryThanItsBound(t *testing.T) {
	t.Parallel()
	const one = `<c r="XFD%[1]d"><v>1</v></c>`
	cases := map[string]struct {
		xml   func() map[string]string
		bound bool // it is refused by a bound
		rows  int  // else read so many
	}{
		// Read by a reader that fills the columns between, these took 12 GB.
		"a cell far to the right in 20,000 rows": {rows: 19_999, xml: func() map[string]string {
			return map[string]string{sheet1: sheetHead + `<row r="1"><c r="A1" t="inlineStr"><is><t>person</t></is></c><c r="XFD1" t="inlineStr"><is><t> </t></is></c></row>` +
				each(2, 20_001, `<row r="%[1]d"><c r="A%[1]d"><v>1</v></c><c r="XFD%[1]d" t="inlineStr"><is><t> </t></is></c></row>`) + sheetFoot}
		}},
		"a name in each of so many columns as are read": {rows: 19_999, xml: func() map[string]string {
			var names strings.Builder
			for c := range sheet.Uploads.Columns {
				fmt.Fprintf(&names, `<c t="inlineStr"><is><t>n%d</t></is></c>`, c)
			}
			return map[string]string{sheet1: sheetHead + `<row r="1">` + names.String() + `</row>` + each(2, 20_001, `<row r="%[1]d"><c r="ALL%[1]d"><v>1</v></c></row>`) + sheetFoot}
		}},
		"names in all the columns that a spreadsheet has": {bound: true, xml: func() map[string]string {
			return map[string]string{sheet1: sheetHead + `<row r="1">` + wideHeader() + `</row>` + each(2, 20_001, `<row r="%[1]d">`+one+`</row>`) + sheetFoot}
		}},
		"more rows than are read": {bound: true, xml: func() map[string]string {
			return map[string]string{sheet1: sheetHead + namesRow + each(2, 20_010, `<row r="%[1]d"><c><v>1</v></c></row>`) + sheetFoot}
		}},
		"a million rows with nothing in them": {rows: 1, xml: func() map[string]string {
			return map[string]string{sheet1: sheetHead + namesRow + each(2, 1_000_000, `<row r="%d"><c s="1"/></row>`) + `<row r="1000000"><c><v>1</v></c></row>` + sheetFoot}
		}},
		"more cells than are read": {bound: true, xml: func() map[string]string {
			return map[string]string{sheet1: sheetHead + `<row>` + strings.Repeat(`<c t="str"><v>a</v></c>`, 2_000_000) + `</row>` + sheetFoot}
		}},
		"more shared texts than are read": {bound: true, xml: func() map[string]string {
			return map[string]string{"xl/sharedStrings.xml": `<sst>` + strings.Repeat(`<si><t/></si>`, 4_000_000) + `</sst>`}
		}},
		"one text as long as the file may unfold": {bound: true, xml: func() map[string]string {
			return map[string]string{sheet1: sheetHead + namesRow + `<row r="2"><c t="inlineStr"><is><t>` + strings.Repeat("a", 60<<20) + `</t></is></c></row>` + sheetFoot}
		}},
		"an element of millions of attributes": {bound: true, xml: func() map[string]string {
			return map[string]string{sheet1: sheetHead + namesRow + `<row r="2"` + strings.Repeat(` a=""`, 12<<20) + `></row>` + sheetFoot}
		}},
		"a million runs of one text": {rows: 0, xml: func() map[string]string {
			return map[string]string{"xl/sharedStrings.xml": `<sst><si>` + strings.Repeat(`<r><rPr><b/></rPr><t>a</t></r>`, 2_000_000) + `</si></sst>`}
		}},
		"a hundred thousand sheets": {bound: true, xml: func() map[string]string {
			return map[string]string{
				"xl/workbook.xml": `<workbook xmlns:r="r"><sheets>` + strings.Repeat(`<sheet name="a" r:id="rId1"/>`, 100_000) + `</sheets></workbook>`,
			}
		}},
		"more than may unfold": {bound: true, xml: func() map[string]string {
			return map[string]string{sheet1: sheetHead + namesRow + strings.Repeat(" ", 70<<20) + sheetFoot}
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			peak := memorytest.Peak(t, func() []byte { return swapped(t, c.xml()) }, func(t *testing.T, raw []byte) {
				if len(raw) > sheet.Uploads.Bytes {
					t.Fatalf("a file of %d bytes would be refused for its size: the test proves nothing", len(raw))
				}
				s, err := sheet.ReadWithin("a.xlsx", raw, sheet.Uploads)
				if c.bound != errors.Is(err, sheet.ErrBound) || !c.bound && err != nil {
					t.Fatalf("read with %v", err)
				}
				if err != nil {
					return
				}
				read := 0
				for _, err := range s.Rows() {
					if err != nil {
						t.Fatal(err)
					}
					read++
				}
				if read != c.rows {
					t.Errorf("read %d rows, want %d", read, c.rows)
				}
				runtime.KeepAlive(s)
			})
			if t.Logf("%d MB", peak>>20); peak > most {
				t.Errorf("took %d MB, at most %d MB", peak>>20, most>>20)
			}
		})
	}
}

func TestATextTableTakesNoMoreMemoryThanItsBound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		raw   func() string
		bound bool
	}{
		"separators alone":    {func() string { return "a,b\n" + strings.Repeat(",", 5_000_000) }, true},
		"names without end":   {func() string { return each(0, 500_000, "n%d,") }, true},
		"rows without end":    {func() string { return "a,b\n" + strings.Repeat("1,2\n", 1_000_000) }, true},
		"empty lines":         {func() string { return "a,b\n" + strings.Repeat("\n", 5_000_000) + "1,2\n" }, false},
		"a cell of the whole": {func() string { return "a,b\n\"" + strings.Repeat("\n", 5_000_000) + "\",2\n" }, false},
		"more than is taken":  {func() string { return strings.Repeat("a,b\n", 2<<20) }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			peak := memorytest.Peak(t, func() []byte { return []byte(c.raw()) }, func(t *testing.T, raw []byte) {
				s, err := sheet.ReadWithin("a.csv", raw, sheet.Uploads)
				if err == nil {
					_, _, err = rows(s)
				}
				if c.bound != errors.Is(err, sheet.ErrBound) || !c.bound && err != nil {
					t.Fatalf("read with %v", err)
				}
			})
			if t.Logf("%d MB", peak>>20); peak > most {
				t.Errorf("took %d MB, at most %d MB", peak>>20, most>>20)
			}
		})
	}
}

func TestARowOrAValueThatWouldBeLostMakesAFileUnreadable(t *testing.T) {
	t.Parallel()
	for name, xml := range map[string]string{
		"rows out of order":        namesRow + `<row r="3"><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row>`,
		"a row twice":              namesRow + `<row r="2"><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row>`,
		"two values in one place":  namesRow + `<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>`,
		"a text that is not there": namesRow + `<row r="2"><c r="A2" t="s"><v>9</v></c></row>`,
		"a place that is none":     namesRow + `<row r="2"><c r="2A"><v>1</v></c></row>`,
		"a row in no number":       namesRow + `<row r="two"><c><v>1</v></c></row>`,
		"a cell outside the rows":  namesRow + `<c r="A2"><v>1</v></c>`,
	} {
		if _, err := sheet.Read("a.xlsx", with(t, sheetHead+xml+sheetFoot)); err == nil || err.Error() != "a.xlsx: this is not an XLSX file that can be read" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := sheet.Read("a.xlsx", with(t, sheetHead+namesRow+`<row r="2"><c r="XFE2"><v>1</v></c></row>`+sheetFoot)); !errors.Is(err, sheet.ErrBound) {
		t.Errorf("a column beyond the last: %v", err)
	}
}

func TestCellsComeInTheOrderOfTheirColumnsWithTheirEscapedCharacters(t *testing.T) {
	t.Parallel()
	s, err := sheet.Read("a.xlsx", swapped(t, map[string]string{
		sheet1:                 sheetHead + namesRow + `<row r="2"><c r="B2" t="s"><v>1</v></c><c r="A2" t="s"><v>0</v></c></row><row><c t="str"><v>a_x0009_b</v></c><c t="b"><v>1</v></c></row>` + sheetFoot,
		"xl/sharedStrings.xml": `<sst><si><r><t>Ай</t></r><r><rPr/><t xml:space="preserve">нура </t></r><rPh><t>ainura</t></rPh></si><si><t>Ош_x000D_</t></si></sst>`,
	}))
	if err != nil {
		t.Fatal(err)
	}
	got, lines, err := rows(s)
	if err != nil || fmt.Sprintf("%q %v", got, lines) != `[["Айнура " "Ош\n"] ["a\tb" "1"]] [2 3]` {
		t.Errorf("%q %v %v", got, lines, err)
	}
}

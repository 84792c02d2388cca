package sheet_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/sheet"
)

// looks are cell looks by number: the built-in formats 0 and 14, 22, 9, 49, and own ones.
func looks(patterns ...string) string {
	formats, xfs := "", ""
	for _, id := range []int{0, 14, 22, 9, 49} {
		xfs += fmt.Sprintf(`<xf numFmtId="%d"/>`, id)
	}
	for i, p := range patterns {
		formats += fmt.Sprintf(`<numFmt numFmtId="%d" formatCode="%s"/>`, 164+i, strings.ReplaceAll(p, `"`, "&quot;"))
		xfs += fmt.Sprintf(`<xf numFmtId="%d"/>`, 164+i)
	}
	return `<styleSheet><numFmts>` + formats + `</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>` + xfs + `</cellXfs></styleSheet>`
}

func TestNumbersAndDatesOfASpreadsheetAreReadByValueAndFormat(t *testing.T) {
	t.Parallel()
	own := []string{`dd\.mm\.yyyy`, `[$-419]d mmmm yyyy "г.";@`, `0`, `#,##0.00\ "сом"`, `[Red]0;[Blue]-0`, `yyyy`, `dd/mm/yyyy hh:mm`, `General`, `"day"0`, `ДД.ММ.ГГГГ`, `mm:ss`, `0.00E+00`}
	look := func(pattern string) int { return 5 + slices.Index(own, pattern) }
	for _, c := range []struct {
		value string
		look  int
		want  string
		since string // 1904 where it is not empty
	}{
		{"996555123456", 0, "996555123456", ""},
		{"9.96555123456E+11", 0, "996555123456", ""},
		{"9.96555123456E11", look("0.00E+00"), "996555123456", ""},
		{"996555123455.99994", 0, "996555123456", ""},
		{"1990.0", 0, "1990", ""},
		{"0.30000000000000004", 0, "0.30000000000000004", ""},
		{"1.5E-3", 0, "0.0015", ""},
		{"-7", 0, "-7", ""},
		{"33005", 0, "33005", ""},
		{"33005", 1, "1990-05-12", ""},
		{"33005", look(`dd\.mm\.yyyy`), "1990-05-12", ""},
		{"33005", look(`[$-419]d mmmm yyyy "г.";@`), "1990-05-12", ""},
		{"33005", look(`ДД.ММ.ГГГГ`), "1990-05-12", ""},
		{"33005", look(`yyyy`), "1990-05-12", ""},
		{"33005", look(`0`), "33005", ""},
		{"33005", look(`#,##0.00\ "сом"`), "33005", ""},
		{"33005", look(`[Red]0;[Blue]-0`), "33005", ""},
		{"33005", look(`General`), "33005", ""},
		{"33005", look(`"day"0`), "33005", ""},
		{"33005", look(`mm:ss`), "33005", ""},
		{"33005", 3, "33005", ""},
		{"33005", 4, "33005", ""},
		{"33005.5", 2, "1990-05-12 12:00", ""},
		{"33005.999999999", look(`dd/mm/yyyy hh:mm`), "1990-05-13", ""},
		{"0.5", 2, "12:00", ""},
		{"1", 1, "1900-01-01", ""},
		{"59", 1, "1900-02-28", ""},
		{"61", 1, "1900-03-01", ""},
		{"31543", 1, "1990-05-12", "1"},
		{"31543", 1, "1990-05-12", "true"},
		{"0", 1, "1904-01-01", "1"},
		{"99999999", 1, "99999999", ""},
		{"-5", 1, "-5", ""},
	} {
		s, err := sheet.Read("a.xlsx", swapped(t, map[string]string{
			"xl/styles.xml":   looks(own...),
			"xl/workbook.xml": `<workbook xmlns:r="r"><workbookPr date1904="` + c.since + `"/><sheets><sheet name="a" r:id="rId1"/></sheets></workbook>`,
			sheet1:            sheetHead + namesRow + fmt.Sprintf(`<row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c><c r="B2" s="%d"><v>%s</v></c></row>`, c.look, c.value) + sheetFoot,
		}))
		if err != nil {
			t.Fatal(err)
		}
		if got, _, err := rows(s); err != nil || got[0][1] != c.want {
			t.Errorf("%s in the look %d, since 1904 %q: %q, %v, want %s", c.value, c.look, c.since, got, err, c.want)
		}
	}
}

func TestCellsOfOtherKindsAreReadAsTheyAreShown(t *testing.T) {
	t.Parallel()
	for xml, want := range map[string]string{
		`t="d"><v>1990-05-12T00:00:00</v>`: "1990-05-12",
		`t="str"><f>A1</f><v>Ош</v>`:       "Ош",
		`><f>1+1</f><v>2</v>`:              "2",
		`t="b"><v>1</v>`:                   "1",
		`t="inlineStr"><is><r><t>Аса</t></r><r><t>нова </t></r></is>`:           "Асанова ",
		`t="inlineStr"><is><t>Аса` + "\u00ad" + `нова` + "\u200e" + `</t></is>`: "Асанова",
	} {
		s, err := sheet.Read("a.xlsx", with(t, sheetHead+namesRow+`<row r="2"><c r="A2"><v>1</v></c><c r="B2" `+xml+`</c></row>`+sheetFoot))
		if err != nil {
			t.Fatal(err)
		}
		if got, _, err := rows(s); err != nil || got[0][1] != want {
			t.Errorf("%s: %q, %v, want %s", xml, got, err, want)
		}
	}
	s, err := sheet.Read("a.xlsx", with(t, sheetHead+namesRow+`<row r="3"><c r="A3"><v>1</v></c><c r="B3" t="e"><v>#REF!</v></c></row>`+sheetFoot))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := rows(s); err == nil || err.Error() != `a.xlsx, line 3, column 2 (pre): this cell holds an error, "#REF!"` {
		t.Errorf("an error: %v", err)
	}
}

func TestAMergedCellStandsForAllItsRowsAndColumns(t *testing.T) {
	t.Parallel()
	book := func(merged string) []byte {
		return with(t, sheetHead+namesRow+
			`<row r="2"><c r="A2" t="inlineStr"><is><t>a</t></is></c><c r="B2"><v>7</v></c></row>`+
			`<row r="3"><c r="A3" t="inlineStr"><is><t>b</t></is></c></row>`+
			`<row r="5"><c r="B5"><v>1</v></c></row>`+
			`<row r="6"><c r="A6" t="inlineStr"><is><t>c</t></is></c></row>`+`</sheetData><mergeCells>`+merged+`</mergeCells></worksheet>`)
	}
	for merged, want := range map[string]string{
		``:                         `[["a" "7"] ["b" ""] ["" "1"] ["c" ""]]`,
		`<mergeCell ref="B2:B4"/>`: `[["a" "7"] ["b" "7"] ["" "1"] ["c" ""]]`,
		`<mergeCell ref="$B$2:$B$6"/><mergeCell ref="A3:A5"/>`:                        `[["a" "7"] ["b" "7"] ["b" "1"] ["c" "7"]]`,
		`<mergeCell ref="A6:B6"/>`:                                                    `[["a" "7"] ["b" ""] ["" "1"] ["c" "c"]]`,
		`<mergeCell ref="A4:B4"/><mergeCell ref="nonsense"/><mergeCell ref="B6:A2"/>`: `[["a" "7"] ["b" ""] ["" "1"] ["c" ""]]`,
	} {
		s, err := sheet.Read("a.xlsx", book(merged))
		if err != nil {
			t.Fatal(err)
		}
		if got, _, err := rows(s); err != nil || fmt.Sprintf("%q", got) != want {
			t.Errorf("%s: %q, %v, want %s", merged, got, err, want)
		}
	}
	raw := with(t, sheetHead+namesRow+each(2, 20_000, `<row r="%[1]d"><c r="A%[1]d"><v>1</v></c></row>`)+`</sheetData><mergeCells>`+
		strings.Repeat(`<mergeCell ref="A2:XFD20000"/>`, 5)+`</mergeCells></worksheet>`)
	if _, err := sheet.ReadWithin("a.xlsx", raw, sheet.Uploads); err == nil || !strings.Contains(err.Error(), "merged areas of more than the 1000000 cells") {
		t.Errorf("a merged area of the whole sheet: %v", err)
	}
}

func TestAHeaderIsFoundBelowATitle(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"person,pre\n1,2\n":                              1,
		"Results of the test\nperson,pre\n1,2\n":         2,
		"Results, all; of the test\n\nPERSON;Pre\n1;2\n": 3,
		"sep=;\nResults;;\n;;\nPre;Person;\n2;1;\n":      4,
		"a,b\nc,d\ne,f\nperson,pre\n1,2\n":               4,
		"\"Results,\nof the test\",\nperson,pre\n1,2\n":  3,
		"Жыйынтык\tпре\nperson\tpre\n1\t2\n":             2,
		strings.Repeat("x,y\n", 9) + "person,pre\n1,2\n": 10,
		"Results\n" + "Person.,\"P. R. E.\"\n1,2\n":      2,
	} {
		s, err := sheet.Read("a.csv", []byte(text), "person", "pre")
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		columns, err := s.Require("person", "pre")
		if err != nil || s.HeaderLine() != want {
			t.Errorf("%q: line %d, %v, want %d", text, s.HeaderLine(), err, want)
			continue
		}
		got, lines, err := rows(s)
		if err != nil || len(got) != 1 || got[0][columns[0]] != "1" || got[0][columns[1]] != "2" || lines[0] != want+1 {
			t.Errorf("%q: %q in %v, %v", text, got, lines, err)
		}
	}
	if s, err := sheet.Read("a.csv", []byte("Results of the test\nq1,q2\n1,0\n")); err != nil || s.HeaderLine() != 2 {
		t.Errorf("a title above unknown names: %+v, %v", s, err)
	}
}

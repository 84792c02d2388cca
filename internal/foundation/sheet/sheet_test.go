package sheet_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"platforma.kg/ashar/internal/foundation/sheet"
)

// rows reads all of a file.
func rows(s *sheet.Sheet) (cells [][]string, lines []int, err error) {
	for row, err := range s.Rows() {
		if err != nil {
			return cells, lines, err
		}
		cells, lines = append(cells, append([]string{}, row.Cells...)), append(lines, row.Line)
	}
	return cells, lines, nil
}

func inUTF16(text string, order binary.AppendByteOrder, mark bool) []byte {
	if mark {
		text = "\ufeff" + text
	}
	var out []byte
	for _, u := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, u)
	}
	return out
}

func in1251(t *testing.T, text string) []byte {
	t.Helper()
	out, err := charmap.Windows1251.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(out)
}

func TestOneTableIsReadTheSameInEveryCoat(t *testing.T) {
	t.Parallel()
	const plain = "Имя,город,баллы\nАйнура,Ош,12\n\"Асан, уулу\",Нарын,7\n"
	coats := map[string][]byte{
		"UTF-8":               []byte(plain),
		"with a mark":         []byte("\ufeff" + plain),
		"CRLF":                []byte(strings.ReplaceAll(plain, "\n", "\r\n")),
		"CR":                  []byte(strings.ReplaceAll(plain, "\n", "\r")),
		"no last line end":    []byte(strings.TrimSuffix(plain, "\n")),
		"semicolons":          []byte("Имя;город;баллы\nАйнура;Ош;12\n\"Асан, уулу\";Нарын;7\n"),
		"tabs":                []byte("Имя\tгород\tбаллы\nАйнура\tОш\t12\nАсан, уулу\tНарын\t7\n"),
		"separator named":     []byte("sep=;\r\nИмя;город;баллы\r\nАйнура;Ош;12\r\n\"Асан, уулу\";Нарын;7\r\n"),
		"empty lines":         []byte("\n\n" + strings.ReplaceAll(plain, "Айнура", "\n,,\nАйнура")),
		"UTF-16 little":       inUTF16(plain, binary.LittleEndian, true),
		"UTF-16 big":          inUTF16(plain, binary.BigEndian, true),
		"Windows-1251":        in1251(t, plain),
		"cells too many":      []byte("Имя,город,баллы,\nАйнура,Ош,12,\n\"Асан, уулу\",Нарын,7,,\n"),
		"spaces in the names": []byte(" Имя , город,баллы \nАйнура,Ош,12\n\"Асан, уулу\",Нарын,7\n"),
		"XLSX":                book(t, [][]any{{"Имя", "город", "баллы"}, {"Айнура", "Ош", 12}, {}, {"Асан, уулу", "Нарын", 7}}),
	}
	for name, raw := range coats {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := sheet.Read("people.csv", raw)
			if err != nil {
				t.Fatal(err)
			}
			if want := []string{"Имя", "город", "баллы"}; !reflect.DeepEqual(s.Header, want) {
				t.Errorf("header %q, want %q", s.Header, want)
			}
			for range 2 { // as often as one likes
				got, _, err := rows(s)
				if want := [][]string{{"Айнура", "Ош", "12"}, {"Асан, уулу", "Нарын", "7"}}; err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("rows %q %v, want %q", got, err, want)
				}
			}
		})
	}
}

func book(t *testing.T, grid [][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range grid {
		for j, v := range row {
			cell, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				t.Fatal(err)
			}
			if err := f.SetCellValue("Sheet1", cell, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestUTF16WithoutAMarkIsReadWhenItsLatinTextShowsIt(t *testing.T) {
	t.Parallel()
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		s, err := sheet.Read("a.csv", inUTF16("person,pre,post\n1,2,3\n", order, false))
		if err != nil || len(s.Header) != 3 || s.Encoding != sheet.UTF16 {
			t.Errorf("%v: %v %+v", order, err, s)
		}
	}
}

func TestQuotedLineBreaksStayAndLineNumbersGoOn(t *testing.T) {
	t.Parallel()
	s, err := sheet.Read("a.csv", []byte("id,text\n1,\"one\r\ntwo\nthree\"\n\n2,\"a \"\"b\"\"\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	got, lines, err := rows(s)
	if want := [][]string{{"1", "one\ntwo\nthree"}, {"2", `a "b"`}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%q %v", got, err)
	}
	if want := []int{2, 6}; !reflect.DeepEqual(lines, want) {
		t.Errorf("lines %v, want %v", lines, want)
	}
}

func TestWhatCannotBeReadIsToldWithItsPlace(t *testing.T) {
	t.Parallel()
	broken := []byte("имя,город\nАйнура,Ош\nАсан,Нары\xd0\n")
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"empty":             {nil, "x.csv: the file is empty"},
		"only line ends":    {[]byte("\n\n"), "x.csv: the file is empty"},
		"no names":          {[]byte(",,\n,,\n"), "x.csv, line 1: expected the names"},
		"name missing":      {[]byte("a,,c\n"), "x.csv, line 1, column 2: this column has no name"},
		"name twice":        {[]byte("\na,b,a\n"), "x.csv, line 2, column 3 (a): two columns have this name, 1 and 3"},
		"too few":           {[]byte("a,b,c\n1,2,3\n1,2\n"), "x.csv, line 3, column 3: expected 3 cells as in the first line, found 2"},
		"too many":          {[]byte("a,b\n1,2,3\n"), "x.csv, line 2, column 3: expected 2 cells"},
		"bare quote":        {[]byte("a,b\n1,x\"y\n"), "x.csv, line 2, column 2 (b): a quote inside"},
		"quote left open":   {[]byte("a,b\n1,2\n3,\"x\n\n"), "x.csv, line 4, column 2 (b): the quoted cell that begins in line 3"},
		"text after quote":  {[]byte("a,b\n1,\"x\"y\n"), "x.csv, line 2, column 2 (b): the quoted cell"},
		"zero byte":         {[]byte("a,b\n1,\x002\n"), "x.csv, line 2: this is not a text file"},
		"broken UTF-8":      {broken, "x.csv, line 3: neither UTF-8"},
		"broken UTF-16":     {append(inUTF16("a,b\n", binary.LittleEndian, true), 0x00, 0xd8), "x.csv, line 2: this is not correct UTF-16"},
		"half of UTF-16":    {append(inUTF16("a,b\n", binary.LittleEndian, true), 0x31), "x.csv, line 2: this is not correct UTF-16"},
		"a picture":         {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "x.csv"},
		"no spreadsheet":    {[]byte("PK\x03\x04 and nothing more"), "x.csv: this is not an XLSX file"},
		"empty spreadsheet": {book(t, nil), "x.csv: the file is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := sheet.Read("x.csv", c.raw)
			if err == nil {
				_, _, err = rows(s)
			}
			var e *sheet.Error
			if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func TestAMissingColumnIsNamedBesideThoseThatAreThere(t *testing.T) {
	t.Parallel()
	s, err := sheet.Read("answers.csv", []byte("Person,pre\n1,2\n"))
	if err != nil {
		t.Fatal(err)
	}
	if c, err := s.Require("pre", "person"); err != nil || c[0] != 1 || c[1] != 0 {
		t.Errorf("%v %v", c, err)
	}
	_, err = s.Require("person", "post")
	if want := `answers.csv, line 1: no column "post"; the columns are: Person, pre`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	for row := range s.Rows() {
		err := row.Fail(1, "expected %s, found %s", "a number", sheet.Quote("a\u202eb\n"))
		if want := `answers.csv, line 2, column 2 (pre): expected a number, found "a b "`; err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func TestFilesAreOpenedAndFoldersAreNot(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "a.csv")
	if err := os.WriteFile(path, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := sheet.Open(path); err != nil || s.Name != "a.csv" {
		t.Errorf("%v", err)
	}
	if _, err := sheet.Open(dir); err == nil || !strings.Contains(err.Error(), "this is a folder") {
		t.Errorf("a folder: %v", err)
	}
	if _, err := sheet.Open(filepath.Join(dir, "b.csv")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestNumbersAreFiniteAndPlain(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]float64{"1": 1, " 2.5 ": 2.5, "3,75": 3.75, "-1e3": -1000, "+4": 4} {
		if got, err := sheet.Number(cell); err != nil || got != want {
			t.Errorf("%q: %v %v", cell, got, err)
		}
	}
	for _, cell := range []string{"", "abc", "NaN", "Inf", "0x10", "1_000", "1e999", "1,2,3", "1,234.5", "١٢"} {
		if got, err := sheet.Number(cell); err == nil {
			t.Errorf("%q was read as %v", cell, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("a,b\n1,2\n"))
	f.Add([]byte("\ufeffsep=;\r\na;b\r\n\"1\r\n2\";3\r\n"))
	f.Add(inUTF16("a,b\n1,2\n", binary.LittleEndian, true))
	f.Add([]byte("\xc8\xec\xff;\xe3\xee\xf0\xee\xe4\n1;2\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := sheet.Read("f.csv", raw)
		if err == nil {
			for row, rowErr := range s.Rows() {
				if err = rowErr; err == nil && len(row.Cells) != len(s.Header) {
					t.Fatalf("%d cells under %d names", len(row.Cells), len(s.Header))
				}
			}
		}
		var e *sheet.Error
		if err != nil && (!errors.As(err, &e) || e.File != "f.csv" || e.Text == "") {
			t.Fatalf("an error without its place: %v", err)
		}
	})
}

func ExampleSheet_Require() {
	s, _ := sheet.Read("answers.csv", []byte("person;pre;post\nA1;7;9,5\nA2;6;\n"))
	columns, _ := s.Require("pre", "post")
	for row, err := range s.Rows() {
		if err != nil {
			fmt.Println(err)
			return
		}
		if _, err := sheet.Number(row.Cells[columns[1]]); err != nil {
			fmt.Println(row.Fail(columns[1], "%v", err))
		}
	}
	// Output: answers.csv, line 3, column 3 (post): expected a number, found ""
}

func TestARowOfMillionsOfCellsIsRefusedBeforeItIsUnfolded(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"commas":          "a,b\n1,2\n" + strings.Repeat(",", 200_000) + "\n",
		"broken by lines": "a,b\n1,2\n" + strings.Repeat("\"x\n\""+strings.Repeat(",", 60_000), 3) + "\n",
	} {
		_, err := sheet.Read("wide.csv", []byte(text))
		if err == nil || !strings.Contains(err.Error(), "more than the 100000 columns") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := sheet.Read("quoted.csv", []byte("a,b\n\""+strings.Repeat(",", 200_000)+"\",1\n")); err != nil {
		t.Errorf("commas in a quoted cell are no cells: %v", err)
	}
}

func TestUTF16WithoutAMarkIsReadWhenItIsMostlyCyrillic(t *testing.T) {
	t.Parallel()
	const text = "катышуучу,башында,аягында\nТокторбаева Гүлмайрам Абдыкадыровна,5,7\nЖолдошбекова Нуржамал Сатыбалдыевна,6,8\n"
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		s, err := sheet.Read("people.csv", inUTF16(text, order, false))
		if err != nil {
			t.Fatal(err)
		}
		if s.Header[0] != "катышуучу" {
			t.Errorf("header %q", s.Header)
		}
	}
}

func TestAFileThatIsNotWhatItsNameSaysIsNamedPlainly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, raw, want string }{
		{"a.xlsx", "person,pre,post\n", "a.xlsx: this is not an XLSX file that can be read"},
		{"a.xlsx", "PK\x05\x06" + strings.Repeat("\x00", 18), "a.xlsx: this is not an XLSX file that can be read"},
		{"a.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00\x00\x00", "a.xls: this is an Excel file of the old kind (.xls) or one with a password; save it as .xlsx without a password, or as CSV UTF-8"},
		{"a.xls", "\ufeff\n<HTML><body><table>", "a.xls: this is a web page, expected a CSV or XLSX file"},
		{"a.csv", "%PDF-1.4\n", "a.csv: this is a PDF file, expected a CSV or XLSX file"},
	} {
		if _, err := sheet.Read(c.name, []byte(c.raw)); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}

package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/legible"
)

// Sheet is a table with named columns. Its rows are read one after another.
type Sheet struct {
	Name     string   // of the file, without its folder
	Tab      string   // of the sheet, where the file has several
	Header   []string // without spaces around; of Open and Read none is empty and no two are equal
	Encoding string   // UTF8, UTF16, Windows1251; empty for XLSX
	Comma    rune     // what parts the cells; zero for XLSX

	// What a spreadsheet does not show and is read all the same, by line and by name.
	HiddenRows    []int
	HiddenColumns []string

	bounds Bounds
	line   int // of the header
	before int // records before the header, and the header
	width  int // cells of the header, with empty ones at its end; 0 for XLSX
	strict bool

	text   string    // CSV: all of it
	skip   int       // lines before the text
	grid   []gridRow // XLSX
	hidden [][2]int  // XLSX: columns from 1, first and last
	notes  []string
}

// Row is one row below the header. Cells is as long as Header and good only until
// the next row; the strings in it stay.
type Row struct {
	Line     int // in the file, from 1
	Cells    []string
	Problems []*Error // of cells, and of the row as a whole; only All gives rows that have some
	Beside   []int    // columns from 0 that have no name, and here a value; only All gives them
	sheet    *Sheet
}

// Open reads a CSV or XLSX file within the bounds of Commands. The names are those
// of columns that the header has, so that it is found below a title; of a file with
// several sheets the first that has them is read. The *Error names file, line and
// column; another error is the system's, when the file cannot be opened.
func Open(path string, names ...string) (*Sheet, error) {
	raw, err := load(path)
	if err != nil {
		return nil, err
	}
	return Read(filepath.Base(path), raw, names...)
}

func load(path string) ([]byte, error) {
	name := filepath.Base(path)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Error{File: path, Text: "there is no such file", cause: err}
	}
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, &Error{File: name, Kind: NotATable, Text: "this is a folder, expected a CSV or XLSX file"}
	}
	most := Commands.Bytes
	if info.Size() > int64(most) {
		return nil, &Error{File: name, Kind: TooMany, Text: fmt.Sprintf("the file has %d MB, at most %d MB are read", info.Size()>>20, most>>20), cause: ErrBound}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, int64(most)+1)) // a device has no size
}

// Read is Open for a file that is in memory.
func Read(name string, raw []byte, names ...string) (*Sheet, error) {
	return ReadWithin(name, raw, Commands, names...)
}

// ReadWithin is Read with other bounds.
func ReadWithin(name string, raw []byte, bounds Bounds, names ...string) (*Sheet, error) {
	b, err := read(name, raw, bounds, true, func(cells []string) (found int) {
		for _, n := range names {
			if slices.ContainsFunc(cells, func(c string) bool { return Key(c) == Key(n) }) {
				found++
			}
		}
		return found
	})
	if err != nil {
		return nil, err
	}
	return b.Sheets[0], nil
}

// Book is what is read of a file: a table of CSV, or of XLSX those of all sheets
// that are shown.
type Book struct {
	Sheets []*Sheet
	Left   []Left
}

// Left is a sheet that is not read: hidden, or without a row of names.
type Left struct {
	Tab    string
	Hidden bool
}

// ReadBook reads all that a file shows. Known tells how many names of columns are
// known in a row, 0 when it is no header; the row of the first ten that has most
// is the header, and a sheet that has none is left. Of a row that has problems
// All gives what there is.
func ReadBook(name string, raw []byte, bounds Bounds, known func(cells []string) int) (*Book, error) {
	return read(name, raw, bounds, false, known)
}

func read(name string, raw []byte, bounds Bounds, strict bool, known func([]string) int) (*Book, error) {
	b := &Book{}
	var err error
	switch {
	case len(raw) > bounds.Bytes:
		err = beyond(0, 0, "more than the %d MB that are read", bounds.Bytes>>20)
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")):
		err = b.readXLSX(raw, bounds, strict, known)
	case foreign(raw) != nil:
		err = foreign(raw)
	case strings.EqualFold(filepath.Ext(name), ".xlsx"):
		err = notXLSX()
	default:
		s := &Sheet{Name: name, bounds: bounds, strict: strict}
		b.Sheets, err = []*Sheet{s}, s.readCSV(raw, known)
	}
	for _, s := range b.Sheets {
		s.Name = name
	}
	if err != nil {
		var e *Error
		if errors.As(err, &e) {
			e.File = name
		}
		return nil, err
	}
	return b, nil
}

// foreign says what a file is that people take for a table, nil when it may be one.
func foreign(raw []byte) *Error {
	if bytes.HasPrefix(raw, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) {
		return &Error{Kind: OldExcel, Text: "this is an Excel file of the old kind (.xls) or one with a password; save it as .xlsx without a password, or as CSV UTF-8"}
	}
	head := bytes.TrimLeft(bytes.TrimPrefix(raw[:min(len(raw), 200)], []byte("\xef\xbb\xbf")), " \t\r\n")
	for _, kind := range []struct{ start, text string }{
		{"<!doctype", "this is a web page, expected a CSV or XLSX file"},
		{"<html", "this is a web page, expected a CSV or XLSX file"},
		{"<?xml", "this is an XML file, expected a CSV or XLSX file"},
		{"%pdf-", "this is a PDF file, expected a CSV or XLSX file"},
	} {
		if len(head) >= len(kind.start) && strings.EqualFold(string(head[:len(kind.start)]), kind.start) {
			return &Error{Kind: NotATable, Text: kind.text}
		}
	}
	return nil
}

// head checks the names of the columns and keeps them.
func (s *Sheet) head(cells []string, line int) error {
	names := make([]string, len(cells))
	for i, c := range cells {
		names[i], _ = legible.Line(legible.Seen(c))
	}
	for len(names) > 0 && names[len(names)-1] == "" {
		names = names[:len(names)-1]
	}
	s.Header, s.line = names, line
	switch {
	case len(names) == 0:
		return &Error{Line: line, Kind: NoHeader, Text: "expected the names of the columns, found none"}
	case len(names) > s.bounds.Columns:
		return beyond(line, 0, "%d columns, at most %d are read", len(names), s.bounds.Columns)
	case !s.strict:
		return nil
	}
	first := make(map[string]int, len(names))
	for i, c := range names {
		if c == "" {
			return &Error{Line: line, Column: i + 1, Text: "this column has no name"}
		}
		if before, twice := first[c]; twice {
			return &Error{Line: line, Column: i + 1, Name: c, Text: fmt.Sprintf("two columns have this name, %d and %d", before+1, i+1)}
		}
		first[c] = i
	}
	return nil
}

// Column finds a column by its name, exactly or else by its Key.
func (s *Sheet) Column(name string) (int, bool) {
	if i := slices.Index(s.Header, name); i >= 0 {
		return i, true
	}
	i := slices.IndexFunc(s.Header, func(h string) bool { return Key(h) == Key(name) })
	return i, i >= 0
}

// Require finds columns that must be there. The *Error names the first that is not.
func (s *Sheet) Require(names ...string) ([]int, error) {
	out := make([]int, len(names))
	for i, name := range names {
		c, ok := s.Column(name)
		if !ok {
			there := strings.Join(s.Header[:min(len(s.Header), 12)], ", ")
			text := fmt.Sprintf("no column %q; the columns are: %s", name, short(there))
			return nil, &Error{File: s.Name, Tab: s.Tab, Line: s.line, Kind: NoHeader, Text: text}
		}
		out[i] = c
	}
	return out, nil
}

// HeaderLine is the line of the file in which the names of the columns stand.
func (s *Sheet) HeaderLine() int { return s.line }

// Notes say, a line each, what of the file is not read, and what is read although
// a spreadsheet does not show it.
func (s *Sheet) Notes() []string { return s.notes }

// Rows gives the rows below the header that are not empty, from the first each
// time. After an error, always a *Error, it ends.
func (s *Sheet) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for row, err := range s.All() {
			if err == nil && len(row.Problems) > 0 {
				err = row.Problems[0]
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

// All is Rows with the rows that have problems. It ends after an error, which only
// a file of text has that cannot be parted into rows.
func (s *Sheet) All() iter.Seq2[Row, error] {
	if s.Comma == 0 {
		return s.gridRows
	}
	return s.textRows
}

// row makes a row of its cells: what nobody sees is taken out.
func (s *Sheet) row(line int, cells []string) Row {
	r := Row{Line: line, sheet: s}
	for i, c := range cells {
		if s.strict {
			cells[i] = legible.Seen(c)
			continue
		}
		text, wrong := legible.Text(c)
		if wrong != nil && i < len(s.Header) {
			e := r.wrong(i, Turned, "the word %s holds the character %v, which changes the order of its letters", Quote(fmt.Sprint(wrong.Args["word"])), wrong.Args["code"])
			e.Cell, e.Code = fmt.Sprint(wrong.Args["word"]), fmt.Sprint(wrong.Args["code"])
			text = legible.Seen(c)
		}
		cells[i] = text
	}
	r.Cells = cells
	return r
}

// measure lets empty cells too many pass and notes others. Of All, cells that are
// missing are empty.
func (r *Row) measure() {
	s, cells := r.sheet, r.Cells
	for len(cells) > len(s.Header) && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	switch found := len(cells); {
	case s.strict && found != len(s.Header), found > max(len(s.Header), s.width) && s.Comma != 0:
		kind := TooWide
		if found < len(s.Header) {
			kind = TooNarrow
		}
		e := r.wrong(min(found, len(s.Header)), kind, "expected %d cells as in %s, found %d", len(s.Header), s.headerIn(), found)
		e.Name = ""
	case !s.strict:
		for i := len(s.Header); i < found; i++ {
			if strings.TrimSpace(cells[i]) != "" {
				r.Beside = append(r.Beside, i)
			}
		}
	}
	for len(cells) < len(s.Header) {
		cells = append(cells, "")
	}
	r.Cells = cells[:len(s.Header)]
}

func (s *Sheet) headerIn() string {
	if s.line == s.skip+1 {
		return "the first line"
	}
	return fmt.Sprintf("line %d", s.line)
}

// wrong notes a problem of a cell, by its column from 0.
func (r *Row) wrong(column int, kind Kind, format string, args ...any) *Error {
	e := &Error{File: r.sheet.Name, Tab: r.sheet.Tab, Line: r.Line, Column: column + 1, Kind: kind, Text: fmt.Sprintf(format, args...)}
	if column >= 0 && column < len(r.sheet.Header) {
		e.Name = r.sheet.Header[column]
	}
	r.Problems = append(r.Problems, e)
	return e
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// Fail is the *Error of a cell, given by the number of its column from 0; a
// negative one means the row as a whole.
func (r Row) Fail(column int, format string, args ...any) error {
	e := &Error{Line: r.Line, Column: column + 1, Text: fmt.Sprintf(format, args...)}
	if r.sheet != nil {
		e.File, e.Tab = r.sheet.Name, r.sheet.Tab
		if column >= 0 && column < len(r.sheet.Header) {
			e.Name = r.sheet.Header[column]
		}
	}
	return e
}

// Number reads a finite number with a decimal point or a decimal comma.
func Number(cell string) (float64, error) {
	cell = strings.TrimSpace(cell)
	if strings.Count(cell, ",") == 1 && !strings.Contains(cell, ".") {
		cell = strings.Replace(cell, ",", ".", 1)
	}
	// ParseFloat also takes hexadecimal, underscores and words; a table holds digits.
	plain := cell != "" && !strings.ContainsFunc(cell, func(r rune) bool { return !strings.ContainsRune("0123456789+-.eE", r) })
	n, err := strconv.ParseFloat(cell, 64)
	if !plain || err != nil || math.IsInf(n, 0) {
		return 0, fmt.Errorf("expected a number, found %s", Quote(cell))
	}
	return n, nil
}

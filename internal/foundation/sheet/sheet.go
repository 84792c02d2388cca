package sheet

import (
	"bytes"
	"encoding/csv"
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
)

// Sheet is a table with named columns. Its rows are read one after another.
type Sheet struct {
	Name     string   // of the file, without its folder
	Header   []string // trimmed, none empty, no two equal
	Encoding string   // UTF8, UTF16, Windows1251; empty for XLSX
	Comma    rune     // what parts the cells; zero for XLSX

	bounds Bounds

	text string    // CSV: all of it
	skip int       // lines before the header
	grid []gridRow // XLSX: rows below the header
	tabs []string  // XLSX: names of the sheets of the file, of which the first is read
}

// Row is one row below the header. Cells is as long as Header and good only until
// the next row; the strings in it stay.
type Row struct {
	Line  int // in the file, from 1
	Cells []string
	sheet *Sheet
}

// Open reads a CSV or XLSX file within the bounds of Commands. The *Error names file, line and column; another
// error is the system's, when the file cannot be opened.
func Open(path string) (*Sheet, error) {
	name := filepath.Base(path)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Error{File: path, Text: "there is no such file", cause: err}
	}
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, &Error{File: name, Text: "this is a folder, expected a CSV or XLSX file"}
	}
	most := Commands.Bytes
	if info.Size() > int64(most) {
		return nil, &Error{File: name, Text: fmt.Sprintf("the file has %d MB, at most %d MB are read", info.Size()>>20, most>>20), cause: ErrBound}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, int64(most)+1)) // a device has no size
	if err != nil {
		return nil, err
	}
	return Read(name, raw)
}

// Read is Open for a file that is in memory.
func Read(name string, raw []byte) (*Sheet, error) { return ReadWithin(name, raw, Commands) }

// ReadWithin is Read with other bounds.
func ReadWithin(name string, raw []byte, bounds Bounds) (*Sheet, error) {
	s := &Sheet{Name: name, bounds: bounds}
	var err error
	switch {
	case len(raw) > bounds.Bytes:
		err = beyond(0, 0, "more than the %d MB that are read", bounds.Bytes>>20)
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")):
		err = s.readXLSX(raw)
	case foreign(raw) != "":
		err = &Error{Text: foreign(raw)}
	case strings.EqualFold(filepath.Ext(name), ".xlsx"):
		err = notXLSX()
	default:
		err = s.readCSV(raw)
	}
	if err != nil {
		var e *Error
		if errors.As(err, &e) {
			e.File = name
		}
		return nil, err
	}
	return s, nil
}

// foreign says what a file is that people take for a table, empty when it may be one.
func foreign(raw []byte) string {
	if bytes.HasPrefix(raw, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) {
		return "this is an Excel file of the old kind (.xls) or one with a password; save it as .xlsx without a password, or as CSV UTF-8"
	}
	head := bytes.TrimLeft(bytes.TrimPrefix(raw[:min(len(raw), 200)], []byte("\xef\xbb\xbf")), " \t\r\n")
	for _, kind := range []struct{ start, text string }{
		{"<!doctype", "this is a web page, expected a CSV or XLSX file"},
		{"<html", "this is a web page, expected a CSV or XLSX file"},
		{"<?xml", "this is an XML file, expected a CSV or XLSX file"},
		{"%pdf-", "this is a PDF file, expected a CSV or XLSX file"},
	} {
		if len(head) >= len(kind.start) && strings.EqualFold(string(head[:len(kind.start)]), kind.start) {
			return kind.text
		}
	}
	return ""
}

func (s *Sheet) readCSV(raw []byte) error {
	text, encoding, err := Decode(raw)
	if err != nil {
		return err
	}
	s.Encoding = encoding
	// A spreadsheet may name the separator in a line of its own, and leave lines empty before the header.
	s.Comma = 0
	for {
		line, rest, more := strings.Cut(text, "\n")
		if after, ok := strings.CutPrefix(strings.TrimSpace(line), "sep="); ok && len(after) == 1 && strings.Contains(",;\t", after) {
			s.Comma = rune(after[0])
		} else if strings.TrimSpace(line) != "" || !more {
			break
		}
		text = rest
		s.skip++
	}
	s.text = text
	if s.Comma == 0 {
		s.Comma = separator(text)
	}
	if err := s.beyondBounds(); err != nil {
		return err
	}
	r := s.reader()
	cells, err := r.Read()
	if errors.Is(err, io.EOF) {
		return &Error{Text: "the file is empty, expected a first line with the names of the columns"}
	}
	if err != nil {
		return s.wrong(err, len(cells))
	}
	return s.head(cells, s.skip+1)
}

// beyondBounds refuses a row of more cells than are read, before the CSV reader
// unfolds it: millions of separators take many times their size. It also counts
// the rows that have anything in them.
func (s *Sheet) beyondBounds() error {
	comma, quoted, cells, line, rows, filled := byte(s.Comma), false, 1, s.skip+1, 0, false
	for i := range len(s.text) {
		switch c := s.text[i]; {
		case c == '\n':
			line++
			if !quoted {
				cells, filled = 1, false
			}
		case c == comma && !quoted:
			if cells++; cells > s.bounds.Columns {
				return beyond(line, cells, "more than the %d columns that are read", s.bounds.Columns)
			}
		case c == ' ' || c == '\t' || c == '\r':
		default:
			if c == '"' {
				quoted = !quoted
			}
			if !filled {
				filled = true
				if rows++; rows > s.bounds.Rows {
					return beyond(line, 0, "more than the %d rows that are read", s.bounds.Rows)
				}
			}
		}
	}
	return nil
}

func (s *Sheet) reader() *csv.Reader {
	r := csv.NewReader(strings.NewReader(s.text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = s.Comma, -1, true
	return r
}

// wrong turns the CSV reader's error into ours; cells are those read before it.
func (s *Sheet) wrong(err error, cells int) error {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return err
	}
	e := &Error{File: s.Name, Line: s.skip + p.Line, Column: cells + 1}
	if cells < len(s.Header) {
		e.Name = s.Header[cells]
	}
	switch {
	case errors.Is(err, csv.ErrBareQuote):
		e.Text = "a quote inside a cell that is not quoted; write the cell in quotes, and a quote in it twice"
	case errors.Is(err, csv.ErrQuote):
		e.Text = fmt.Sprintf("the quoted cell that begins in line %d is not closed as it should be", s.skip+p.StartLine)
	default:
		e.Text = p.Err.Error()
	}
	return e
}

// separator finds what parts the cells of the header: the one of the three that
// stands most often outside quotes.
func separator(text string) rune {
	counts := map[rune]int{}
	quoted := false
	for _, r := range text {
		if r == '"' {
			quoted = !quoted
		}
		if !quoted && r == '\n' {
			break
		}
		if !quoted {
			counts[r]++
		}
	}
	best := ','
	for _, r := range ";\t" {
		if counts[r] > counts[best] {
			best = r
		}
	}
	return best
}

// head checks the names of the columns and keeps them.
func (s *Sheet) head(cells []string, line int) error {
	cells = slices.Clone(cells)
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) == 0 {
		return &Error{Line: line, Text: "expected the names of the columns, found none"}
	}
	if len(cells) > s.bounds.Columns {
		return beyond(line, 0, "%d columns, at most %d are read", len(cells), s.bounds.Columns)
	}
	first := make(map[string]int, len(cells))
	for i, c := range cells {
		if c == "" {
			return &Error{Line: line, Column: i + 1, Text: "this column has no name"}
		}
		if before, twice := first[c]; twice {
			return &Error{Line: line, Column: i + 1, Name: c, Text: fmt.Sprintf("two columns have this name, %d and %d", before+1, i+1)}
		}
		first[c] = i
	}
	s.Header = cells
	return nil
}

// Column finds a column by its name, exactly or else without regard to case.
func (s *Sheet) Column(name string) (int, bool) {
	if i := slices.Index(s.Header, name); i >= 0 {
		return i, true
	}
	i := slices.IndexFunc(s.Header, func(h string) bool { return strings.EqualFold(h, name) })
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
			if len(s.tabs) > 1 {
				text += fmt.Sprintf(" (this is the sheet %s, the first of %d; only the first is read)", Quote(s.tabs[0]), len(s.tabs))
			}
			return nil, &Error{File: s.Name, Line: s.HeaderLine(), Text: text}
		}
		out[i] = c
	}
	return out, nil
}

// HeaderLine is the line of the file in which the names of the columns stand.
func (s *Sheet) HeaderLine() int { return s.skip + 1 }

// Rows gives the rows below the header that are not empty, from the first each
// time. After an error, always a *Error, it ends.
func (s *Sheet) Rows() iter.Seq2[Row, error] {
	if s.Comma == 0 {
		return s.gridRows
	}
	return s.textRows
}

func (s *Sheet) textRows(yield func(Row, error) bool) {
	r := s.reader()
	_, _ = r.Read() // the header, which was read before
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			yield(Row{}, s.wrong(err, len(cells)))
			return
		}
		line, _ := r.FieldPos(0)
		if blank(cells) {
			continue
		}
		row, err := s.row(s.skip+line, cells)
		if !yield(row, err) || err != nil {
			return
		}
	}
}

// row checks that there are as many cells as columns; empty ones too many are let pass.
func (s *Sheet) row(line int, cells []string) (Row, error) {
	for len(cells) > len(s.Header) && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) != len(s.Header) {
		return Row{}, &Error{
			File: s.Name, Line: line, Column: min(len(cells), len(s.Header)) + 1,
			Text: fmt.Sprintf("expected %d cells as in the first line, found %d", len(s.Header), len(cells)),
		}
	}
	return Row{Line: line, Cells: cells, sheet: s}, nil
}

func blank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// Fail is the *Error of a cell, given by the number of its column from 0; a
// negative one means the row as a whole.
func (r Row) Fail(column int, format string, args ...any) error {
	e := &Error{Line: r.Line, Column: column + 1, Text: fmt.Sprintf(format, args...)}
	if r.sheet != nil {
		e.File = r.sheet.Name
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

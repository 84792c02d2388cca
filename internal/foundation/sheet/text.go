package sheet

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// readCSV finds what parts the cells, and the header.
func (s *Sheet) readCSV(raw []byte, known func([]string) int) error {
	text, encoding, err := Decode(raw)
	if err != nil {
		return err
	}
	s.Encoding = encoding
	// A spreadsheet may name the separator in a line of its own, and leave lines empty before the header.
	named := false
	for {
		line, rest, more := strings.Cut(text, "\n")
		if comma := separatorNamed(line); comma != 0 && !named {
			s.Comma, named = comma, true
		} else if strings.TrimSpace(line) != "" || !more {
			break
		}
		text = rest
		s.skip++
	}
	s.text = text
	if strings.TrimSpace(text) == "" {
		return &Error{Kind: Empty, Text: "the file is empty, expected a first line with the names of the columns"}
	}
	if !named {
		s.Comma = s.separator(known)
	}
	if err := s.beyondBounds(s.text); err != nil {
		return err
	}
	rows, lines, err := s.first()
	if err != nil && len(rows) == 0 {
		return err
	}
	if len(rows) == 0 {
		return &Error{Line: s.skip + 1, Kind: NoHeader, Text: "expected the names of the columns, found none"}
	}
	at, sure := headerOf(rows, known)
	if err != nil && sure == 0 && !s.strict {
		return err
	}
	if sure == 0 && !s.strict {
		return &Error{Kind: NoHeader, Text: "no row has the names of the columns"}
	}
	s.width = len(rows[at])
	if err := s.head(rows[at], lines[at]); err != nil {
		return err
	}
	return s.swallowed()
}

// separatorNamed reads a line such as sep=;
func separatorNamed(line string) rune {
	line = strings.Trim(strings.TrimRight(line, "\r\n"), `" `)
	if len(line) == 5 && strings.EqualFold(line[:4], "sep=") && strings.Contains(",;\t|", line[4:]) {
		return rune(line[4])
	}
	return 0
}

// separator finds what parts the cells: what makes a header with rows of the same
// number of cells below it, the surest one, or else what stands most often in the first line that has any of the three.
func (s *Sheet) separator(known func([]string) int) rune {
	list := separators(s.text)
	best, most, even := list[0], 0, false
	for _, comma := range list {
		trial := Sheet{Name: s.Name, bounds: s.bounds, text: s.text[:min(len(s.text), maxBook)], Comma: comma}
		if len(list) > 1 && trial.beyondBounds(trial.text) != nil {
			continue
		}
		if len(list) == 1 {
			return comma
		}
		rows, _, _ := trial.first()
		at, sure := headerOf(rows, known)
		if sure == 0 {
			continue
		}
		same := len(rows) > at+1 // all rows have as many cells as the header
		for _, cells := range rows[at:] {
			same = same && len(cells) == len(rows[at])
		}
		if most == 0 || same && !even || same == even && sure > most {
			best, most, even = comma, sure, same
		}
	}
	return best
}

// separators are those of the three that stand outside quotes in the first lines,
// first the one that stands most often in the first line that has any.
func separators(text string) []rune {
	counts, quoted, seen := map[rune]int{}, false, map[rune]bool{}
	var first map[rune]int
	lines := 0
	for _, r := range text {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '\n':
			if lines++; first == nil && len(counts) > 0 {
				first = counts
			}
			counts = map[rune]int{}
		case r == ',' || r == ';' || r == '\t':
			counts[r]++
			seen[r] = true
		}
		if lines == 2*mostBefore {
			break
		}
	}
	if first == nil {
		first = counts
	}
	list := []rune{',', ';', '\t'}
	list = slices.DeleteFunc(list, func(r rune) bool { return !seen[r] })
	slices.SortStableFunc(list, func(a, b rune) int { return first[b] - first[a] })
	if len(list) == 0 {
		return []rune{','}
	}
	return list
}

// first gives the first rows that are not empty, with their lines. The rows before
// an error are given with it.
func (s *Sheet) first() (rows [][]string, lines []int, err error) {
	r := s.reader()
	for len(rows) < mostBefore {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows, lines, nil
		}
		if err != nil {
			return rows, lines, s.wrong(err, len(cells))
		}
		if line, _ := r.FieldPos(0); !blank(cells) {
			rows, lines = append(rows, slices.Clone(cells)), append(lines, s.skip+line)
		}
	}
	return rows, lines, nil
}

// beyondBounds refuses a row of more cells than are read, before the CSV reader
// unfolds it: millions of separators take many times their size. It also counts
// the rows that have anything in them.
func (s *Sheet) beyondBounds(text string) error {
	comma, quoted, cells, line, rows, filled := byte(s.Comma), false, 1, s.skip+1, 0, false
	for i := range len(text) {
		switch c := text[i]; {
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

// swallowed refuses a file in which a quoted cell runs over lines that are rows of
// their own: somebody wrote a quote that opens a cell, and another one that closes
// it rows later. A line inside such a cell has as many cells as the header has
// columns. Text of several lines rarely does; in it a comma has a space behind it.
func (s *Sheet) swallowed() error {
	columns := s.width
	if columns < 2 || !strings.Contains(s.text, `"`) {
		return nil
	}
	comma, line, began := byte(s.Comma), s.skip+1, 0
	quoted, opens := false, true // opens: a cell begins here
	inside, outside := 0, 0      // separators of this line, in the cell that began in an earlier one and behind it
	earlier := false             // this line begins inside a cell
	found := func() bool { return earlier && inside > 0 && inside+outside+1 == columns }
	refuse := func() error {
		return &Error{
			Line: line, Began: began, Kind: Swallowed,
			Text: fmt.Sprintf("the quoted cell that begins in line %d runs over line %d, which looks like a row of its own; write the cell in quotes, and a quote in it twice", began, line),
		}
	}
	for i := range len(s.text) {
		switch c := s.text[i]; {
		case c == '\n':
			if found() {
				return refuse()
			}
			line++
			inside, outside, earlier, opens = 0, 0, quoted, !quoted
		case c == '"' && quoted:
			quoted = false
			opens = false
		case c == '"' && opens, c == '"' && i > 0 && s.text[i-1] == '"':
			if quoted = true; opens {
				began = line
			}
			opens = false
		case c == comma && quoted:
			if earlier && began < line && (c != ',' || i+1 == len(s.text) || s.text[i+1] != ' ') {
				inside++
			}
		case c == comma:
			outside++
			opens = true
		default:
			opens = false
		}
	}
	if found() {
		return refuse()
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
	e := &Error{File: s.Name, Line: s.skip + p.Line, Column: cells + 1, Kind: LoneQuote}
	if cells < len(s.Header) {
		e.Name = s.Header[cells]
	}
	switch {
	case errors.Is(err, csv.ErrBareQuote):
		e.Text = "a quote inside a cell that is not quoted; write the cell in quotes, and a quote in it twice"
	case errors.Is(err, csv.ErrQuote):
		e.Kind, e.Began, e.Text = OpenQuote, s.skip+p.StartLine, fmt.Sprintf("the quoted cell that begins in line %d is not closed as it should be", s.skip+p.StartLine)
	default:
		e.Kind, e.Text = NotText, p.Err.Error()
	}
	return e
}

func (s *Sheet) textRows(yield func(Row, error) bool) {
	r := s.reader()
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
		if line+s.skip <= s.line || blank(cells) {
			continue
		}
		row := s.row(s.skip+line, cells)
		if row.measure(); !s.strict {
			for i, c := range row.Cells {
				if IsError(c) {
					row.wrong(i, ErrorCell, "this cell holds an error, %s", Quote(c)).Cell = c
				}
			}
		}
		if !yield(row, nil) {
			return
		}
	}
}

package sheet

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
)

// cell is one of an XLSX file that has a value or a formula. Those that only
// have a look are left out.
type cell struct {
	column int    // from 1
	kind   string // as the format names it: s, str, inlineStr, n or nothing (a number), b, e, d
	style  int
	text   string // the value as it was saved; of a formula, the result
	bare   bool   // a formula without a result
}

// line is a row that has cells; they stand in the order of their columns. It
// costs what it holds, however far to the right that stands.
type line struct {
	number int // from 1
	hidden bool
	cells  []cell
}

// lines passes the rows of a sheet, from the top; the cells are good only until
// the next. How the sheet shows them is known at the end. The *Error has no file
// name yet.
func (b *workbook) lines(of tab, show *look, use func(line) error) error {
	s := scanner{book: b, use: use, look: show}
	if _, there := b.parts[of.part]; !there {
		return notXLSX()
	}
	return b.tokens(of.part, s.take)
}

type scanner struct {
	book *workbook
	use  func(line) error
	look *look

	line    line
	inRow   bool
	inCell  bool
	at      cell
	inline  text
	value   strings.Builder
	inValue bool
	formula bool
	result  bool
}

func (s *scanner) take(token xml.Token) error {
	switch e := token.(type) {
	case xml.StartElement:
		switch e.Name.Local {
		case "row":
			return s.row(e)
		case "c":
			return s.cell(e)
		case "col":
			return s.column(e)
		case "mergeCell":
			return s.merge(e)
		case "f":
			s.formula = s.inCell
		case "is":
			s.result = true
		case "v":
			s.inValue = s.inCell
			s.result = s.result || s.at.kind == "str" // which may be empty
		}
	case xml.CharData:
		if s.inValue {
			s.value.Write(e)
			s.result = s.result || len(bytes.TrimSpace(e)) > 0
		}
	case xml.EndElement:
		switch e.Name.Local {
		case "v":
			s.inValue = false
		case "c":
			return s.endCell()
		case "row":
			return s.endRow()
		}
	}
	if s.inCell {
		s.inline.take(token)
	}
	return nil
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func (s *scanner) row(e xml.StartElement) error {
	number := s.line.number + 1
	if r := attribute(e, "r"); r != "" {
		n, err := strconv.Atoi(r)
		if err != nil || n < number {
			return notXLSX() // out of order: a row would be lost
		}
		number = n
	}
	if number > maxLine {
		return beyond(number, 0, "more than the %d rows that a spreadsheet has", maxLine)
	}
	s.line.number, s.line.cells, s.inRow, s.at = number, s.line.cells[:0], true, cell{}
	s.line.hidden = isTrue(attribute(e, "hidden"))
	return nil
}

func isTrue(value string) bool { return value == "1" || value == "true" }

func (s *scanner) column(e xml.StartElement) error {
	first, err1 := strconv.Atoi(attribute(e, "min"))
	last, err2 := strconv.Atoi(attribute(e, "max"))
	if err1 == nil && err2 == nil && isTrue(attribute(e, "hidden")) && len(s.look.hidden) < maxColumn {
		s.look.hidden = append(s.look.hidden, [2]int{first, last})
	}
	return nil
}

func (s *scanner) merge(e xml.StartElement) error {
	a, ok := areaOf(attribute(e, "ref"))
	switch {
	case !ok:
	case len(s.look.merged) == maxMerged:
		return beyond(a.top, 0, "more than the %d merged areas that are read", maxMerged)
	default:
		s.look.merged = append(s.look.merged, a)
	}
	return nil
}

func (s *scanner) cell(e xml.StartElement) error {
	if !s.inRow || s.inCell {
		return notXLSX()
	}
	column := s.at.column + 1
	if r := attribute(e, "r"); r != "" {
		if column = columnOf(r); column == 0 {
			return notXLSX()
		}
	}
	if column > maxColumn {
		return beyond(s.line.number, column, "more than the %d columns that a spreadsheet has", maxColumn)
	}
	style, _ := strconv.Atoi(attribute(e, "s"))
	s.at = cell{column: column, kind: attribute(e, "t"), style: style}
	s.inCell, s.formula, s.result, s.inValue = true, false, false, false
	s.value.Reset()
	s.inline.reset()
	return nil
}

// columnOf gives the column of a place such as "XFD12", 0 when it names none.
func columnOf(place string) int {
	n := 0
	for i, c := range []byte(place) {
		switch c |= 0x20; {
		case c >= 'a' && c <= 'z' && n <= maxColumn:
			n = n*26 + int(c-'a') + 1
		case i > 0 && place[i] >= '0' && place[i] <= '9':
			return n
		default:
			return 0
		}
	}
	return 0
}

func (s *scanner) endCell() error {
	if !s.inCell {
		return notXLSX()
	}
	s.inCell = false
	switch s.at.kind {
	case "s":
		if s.value.Len() == 0 {
			break
		}
		n, err := strconv.Atoi(strings.TrimSpace(s.value.String()))
		if err != nil || n < 0 || n >= len(s.book.strings) {
			return notXLSX()
		}
		s.at.text = s.book.strings[n]
	case "inlineStr":
		s.at.text = s.inline.String()
	case "str":
		s.at.text = unescape(s.value.String())
	default:
		s.at.text = s.value.String()
	}
	s.at.bare = s.formula && !s.result
	if s.at.text == "" && !s.formula {
		return nil
	}
	if s.book.cells++; s.book.cells > s.book.bounds.Cells {
		return beyond(s.line.number, 0, "more than the %d cells that are read", s.book.bounds.Cells)
	}
	s.line.cells = append(s.line.cells, s.at)
	return nil
}

func (s *scanner) endRow() error {
	if !s.inRow || s.inCell {
		return notXLSX()
	}
	s.inRow = false
	if len(s.line.cells) == 0 {
		return nil
	}
	if s.book.rows++; s.book.rows > s.book.bounds.Rows {
		return beyond(s.line.number, 0, "more than the %d rows that are read", s.book.bounds.Rows)
	}
	byColumn := func(a, b cell) int { return a.column - b.column }
	if !slices.IsSortedFunc(s.line.cells, byColumn) {
		slices.SortStableFunc(s.line.cells, byColumn)
	}
	for i := 1; i < len(s.line.cells); i++ {
		if s.line.cells[i].column == s.line.cells[i-1].column {
			return notXLSX() // two values in one place: one would be lost
		}
	}
	return s.use(s.line)
}

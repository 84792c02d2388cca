package sheet

import (
	"errors"
	"fmt"
	"strings"
)

// gridRow is a row of an XLSX file; it holds only the cells that have a value.
type gridRow struct {
	line    int
	columns []int32 // from 0, rising
	cells   []string
	bare    int // column, from 1, of a formula without a result; 0 when there is none
}

func notXLSX() *Error { return &Error{Text: "this is not an XLSX file that can be read"} }

// errEnough ends the reading of a sheet of which no more is needed.
var errEnough = errors.New("enough was read")

// readXLSX reads the first sheet, as it was saved: of formulas the results.
func (s *Sheet) readXLSX(raw []byte) error {
	b, err := openWorkbook(raw, s.bounds)
	if err != nil {
		return err
	}
	for _, tab := range b.tabs {
		s.tabs = append(s.tabs, tab.Name)
	}
	if err := b.lines(b.tabs[0], s.keep); err != nil && !errors.Is(err, errEnough) {
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

// keep takes the header and the rows below it that are not empty.
func (s *Sheet) keep(l line) error {
	row := gridRow{line: l.number}
	for _, c := range l.cells {
		if !c.bare && strings.TrimSpace(c.text) == "" {
			continue
		}
		row.columns, row.cells = append(row.columns, int32(c.column-1)), append(row.cells, c.text)
		if c.bare && row.bare == 0 {
			row.bare = c.column
		}
	}
	switch {
	case len(row.cells) == 0:
	case s.Header == nil:
		if l.number > maxBefore+1 {
			return &Error{Line: maxBefore + 1, Text: "expected the names of the columns, found nothing so far"}
		}
		s.skip = l.number - 1
		return s.head(row.spread(int(row.columns[len(row.columns)-1])+1), l.number)
	default:
		s.grid = append(s.grid, row)
		if int(row.columns[len(row.columns)-1]) >= len(s.Header) {
			return errEnough // who reads the rows will end here
		}
	}
	return nil
}

// spread gives the cells in their columns, with empty ones between; what stands
// too far to the right is the last, one beyond width.
func (g gridRow) spread(width int) []string {
	cells := make([]string, width, width+1)
	for i, c := range g.columns {
		if int(c) < width {
			cells[c] = g.cells[i]
		} else {
			cells = append(cells[:width], g.cells[i])
		}
	}
	return cells
}

func (s *Sheet) gridRows(yield func(Row, error) bool) {
	for _, kept := range s.grid {
		row, err := s.row(kept.line, kept.spread(len(s.Header)))
		if err == nil && kept.bare > 0 {
			err = row.Fail(kept.bare-1, "this formula has no result in the file; open the file in a spreadsheet program and save it again")
		}
		if !yield(row, err) || err != nil {
			return
		}
	}
}

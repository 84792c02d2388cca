package sheet

import (
	"fmt"
	"strings"
)

// gridRow is a row of an XLSX file; it holds only the cells that have a value.
type gridRow struct {
	line    int
	columns []int32 // from 0, rising
	cells   []string
	flaws   []flaw
}

// flaw is what is wrong with a cell.
type flaw struct {
	column int32 // from 0
	kind   Kind
}

func notXLSX() *Error {
	return &Error{Kind: NotATable, Text: "this is not an XLSX file that can be read"}
}

// readXLSX reads the sheets that are shown, as they were saved: of formulas the
// results. Strictly it reads one: the first that has the header, or else anything.
func (b *Book) readXLSX(raw []byte, bounds Bounds, strict bool, known func([]string) int) error {
	w, err := openWorkbook(raw, bounds)
	if err != nil {
		return err
	}
	var first *Sheet // with anything in it
	for _, tab := range w.tabs {
		if tab.Hidden {
			b.Left = append(b.Left, Left{tab.Name, true})
			continue
		}
		s := &Sheet{bounds: bounds, strict: strict}
		if len(w.tabs) > 1 {
			s.Tab = tab.Name
		}
		if err := s.readTab(w, tab); err != nil {
			return err
		}
		rows := s.firstRows()
		if len(rows) == 0 {
			continue
		}
		at, sure := headerOf(rows, known)
		s.before = at + 1
		if first == nil {
			first = s
		}
		switch {
		case sure > 0 && (!strict || len(b.Sheets) == 0):
			b.Sheets = append(b.Sheets, s)
		default:
			b.Left = append(b.Left, Left{Tab: tab.Name})
		}
	}
	switch {
	case first == nil:
		return &Error{Kind: Empty, Text: "the file is empty, expected a first line with the names of the columns"}
	case len(b.Sheets) == 0 && !strict:
		return &Error{Kind: NoHeader, Text: "no row has the names of the columns"}
	case len(b.Sheets) == 0:
		b.Sheets = []*Sheet{first}
	}
	for _, s := range b.Sheets {
		at := s.before - 1
		if err := s.head(s.firstRows()[at], s.grid[at].line); err != nil {
			return err
		}
		s.nameHidden(w)
	}
	b.note()
	return nil
}

// note says of the one sheet that is read which others are not.
func (b *Book) note() {
	s := b.Sheets[0]
	var others []string
	for _, l := range b.Left {
		switch {
		case l.Tab == s.Tab && !l.Hidden:
		case l.Hidden:
			others = append(others, Quote(l.Tab)+" (hidden)")
		default:
			others = append(others, Quote(l.Tab))
		}
	}
	if len(others) > 0 {
		s.notes = append(s.notes, fmt.Sprintf("the sheet %s is read; not read: %s", Quote(s.Tab), strings.Join(others, ", ")))
	}
	if len(s.HiddenRows) > 0 {
		s.notes = append(s.notes, "hidden rows are read too: "+Ranges(s.HiddenRows))
	}
	if len(s.HiddenColumns) > 0 {
		s.notes = append(s.notes, "hidden columns are read too: "+strings.Join(s.HiddenColumns, ", "))
	}
}

// readTab keeps the rows of a sheet that are not empty.
func (s *Sheet) readTab(w *workbook, of tab) error {
	l := &look{}
	err := w.lines(of, l, func(l line) error {
		row := gridRow{line: l.number}
		for _, c := range l.cells {
			text, wrong := w.value(c)
			if wrong == "" && strings.TrimSpace(text) == "" {
				continue
			}
			row.columns, row.cells = append(row.columns, int32(c.column-1)), append(row.cells, text)
			if wrong != "" {
				row.flaws = append(row.flaws, flaw{int32(c.column - 1), wrong})
			}
		}
		if len(row.cells) > 0 {
			s.grid = append(s.grid, row)
			if l.hidden {
				s.HiddenRows = append(s.HiddenRows, l.number)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s.hidden = l.hidden
	return s.spreadMerged(l.merged)
}

// nameHidden names the hidden columns that have a header, and forgets hidden rows
// that are not below it.
func (s *Sheet) nameHidden(*workbook) {
	for i, name := range s.Header {
		for _, h := range s.hidden {
			if name != "" && i+1 >= h[0] && i+1 <= h[1] {
				s.HiddenColumns = append(s.HiddenColumns, name)
				break
			}
		}
	}
	below := s.HiddenRows[:0]
	for _, line := range s.HiddenRows {
		if line > s.line {
			below = append(below, line)
		}
	}
	s.HiddenRows = below
}

// firstRows gives the rows among which the header is looked for.
func (s *Sheet) firstRows() [][]string {
	var rows [][]string
	for _, g := range s.grid[:min(len(s.grid), mostBefore)] {
		rows = append(rows, g.spread(int(g.columns[len(g.columns)-1])+1))
	}
	return rows
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
	for _, kept := range s.grid[min(s.before, len(s.grid)):] {
		if !yield(s.gridRow(kept), nil) {
			return
		}
	}
}

func (s *Sheet) gridRow(kept gridRow) Row {
	row := s.row(kept.line, kept.spread(len(s.Header)))
	row.measure()
	row.Beside = nil
	for _, c := range kept.columns {
		if int(c) >= len(s.Header) && !s.strict {
			row.Beside = append(row.Beside, int(c))
		}
	}
	for _, f := range kept.flaws {
		if int(f.column) >= len(s.Header) {
			continue
		}
		switch f.kind {
		case BareFormula:
			row.wrong(int(f.column), f.kind, "this formula has no result in the file; open the file in a spreadsheet program and save it again")
		default:
			row.wrong(int(f.column), f.kind, "this cell holds an error, %s", Quote(row.Cells[f.column])).Cell = row.Cells[f.column]
		}
	}
	return row
}

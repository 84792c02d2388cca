package programme

import (
	"platforma.kg/ashar/internal/foundation/document"
	"platforma.kg/ashar/internal/foundation/i18n"
)

// AgendaTable is an agenda on paper, in a language: when, with the date where there are several
// days, what, and under it who leads. The heads are given in words.
func AgendaTable(l i18n.Language, when, what string, days []AgendaDay) document.Table {
	t := document.Table{
		Columns: []document.Column{{Share: 2}, {Share: 8}},
		Head:    []document.Row{document.Cells(when, what)},
	}
	for _, day := range days {
		for _, s := range day.Sessions {
			cell := document.Text(document.Drawable(s.Title.In(l)))
			if who := s.Speaker.In(l); who != "" {
				cell.Text = append(cell.Text, document.Plain(document.Drawable(who)))
			}
			at := s.At + "–" + s.Ends()
			if !day.Date.IsZero() {
				at = i18n.DayMonth(l, day.Date) + ", " + at
			}
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.RowHead(at), cell}})
		}
	}
	return t
}

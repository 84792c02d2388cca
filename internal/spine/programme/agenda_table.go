package programme

import (
	"platforma.kg/ashar/internal/foundation/document"
	"platforma.kg/ashar/internal/foundation/i18n"
)

// AgendaTable is an agenda on paper, in a language: when, what, and under it who leads. The
// heads are given in words.
func AgendaTable(l i18n.Language, when, what string, agenda []Session) document.Table {
	t := document.Table{
		Columns: []document.Column{{Share: 2}, {Share: 8}},
		Head:    []document.Row{document.Cells(when, what)},
	}
	for _, s := range agenda {
		cell := document.Text(document.Drawable(s.Title.In(l)))
		if who := s.Speaker.In(l); who != "" {
			cell.Text = append(cell.Text, document.Plain(document.Drawable(who)))
		}
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.RowHead(s.At + "–" + s.Ends()), cell}})
	}
	return t
}

package followup

import (
	"slices"
	"strconv"
	"time"

	"platforma.kg/ashar/internal/foundation/document"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
)

// paper is the lines as a sheet of paper.
func (v Lines) paper(say *i18n.Printer, l i18n.Language, now time.Time) document.Document {
	title := document.Drawable(v.title(say, l))
	out := document.Document{
		Lang: string(l), Title: title, Made: now,
		Foot: document.Furniture{Left: say.T("followup.paper.made", "when", i18n.DateTime(l, now))},
		Body: []document.Block{
			document.Heading{Level: 1, Text: document.Plain(title)},
			document.Paragraph{Text: document.Plain(document.Drawable(i18n.DateLongRange(l, v.Activity.Starts, v.Activity.Ends)))},
		},
	}
	if where := v.Activity.Venue.In(l); where != "" {
		out.Body = append(out.Body, document.Paragraph{Text: document.Plain(document.Drawable(where))})
	}
	out.Body = append(out.Body, document.Paragraph{Text: document.Strong(v.standing(say))})
	for _, p := range v.Parts {
		t := document.Table{
			Columns: []document.Column{{Share: 80}, {Share: 20, Align: document.Right}},
			Head:    []document.Row{document.Cells(say.T("followup.lines.what"), say.T("followup.lines.count"))},
		}
		for _, one := range p.rows(say) {
			t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{document.RowHead(document.Drawable(one.Words)), document.Text(strconv.Itoa(one.Count))}})
		}
		out.Body = append(out.Body, document.Heading{Level: 2, Text: document.Plain(document.Drawable(p.Question))}, t)
	}
	return out
}

// pattern is the page of staff of which the lines are a part: those of the door have their own.
func (v Lines) pattern() string {
	if v.Use == Door {
		return staffPath + "/lines"
	}
	return staffPath
}

// title names the lines and the activity.
func (v Lines) title(say *i18n.Printer, l i18n.Language) string {
	return say.T("followup.lines.title", "use", say.T("followup.use."+v.Use), "activity", v.Activity.Title.In(l))
}

// standing says how many have answered, or that nobody was asked.
func (v Lines) standing(say *i18n.Printer) string {
	if v.NeverAsked() {
		return say.T("followup.lines.never", "seats", v.Seats)
	}
	return say.T("followup.lines.answered", "answered", v.Answered, "seats", v.Seats)
}

// rows are the lines of a question with how many portions that makes, those who gave no answer
// and those who were not asked.
func (p Part) rows(say *i18n.Printer) []Line {
	out := slices.Clone(p.Lines)
	if p.Food {
		out = append(out, Line{say.T("followup.lines.portions"), p.Portions})
	}
	out = append(out, Line{say.T("followup.lines.none"), p.None})
	if p.Unasked > 0 {
		out = append(out, Line{say.T("followup.lines.unasked"), p.Unasked})
	}
	return out
}

// table is the lines as a table.
func (v Lines) table(say *i18n.Printer) [][]sheet.Value {
	out := [][]sheet.Value{sheet.Texts(say.T("followup.lines.question"), say.T("followup.lines.what"), say.T("followup.lines.count"))}
	for _, p := range v.Parts {
		for _, one := range p.rows(say) {
			out = append(out, []sheet.Value{sheet.Text(p.Question), sheet.Text(one.Words), sheet.Figure(float64(one.Count))})
		}
	}
	return out
}

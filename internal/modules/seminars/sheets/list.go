package sheets

import (
	"platforma.kg/ashar/internal/foundation/document"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/forms"
)

// printed says who prints, and that the sheet is to be destroyed.
func (d *drawing) printed() string {
	return d.t("sheets.printed", "name", d.word(d.By.FullName), "when", i18n.DateShort(d.Lang, d.At)+", "+i18n.Time(d.Lang, d.At))
}

// list is the list of participants.
func (d *drawing) list() document.Document {
	paper := d.paper(List, document.A4)
	paper.Foot.Left = d.printed()
	t := document.Table{
		Caption: document.Plain(d.count()), Size: document.Small, Row: 7,
		Columns: []document.Column{{Share: 10, Align: document.Right}, {Share: 52}, {Share: 20}, {Share: 26}, {Share: 44}, {Share: 30}},
		Head:    d.heads("number", "name", "sex", "city", "organisation", "state"),
	}
	sex := forms.Question{Kind: forms.AskSex}
	for i, g := range d.Guests {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
			document.Text(number(i + 1)),
			{Text: []document.Runs{document.Strong(d.word(g.Details.FullName))}, Head: true},
			document.Text(told(g.Details.Sex, func(v string) string { return sex.Word(d.say, v) })), document.Text(d.home(g.Details)),
			document.Text(d.word(g.Details.Organisation)), document.Text(d.t("seminars.state." + string(g.State))),
		}})
	}
	paper.Body = append(paper.Body, t, document.Paragraph{Text: document.Strong(d.t("sheets.destroy"))})
	return paper
}

// told gives a word for a code, nothing where she told none.
func told(code string, word func(string) string) string {
	if code == "" {
		return ""
	}
	return word(code)
}

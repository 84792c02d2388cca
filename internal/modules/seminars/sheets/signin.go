package sheets

import (
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/document"
)

// handRow is how high a row is that people write in, mm.
const handRow = 10

// daysAcross is how many days stand beside each other on the sheet to sign; more have
// another sheet.
const daysAcross = 4

// signIn is the sheet to sign, with a column for each day.
func (d *drawing) signIn() document.Document {
	paper := d.paper(SignIn, document.A4Landscape)
	paper.Foot.Left = d.t("sheets.signin.note")
	days := slices.Collect(slices.Chunk(d.Days, daysAcross))
	if len(days) == 0 {
		days = [][]time.Time{nil}
	}
	for i, some := range days {
		if i > 0 {
			paper.Body = append(paper.Body, document.Break{}, document.Heading{Level: 2, Text: document.Plain(d.shortDay(some[0]) + " – " + d.shortDay(some[len(some)-1]))})
		}
		paper.Body = append(paper.Body, d.signTable(some, i == 0))
	}
	paper.Body = append(paper.Body, document.Together{Parts: []document.Block{
		document.Blank{Label: d.t("sheets.signin.came", "count", len(d.Guests))},
		document.Blank{Label: d.t("sheets.signin.facilitator")},
	}})
	return paper
}

// signTable is the table of some of the days; whether photos may be taken is asked once.
func (d *drawing) signTable(days []time.Time, photo bool) document.Table {
	t := document.Table{
		Caption: document.Plain(d.count()), Row: handRow, Joins: true,
		Columns: []document.Column{{Share: 10, Align: document.Right}, {Share: 62}, {Share: 28}, {Share: 58}},
		Head:    d.heads("number", "name", "city", "organisation"),
	}
	add := func(share float64, text string) {
		t.Columns = append(t.Columns, document.Column{Share: share})
		t.Head[0].Cells = append(t.Head[0].Cells, document.Text(text))
	}
	if photo {
		add(40, d.t("sheets.column.photo"))
	}
	sign := max(1, len(days))
	for i := range sign {
		text := d.t("sheets.column.signature")
		if len(d.Days) > 1 {
			text = d.shortDay(days[i])
		}
		add(max(28, 74/float64(sign)), text)
	}
	row := func(first, name, city, organisation string) {
		cells := []document.Cell{document.Text(first), {Text: []document.Runs{document.Strong(name)}, Head: name != ""}, document.Text(city), document.Text(organisation)}
		if photo {
			cells = append(cells, document.Text(d.boxes()))
		}
		for range sign {
			cells = append(cells, document.Text(""))
		}
		t.Rows = append(t.Rows, document.Row{Cells: cells})
	}
	for i, g := range d.Guests {
		row(number(i+1), d.word(g.Details.FullName), d.home(g.Details), d.word(g.Details.Organisation))
	}
	for i := range d.Rows {
		row(number(len(d.Guests)+i+1), "", "", "")
	}
	return t
}

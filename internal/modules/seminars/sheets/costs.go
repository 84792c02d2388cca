package sheets

import (
	"platforma.kg/ashar/internal/foundation/document"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// paid is one row of the sheet of allowances, in som.
type paid struct {
	guest
	Days             int
	For, Fare, Total int64 // for her days, for her way, both
}

// mostPaid is for how many days of one activity somebody is paid, as the days that she came
// are counted; a sheet to sign has fewer.
const mostPaid = 366

// payments lists who is paid, and the sums. Planned are all days of the activity for
// everybody who holds a seat and may still come; otherwise those that she was there.
func (d *drawing) payments() (list []paid, sum paid) {
	planned := max(1, len(seats.DaysOf(d.Activity, mostPaid)))
	for _, g := range d.Guests {
		p := paid{guest: g, Days: planned}
		if d.Came {
			p.Days = g.Came
		}
		if p.Days == 0 || g.State == seats.NoShow {
			continue
		}
		p.For = int64(p.Days) * d.Amounts.Day
		p.Fare = d.Amounts.Fare(g.Person, g.Details.City)
		p.Total = p.For + p.Fare
		list = append(list, p)
		sum.Days += p.Days
		sum.For, sum.Fare, sum.Total = sum.For+p.For, sum.Fare+p.Fare, sum.Total+p.Total
	}
	return list, sum
}

// costs is the sheet of allowances and fares.
func (d *drawing) costs() document.Document {
	paper := d.paper(Costs, document.A4Landscape)
	paper.Foot.Left = d.printed()
	list, sum := d.payments()
	paper.Body = append(paper.Body, document.Paragraph{Text: document.Plain(
		d.t("sheets.paid."+d.Ask.when()) + " " + d.t("sheets.costs.day", "som", d.som(d.Amounts.Day)))})
	t := document.Table{
		Caption: document.Plain(d.t("sheets.count", "count", len(list))), Row: handRow, Joins: true,
		Columns: []document.Column{
			{Share: 10, Align: document.Right},
			{Share: 62},
			{Share: 28},
			{Share: 18, Align: document.Right},
			{Share: 28, Align: document.Right},
			{Share: 28, Align: document.Right},
			{Share: 30, Align: document.Right},
			{Share: 56},
		},
		Head: d.heads("number", "name", "city", "days", "allowance", "fare", "total", "signature"),
	}
	for i, p := range list {
		t.Rows = append(t.Rows, document.Row{Cells: []document.Cell{
			document.Text(number(i + 1)),
			{Text: []document.Runs{document.Strong(d.word(p.Details.FullName))}, Head: true},
			document.Text(d.home(p.Details)),
			document.Text(number(p.Days)), document.Text(d.som(p.For)), document.Text(d.som(p.Fare)),
			{Text: []document.Runs{document.Strong(d.som(p.Total))}},
			document.Text(""),
		}})
	}
	strong := func(text string) document.Cell { return document.Cell{Text: []document.Runs{document.Strong(text)}} }
	t.Foot = []document.Row{{Cells: []document.Cell{
		{Text: []document.Runs{document.Strong(d.t("sheets.costs.sum"))}, Span: 3, Head: true},
		strong(number(sum.Days)), strong(d.som(sum.For)), strong(d.som(sum.Fare)), strong(d.som(sum.Total)), document.Text(""),
	}}}
	paper.Body = append(paper.Body, t, document.Together{Parts: []document.Block{
		document.Blank{Label: d.t("sheets.costs.paid")},
		document.Blank{Label: d.t("sheets.costs.checked")},
	}})
	return paper
}

package results

import (
	"fmt"

	"platforma.kg/ashar/internal/foundation/document"
	"platforma.kg/ashar/internal/foundation/i18n"
)

// paper is what was told until the last month, to be printed.
func (v view) paper() document.Document {
	title := v.say.T("results.release.title")
	name := v.Programme.Name.In(v.say.Lang)
	d := document.Document{
		Lang: string(v.say.Lang), Title: title + ", " + monthName(v.say.Lang, v.Release.Month), Author: v.Programme.Organiser.In(v.say.Lang), Made: v.Release.Made,
		Head: document.Furniture{Left: name, Right: monthName(v.say.Lang, v.Release.Month)},
		Foot: document.Furniture{Left: v.say.T("results.release.source"), Page: func(page, pages int) string { return fmt.Sprintf("%d / %d", page, pages) }},
	}
	cities, groups, ages := v.grid(atCity), v.grid(atGroup), v.grid(atAge)
	heading := func(level int, key, id string) document.Heading {
		return document.Heading{Level: level, Text: document.Plain(v.say.T(key)), ID: id}
	}
	d.Body = []document.Block{
		document.Heading{Level: 1, Text: document.Plain(title)},
		document.Paragraph{Text: document.Strong(v.truth()), Size: document.Large},
		document.Paragraph{Text: document.Plain(v.say.T("results.release.counted"))},
		heading(2, "results.release.progress", ""),
		v.monthsTable(),
		heading(2, "results.numbers.by.sex", ""),
		gridTable(v, v.bySteps(), v.say.T("results.numbers.by.sex")),
		heading(2, "results.numbers.by.city", ""),
		v.figure(cities),
		gridTable(v, cities, v.caption(cities)),
		heading(2, "results.numbers.by.group", ""),
		gridTable(v, groups, v.caption(groups)),
		heading(2, "results.numbers.by.age", ""),
		gridTable(v, ages, v.caption(ages)),
		heading(2, "results.release.hidden", "hidden"),
		document.Paragraph{Text: document.Plain(v.say.T("results.release.hidden.text"))},
		document.Paragraph{Text: document.Plain(v.say.T("results.release.hidden.older"))},
		document.Paragraph{Text: document.Plain(v.say.T("results.release.hidden.total"))},
	}
	return d
}

func (v view) monthsTable() document.Table {
	t := document.Table{Caption: document.Plain(v.say.T("results.release.progress")), Columns: []document.Column{{Share: 2}}}
	head := document.Cells(v.say.T("results.release.month"))
	for _, count := range v.Counts {
		t.Columns = append(t.Columns, document.Column{Share: 1, Align: document.Right})
		head.Cells = append(head.Cells, document.Text(v.say.T(count.Text)))
	}
	t.Head = []document.Row{head}
	for _, r := range v.Months {
		row := document.Row{Cells: []document.Cell{document.RowHead(monthName(v.say.Lang, r.Month))}}
		for _, count := range v.Counts {
			row.Cells = append(row.Cells, numberCell(v.at(r), v.at(r).number(count.Kind)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func gridTable(v view, g grid, caption string) document.Table {
	t := document.Table{Caption: document.Plain(caption), Columns: []document.Column{{Share: 2}}}
	for range g.Columns {
		t.Columns = append(t.Columns, document.Column{Share: 1, Align: document.Right})
	}
	t.Head = []document.Row{document.Cells(append([]string{g.Head}, g.Columns...)...)}
	row := func(of gridRow) document.Row {
		r := document.Row{Cells: []document.Cell{document.RowHead(of.Label)}}
		for _, n := range of.Numbers {
			r.Cells = append(r.Cells, numberCell(v, n))
		}
		return r
	}
	for _, one := range g.Rows {
		t.Rows = append(t.Rows, row(one))
	}
	if g.Rest.some() {
		t.Rows = append(t.Rows, row(g.Rest))
	}
	if len(g.Whole.Numbers) > 0 {
		t.Foot = []document.Row{row(g.Whole)}
	}
	return t
}

// numberCell is a number; one that is hidden leads to the reason.
func numberCell(v view, n figure) document.Cell {
	if n.Hidden {
		return document.Cell{Text: []document.Runs{{{Text: v.text(n), To: "#hidden", Says: v.say.T("results.release.hidden")}}}}
	}
	return document.Text(v.text(n))
}

// The measures of the figure, in its own units of a millimetre.
const (
	figureWidth = 170.0
	figureRow   = 9.0
	figureLeft  = 42.0
	figureEnd   = 16.0 // room for the numbers after the bars
	hiddenBar   = 8.0  // as long for every number that is hidden
)

// bars are the numbers of a row that are drawn: of each sex, or of all together.
func bars(row gridRow) []figure {
	if by := row.bySex(); len(by) > 0 {
		return by
	}
	return row.Numbers
}

// figure draws a grid: a bar for women and one for men in each row.
func (v view) figure(g grid) document.Block {
	ink := document.Color{Red: 0x1E, Green: 0x1B, Blue: 0x18}
	looks := map[string]document.Bar{
		women:    {Color: document.Color{Red: 0x14, Green: 0x53, Blue: 0x7A}},
		othersOf: {Color: document.Color{Red: 0x8A, Green: 0x5F, Blue: 0x0A}, Pattern: document.Stripes},
	}
	most := 1
	for _, row := range g.Rows {
		for _, n := range bars(row) {
			most = max(most, n.N)
		}
	}
	var shapes []document.Shape
	at := [...]float64{figureLeft, figureLeft + 32, figureLeft + 92} // what the bars are
	for i := range bars(g.Whole) {
		bar := looks[sexes[i]]
		bar.X, bar.Y, bar.Width, bar.Height = at[i], 1, 6, 3
		shapes = append(shapes, bar, document.Word{X: at[i] + 8, Y: 4, Text: g.Columns[i], Points: 8})
	}
	x := at[len(sexes)]
	shapes = append(shapes, document.Bar{X: x, Y: 1, Width: 6, Height: 3, Color: ink, Pattern: document.Grid}, document.Word{X: x + 8, Y: 4, Text: v.say.T("web.hidden.short"), Points: 8})
	for i, row := range g.Rows {
		top := 9 + float64(i)*figureRow
		shapes = append(shapes, document.Word{X: figureLeft - 2, Y: top + 5, Text: row.Label, Points: 8, Align: document.Right})
		for j, n := range bars(row) {
			bar := looks[sexes[j]]
			bar.X, bar.Y, bar.Height = figureLeft, top+float64(j)*3.6, 3
			bar.Width = (figureWidth - figureLeft - figureEnd) * float64(n.N) / float64(most)
			if n.Hidden {
				bar.Color, bar.Pattern, bar.Width = ink, document.Grid, hiddenBar
			}
			if bar.Width > 0 {
				shapes = append(shapes, bar)
			}
			shapes = append(shapes, document.Word{X: figureLeft + bar.Width + 1.5, Y: bar.Y + 2.7, Text: v.text(n), Points: 7})
		}
	}
	return document.Figure{
		Alt:   v.say.T("results.release.figure", "count", i18n.Number(v.say.Lang, len(g.Rows))),
		Art:   document.Drawing{Width: figureWidth, Height: 10 + float64(len(g.Rows))*figureRow, Shapes: shapes},
		Width: figureWidth,
	}
}

package results

import (
	"slices"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme/public"
)

// chart draws what a table shows of people; the numbers stand in the table below it. By
// sex it is a proportion, so that it reads alike for few and for many; cities lie on the
// map; the others are bars.
func chart(r *web.Request, p Numbers, t Table) templ.Component {
	counted := p.counted(t)
	if len(counted) == 0 {
		return templ.NopComponent
	}
	title := r.Say.T("results.numbers.by." + string(t.By))
	switch t.By {
	case ledger.Sex:
		return kit.Proportion(r, bySex(r, p, t, counted, title))
	case ledger.City:
		count := p.Counts[counted[0]]
		numbers := map[string]kit.Value{}
		for _, row := range t.Rows {
			numbers[row.Value] = kit.Count(row.Numbers[counted[0]].People)
		}
		return public.CitiesChart(r, "chart-city", title+": "+r.Say.T(count.Text), r.Say.T(count.Text), numbers)
	}
	c := kit.Chart{ID: "chart-" + string(t.By), Title: title, Label: r.Say.T("results.facts." + string(t.By)), Tabled: true}
	if n := len(counted); n > 2 { // where it begins and where it ends
		counted = []int{counted[0], counted[n-1]}
	}
	for _, i := range counted {
		c.Series = append(c.Series, kit.Series{Label: r.Say.T(p.Counts[i].Text)})
	}
	for _, row := range t.Rows {
		if row.none(counted) {
			continue
		}
		point := kit.Point{Label: row.Label}
		for _, i := range counted {
			point.Values = append(point.Values, kit.Count(row.Numbers[i].People))
		}
		c.Points = append(c.Points, point)
	}
	return kit.Bars(r, c)
}

// counted are the places of the counts that have people of a known value in a table, so
// many as a chart bears.
func (p Numbers) counted(t Table) (out []int) {
	for i := range p.Counts {
		for _, row := range t.Rows {
			if row.Value != "" && row.Numbers[i].People > 0 {
				out = append(out, i)
				break
			}
		}
	}
	return out[:min(len(out), kit.MostSeries)]
}

// none reports whether nobody is counted in a row.
func (row Row) none(counted []int) bool {
	for _, i := range counted {
		if row.Numbers[i].People > 0 {
			return false
		}
	}
	return true
}

// bySex turns the table around: each count is a whole, women, men and the others its parts.
func bySex(r *web.Request, p Numbers, t Table, counted []int, title string) kit.Chart {
	c := kit.Chart{ID: "chart-sex", Title: title, Label: r.Say.T("results.numbers.title"), Tabled: true}
	rows := slices.DeleteFunc(slices.Clone(t.Rows), func(row Row) bool { return row.none(counted) })
	for _, i := range counted {
		point := kit.Point{Label: r.Say.T(p.Counts[i].Text)}
		for _, row := range rows {
			point.Values = append(point.Values, kit.Count(row.Numbers[i].People))
		}
		c.Points = append(c.Points, point)
	}
	for _, row := range rows {
		look := map[string]kit.Look{profile.Female: kit.Women, profile.Male: kit.Men, "": kit.Outline}[row.Value]
		if look == "" {
			look = kit.Undisclosed
		}
		c.Series = append(c.Series, kit.Series{Label: row.Label, Look: look})
	}
	return c
}

package results

import (
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/science/disclosure"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/profile"
)

// view is what was told until the end of a month, of what people did: what a page, a file
// and a picture show. All its numbers are those of Told.
type view struct {
	Told
	Release Release // of the month that is looked at
	Counts  []module.Count
	Of      module.Count // what is looked at closely
	say     *i18n.Printer
}

// look chooses the month and the kind that are looked at: the last month and the last step
// when none is named, or one that was not told. false when nothing was told yet.
func (m *Module) look(t Told, say *i18n.Printer, month, of string) (v view, some bool) {
	v = view{Told: t, say: say}
	if v.Release, some = t.Latest(); !some {
		return v, false
	}
	for _, r := range t.Months {
		if r.Month == month {
			v.Release = r
		}
	}
	for _, c := range publicCounts(m.House) {
		if slices.Contains(v.Release.Kinds, c.Kind) {
			v.Counts = append(v.Counts, c)
			if v.Of.Kind == "" || string(v.Of.Kind) != of {
				v.Of = c
			}
		}
	}
	return v, len(v.Counts) > 0
}

// monthName is a month in words.
func monthName(l i18n.Language, month string) string { return i18n.Month(l, firstOf(month)) }

// people is how many did what is looked at, who are of these values.
func (v view) people(values ...string) disclosure.Number {
	return v.Release.Number(v.where(values...))
}

// where is a place among those who did what is looked at: pairs of dimension and value.
func (v view) where(values ...string) Where {
	w := Where{atKind: string(v.Of.Kind)}
	for i := 0; i+1 < len(values); i += 2 {
		w[values[i]] = values[i+1]
	}
	return w
}

// whole is how many did it.
func (v view) whole() disclosure.Number { return v.people() }

// women is how many of them are women, and their share; false when that is not told.
func (v view) women() (n int, share float64, told bool) {
	part := v.people(atSex, women)
	share, told = disclosure.Rate(part, v.whole())
	return part.N, share, told
}

// sexes are the columns of tables.
var sexes = [...]string{women, othersOf}

// word names those who have a value.
func (v view) word(by, value string) string { return wordOf(v.say, by, value) }

func wordOf(say *i18n.Printer, by, value string) string {
	if value == "" {
		return say.T("results.unknown")
	}
	if by == atAge || value == othersOf {
		return say.T("results.release.value." + value)
	}
	f, _ := profile.Counted(by)
	return f.Many(say, value)
}

// grid is a table of people by a trait and by sex.
type grid struct {
	By      string
	Head    string   // names the first column
	Columns []string // names the others; the last counts all
	Rows    []gridRow
	Whole   gridRow
}

// gridRow is a row of a grid.
type gridRow struct {
	Value, Label string
	Numbers      []disclosure.Number
}

// all is the last number of the row.
func (g gridRow) all() disclosure.Number { return g.Numbers[len(g.Numbers)-1] }

// grid gives the table of a trait.
func (v view) grid(by string) grid {
	g := grid{By: by, Head: v.say.T("results.facts." + by)}
	for _, sex := range sexes {
		g.Columns = append(g.Columns, v.word(atSex, sex))
	}
	g.Columns = append(g.Columns, v.say.T("results.release.all"))
	row := func(label, value string, at ...string) gridRow {
		r := gridRow{Value: value, Label: label}
		for _, sex := range sexes {
			r.Numbers = append(r.Numbers, v.people(append(slices.Clone(at), atSex, sex)...))
		}
		r.Numbers = append(r.Numbers, v.people(at...))
		return r
	}
	for _, value := range v.values(by) {
		g.Rows = append(g.Rows, row(v.word(by, value), value, by, value))
	}
	g.Whole = row(v.say.T("results.release.everybody"), "")
	return g
}

// values are those that somebody has, in the order of the house; who said nothing last.
func (v view) values(by string) []string {
	list := v.Release.Values(by)
	f, _ := profile.Counted(by)
	slices.SortStableFunc(list, func(a, b string) int {
		if (a == "") != (b == "") {
			return len(b) - len(a)
		}
		if by == atAge {
			return strings.Compare(b, a) // the young first
		}
		return f.Compare(profile.Said(v.say), a, b)
	})
	return list
}

// value is a number as a chart draws it.
func value(n disclosure.Number) kit.Value {
	if n.Hidden {
		return kit.Hidden()
	}
	return kit.Count(n.N)
}

// text is a number in words.
func text(say *i18n.Printer, n disclosure.Number) string {
	if n.Hidden {
		return say.T("web.hidden.short")
	}
	return i18n.Number(say.Lang, n.N)
}

// truth is the one sentence that stands first: of the last step, whatever is looked at.
// Where the number of all is hidden, since few were added, it says what was told last.
func (v view) truth() string {
	v.Of = v.Counts[len(v.Counts)-1]
	asked := v.Release
	for i := len(v.Months) - 1; i >= 0 && v.whole().Hidden; i-- {
		if v.Months[i].Month < asked.Month {
			v.Release = v.Months[i]
		}
	}
	whole := v.whole()
	if whole.Hidden {
		return v.say.T("results.release.few", "month", monthName(v.say.Lang, asked.Month))
	}
	out := v.say.T("results.release.truth", "count", whole.N, "month", monthName(v.say.Lang, v.Release.Month))
	if n, share, told := v.women(); told {
		out += " " + v.say.T("results.release.women", "count", n, "share", i18n.Percent(v.say.Lang, share))
	}
	if v.Release.Month != asked.Month {
		out += " " + v.say.T("results.release.later")
	}
	return out
}

// progress draws how many there were by the end of each month.
func (v view) progress() kit.Chart {
	c := kit.Chart{ID: "by-month", Title: v.say.T("results.release.progress"), Label: v.say.T("results.release.month"), Open: true}
	for _, count := range v.Counts {
		c.Series = append(c.Series, kit.Series{Label: v.say.T(count.Text)})
	}
	for _, r := range v.Months {
		p := kit.Point{Label: monthName(v.say.Lang, r.Month), Short: i18n.MonthShort(v.say.Lang, firstOf(r.Month))}
		for _, count := range v.Counts {
			p.Values = append(p.Values, value(r.Number(Where{atKind: string(count.Kind)})))
		}
		c.Points = append(c.Points, p)
	}
	return c
}

// shares draws a grid by sex: each row a whole, women, men and the others its parts.
func (v view) shares(g grid) kit.Chart {
	c := kit.Chart{ID: "by-" + g.By, Title: v.say.T("results.numbers.by." + g.By), Label: g.Head, Tabled: true}
	c.Series = []kit.Series{{Label: g.Columns[0], Look: kit.Women}, {Label: g.Columns[1], Look: kit.Men}}
	for _, row := range append(slices.Clone(g.Rows), g.Whole) {
		p := kit.Point{Label: row.Label, Whole: value(row.all())}
		for i := range sexes {
			p.Values = append(p.Values, value(row.Numbers[i]))
		}
		c.Points = append(c.Points, p)
	}
	return c
}

// path is the address of the page that looks at a month and at what people did.
func (v view) path(month string, of ledger.Kind) string {
	var parts []string
	if month != v.Months[len(v.Months)-1].Month {
		parts = append(parts, "month="+month)
	}
	if of != v.Counts[len(v.Counts)-1].Kind {
		parts = append(parts, "of="+string(of))
	}
	if len(parts) == 0 {
		return resultsPath
	}
	return resultsPath + "?" + strings.Join(parts, "&")
}

// next is the moment from which the first month is told that was not told. first is the
// first day of which something is known, empty for none. A month that is due already is
// told in the coming night.
func next(t Told, first ledger.Day, now time.Time) time.Time {
	month := monthOf(ledger.DayOf(now))
	if latest, some := t.Latest(); some {
		month = following(latest.Month)
	} else if first != "" {
		month = monthOf(first)
	}
	at := frozenAt(month)
	if at.Before(now) {
		if at = nightAfter(now.AddDate(0, 0, -1)); at.Before(now) {
			at = nightAfter(now)
		}
	}
	return at
}

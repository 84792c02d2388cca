package results

import (
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
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

// look chooses the month that is looked at: the last when none is named, or one that was
// not told. What is looked at closely is the last step. false when nothing was told yet.
func (m *Module) look(t Told, say *i18n.Printer, month string) (v view, some bool) {
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
			if c.Kind == v.Release.Apart {
				v.Of = c
			}
		}
	}
	return v, len(v.Counts) > 0
}

// monthName is a month in words.
func monthName(l i18n.Language, month string) string { return i18n.Month(l, firstOf(month)) }

// figure is a number and the month until which it counts.
type figure struct {
	disclosure.Number
	Until string
}

// people is how many did what is looked at, who are of these values: pairs of dimension
// and value.
func (v view) people(values ...string) figure {
	w := Where{atKind: string(v.Of.Kind)}
	for i := 0; i+1 < len(values); i += 2 {
		w[values[i]] = values[i+1]
	}
	n, until := v.Release.Until(w)
	return figure{n, until}
}

// at looks at another month.
func (v view) at(r Release) view {
	v.Release = r
	return v
}

// number is how many did something, of all kinds that are told.
func (v view) number(kind ledger.Kind) figure {
	n, until := v.Release.Until(Where{atKind: string(kind)})
	return figure{n, until}
}

// whole is how many did it.
func (v view) whole() figure { return v.people() }

// women is how many of them are women, and their share; false when that is not told, or
// not of the same people.
func (v view) women() (n int, share float64, told bool) {
	part, whole := v.people(atSex, women), v.whole()
	share, told = disclosure.Rate(part.Number, whole.Number)
	return part.N, share, told && part.Until == whole.Until
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
	Rest    gridRow // those who are not told apart by the trait
	Whole   gridRow
}

// gridRow is a row of a grid: a number for each sex, unless all are counted together, and
// one for all.
type gridRow struct {
	Value, Label string
	Numbers      []figure
}

// all is the last number of the row.
func (g gridRow) all() figure { return g.Numbers[len(g.Numbers)-1] }

// bySex are the numbers before it.
func (g gridRow) bySex() []figure { return g.Numbers[:len(g.Numbers)-1] }

// some reports whether the row counts anybody.
func (g gridRow) some() bool {
	return slices.ContainsFunc(g.Numbers, func(n figure) bool { return n.N > 0 })
}

// grid gives the table of a trait.
func (v view) grid(by string) grid {
	g := grid{By: by, Head: v.say.T("results.facts." + by)}
	var columns [][]string
	if !v.Release.Together {
		for _, sex := range sexes {
			g.Columns = append(g.Columns, v.word(atSex, sex))
			columns = append(columns, []string{atSex, sex})
		}
	}
	g.Columns = append(g.Columns, v.say.T("results.release.all"))
	columns = append(columns, nil)
	row := func(label, value string, at ...string) gridRow {
		r := gridRow{Value: value, Label: label}
		for _, column := range columns {
			r.Numbers = append(r.Numbers, v.people(slices.Concat(at, column)...))
		}
		return r
	}
	for _, value := range v.values(by) {
		g.Rows = append(g.Rows, row(v.word(by, value), value, by, value))
	}
	g.Whole = row(v.say.T("results.release.everybody"), "")
	// The rest is what the whole has more than the numbers above it: nothing new is told.
	g.Rest = gridRow{Label: v.say.T("results.release.rest." + by)}
	for i, whole := range g.Whole.Numbers {
		rest := whole
		for _, row := range g.Rows {
			rest.N -= row.Numbers[i].N
		}
		if whole.Hidden {
			rest.N = 0
		}
		g.Rest.Numbers = append(g.Rest.Numbers, rest)
	}
	return g
}

// caption says what the numbers of a table are of.
func (v view) caption(g grid) string {
	return v.say.T("results.numbers.by."+g.By) + ": " + v.say.T(v.Of.Text)
}

// bySteps is the table of what people did, by sex: of all steps, the others have no more.
func (v view) bySteps() grid {
	g := grid{By: "sex", Head: v.say.T("results.release.did"), Columns: []string{v.word(atSex, women), v.word(atSex, othersOf), v.say.T("results.release.all")}}
	for _, c := range v.Counts {
		row := gridRow{Label: v.say.T(c.Text)}
		for _, at := range []Where{{atSex: women}, {atSex: othersOf}, {}} {
			at[atKind] = string(c.Kind)
			n, until := v.Release.Until(at)
			row.Numbers = append(row.Numbers, figure{n, until})
		}
		g.Rows = append(g.Rows, row)
	}
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

// text is a number in words; one that is of an earlier month than others says of which.
func (v view) text(n figure) string {
	if n.Hidden {
		return v.say.T("web.hidden.short")
	}
	out := i18n.Number(v.say.Lang, n.N)
	if since := v.since(n); since != "" {
		out += " (" + since + ")"
	}
	return out
}

// since is the month of a number that is older than what is looked at; empty for the others.
func (v view) since(n figure) string {
	if n.Hidden || n.Until == "" || n.Until == v.Release.Month {
		return ""
	}
	var words []string
	for month := range strings.SplitSeq(n.Until, "/") {
		word := i18n.MonthShort(v.say.Lang, firstOf(month))
		if month[:4] != v.Release.Month[:4] {
			word += " " + month[:4]
		}
		words = append(words, word)
	}
	return strings.Join(words, "–")
}

// truth is the one sentence that stands first. Where few were added since, it says what was
// told last.
func (v view) truth() string {
	whole := v.whole()
	if whole.Hidden {
		return v.say.T("results.release.few", "month", monthName(v.say.Lang, v.Release.Month))
	}
	out := v.say.T("results.release.truth", "count", whole.N, "month", monthName(v.say.Lang, whole.Until))
	if n, share, told := v.women(); told {
		out += " " + v.say.T("results.release.women", "count", n, "share", i18n.Percent(v.say.Lang, share))
	}
	if whole.Until != v.Release.Month {
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
			n, until := r.Until(Where{atKind: string(count.Kind)})
			if until != r.Month { // told of an earlier month alone
				n.Hidden = true
			}
			p.Values = append(p.Values, value(n))
		}
		c.Points = append(c.Points, p)
	}
	return c
}

// shares draws a grid: each row a whole, women and the others its parts; or as bars, where
// all sexes are counted together.
func (v view) shares(r *web.Request, g grid) templ.Component {
	c := kit.Chart{ID: "by-" + g.By, Title: v.say.T("results.numbers.by." + g.By), Label: g.Head, Tabled: true}
	rows := append(slices.Clone(g.Rows), g.Whole)
	if v.Release.Together {
		c.Series = []kit.Series{{Label: v.say.T(v.Of.Text)}}
		for _, row := range rows {
			c.Points = append(c.Points, kit.Point{Label: row.Label, Values: []kit.Value{value(row.all().Number)}})
		}
		return kit.Bars(r, c)
	}
	c.Series = []kit.Series{{Label: g.Columns[0], Look: kit.Women}, {Label: g.Columns[1], Look: kit.Men}}
	for _, row := range rows {
		p := kit.Point{Label: row.Label, Whole: value(row.all().Number)}
		if slices.ContainsFunc(row.Numbers, func(n figure) bool { return n.Until != row.Numbers[0].Until }) {
			p.Whole = kit.Hidden() // no share of people of different months
		}
		for _, n := range row.bySex() {
			p.Values = append(p.Values, value(n.Number))
		}
		c.Points = append(c.Points, p)
	}
	return kit.Proportion(r, c)
}

// path is the address of the page that looks at a month.
func (v view) path(month string) string {
	if month == v.Months[len(v.Months)-1].Month {
		return resultsPath
	}
	return resultsPath + "?month=" + month
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

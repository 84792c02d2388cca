package kit

import (
	"math"
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
)

// ChartStyle is the sheet of pages with a chart; name it in Meta.Styles.
const ChartStyle = "chart"

// MostPoints and MostSeries bound what a picture shows: more bars, points or patterns
// nobody can tell apart. A chart with more is not drawn; it says so, and its table stands
// open with all its numbers.
const (
	MostPoints = 60
	MostSeries = 4
)

// Value is a number of a chart, or the reason why there is none. Its zero is a number that
// nobody has: a gap, never a nought.
type Value struct {
	number float64
	state  state
}

type state byte

const (
	missing state = iota
	known
	hidden
	fewer
)

// Known is a number; one that is none (NaN, infinite) is missing.
func Known(x float64) Value {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return Value{}
	}
	return Value{x, known}
}

// Count is a whole number.
func Count(n int) Value { return Known(float64(n)) }

// Hidden is a number that is not shown, to protect people.
func Hidden() Value { return Value{state: hidden} }

// Fewer is a number of which only that it is smaller than another may be shown.
func Fewer(than int) Value { return Value{float64(than), fewer} }

// Look is how a series is drawn: by a pattern, and by a colour besides.
type Look string

// The patterns. Women, men, and who did not say are drawn the same wherever they stand.
const (
	Solid   Look = "w"
	Stripes Look = "m"
	Dots    Look = "u"
	Outline Look = "q"

	Women, Men, Undisclosed = Solid, Stripes, Dots
)

// looks are those of series that name none, in order.
var looks = [MostSeries]Look{Solid, Stripes, Dots, Outline}

// Chart is what a chart shows: rows of numbers, one for each series. The server draws it
// without script, with a title, a sentence that says what is to be seen, and the table of
// the same numbers behind it.
type Chart struct {
	ID          string // unique in the page
	Title       string
	Description string // what is to be seen; empty: the numbers in words
	Label       string // head of the first column: what the points are
	Series      []Series
	Points      []Point

	Decimals int  // at most so many of each number
	Percent  bool // numbers are shares of 1
	Open     bool // the table is shown, not folded away
	Tabled   bool // the page has the same numbers in a table of its own, beside the chart
}

// Series is one column of numbers.
type Series struct {
	Label string
	Look  Look // empty: by its place
}

// Point is one row: what it is of, its numbers in the order of the series, and where each
// number opens to. What is not given is missing.
type Point struct {
	Label  string
	Short  string // below the axis of lines, where there is little room; empty: Label
	Values []Value
	Paths  []string
	Whole  Value // of Proportion: all of them, where the parts are not known; else their sum
}

// value gives a number of a point; missing where there is none.
func (p Point) value(i int) Value {
	if i < len(p.Values) {
		return p.Values[i]
	}
	return Value{}
}

func (p Point) path(i int) string {
	if i < len(p.Paths) {
		return p.Paths[i]
	}
	return ""
}

// look gives the pattern of a series.
func (c Chart) look(i int) Look {
	if i < len(c.Series) && c.Series[i].Look != "" {
		return c.Series[i].Look
	}
	return looks[i%MostSeries]
}

// The numbers that a picture shows: an axis of others has no room for its words.
const greatestNumber, leastSpan = 1e12, 1e-9

// drawable reports whether a picture can show it.
func (c Chart) drawable() bool {
	low, high := c.span()
	return len(c.Points) > 0 && len(c.Points) <= MostPoints && len(c.Series) > 0 && len(c.Series) <= MostSeries &&
		low >= -greatestNumber && high <= greatestNumber && (high == low || high-low >= leastSpan)
}

// heads are the ids that name and describe the picture.
func (c Chart) heads() string { return c.ID + "-title " + c.ID + "-desc" }

// text writes a number as the language does, or why there is none.
func (c Chart) text(r *web.Request, v Value) string {
	switch v.state {
	case known:
		if c.Percent {
			return i18n.Percent(r.Lang, v.number)
		}
		return i18n.Decimal(r.Lang, v.number, c.Decimals)
	case hidden:
		return r.Say.T("web.hidden.short")
	case fewer:
		return r.Say.T("web.chart.fewer", "count", int(v.number))
	}
	return r.Say.T("web.chart.none")
}

// protects reports whether a number of the chart is held back.
func (c Chart) protects() bool {
	for _, p := range c.Points {
		for i := range c.Series {
			if s := p.value(i).state; s == hidden || s == fewer {
				return true
			}
		}
	}
	return false
}

// mostSaid is how many numbers the description says one by one.
const mostSaid = 12

// describe is the description, or the numbers in words when there is none: all of them
// while they are few, else the least and the most of each series.
func (c Chart) describe(r *web.Request) string {
	switch {
	case c.Description != "":
		return c.Description
	case len(c.Points) == 0 || len(c.Series) == 0:
		return r.Say.T("web.chart.empty")
	}
	var parts []string
	if len(c.Points)*len(c.Series) <= mostSaid {
		for _, p := range c.Points {
			var said []string
			for i, s := range c.Series {
				said = append(said, join(s.Label, c.text(r, p.value(i)), len(c.Series) > 1))
			}
			parts = append(parts, p.Label+": "+strings.Join(said, ", "))
		}
		return strings.Join(parts, "; ")
	}
	for i, s := range c.Series {
		least, most, some := c.ends(i)
		if !some {
			parts = append(parts, s.Label+": "+r.Say.T("web.chart.none"))
			continue
		}
		parts = append(parts, r.Say.T("web.chart.range", "series", s.Label,
			"least", c.text(r, c.Points[least].value(i)), "where_least", c.Points[least].Label,
			"most", c.text(r, c.Points[most].value(i)), "where_most", c.Points[most].Label))
	}
	return strings.Join(parts, " ")
}

func join(label, number string, both bool) string {
	if both {
		return label + " " + number
	}
	return number
}

// ends finds the points with the least and the greatest known number of a series.
func (c Chart) ends(series int) (least, most int, some bool) {
	for i, p := range c.Points {
		v := p.value(series)
		if v.state != known {
			continue
		}
		if !some {
			least, most, some = i, i, true
		}
		if v.number < c.Points[least].value(series).number {
			least = i
		}
		if v.number > c.Points[most].value(series).number {
			most = i
		}
	}
	return least, most, some
}

// span is the range that an axis must cover: all known numbers, and nought.
func (c Chart) span() (low, high float64) {
	for _, p := range c.Points {
		for i := range c.Series {
			if v := p.value(i); v.state == known {
				low, high = min(low, v.number), max(high, v.number)
			}
		}
	}
	return low, high
}

package kit

import (
	"math"
	"slices"

	"platforma.kg/ashar/internal/foundation/web"
)

// MapStyle is the sheet of pages with a map; name it in Meta.Styles.
const MapStyle = "map"

// Map is a chart of places: how many there are in each. The size of a mark and its pattern
// say the same; the number stands in the table.
type Map struct {
	ID, Title, Description string
	Label                  string // head of the first column: what the places are
	Unit                   string // head of the second: what is counted
	Width, Height          float64
	Land                   []Ground
	Places                 []Place
	Open, Tabled           bool // as of Chart
}

// Ground is what places lie on: land, water, a border.
type Ground struct {
	Kind string // class: land, lake, border
	D    string // of an SVG path
}

// Place is a place with its number.
type Place struct {
	Label, Path    string
	X, Y           float64
	LabelX, LabelY float64
	Anchor         string // start, middle, end: which end of the label lies there
	Value          Value
}

// chart is the same numbers as a chart of one series.
func (m Map) chart() Chart {
	c := Chart{ID: m.ID, Title: m.Title, Description: m.Description, Label: m.Label, Series: []Series{{Label: m.Unit}}, Open: m.Open, Tabled: m.Tabled}
	for _, p := range m.Places {
		c.Points = append(c.Points, Point{Label: p.Label, Values: []Value{p.Value}, Paths: []string{p.Path}})
	}
	return c
}

// class is a range of numbers that look alike on a map.
type class struct{ From, To int } // both included; To 0: and more

// mostClasses is how many sizes of a mark can be told apart.
const mostClasses = 3

// classes parts the numbers above nought into ranges that begin with round numbers, the
// first with 1. Each holds at least one of them.
func classes(values []Value) []class {
	var counts []int
	for _, v := range values {
		if v.state == known && v.number > 0 {
			counts = append(counts, int(math.Ceil(v.number)))
		}
	}
	if len(counts) == 0 {
		return nil
	}
	most := slices.Max(counts)
	begins := []int{1}
	for n := 1; n < mostClasses; n++ {
		begin := roundUp(float64(most*n) / mostClasses)
		if begin > begins[len(begins)-1] && begin <= most {
			begins = append(begins, begin)
		}
	}
	var out []class
	for i, begin := range begins {
		c := class{From: begin}
		if i+1 < len(begins) {
			c.To = begins[i+1] - 1
		}
		if slices.ContainsFunc(counts, func(n int) bool { return n >= c.From && (c.To == 0 || n <= c.To) }) {
			out = append(out, c)
		}
	}
	return out
}

// roundUp is the next number of 1, 2 or 5 times a power of ten, or of five times it.
func roundUp(x float64) int {
	if x <= 1 {
		return 1
	}
	step := math.Pow(10, math.Floor(math.Log10(x)))
	if x > 5 && step > 1 {
		step /= 2
	}
	return int(math.Ceil(x/step) * step)
}

// spot is a mark on the map.
type spot struct {
	Place
	Kind string  // c0, c1, c2, none, hid, miss
	Size float64 // radius
}

// spots gives each place its mark. Those that are held back are all alike.
func (m Map) spots() (out []spot, shown []class) {
	var values []Value
	for _, p := range m.Places {
		values = append(values, p.Value)
	}
	shown = classes(values)
	for _, p := range m.Places {
		s := spot{Place: p, Kind: "miss", Size: 4}
		switch p.Value.state {
		case hidden, fewer:
			s.Kind, s.Size = "hid", 7
		case known:
			s.Kind, s.Size = "none", 5
			n := int(math.Ceil(p.Value.number))
			for i, c := range shown {
				if n >= c.From && (c.To == 0 || n <= c.To) {
					// The greatest is full, whichever there are.
					s.Kind, s.Size = kindOf(i, len(shown)), sizeOf(i, len(shown))
				}
			}
		}
		out = append(out, s)
	}
	return out, shown
}

// Said is what stands beside the mark: the name with its number, where there is one.
func (p Place) Said(r *web.Request) string {
	if p.Value.state != known {
		return p.Label
	}
	return p.Label + "\u00a0" + Chart{}.text(r, p.Value)
}

func kindOf(i, of int) string { return "c" + digits(mostClasses-of+i) }

func sizeOf(i, of int) float64 { return 6.5 + 2.5*float64(mostClasses-of+i) }

// said is a class in words.
func (c class) said(r *web.Request) string {
	switch {
	case c.To == 0:
		return r.Say.T("web.chart.more", "count", Number(r, c.From))
	case c.To == c.From:
		return Number(r, c.From)
	}
	return Number(r, c.From) + "–" + Number(r, c.To)
}

// key is a line of the legend.
type key struct {
	Kind string
	Size float64
	Text string
}

// keys says what the marks stand for, those only that are there.
func (m Map) keys(r *web.Request) (out []key) {
	spots, shown := m.spots()
	for i := len(shown) - 1; i >= 0; i-- {
		out = append(out, key{kindOf(i, len(shown)), sizeOf(i, len(shown)), shown[i].said(r)})
	}
	for _, k := range []key{{"none", 5, "0"}, {"hid", 7, r.Say.T("web.hidden.short")}, {"miss", 4, r.Say.T("web.chart.none")}} {
		if slices.ContainsFunc(spots, func(s spot) bool { return s.Kind == k.Kind }) {
			out = append(out, k)
		}
	}
	return out
}

package public

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// The drawing area of the map in its own units.
const (
	mapWidth  = 640.0
	mapHeight = 330.0
	mapMargin = 14.0
)

// Projection bounds: the country, with room for the labels.
const (
	west, east   = profile.West, profile.East
	south, north = profile.South, profile.North
)

// project places a point of the Earth on the map: plain degrees, longitude
// shrunk by the cosine of the middle latitude, which is true enough for one country.
func project(lon, lat float64) (x, y float64) {
	shrink := math.Cos((south + north) / 2 * math.Pi / 180)
	scale := math.Min((mapWidth-2*mapMargin)/((east-west)*shrink), (mapHeight-2*mapMargin)/(north-south))
	left := (mapWidth - (east-west)*shrink*scale) / 2
	return left + (lon-west)*shrink*scale, mapMargin + (north-lat)*scale
}

// outline and water are the border and the shore of the lake, inner what lies between
// regions, each as the d of an SVG path.
var (
	outline = closed(ring(abroad))
	water   = closed(issykKul)
	inner   = lines(between)
)

// path writes a line in steps of a tenth of a unit, from where the last one ended: shorter
// than places, and without the drift of rounding.
func path(line [][2]float64) string {
	var b strings.Builder
	var atX, atY float64
	for i, p := range line {
		x, y := project(p[0], p[1])
		x, y = tenth(x), tenth(y)
		if i == 0 {
			b.WriteString("M" + short(x) + " " + short(y))
		} else {
			if i == 1 {
				b.WriteByte('l')
			} else if x >= atX {
				b.WriteByte(' ')
			}
			b.WriteString(short(x - atX))
			if y >= atY {
				b.WriteByte(' ')
			}
			b.WriteString(short(y - atY))
		}
		atX, atY = x, y
	}
	return b.String()
}

func closed(line [][2]float64) string { return path(line) + "z" }

func lines(of []int) string {
	var b strings.Builder
	for _, n := range of {
		b.WriteString(path(stretches[n]))
	}
	return b.String()
}

func tenth(v float64) float64 { return math.Round(v*10) / 10 }

func short(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

// pin is a city on the map.
type pin struct {
	City   profile.Entry
	X, Y   string
	LabelX string
	LabelY string
	Anchor string // start, middle, end
	Next   Activity
	State  string // now, coming, past, none, new

	Now, Coming, Past int // how many activities there are
}

// side is where the name of a city stands: offset from its point, and which end of the
// name lies there.
type side struct {
	dx, dy float64
	anchor string
}

// label says it for the cities with which a house begins, as somebody has looked at them.
var label = map[string]side{
	"bishkek": {-9, -8, "end"}, "tokmok": {9, -7, "start"}, "karakol": {0, -13, "middle"}, "naryn": {0, 24, "middle"},
	"talas": {0, -12, "middle"}, "jalal-abad": {12, -2, "start"}, "osh": {11, 15, "start"}, "batken": {0, 24, "middle"},
}

// sides are those that are tried for another city, the best first.
var sides = []side{{0, 24, "middle"}, {12, 5, "start"}, {-12, 5, "end"}, {0, -12, "middle"}, {11, 15, "start"}, {-11, 15, "end"}, {9, -7, "start"}, {-9, -8, "end"}, {0, 42, "middle"}, {0, -30, "middle"}}

// box is a part of the drawing.
type box struct{ left, top, right, bottom float64 }

// common is how much two boxes have in common.
func (b box) common(o box) float64 {
	w, h := min(b.right, o.right)-max(b.left, o.left), min(b.bottom, o.bottom)-max(b.top, o.top)
	return max(w, 0) * max(h, 0)
}

// letterWidth is that of a letter of a name, in the widest of the fonts that people have.
const letterWidth = 12.8

// namedBox is the box of a name of so many letters beside a point.
func namedBox(x, y float64, at side, letters int) box {
	width := letterWidth * float64(letters)
	left := x + at.dx
	switch at.anchor {
	case "middle":
		left -= width / 2
	case "end":
		left -= width
	}
	return box{left, y + at.dy - 14, left + width, y + at.dy + 4}
}

// labels places the names, so that neighbours do not meet: a name takes the side at which
// it covers least of points and of names that are placed already, and stays in the drawing.
// words are what stands at each city; where that is more than its name, the side that
// somebody has looked at is only the first that is tried.
func labels(cities []profile.Entry, words []string, more bool) []side {
	out := make([]side, len(cities))
	var taken []box
	points := make([][2]float64, len(cities))
	for i, c := range cities {
		points[i][0], points[i][1] = project(c.Lon, c.Lat)
		taken = append(taken, box{points[i][0] - 9, points[i][1] - 9, points[i][0] + 9, points[i][1] + 9})
	}
	place := func(i int, at side) box {
		return namedBox(points[i][0], points[i][1], at, utf8.RuneCountInString(words[i]))
	}
	for i, c := range cities {
		if at, ok := label[c.Code]; ok && !more {
			out[i] = at
			taken = append(taken, place(i, at))
		}
	}
	for i, c := range cities {
		first, ok := label[c.Code]
		if ok && !more {
			continue
		}
		tried := sides
		if ok {
			tried = append([]side{first}, sides...)
		}
		least := math.Inf(1)
		for _, at := range tried {
			b := place(i, at)
			covered := (b.right-b.left)*(b.bottom-b.top) - b.common(box{0, 0, mapWidth, mapHeight})
			for _, t := range taken {
				covered += b.common(t)
			}
			if covered < least {
				least, out[i] = covered, at
			}
		}
		taken = append(taken, place(i, out[i]))
	}
	return out
}

// pins gives each city with the activity that matters there most: the one
// that runs, else the next, else the last. A closed city is there as long as it has one.
func pins(lists *profile.Lists, l i18n.Language, all []Activity, now time.Time) []pin {
	var cities []profile.Entry
	for _, c := range lists.All(profile.City) {
		if !c.Closed || slices.ContainsFunc(all, func(a Activity) bool { return a.City == c.Code && !a.Starts.IsZero() }) {
			cities = append(cities, c)
		}
	}
	out := drawn(cities, l)
	for i := range out {
		p := &out[i]
		for _, a := range all {
			if a.City != p.City.Code || a.Starts.IsZero() {
				continue
			}
			if a.State == programme.Cancelled {
				continue
			}
			switch {
			case a.Running(now):
				p.Now++
			case a.Past(now):
				p.Past++
			default:
				p.Coming++
			}
			switch {
			case a.Running(now):
				p.Next, p.State = a, "now"
			case !a.Past(now) && p.State != "now" && (p.State != "coming" || a.Starts.Before(p.Next.Starts)):
				p.Next, p.State = a, "coming"
			case a.Past(now) && (p.State == "none" || p.State == "past"):
				p.Next, p.State = a, "past"
			}
		}
	}
	return out
}

// drawn gives cities without activities.
func drawn(cities []profile.Entry, l i18n.Language) []pin {
	var out []pin
	words := make([]string, len(cities))
	for i, c := range cities {
		words[i] = c.Now.Name.In(l)
	}
	for i, at := range labels(cities, words, false) {
		x, y := project(cities[i].Lon, cities[i].Lat)
		out = append(out, pin{City: cities[i], X: short(x), Y: short(y), LabelX: short(x + at.dx), LabelY: short(y + at.dy), Anchor: at.anchor, State: "none"})
	}
	return out
}

// ground is a region with something in it.
type ground struct{ D, State string }

// states are what may be on in a place, the one that matters most first.
var states = []string{"now", "coming", "past"}

// groundsOf gives the regions of cities with something on, each with the state that
// matters most. A city of a region that the map does not know marks none.
func groundsOf(pins []pin) (out []ground) {
	for _, g := range regions {
		for _, state := range states {
			if slices.ContainsFunc(pins, func(p pin) bool { return p.State == state && g.holds(p.City.ISO) }) {
				out = append(out, ground{closed(ring(g.around)), state})
				break
			}
		}
	}
	return out
}

// statesOf are the states that are there, in order.
func statesOf(grounds []ground) (out []string) {
	for _, state := range states {
		if slices.ContainsFunc(grounds, func(g ground) bool { return g.State == state }) {
			out = append(out, state)
		}
	}
	return out
}

// patternOf is the pattern that stands for a state, see kit.AreaPatterns.
func patternOf(state string) string {
	return map[string]string{"now": "stripes", "coming": "dots", "past": "waves"}[state]
}

// counts says how many activities there are in a city.
func (p pin) counts(r *web.Request) string {
	var said []string
	for i, n := range []int{p.Now, p.Coming, p.Past} {
		if n > 0 {
			said = append(said, r.Say.T("programme.map.count."+states[i], "count", kit.Number(r, n)))
		}
	}
	return strings.Join(said, ", ")
}

// CitiesMap is the map with the cities of a list alone, one of them marked: how a new city
// would look.
func CitiesMap(r *web.Request, cities []profile.Entry, marked string) templ.Component {
	list := drawn(cities, r.Lang)
	for i := range list {
		if list[i].City.Code == marked {
			list[i].State = "new"
		}
	}
	return countryMap(r, list, false)
}

// path leads to what is in the city: to what is over when nothing else is there.
func (p pin) path() string {
	c := choice{City: p.City.Code}
	if p.State == "past" {
		c.When = "past"
	}
	return c.path("/events", "", "")
}

// says is the pin in words: for those who do not see the map.
func (p pin) says(r *web.Request) string {
	name := p.City.Now.Name.In(r.Lang)
	if p.State == "none" {
		return name
	}
	return name + ": " + r.Say.T("programme.map."+p.State) + ", " + kit.Unbroken(i18n.DayMonth(r.Lang, p.Next.Starts))
}

// CitiesChart draws a number for each city that is offered, and for each other that has
// one. A city without a number has nought.
func CitiesChart(r *web.Request, id, title, unit string, numbers map[string]kit.Value) templ.Component {
	m := kit.Map{
		ID: id, Title: title, Label: r.Say.T("programme.contact.city"), Unit: unit, Width: mapWidth, Height: mapHeight, Tabled: true,
		Land: []kit.Ground{{Kind: "land", D: outline}, {Kind: "border", D: inner}, {Kind: "lake", D: water}},
	}
	var cities []profile.Entry
	for _, c := range profile.Said(r.Say).All(profile.City) {
		if _, counted := numbers[c.Code]; counted || !c.Closed {
			cities = append(cities, c)
		}
	}
	words := make([]string, len(cities))
	for i, c := range cities {
		value, counted := numbers[c.Code]
		if !counted {
			value = kit.Count(0)
		}
		p := kit.Place{Label: c.Now.Name.In(r.Lang), Value: value}
		p.X, p.Y = project(c.Lon, c.Lat)
		m.Places, words[i] = append(m.Places, p), p.Said(r)
	}
	for i, at := range labels(cities, words, true) {
		p := &m.Places[i]
		p.LabelX, p.LabelY, p.Anchor = p.X+at.dx, p.Y+at.dy, at.anchor
	}
	return kit.PlacesMap(r, m)
}

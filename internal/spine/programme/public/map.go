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

// outline and water are the border and the shore of the lake, each as the d of an SVG path.
var (
	outline = closed(border)
	water   = closed(issykKul)
)

func closed(line [][2]float64) string {
	var b strings.Builder
	for i, p := range line {
		x, y := project(p[0], p[1])
		if i == 0 {
			b.WriteByte('M')
		} else {
			b.WriteByte('L')
		}
		b.WriteString(short(x) + " " + short(y))
	}
	return b.String() + "Z"
}

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
	Count  int
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
func labels(cities []profile.Entry, l i18n.Language) []side {
	out := make([]side, len(cities))
	var taken []box
	points := make([][2]float64, len(cities))
	for i, c := range cities {
		points[i][0], points[i][1] = project(c.Lon, c.Lat)
		taken = append(taken, box{points[i][0] - 9, points[i][1] - 9, points[i][0] + 9, points[i][1] + 9})
	}
	place := func(i int, at side) box {
		return namedBox(points[i][0], points[i][1], at, utf8.RuneCountInString(cities[i].Now.Name.In(l)))
	}
	for i, c := range cities {
		if at, ok := label[c.Code]; ok {
			out[i] = at
			taken = append(taken, place(i, at))
		}
	}
	for i, c := range cities {
		if _, ok := label[c.Code]; ok {
			continue
		}
		least := math.Inf(1)
		for _, at := range sides {
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
			p.Count++
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
	for i, at := range labels(cities, l) {
		x, y := project(cities[i].Lon, cities[i].Lat)
		out = append(out, pin{City: cities[i], X: short(x), Y: short(y), LabelX: short(x + at.dx), LabelY: short(y + at.dy), Anchor: at.anchor, State: "none"})
	}
	return out
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
	return countryMap(r, list)
}

// says is the pin in words: for those who do not see the map.
func (p pin) says(r *web.Request) string {
	name := p.City.Now.Name.In(r.Lang)
	if p.State == "none" {
		return name
	}
	return name + ": " + r.Say.T("programme.map."+p.State) + ", " + kit.Unbroken(i18n.DayMonth(r.Lang, p.Next.Starts))
}

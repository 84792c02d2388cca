package public

import (
	"math"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
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
	west, east   = 69.2, 80.3
	south, north = 39.15, 43.3
)

// project places a point of the Earth on the map: plain degrees, longitude
// shrunk by the cosine of the middle latitude, which is true enough for one country.
func project(lon, lat float64) (x, y float64) {
	shrink := math.Cos((south + north) / 2 * math.Pi / 180)
	scale := math.Min((mapWidth-2*mapMargin)/((east-west)*shrink), (mapHeight-2*mapMargin)/(north-south))
	left := (mapWidth - (east-west)*shrink*scale) / 2
	return left + (lon-west)*shrink*scale, mapMargin + (north-lat)*scale
}

// outline is the border as the d of an SVG path.
var outline = func() string {
	var b strings.Builder
	for i, p := range border {
		x, y := project(p[0], p[1])
		if i == 0 {
			b.WriteByte('M')
		} else {
			b.WriteByte('L')
		}
		b.WriteString(short(x) + " " + short(y))
	}
	return b.String() + "Z"
}()

func short(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64) }

// pin is a city on the map.
type pin struct {
	City   programme.City
	X, Y   string
	LabelX string
	LabelY string
	Anchor string // start, middle, end
	Next   Activity
	State  string // now, coming, past, none
	Count  int
}

// label says where the name of a city stands, so that neighbours do not meet:
// offset from the point and the side.
var label = map[string]struct {
	dx, dy float64
	anchor string
}{
	"bishkek": {-9, -8, "end"}, "tokmok": {9, -7, "start"}, "karakol": {0, -13, "middle"}, "naryn": {0, 24, "middle"},
	"talas": {0, -12, "middle"}, "jalal-abad": {12, -2, "start"}, "osh": {11, 15, "start"}, "batken": {0, 24, "middle"},
}

// pins gives each city with the activity that matters there most: the one
// that runs, else the next, else the last.
func pins(all []Activity, now time.Time) []pin {
	var out []pin
	for _, c := range programme.AllCities() {
		x, y := project(c.Lon, c.Lat)
		at := label[c.Key]
		p := pin{City: c, X: short(x), Y: short(y), LabelX: short(x + at.dx), LabelY: short(y + at.dy), Anchor: at.anchor, State: "none"}
		for _, a := range all {
			if a.City != c.Key || a.Starts.IsZero() {
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
		out = append(out, p)
	}
	return out
}

// says is the pin in words: for those who do not see the map.
func (p pin) says(r *web.Request) string {
	name := p.City.Name.In(r.Lang)
	if p.State == "none" {
		return name
	}
	return name + ": " + r.Say.T("programme.map."+p.State) + ", " + kit.Unbroken(i18n.DayMonth(r.Lang, p.Next.Starts))
}

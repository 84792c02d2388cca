package public

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/profile"
)

// Picture is a map that is pressed to say where something lies: an image whose buttons tell
// in pixels where they were pressed.
type Picture struct {
	Width, Height int    // in pixels of CSS; it must be shown neither wider nor narrower
	Source        string // of the image
}

// PictureOf draws the country with cities, so many pixels wide. A city with the code marked
// stands out.
func PictureOf(l i18n.Language, width int, cities []profile.Entry, marked string) Picture {
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 330"><rect width="640" height="330" fill="#fbf8f2"/>`)
	b.WriteString(`<path d="` + outline + `" fill="#fff" stroke="#6b6459" stroke-width="1.6"/><path d="` + inner + `" fill="none" stroke="#6b6459" stroke-dasharray="5 4"/><path d="` + water + `" fill="#dce8f0" stroke="#14537a"/>`)
	size := "19"
	if width < 500 {
		size = "25"
	}
	for _, p := range drawn(cities, l) {
		ink := "#1e1b18"
		if p.City.Code == marked {
			ink = "#a32b22"
		}
		b.WriteString(`<circle cx="` + p.X + `" cy="` + p.Y + `" r="6" fill="` + ink + `"/><text x="` + p.LabelX + `" y="` + p.LabelY + `" text-anchor="` + p.Anchor + `" font-family="sans-serif" font-size="` + size + `" fill="` + ink + `" stroke="#fff" stroke-width="5" stroke-linejoin="round" paint-order="stroke">` + escaped.Replace(p.City.Now.Name.In(l)) + `</text>`)
	}
	b.WriteString(`</svg>`)
	return Picture{Width: width, Height: heightOf(width), Source: "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte(b.String()))}
}

var escaped = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func heightOf(width int) int { return int(math.Round(float64(width) * mapHeight / mapWidth)) }

// PointAt gives the degrees north and east of a pixel of a picture so many pixels wide, to a
// hundredth of a degree, about a kilometre: a pixel is no less. ok is false outside of it, and at its very
// corner, where it is "pressed" by a key.
func PointAt(width int, x, y string) (lat, lon float64, ok bool) {
	px, err := strconv.Atoi(x)
	py, err2 := strconv.Atoi(y)
	if err != nil || err2 != nil || px < 0 || py < 0 || px > width || py > heightOf(width) || px == 0 && py == 0 {
		return 0, 0, false
	}
	k := mapWidth / float64(width)
	left, top := project(west, north)
	right, bottom := project(east, south)
	mx, my := float64(px)*k, float64(py)*k
	lon = west + (mx-left)/(right-left)*(east-west)
	lat = north - (my-top)/(bottom-top)*(north-south)
	return math.Round(lat*100) / 100, math.Round(lon*100) / 100, true
}

// RegionAt is the region (ISO 3166-2) in which a point lies by the simplified borders of the
// map. One that lies outside of all of them, but nearer than the drawing is exact, lies in the
// region next to it; empty when there is none.
func RegionAt(lat, lon float64) string {
	if at := regionIn(lat, lon); at != "" {
		return at
	}
	for _, d := range [][2]float64{{0, -borderExact}, {0, borderExact}, {-borderExact, 0}, {borderExact, 0}} {
		if at := regionIn(lat+d[0], lon+d[1]); at != "" {
			return at
		}
	}
	return ""
}

// borderExact is how exactly the border is drawn, in degrees, see stretches.
const borderExact = .05

func regionIn(lat, lon float64) string {
	for _, g := range regions {
		line, in := ring(g.around), false
		for i := range line {
			a, b := line[i], line[(i+1)%len(line)]
			if (a[1] > lat) != (b[1] > lat) && lon < a[0]+(lat-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
				in = !in
			}
		}
		if in {
			return g.Code
		}
	}
	return ""
}

package public

import (
	"testing"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/profile"
)

// towns are cities and towns of Kyrgyzstan that a house may add, near the eight and far
// from them.
var towns = []struct {
	name     string
	lat, lon float64
}{
	{"Карабалта", 42.8142, 73.8481},
	{"Кант", 42.8911, 74.8508},
	{"Балыкчы", 42.4602, 76.1871},
	{"Чолпон-Ата", 42.6497, 77.0823},
	{"Өзгөн", 40.7699, 73.3007},
	{"Кызыл-Кыя", 40.2568, 72.1279},
	{"Сүлүктү", 39.9365, 69.5673},
	{"Майлуу-Суу", 41.2689, 72.4489},
	{"Токтогул", 41.8744, 72.9421},
	{"Ат-Башы", 41.1695, 75.8106},
	{"Исфана", 39.8389, 69.5276},
	{"Кербен", 41.4940, 71.7583},
	{"Таш-Көмүр", 41.3461, 72.2171},
	{"Кара-Суу", 40.7049, 72.8671},
	{"Кочкор", 42.2158, 75.7571},
}

// Wherever one more city lies, its name covers none of the others, stays on the page,
// and the eight stand where they stood.
func TestTheNameOfOneMoreCityMeetsNoOther(t *testing.T) {
	t.Parallel()
	lists := (*profile.Lists)(nil)
	for _, town := range towns {
		named := i18n.Text{Ky: town.name, Ru: town.name, En: town.name}
		with := lists.With(profile.Entry{List: profile.City, Code: "ninth", Place: 900, Lat: town.lat, Lon: town.lon, Names: []profile.Named{{Name: named}}}).Cities()
		words := make([]string, len(with))
		for i, c := range with {
			words[i] = c.Now.Name.Ky
		}
		sides := labels(with, words, false)
		var boxes []box
		for i, c := range with {
			x, y := project(c.Lon, c.Lat)
			boxes = append(boxes, namedBox(x, y, sides[i], utf8.RuneCountInString(c.Now.Name.Ky)))
		}
		last := boxes[len(boxes)-1]
		for i, b := range boxes[:len(boxes)-1] {
			if sides[i] != label[with[i].Code] {
				t.Errorf("%s moves the name of %s", town.name, with[i].Code)
			}
			if last.common(b) > 20 {
				t.Errorf("%s meets %s", town.name, with[i].Code)
			}
		}
		if last.left < -10 || last.right > mapWidth+10 || // the edge of the page is further away
			last.top < 0 || last.bottom > mapHeight {
			t.Errorf("%s leaves the page: %+v", town.name, last)
		}
	}
}

// With a number beside it no name of the eight covers another, however long the numbers are.
func TestNamesWithNumbersMeetNoOther(t *testing.T) {
	t.Parallel()
	cities := (*profile.Lists)(nil).Cities()
	for _, number := range []string{"", "\u00a07", "\u00a045", "\u00a0105", "\u00a012\u00a0345"} {
		for _, l := range i18n.Languages {
			words := make([]string, len(cities))
			for i, c := range cities {
				words[i] = c.Now.Name.In(l) + number
			}
			var boxes []box
			for i, at := range labels(cities, words, true) {
				x, y := project(cities[i].Lon, cities[i].Lat)
				b := namedBox(x, y, at, utf8.RuneCountInString(words[i]))
				for j, other := range boxes {
					if b.common(other) > 0 {
						t.Errorf("in %s %q meets %q", l, words[i], words[j])
					}
				}
				boxes = append(boxes, b)
			}
		}
	}
}

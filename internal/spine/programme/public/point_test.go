package public

import (
	"encoding/base64"
	"encoding/xml"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/profile"
)

// Whoever presses where a place is drawn gets the degrees of that place, as nearly as a pixel
// tells.
func TestAPressOnTheMapGivesThePlaceThatIsDrawnThere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(200, 1280).Draw(t, "width")
		lat, lon := rapid.Float64Range(south, north).Draw(t, "lat"), rapid.Float64Range(west, east).Draw(t, "lon")
		x, y := project(lon, lat)
		k := float64(width) / mapWidth
		gotLat, gotLon, ok := PointAt(width, strconv.Itoa(int(math.Round(x*k))), strconv.Itoa(int(math.Round(y*k))))
		if !ok {
			t.Fatalf("%v, %v is nowhere on the map", lat, lon)
		}
		// Half a pixel, and half of a hundredth.
		pixel := (east - west) / (mapWidth - 2*mapMargin) / k
		if math.Abs(gotLon-lon) > pixel/2*1.2+.006 || math.Abs(gotLat-lat) > pixel/2*1.2+.006 {
			t.Errorf("%v, %v was pressed, got %v, %v; a pixel is %v", lat, lon, gotLat, gotLon, pixel)
		}
	})
	for _, p := range [][2]string{{"0", "0"}, {"", ""}, {"-1", "5"}, {"5", "-1"}, {"301", "5"}, {"5", "400"}, {"1e9", "2"}, {"x", "y"}} {
		if lat, lon, ok := PointAt(300, p[0], p[1]); ok {
			t.Errorf("%q is %v, %v", p, lat, lon)
		}
	}
}

// Each city of a house lies in the region that it says.
func TestAPointLiesInTheRegionOfItsCity(t *testing.T) {
	t.Parallel()
	for _, c := range (*profile.Lists)(nil).Cities() {
		at := RegionAt(c.Lat, c.Lon)
		held := false
		for _, g := range regions {
			held = held || g.Code == at && g.holds(c.ISO)
		}
		if !held {
			t.Errorf("%s (%s) lies in %q", c.Code, c.ISO, at)
		}
	}
	for _, p := range [][2]float64{{43.25, 76.9}, {39.0, 71.0}, {41.3, 69.2}} { // Almaty, the Pamirs, Tashkent
		if at := RegionAt(p[0], p[1]); at != "" {
			t.Errorf("%v lies in %s", p, at)
		}
	}
}

// A name that somebody wrote stays a name in the picture.
func TestAPictureOfTheMapIsWellFormedWhateverACityIsCalled(t *testing.T) {
	t.Parallel()
	cities := (*profile.Lists)(nil).Cities()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[ -~а-яөүң]{1,20}`).Draw(t, "name")
		cities[0].Now.Name = i18n.Text{Ky: name, Ru: name, En: name}
		p := PictureOf(i18n.Kyrgyz, 272, cities, cities[0].Code)
		data, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(p.Source, "data:image/svg+xml;base64,"))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for d := xml.NewDecoder(strings.NewReader(string(data))); ; {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			text, is := token.(xml.CharData)
			found = found || is && string(text) == name
		}
		if !found {
			t.Errorf("%q is not in the picture", name)
		}
	})
}

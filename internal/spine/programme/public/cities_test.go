package public

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/programme"
)

// The sentence of a programme names as many cities as there are, of none it says nothing, and
// it begins with a capital letter either way.
func TestTheSentenceNamesAsManyCitiesAsThereAre(t *testing.T) {
	t.Parallel()
	catalogue, err := i18n.Load(programme.Texts(), web.Texts())
	if err != nil {
		t.Fatal(err)
	}
	p := programme.Programme{Sentence: i18n.Text{Ky: "{in_cities} үйрөнөбүз", Ru: "{in_cities} учимся", En: "{in_cities} we learn"}}
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, programme.Bishkek)
	rapid.Check(t, func(rt *rapid.T) {
		var all []Activity
		held := map[string]bool{}
		for range rapid.IntRange(0, 12).Draw(rt, "activities") {
			var a Activity
			a.City = rapid.SampledFrom([]string{"osh", "talas", "naryn", "batken"}).Draw(rt, "city")
			a.Starts = now.Add(time.Duration(rapid.IntRange(-100, 100).Draw(rt, "hours")) * time.Hour)
			a.Ends = a.Starts.Add(time.Hour)
			if a.State = programme.Published; rapid.Bool().Draw(rt, "cancelled") {
				a.State = programme.Cancelled
			} else {
				held[a.City] = true
			}
			all = append(all, a)
		}
		for _, l := range i18n.Languages {
			r := &web.Request{Request: httptest.NewRequest("GET", "/", nil), Lang: l, Say: catalogue.Printer(l)}
			got := sentence(r, p, citiesOf(pins(nil, l, all, now)))
			if named := strings.Contains(got, fmt.Sprint(len(held))); named != (len(held) > 0) || strings.Contains(got, "{") || got != i18n.Capital(got) {
				rt.Errorf("of %d cities: %q", len(held), got)
			}
		}
	})
}

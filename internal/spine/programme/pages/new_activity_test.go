package pages_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// One event is made by itself, of one day or several, as a draft; what is wrong is told at
// its field, what was typed stays, and nothing is made.
func TestOneEventOfAnyNumberOfDaysIsMadeAsADraft(t *testing.T) {
	t.Parallel()
	programmetest.OpenDesk(t, func(d programmetest.Desk) {
		const path = "/en/plan/activities/new"
		if _, page := d.Ask("GET", path+"?kind=seminar", "coordinator", nil, nil); !strings.Contains(page, "template=activists") {
			d.T.Error("the page does not offer the template of seminars")
		}
		count := func() (n int) {
			programmetest.Write(d.T, d.Store, func(ctx context.Context, tx *storage.Tx) error {
				all, err := programme.All(ctx, tx, programme.Filter{})
				n = len(all)
				return err
			})
			return n
		}
		form := func(city, date, days, from, to, venue string) url.Values {
			return url.Values{
				"template": {"activists"}, "row_new_city": {city}, "row_new_date": {date}, "row_new_days": {days}, "row_new_from": {from},
				"row_new_to": {to}, "row_new_venue_en": {venue}, "row_new_capacity": {"25"},
			}
		}
		for name, f := range map[string]url.Values{
			"row_new_city":     form("", "2028-03-02", "1", "09:30", "17:00", "House"),
			"row_new_date":     form("osh", "", "1", "09:30", "17:00", "House"),
			"row_new_days":     form("osh", "2028-03-02", "15", "09:30", "17:00", "House"),
			"row_new_to":       form("osh", "2028-03-02", "1", "09:30", "09:00", "House"),
			"row_new_venue_en": form("osh", "2028-03-02", "1", "09:30", "17:00", ""),
		} {
			before := count()
			res, page := d.Ask("POST", path, "coordinator", f, nil)
			if res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, `href="#f-`+name+`"`) || !strings.Contains(page, `id="f-`+name+`"`) || strings.Contains(page, "new:") {
				d.T.Errorf("wrong %s: %d, and the page does not lead there", name, res.StatusCode)
			}
			if name != "row_new_venue_en" && !strings.Contains(page, `value="House"`) {
				d.T.Errorf("wrong %s: what was typed is gone", name)
			}
			if count() != before {
				d.T.Errorf("wrong %s: something was made", name)
			}
		}
		day := time.Date(2028, 1, 3, 0, 0, 0, 0, programme.Bishkek)
		rapid.Check(d.T, func(t *rapid.T) {
			days := rapid.IntRange(1, programme.MostDays).Draw(t, "days")
			day = day.AddDate(0, 0, 1)
			res, _ := d.Ask("POST", path, "coordinator", form("osh", day.Format(time.DateOnly), strconv.Itoa(days), "09:30", "17:00", "House"), nil)
			slug, ok := strings.CutPrefix(res.Header.Get("Location"), "/en/plan/")
			if res.StatusCode != http.StatusSeeOther || !ok {
				t.Fatalf("%d days: %d, %s", days, res.StatusCode, res.Header.Get("Location"))
			}
			var a programme.Activity
			if err := d.Store.Read(d.T.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
				a, err = programme.BySlug(ctx, tx, slug)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if a.State != programme.Draft || a.City != "osh" || !a.Starts.Equal(day.Add(9*time.Hour+30*time.Minute)) || !a.Ends.Equal(day.AddDate(0, 0, days-1).Add(17*time.Hour)) {
				t.Fatalf("%d days from %v: %s in %s from %v to %v", days, day, a.State, a.City, a.Starts, a.Ends)
			}
		})
		if res, page := d.Ask("POST", path, "coordinator", url.Values{}, nil); res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, "template=activists") {
			d.T.Errorf("of no template: %d, and the page does not ask which", res.StatusCode)
		}
		if res, _ := d.Ask("POST", path, "facilitator", form("osh", "2029-03-02", "1", "09:30", "17:00", "House"), nil); res.StatusCode != http.StatusForbidden {
			d.T.Errorf("a facilitator: %d", res.StatusCode)
		}
	})
}

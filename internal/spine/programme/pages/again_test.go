package pages_test

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

func TestWhoWasSlowerSeesWhatTheOtherWroteAndTheVersionOfNow(t *testing.T) {
	t.Parallel()
	programmetest.OpenDesk(t, func(d programmetest.Desk) {
		_, before := d.Ask("GET", "/en/plan/activists-tokmok", "coordinator", nil, nil)
		hidden := func(page, name string) string {
			_, rest, _ := strings.Cut(page, `name="`+name+`"`)
			field, _, _ := strings.Cut(rest, ">")
			_, rest, _ = strings.Cut(field, `value="`)
			v, _, _ := strings.Cut(rest, `"`)
			return html.UnescapeString(v)
		}
		version := func(page string) string { return hidden(page, "version") }
		programmetest.Write(d.T, d.Store, func(ctx context.Context, tx *storage.Tx) error {
			a, err := programme.BySlug(ctx, tx, "activists-tokmok")
			if err != nil {
				return err
			}
			a.Title.En = "Of the first"
			a.Venue.En, a.Summary.En = "Room of the first", "Words of the first"
			c := programmetest.Written(a)
			c.Stays = programme.StaysNames
			_, err = d.Programme.Change(ctx, tx, c)
			return err
		})
		form := url.Values{"version": {version(before)}, "seen": {hidden(before, "seen")}, "title_en": {"Of the second"}, "summary_en": {"Words of the second"}}
		form.Set("venue_en", hidden(before, "venue_en")) // which she leaves as it is
		answer, page := d.Ask("POST", "/en/plan/activists-tokmok", "coordinator", form, nil)
		page = html.UnescapeString(page)
		if answer.StatusCode != http.StatusConflict || !strings.Contains(page, "Now it says: Of the first") || !strings.Contains(page, `value="Of the second"`) {
			d.T.Errorf("the second does not see both: %d", answer.StatusCode)
		}
		if hidden(page, "venue_en") != "Room of the first" || strings.Contains(page, "Now it says: Room of the first") {
			d.T.Error("a field that the second did not touch would take back what the first wrote")
		}
		if !strings.Contains(page, "Words of the second") || !strings.Contains(page, "Now it says: Words of the first") {
			d.T.Error("a field that both wrote does not show both")
		}
		if now := version(page); now == "" || now == version(before) {
			d.T.Errorf("the form that is shown again has version %q: each save is refused", now)
		}
	})
}

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
		version := func(page string) string {
			_, rest, _ := strings.Cut(page, `name="version" value="`)
			v, _, _ := strings.Cut(rest, `"`)
			return v
		}
		programmetest.Write(d.T, d.Store, func(ctx context.Context, tx *storage.Tx) error {
			a, err := programme.BySlug(ctx, tx, "activists-tokmok")
			if err != nil {
				return err
			}
			a.Title.En = "Of the first"
			_, err = d.Programme.Change(ctx, tx, programmetest.Written(a))
			return err
		})
		form := url.Values{"version": {version(before)}, "title_en": {"Of the second"}}
		answer, page := d.Ask("POST", "/en/plan/activists-tokmok", "coordinator", form, nil)
		page = html.UnescapeString(page)
		if answer.StatusCode != http.StatusConflict || !strings.Contains(page, "Now it says: Of the first") || !strings.Contains(page, `value="Of the second"`) {
			d.T.Errorf("the second does not see both: %d", answer.StatusCode)
		}
		if now := version(page); now == "" || now == version(before) {
			d.T.Errorf("the form that is shown again has version %q: each save is refused", now)
		}
	})
}

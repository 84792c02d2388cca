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
			_, err = d.Programme.Change(ctx, tx, programmetest.Written(a))
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

func TestASecondReasonForACancellationIsNotTakenAndSaysSo(t *testing.T) {
	t.Parallel()
	programmetest.OpenDesk(t, func(d programmetest.Desk) {
		const path = "/en/plan/cancel/activists-tokmok"
		first, _ := d.Ask("POST", path, "coordinator", url.Values{"reason_en": {"Snow on the pass"}}, nil)
		again, _ := d.Ask("POST", path, "coordinator", url.Values{"reason_en": {"Snow on the pass"}}, nil)
		second, _ := d.Ask("POST", path, "coordinator", url.Values{"reason_en": {"The speaker is ill"}}, nil)
		told := func(r *http.Response) (flash string) {
			for _, c := range r.Cookies() {
				flash += c.Value
			}
			return flash
		}
		if first.StatusCode != 303 || again.StatusCode != 303 || second.StatusCode != 303 {
			d.T.Fatal(first.StatusCode, again.StatusCode, second.StatusCode)
		}
		if told(first) != told(again) || told(second) == told(first) {
			d.T.Errorf("first %q, the same again %q, another reason %q", told(first), told(again), told(second))
		}
		programmetest.Write(d.T, d.Store, func(ctx context.Context, tx *storage.Tx) error {
			a, err := programme.BySlug(ctx, tx, "activists-tokmok")
			if a.Reason.En != "Snow on the pass" {
				d.T.Errorf("the reason is %q", a.Reason.En)
			}
			return err
		})
	})
}

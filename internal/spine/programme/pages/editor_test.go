package pages_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

func TestTheEditorShowsWhichSessionLagsBehind(t *testing.T) {
	t.Parallel()
	programmetest.OpenDesk(t, func(d programmetest.Desk) {
		programmetest.Write(d.T, d.Store, func(ctx context.Context, tx *storage.Tx) error {
			a, err := programme.BySlug(ctx, tx, "activists-tokmok")
			if err != nil {
				return err
			}
			a.Agenda[1].Title.Ru = "Иначе"
			_, err = d.Programme.Change(ctx, tx, programmetest.Written(a))
			return err
		})
		_, page := d.Ask("GET", "/en/plan/activists-tokmok", "coordinator", nil, nil)
		if !strings.Contains(page, `id="f-agenda_1_title_ky-help"`) || strings.Contains(page, `id="f-agenda_1_title_ru-help"`) || !strings.Contains(page, "Out of date") {
			d.T.Error("the page does not say that the Kyrgyz topic is out of date")
		}
	})
}

func TestChosenDraftsOfATemplateArePublishedTogetherOrNotAtAll(t *testing.T) {
	t.Parallel()
	programmetest.OpenDesk(t, func(d programmetest.Desk) {
		var made []programme.Activity
		programmetest.Write(d.T, d.Store, func(ctx context.Context, tx *storage.Tx) (err error) {
			made, err = d.Plan.MakeCopies(ctx, tx, plan.MakeCopies{Actor: programmetest.Coordinator, Key: "activists", Rows: programmetest.Eight()[:3]})
			return err
		})
		const path = "/en/plan/templates/activists"
		_, page := d.Ask("GET", path+"/copies", "coordinator", nil, nil)
		for _, a := range made {
			if !strings.Contains(page, a.ID.String()) {
				d.T.Errorf("the page does not offer %s", a.Slug)
			}
		}
		state := func(slug string) (out string) {
			programmetest.Write(d.T, d.Store, func(ctx context.Context, tx *storage.Tx) error {
				a, err := programme.BySlug(ctx, tx, slug)
				out = a.State
				return err
			})
			return out
		}
		var foreign programme.Activity
		programmetest.Write(d.T, d.Store, func(ctx context.Context, tx *storage.Tx) (err error) {
			foreign, err = programme.BySlug(ctx, tx, "media-osh")
			return err
		})
		for _, c := range []struct {
			chosen []string
			status int
		}{
			{nil, http.StatusUnprocessableEntity},
			{[]string{"nonsense"}, http.StatusNotFound},
			{[]string{made[0].ID.String(), foreign.ID.String()}, http.StatusNotFound},
		} {
			if res, _ := d.Ask("POST", path+"/publish", "coordinator", url.Values{"drafts": c.chosen}, nil); res.StatusCode != c.status {
				d.T.Errorf("%v: %d, want %d", c.chosen, res.StatusCode, c.status)
			}
			if got := state(made[0].Slug); got != programme.Draft {
				d.T.Errorf("%v: %s is %s", c.chosen, made[0].Slug, got)
			}
		}
		if res, _ := d.Ask("POST", path+"/publish", "facilitator", url.Values{"drafts": {made[0].ID.String()}}, nil); res.StatusCode != http.StatusForbidden {
			d.T.Errorf("a facilitator: %d", res.StatusCode)
		}
		for range 2 { // the second tap finds nothing to do
			if res, _ := d.Ask("POST", path+"/publish", "coordinator", url.Values{"drafts": {made[0].ID.String(), made[2].ID.String()}}, nil); res.StatusCode != http.StatusSeeOther {
				d.T.Errorf("published: %d", res.StatusCode)
			}
		}
		for i, want := range []string{programme.Published, programme.Draft, programme.Published} {
			if got := state(made[i].Slug); got != want {
				d.T.Errorf("%s is %s, want %s", made[i].Slug, got, want)
			}
		}
		// A programmetest.Coordinator of one city publishes nothing elsewhere.
		err := d.Store.Write(d.T.Context(), func(ctx context.Context, tx *storage.Tx) error {
			local := programmetest.Coordinator
			local.Grants = []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: "nowhere"}}}
			_, err := d.Programme.PublishDrafts(ctx, tx, programme.PublishDrafts{Actor: local, Template: made[1].Template, Chosen: []storage.ID{made[1].ID}})
			return err
		})
		if !fault.Is(err, fault.Forbidden) {
			d.T.Errorf("a coordinator of another city: %v", err)
		}
	})
}

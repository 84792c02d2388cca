package programme_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
)

func TestSessionsSayInWhichLanguageTheyLagBehindAlsoWhenTheyMove(t *testing.T) {
	t.Parallel()
	planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, _ *[]string) {
		read := func() (a programme.Activity) {
			write(t, s, func(ctx context.Context, tx *storage.Tx) (err error) {
				a, err = programme.BySlug(ctx, tx, "activists-tokmok")
				return err
			})
			return a
		}
		change := func(edit func(a *programme.Activity)) programme.Activity {
			a := read()
			edit(&a)
			write(t, s, func(ctx context.Context, tx *storage.Tx) error {
				_, err := svc.Change(ctx, tx, written(a))
				return err
			})
			return read()
		}
		a := change(func(a *programme.Activity) { a.Agenda[1].Title.Ru = "Иначе" })
		for l, stale := range map[i18n.Language]bool{i18n.Kyrgyz: true, i18n.Russian: false, i18n.English: true} {
			if a.Stale.Since("agenda_1_title", l).IsZero() == stale {
				t.Errorf("stale in %s: %v", l, a.Stale)
			}
		}
		if len(a.Stale) != 1 {
			t.Errorf("something else is stale: %v", a.Stale)
		}
		// A new one before it: the mark goes with the session. The new one lags behind nothing.
		a = change(func(a *programme.Activity) {
			a.Agenda = append([]programme.Session{{At: "11:35", Minutes: 5, Title: i18n.Text{Ru: "Чай"}}}, a.Agenda...)
		})
		if a.Stale.Since("agenda_2_title", i18n.Kyrgyz).IsZero() || len(a.Stale) != 1 {
			t.Errorf("after a new one: %v", a.Stale)
		}
		a = change(func(a *programme.Activity) {
			a.Agenda[2].Title.Ky, a.Agenda[2].Title.En = "Башкача", "Otherwise"
		})
		if len(a.Stale) != 0 {
			t.Errorf("after the translations: %v", a.Stale)
		}
		a = change(func(a *programme.Activity) { a.Agenda[2].Speaker.Ru = "Другая ведущая" })
		if a.Stale.Since("agenda_2_speaker", i18n.English).IsZero() {
			t.Errorf("the speaker: %v", a.Stale)
		}
		a = change(func(a *programme.Activity) { a.Agenda = a.Agenda[:1] })
		if len(a.Stale) != 0 {
			t.Errorf("a session that is gone is still stale: %v", a.Stale)
		}
	})
}

func TestTheEditorShowsWhichSessionLagsBehind(t *testing.T) {
	t.Parallel()
	openDesk(t, func(d desk) {
		write(d.t, d.store, func(ctx context.Context, tx *storage.Tx) error {
			a, err := programme.BySlug(ctx, tx, "activists-tokmok")
			if err != nil {
				return err
			}
			a.Agenda[1].Title.Ru = "Иначе"
			_, err = d.svc.Change(ctx, tx, written(a))
			return err
		})
		_, page := d.ask("GET", "/en/plan/activists-tokmok", "coordinator", nil, nil)
		if !strings.Contains(page, `id="f-agenda_1_title_ky-help"`) || strings.Contains(page, `id="f-agenda_1_title_ru-help"`) || !strings.Contains(page, "Out of date") {
			d.t.Error("the page does not say that the Kyrgyz topic is out of date")
		}
	})
}

func TestChosenDraftsOfATemplateArePublishedTogetherOrNotAtAll(t *testing.T) {
	t.Parallel()
	openDesk(t, func(d desk) {
		var made []programme.Activity
		write(d.t, d.store, func(ctx context.Context, tx *storage.Tx) (err error) {
			made, err = d.svc.MakeCopies(ctx, tx, programme.MakeCopies{Actor: coordinator, Key: "activists", Rows: eight()[:3]})
			return err
		})
		const path = "/en/plan/templates/activists"
		_, page := d.ask("GET", path+"/copies", "coordinator", nil, nil)
		for _, a := range made {
			if !strings.Contains(page, a.ID.String()) {
				d.t.Errorf("the page does not offer %s", a.Slug)
			}
		}
		state := func(slug string) (out string) {
			write(d.t, d.store, func(ctx context.Context, tx *storage.Tx) error {
				a, err := programme.BySlug(ctx, tx, slug)
				out = a.State
				return err
			})
			return out
		}
		var foreign programme.Activity
		write(d.t, d.store, func(ctx context.Context, tx *storage.Tx) (err error) {
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
			if res, _ := d.ask("POST", path+"/publish", "coordinator", url.Values{"drafts": c.chosen}, nil); res.StatusCode != c.status {
				d.t.Errorf("%v: %d, want %d", c.chosen, res.StatusCode, c.status)
			}
			if got := state(made[0].Slug); got != programme.Draft {
				d.t.Errorf("%v: %s is %s", c.chosen, made[0].Slug, got)
			}
		}
		if res, _ := d.ask("POST", path+"/publish", "facilitator", url.Values{"drafts": {made[0].ID.String()}}, nil); res.StatusCode != http.StatusForbidden {
			d.t.Errorf("a facilitator: %d", res.StatusCode)
		}
		for range 2 { // the second tap finds nothing to do
			if res, _ := d.ask("POST", path+"/publish", "coordinator", url.Values{"drafts": {made[0].ID.String(), made[2].ID.String()}}, nil); res.StatusCode != http.StatusSeeOther {
				d.t.Errorf("published: %d", res.StatusCode)
			}
		}
		for i, want := range []string{programme.Published, programme.Draft, programme.Published} {
			if got := state(made[i].Slug); got != want {
				d.t.Errorf("%s is %s, want %s", made[i].Slug, got, want)
			}
		}
		// A coordinator of one city publishes nothing elsewhere.
		err := d.store.Write(d.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			local := coordinator
			local.Grants = []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: "nowhere"}}}
			_, err := d.svc.PublishDrafts(ctx, tx, local, made[1].Template, []storage.ID{made[1].ID})
			return err
		})
		if !fault.Is(err, fault.Forbidden) {
			d.t.Errorf("a coordinator of another city: %v", err)
		}
	})
}

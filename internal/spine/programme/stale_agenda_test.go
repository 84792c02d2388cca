package programme_test

import (
	"context"
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

func TestSessionsSayInWhichLanguageTheyLagBehindAlsoWhenTheyMove(t *testing.T) {
	t.Parallel()
	programmetest.Planned(t, func(t *testing.T, s *storage.Store, svc *programme.Service, _ *[]string) {
		read := func() (a programme.Activity) {
			programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) (err error) {
				a, err = programme.BySlug(ctx, tx, "activists-tokmok")
				return err
			})
			return a
		}
		change := func(edit func(a *programme.Activity)) programme.Activity {
			a := read()
			edit(&a)
			programmetest.Write(t, s, func(ctx context.Context, tx *storage.Tx) error {
				_, err := svc.Change(ctx, tx, programmetest.Written(a))
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

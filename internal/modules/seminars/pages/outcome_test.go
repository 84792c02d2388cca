package pages

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

func TestEachOutcomeOfAFormHasItsOwnTruthAndWords(t *testing.T) {
	t.Parallel()
	type letters struct{ applications, letters int }
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		s := staged(t, store, c, "", func(a *seats.Activity) { a.Capacity = 1 })
		setUp(t, s.m, s.a, `first_come = TRUE`)
		state := func() letters { return letters{s.count(`SELECT COUNT(*) FROM application`), s.post.count()} }
		told := func(what string, b *browser, to, words string, want letters) {
			t.Helper()
			_, page, _ := b.do("GET", to, nil)
			if !strings.Contains(page, words) {
				t.Errorf("%s: the page does not say %q", what, words)
			}
			if got := state(); got != want {
				t.Errorf("%s: %+v, want %+v", what, got, want)
			}
		}
		her, app, path := s.proven()
		told("new", her, path, "", letters{1, 1})
		// Whoever applies again with her own record is told that it stands as it was.
		_, _, to := her.do("GET", "/en/events/osh/apply", nil)
		told("again, signed in", her, to, "You have applied before", letters{1, 1})
		other := s.browser()
		form := s.form(other, "q_email", "other@example.kg", "q_name", "Бекова Нур")
		_, _, to = s.send(other, form)
		told("full", other, to, "It is on the waiting list", letters{2, 2})
		_, _, again := s.send(other, form)
		if again != to {
			t.Errorf("the second tap leads to %q", again)
		}
		told("the same again", other, again, "Your answers are replaced", letters{2, 2})
		// Another person with a known address is somebody new, and nobody is told more.
		third := s.browser()
		_, _, to = s.send(third, s.form(third, "q_email", "aigul@example.kg", "q_name", "Кадырова Сай"))
		told("another with a known address", third, to, "It is on the waiting list", letters{3, 3})
		if status, _, _ := her.do("POST", path, url.Values{"reply": {"withdraw"}}); status != http.StatusSeeOther {
			t.Fatalf("withdrawing: %d", status)
		}
		before := state()
		_, _, to = her.do("GET", "/en/events/osh/apply", nil)
		told("withdrawn before", her, to, "You applied before and withdrew", before)
		if got := stateOf(t, s.m, app.ID).State; got != seats.Withdrawn {
			t.Errorf("she is %s by opening the form", got)
		}
		c.Set(s.a.Deadline.Add(time.Minute))
		late := s.browser()
		_, _, to = s.send(late, s.form(late, "q_email", "late@example.kg", "q_name", "Эсенова Зиб"))
		told("late", late, to, "It is on the waiting list", letters{before.applications + 1, before.letters + 1})
	})
}

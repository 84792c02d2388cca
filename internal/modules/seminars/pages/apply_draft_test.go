package pages

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

// told gives the answers that an application holds.
func (s stage) told(id storage.ID) (a forms.Answers) {
	s.t.Helper()
	if err := s.m.Store.Read(s.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		app, err := seats.ApplicationByID(ctx, tx, id)
		if err == nil {
			a, err = s.m.AnswersOf(ctx, tx, app)
		}
		return err
	}); err != nil {
		s.t.Fatal(err)
	}
	return a
}

func TestTheSameDraftAgainReplacesTheAnswersAndKeepsWhereItStands(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		b := s.browser()
		form := s.form(b, "q_why", "first words")
		_, _, to := s.send(b, form)
		app := s.at(to)
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.m.Move(ctx, tx, app, seats.Shortlisted, storage.ID{15: 9}, "seminars.why.staff_shortlisted")
			return err
		})
		// A page that was kept open: her name in other letters, the address in capitals.
		form.Set("q_why", "second words")
		form.Set("q_name", "АЙГҮЛ  Асанова")
		form.Set("q_email", "Aigul@example.kg")
		form.Set("q_age", "35-44")
		s.pass(time.Minute)
		_, _, again := s.send(b, form)
		if again != to {
			s.t.Fatalf("the same form again leads to %q, not to %q", again, to)
		}
		if _, page, _ := b.do("GET", to, nil); !strings.Contains(page, "replaced by these") {
			s.t.Error("the page does not say that the answers were replaced")
		}
		if got := s.told(app.ID); got.First("why") != "second words" || s.person(app.Person).AgeBand != "35-44" {
			s.t.Errorf("the answers are %v", got.Values)
		}
		if got := s.at(to).State; got != seats.Shortlisted {
			s.t.Errorf("her application is %s now", got)
		}
		if people, apps := s.count(`SELECT COUNT(*) FROM person`), s.count(`SELECT COUNT(*) FROM application`); people != 1 || apps != 1 {
			s.t.Errorf("%d people, %d applications", people, apps)
		}
		if n := s.count(`SELECT COUNT(*) FROM session`); n != 1 {
			s.t.Errorf("%d sessions of one browser", n)
		}
		// An hour later the page is forgotten: what comes then is a new application.
		s.pass(time.Hour)
		if _, _, later := s.send(b, form); later == to {
			s.t.Error("the page is known still")
		}
	})
}

func TestWhatIsHandedInAgainIsNoLongerReplacedOnceSomebodyHasProvenItHers(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		b := s.browser()
		form := s.form(b, "q_why", "her words")
		_, _, to := s.send(b, form)
		app := s.at(to)
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error { return proveEmail(ctx, tx, s.m, app.Person) })
		form.Set("q_why", "words of whoever came after her")
		status, _, away := s.send(b, form)
		if status != http.StatusSeeOther || !strings.HasSuffix(away, "/events/osh/applied") {
			s.t.Errorf("it leads to %d %q", status, away)
		}
		if got := s.told(app.ID).First("why"); got != "her words" {
			s.t.Errorf("her answer is %q", got)
		}
		if status, _, _ := b.do("GET", to, nil); status == http.StatusOK {
			s.t.Error("the browser opens her application")
		}
	})
}

func TestAnotherNameOrContactInTheSameFormIsAnotherPerson(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		for what, change := range map[string][2]string{
			"name": {"q_name", "Бермет Асанова"}, "e-mail": {"q_email", "office@example.kg"}, "phone": {"q_phone", "0700 11 22 33"},
		} {
			before := s.count(`SELECT COUNT(*) FROM application`)
			b := s.browser()
			form := s.form(b, "q_why", "her words")
			secret := b.jar[s.m.draftCookie()]
			_, _, first := s.send(b, form)
			if b.jar[s.m.draftCookie()] == secret {
				s.t.Errorf("%s: the browser still has the secret of what it has handed in", what)
			}
			hers, next := s.rows(), b.jar[s.m.draftCookie()]
			form.Set(change[0], change[1])
			form.Set("q_why", "words of another")
			_, _, second := s.send(b, form)
			if second == first || s.at(second).Person == s.at(first).Person {
				s.t.Errorf("another %s leads to the same application", what)
			}
			for _, table := range []string{"person", "contact", "consent", "application", "application_move"} {
				now := s.rows()[table]
				for row, n := range hers[table] {
					if now[row] != n {
						s.t.Errorf("another %s changes a row of %s", what, table)
					}
				}
			}
			if status, _, _ := b.do("GET", first, nil); status != http.StatusNotFound {
				s.t.Errorf("another %s: the next person at the computer opens the first one's: %d", what, status)
			}
			// Her own second tap, with the cookie of before or the new one, is hers.
			for _, again := range []func(){func() {}, func() { b.jar[s.m.draftCookie()] = next }} {
				again()
				if _, _, to := s.send(b, form); to != second {
					s.t.Errorf("another %s: the second tap leads to %q, not to %q", what, to, second)
				}
			}
			if n := s.count(`SELECT COUNT(*) FROM application`) - before; n != 2 {
				s.t.Errorf("another %s: %d applications of two", what, n)
			}
		}
	})
}

// crowdOf lets copies of a browser send the same form in the same moment.
func (s stage) crowdOf(callers int, b *browser, form url.Values) []string {
	s.t.Helper()
	to := make([]string, callers)
	var ready sync.WaitGroup
	ready.Add(callers)
	crowd(s.t, callers, callers, func(i int) error {
		one := &browser{t: s.t, base: b.base, jar: map[string]string{}}
		for name, v := range b.jar {
			one.jar[name] = v
		}
		ready.Done()
		ready.Wait()
		status, page, where := one.do("POST", "/en/events/osh/apply", form)
		if to[i] = where; status != http.StatusSeeOther {
			return fmt.Errorf("%d %.300s", status, page)
		}
		if status, _, _ := one.do("GET", where, nil); status != http.StatusOK {
			return fmt.Errorf("her application gives %d", status)
		}
		return nil
	})
	return to
}

func TestAFormSentTwiceInOneMomentIsOneApplication(t *testing.T) {
	t.Parallel()
	for _, callers := range []int{2, 16} {
		for name, rule := range map[string]string{"chosen": `first_come = FALSE`, "first come": `first_come = TRUE`} {
			t.Run(fmt.Sprint(callers, " ", name), func(t *testing.T) {
				t.Parallel()
				onStage(t, func(a *seats.Activity) { a.Capacity = 50 }, func(s stage) {
					setUp(s.t, s.m, s.a, rule)
					for round := range 3 {
						b := s.browser()
						// The first request of a browser may bring no cookie at all.
						form := s.form(b, "q_email", emailOf(round))
						if round == 2 {
							b.jar = nil
						}
						to := s.crowdOf(callers, b, form)
						for _, other := range to {
							if other != to[0] {
								s.t.Errorf("round %d: one leads to %q, another to %q", round, to[0], other)
							}
						}
						if apps, people := s.count(`SELECT COUNT(*) FROM application`), s.count(`SELECT COUNT(*) FROM person`); apps != round+1 || people != round+1 {
							s.t.Fatalf("round %d: %d applications of %d people", round, apps, people)
						}
					}
				})
			})
		}
	}
}

// The answers of the pages before are gone once it is handed in, so the page alone leads on.
func TestAFormOfSeveralPagesHandedInTwiceLeadsToTheApplication(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		for name, cookies := range map[string]bool{"with the cookies of the answer": true, "with those of before": false} {
			before := s.count(`SELECT COUNT(*) FROM application`)
			b := s.browser()
			first := s.form(b, "q_place", "other")
			if _, _, to := s.send(b, first); !strings.HasSuffix(to, "?step=1") {
				s.t.Fatalf("the second page: %q", to)
			}
			second := url.Values{"draft": first["draft"], "step": {"1"}, "do": {"next"}, "q_village": {"Кара-Суу"}}
			kept := map[string]string{}
			for k, v := range b.jar {
				kept[k] = v
			}
			_, _, to := s.send(b, second)
			if !strings.Contains(to, "/my/applications/") {
				s.t.Fatalf("handing in leads to %q", to)
			}
			if !cookies {
				b.jar = kept
			}
			if _, _, again := s.send(b, second); again != to {
				s.t.Errorf("%s: the second time leads to %q, not to %q", name, again, to)
			}
			if status, _, _ := b.do("GET", to, nil); status != http.StatusOK {
				s.t.Errorf("%s: her page gives %d", name, status)
			}
			if got := s.at(to); s.person(got.Person).Village != "Кара-Суу" {
				s.t.Errorf("%s: the answers are not those of both pages", name)
			}
			if n := s.count(`SELECT COUNT(*) FROM application`) - before; n != 1 {
				s.t.Errorf("%s: %d applications", name, n)
			}
			to2 := s.crowdOf(2, b, second)
			if to2[0] != to || to2[1] != to {
				s.t.Errorf("%s: two more at once lead to %q", name, to2)
			}
			// Once somebody has proven it hers, the page that was kept opens nothing.
			write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error { return proveEmail(ctx, tx, s.m, s.at(to).Person) })
			b.jar = kept
			if status, _, away := s.send(b, second); status != http.StatusSeeOther || !strings.HasSuffix(away, "/events/osh/applied") {
				s.t.Errorf("%s: proven, it leads to %d %q", name, status, away)
			}
		}
	})
}

// The answer to handing in was lost, so the browser has the old secret still; its next
// form is kept page by page like any other.
func TestABrowserThatLostTheAnswerBeginsTheNextFormAnew(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		b := s.browser()
		form := s.form(b)
		kept := b.jar[s.m.draftCookie()]
		_, _, first := s.send(b, form)
		for _, opened := range []bool{true, false} {
			b.jar = map[string]string{s.m.draftCookie(): kept}
			next := fill("q_name", "Бермет Осмонова", "q_email", "bermet@example.kg", "q_place", "other")
			if opened {
				next.Set("draft", s.form(b)["draft"][0])
				if b.jar[s.m.draftCookie()] == kept {
					s.t.Error("the next form has the secret of what was handed in")
				}
			}
			if _, _, to := s.send(b, next); !strings.HasSuffix(to, "?step=1") {
				s.t.Fatalf("the second page: %q", to)
			}
			status, page, _ := b.do("GET", "/en/events/osh/apply?step=1", nil)
			if status != http.StatusOK || !strings.Contains(page, `name="q_village"`) {
				s.t.Fatalf("opened %v: the second page is lost: %d", opened, status)
			}
			_, _, to := s.send(b, url.Values{"draft": {seats.DraftMark(b.jar[s.m.draftCookie()], s.a.ID)}, "step": {"1"}, "do": {"next"}, "q_village": {"Кара-Суу"}})
			if to == first || !strings.Contains(to, "/my/applications/") {
				s.t.Errorf("opened %v: it leads to %q", opened, to)
			}
		}
	})
}

func TestTheSecretOfADraftIsACookieOfThisSiteAloneAndGoesWithSigningOut(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		for site, name := range map[string]string{"https://ashar.example": "__Host-ashar-draft", "http://127.0.0.1:8080": "ashar-draft"} {
			s := staged(t, store, c, site, nil)
			b := s.browser()
			form := s.form(b)
			given := func() *http.Cookie {
				for _, k := range b.answer.Cookies() {
					if k.Name == name {
						return k
					}
				}
				t.Fatalf("%s: no cookie %s, but %v", site, name, b.answer.Cookies())
				return nil
			}
			k := given()
			if secure := strings.HasPrefix(site, "https"); !k.HttpOnly || k.Secure != secure || k.Path != "/" || k.Domain != "" || k.SameSite != http.SameSiteLaxMode || len(k.Value) != 32 {
				t.Errorf("%s: the cookie is %+v", site, k)
			}
			if got := b.answer.Header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("%s: the form may be kept: %q", site, got)
			}
			wrong := url.Values{"draft": form["draft"], "q_name": {"Айгүл Асанова"}}
			if status, page, _ := s.send(b, wrong); status != http.StatusUnprocessableEntity || !strings.Contains(page, "Айгүл Асанова") || b.answer.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: the form that comes back may be kept: %d %q", site, status, b.answer.Header.Get("Cache-Control"))
			}
			form.Set("do", "save")
			if status, _, _ := s.send(b, form); status != http.StatusSeeOther {
				t.Fatalf("%s: saving gives %d", site, status)
			}
			if _, page, _ := b.do("GET", "/en/events/osh/apply", nil); !strings.Contains(page, "Айгүл Асанова") {
				t.Fatalf("%s: the draft is not shown to its browser", site)
			}
			if status, _, _ := b.do("POST", "/en/sign-out", url.Values{}); status != http.StatusSeeOther {
				t.Fatalf("%s: signing out gives %d", site, status)
			}
			if k := given(); k.Value != "" || k.MaxAge >= 0 || k.Secure != strings.HasPrefix(site, "https") {
				t.Errorf("%s: signing out leaves %+v", site, k)
			}
			if _, page, _ := b.do("GET", "/en/events/osh/apply", nil); strings.Contains(page, "Айгүл Асанова") {
				t.Errorf("%s: the next person at the computer sees the draft", site)
			}
		}
	})
}

func TestMoreDraftsThanAnActivityHoldsAreRefusedAndNothingChanges(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		open := func(n int) {
			write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `DELETE FROM application_draft`)
				for i := 0; i < n && err == nil; i += 500 {
					var rows []string
					args := []any{s.a.ID, storage.Micros(tx.Now.Add(seats.DraftLife)), []byte("box")}
					for range min(500, n-i) {
						id := storage.RandomID(start)
						args = append(args, id)
						rows = append(rows, fmt.Sprintf("($%d, $1, $3, 3, $2)", len(args)))
					}
					_, err = tx.Exec(ctx, `INSERT INTO application_draft (token_hash, activity_id, box, size, until_at) VALUES `+strings.Join(rows, ", "), args...)
				}
				return err
			})
		}
		first := s.browser()
		form := s.form(first, "do", "save")
		open(seats.MostDrafts - 1)
		if status, _, _ := s.send(first, form); status != http.StatusSeeOther {
			s.t.Fatalf("the last draft that there is room for: %d", status)
		}
		held := s.rows()
		second := s.browser()
		status, page, _ := s.send(second, s.form(second, "do", "save"))
		if status != http.StatusTooManyRequests || !strings.Contains(page, "Send it in one go") || !strings.Contains(page, "aigul@example.kg") {
			s.t.Errorf("one more: %d %s", status, page)
		}
		if more := s.added(held); len(more) > 0 {
			s.t.Errorf("one more leaves %v", more)
		}
		// Whose draft is there already goes on, and a form of one page is handed in all the same.
		if status, _, _ := s.send(first, form); status != http.StatusSeeOther {
			s.t.Errorf("the draft that is there is not saved again: %d", status)
		}
		s.apply(second, "q_email", emailOf(2))

		// Those that were handed in, or belong to another activity, take no room.
		open(seats.MostDrafts - 1)
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			if err := seats.CloseDraft(ctx, tx, s.a.ID, seats.NewSecret(), storage.RandomID(start)); err != nil {
				return err
			}
			_, err := seats.SaveDraft(ctx, tx, storage.RandomID(start), seats.NewSecret(), answersOf(1))
			return err
		})
		third := s.browser()
		if status, _, _ := s.send(third, s.form(third, "do", "save")); status != http.StatusSeeOther {
			s.t.Errorf("room for one is left, but: %d", status)
		}
	})
}

func TestFilesStayOutOfDraftsThatWouldTakeTooMuchRoom(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, _ *storagetest.Clock) {
		m, a := fixture(t, store, nil)
		with := answersOf(1)
		with.Files["letter"] = forms.Upload{Name: "letter.pdf", Type: "application/pdf", Data: make([]byte, 10_000)}
		whole, err := with.Encode()
		if err != nil {
			t.Fatal(err)
		}
		// Others take all the room but for so many bytes: one to the same activity, or
		// several to others, or nobody does.
		others := map[string]func(bytes int) [][2]any{
			"of the activity": func(bytes int) [][2]any { return [][2]any{{a.ID, seats.MostDraftBytes - bytes}} },
			"of all": func(bytes int) (list [][2]any) {
				for range seats.MostAllDrafts/seats.MostDraftBytes - 1 {
					list = append(list, [2]any{storage.RandomID(time.Now()), seats.MostDraftBytes})
				}
				return append(list, [2]any{storage.RandomID(time.Now()), seats.MostDraftBytes - bytes})
			},
		}
		try := func(what string, answers forms.Answers, want bool) {
			secret := seats.NewSecret()
			for range 2 { // its own size does not count against it
				write(t, m, func(ctx context.Context, tx *storage.Tx) error {
					got, err := m.KeepDraft(ctx, tx, a.ID, secret, answers)
					if err != nil {
						return err
					}
					d, ok, err := seats.OpenDraft(ctx, tx, a.ID, secret)
					if _, file := d.Answers.Files["letter"]; got != want || file != want || !ok || d.Answers.First("name") == "" {
						t.Errorf("%s: whole %v, the file %v, the words %q", what, got, file, d.Answers.First("name"))
					}
					return err
				})
			}
		}
		for name, taken := range others {
			for left, want := range map[int]bool{len(whole): true, len(whole) - 1: false, 0: false} {
				write(t, m, func(ctx context.Context, tx *storage.Tx) error {
					if _, err := tx.Exec(ctx, `DELETE FROM application_draft`); err != nil {
						return err
					}
					for i, o := range taken(left) {
						if _, err := tx.Exec(ctx, `INSERT INTO application_draft (token_hash, activity_id, box, size, until_at)
							VALUES ($1, $2, $3, $4, $5)`, []byte("another"+strconv.Itoa(i)), o[0], []byte("box"), o[1], storage.Micros(tx.Now.Add(time.Hour))); err != nil {
							return err
						}
					}
					return nil
				})
				try(fmt.Sprintf("%d bytes are left %s", left, name), with, want)
			}
		}
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM application_draft`)
			return err
		})
		large := with.Clone()
		large.Files["letter"] = forms.Upload{Name: "letter.pdf", Type: "application/pdf", Data: make([]byte, seats.MostDraft*3/4)}
		try("a draft that is too large itself", large, false)
	})
}

func TestWhoSharesAComputerIsToldNothingOfADraftWithoutItsSecret(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, _ *storagetest.Clock) {
		m, a := fixture(t, store, nil)
		secret := seats.NewSecret()
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			_, err := seats.SaveDraft(ctx, tx, a.ID, secret, answersOf(1))
			return err
		})
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			for _, other := range []string{"", seats.NewSecret(), seats.DraftMark(secret, a.ID), strings.Repeat("x", 101)} {
				if d, ok, err := seats.OpenDraft(ctx, tx, a.ID, other); err != nil || ok || d.Answers.First("name") != "" {
					t.Errorf("%q opens it: %v %v", other, d.Answers.Values, err)
				}
			}
			if _, ok, err := seats.OpenDraft(ctx, tx, storage.RandomID(start), secret); ok || err != nil {
				t.Error("it opens at another activity")
			}
			for _, mark := range []string{"", "!", seats.DraftMark(seats.NewSecret(), a.ID), strings.Repeat("A", 500)} {
				if id, err := seats.HandedIn(ctx, tx, a.ID, mark); err != nil || !id.IsZero() {
					t.Errorf("the mark %q leads to %s, %v", mark, id, err)
				}
			}
			return nil
		})
		if err := m.Store.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := m.Apply(ctx, tx, seats.Apply{Activity: a.ID, Answers: forms.Answers{}.Clone(), Secret: secret})
			return err
		}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a draft stands for answers that were not given: %v", err)
		}
	})
}

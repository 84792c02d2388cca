package pages

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people/peopletest"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
)

// like is a browser with the cookies that another has now.
func (b *browser) like() *browser { return &browser{t: b.t, base: b.base, jar: maps.Clone(b.jar)} }

// opened tells whether a browser opens the page of an application.
func (b *browser) opens(path string) bool {
	b.t.Helper()
	status, _, _ := b.do("GET", path, nil)
	return status == http.StatusOK
}

func TestASessionOfAnApplicationOpensThatApplicationAndNothingElse(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 50 }, func(s stage) {
		_, hers, path := s.proven("q_email", emailOf(1))
		other, otherPath := s.apply(s.browser(), "q_email", emailOf(2))
		b := s.browser()
		own, mine := s.apply(b, "q_email", emailOf(3), "q_name", "Own Name")
		if status, page, _ := b.do("GET", mine, nil); status != http.StatusOK || !strings.Contains(page, "Withdraw") {
			s.t.Fatalf("her own page: %d", status)
		}
		status, page, _ := b.do("GET", "/en/my/applications", nil)
		if status != http.StatusOK || !strings.Contains(page, own.ID.String()) || strings.Contains(page, hers.ID.String()) || strings.Contains(page, other.ID.String()) {
			s.t.Errorf("the list of her applications: %d", status)
		}
		before := s.rows()
		for _, foreign := range []string{path, otherPath} {
			for _, try := range []struct {
				method, path string
				form         url.Values
			}{
				{"GET", foreign, nil},
				{"POST", foreign, url.Values{"reply": {"withdraw"}}},
				{"POST", foreign + "/reach", url.Values{"do": {"email"}, "email": {"thief@example.kg"}}},
				{"POST", foreign + "/reach", url.Values{"do": {"link"}}},
			} {
				if status, _, _ := b.do(try.method, try.path, try.form); status != http.StatusNotFound {
					s.t.Errorf("%s of another's application: %d", try.method, status)
				}
			}
		}
		closed := 0
		routes := s.m.Manifest().Routes
		for _, room := range peopletest.Manifests(s.m.People, s.m.Store) {
			routes = append(routes, room.Routes...)
		}
		for _, route := range routes {
			if route.Needs == access.Public || route.Needs == access.Applied || strings.HasSuffix(route.Pattern, "/news") {
				continue
			}
			closed++
			for _, application := range []seats.Application{own, hers} {
				place := strings.NewReplacer("{slug}", s.a.Slug, "{id}", application.ID.String(), "{key}", "letter", "{grant}", own.ID.String(), "{token}", "x").Replace(route.Pattern)
				var form url.Values
				if route.Method == http.MethodPost {
					form = url.Values{"chosen": {application.ID.String() + ".1"}, "to": {"invited"}, sureField: {"yes"}, "answer": {"herself"}, "application": {application.ID.String()}}
				}
				status, page, to := b.do(route.Method, "/en"+place, form)
				if status < 300 || strings.Contains(page, "Own Name") || status == http.StatusSeeOther && !strings.Contains(to, "/sign-in") {
					s.t.Errorf("%s %s: %d to %q", route.Method, place, status, to)
				}
			}
		}
		if closed < 40 {
			s.t.Errorf("only %d routes were tried", closed)
		}
		if more := s.added(before); len(more) > 0 {
			s.t.Errorf("it has changed %v", more)
		}
		// What is hers, she may.
		if status, _, _ := b.do("POST", mine, url.Values{"reply": {"withdraw"}}); status != http.StatusSeeOther || s.at(mine).State != seats.Withdrawn {
			s.t.Errorf("she cannot withdraw: %d", status)
		}
	})
}

func TestASessionOfAnApplicationEnds(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 50 }, func(s stage) {
		n := 0
		begin := func() (b *browser, app seats.Application, path string) {
			n++
			b = s.browser()
			app, path = s.apply(b, "q_email", emailOf(n))
			if !b.opens(path) {
				s.t.Fatal("it does not begin")
			}
			return b, app, path
		}
		ended := func(b *browser, path, how string) {
			s.t.Helper()
			if b.opens(path) {
				s.t.Errorf("%s it goes on", how)
			}
		}

		b, _, path := begin()
		kept := b.like()
		b.do("POST", "/en/sign-out", url.Values{})
		ended(b, path, "signed out,")
		ended(kept, path, "signed out, with the cookie of before,")

		b, first, path := begin()
		kept = b.like()
		_, second := s.apply(b, "q_email", emailOf(1000), "q_name", "Бермет Осмонова")
		ended(kept, path, "with the next form handed in,")
		ended(b, path, "with the next form handed in, in the same browser,")
		if !b.opens(second) || s.count(`SELECT COUNT(*) FROM session WHERE application_id = $1`, first.ID) != 0 {
			s.t.Error("a browser has not just the session of what it handed in last")
		}

		b, _, path = begin()
		for range 3 { // she looks now and then
			s.pass(20 * time.Hour)
			if !b.opens(path) {
				s.t.Fatal("it ends too early")
			}
		}
		s.pass(12*time.Hour - time.Second)
		if !b.opens(path) {
			s.t.Error("it ends before 72 hours are over")
		}
		s.pass(time.Second)
		ended(b, path, "after 72 hours")

		b, _, path = begin()
		s.pass(24*time.Hour + time.Minute)
		ended(b, path, "left alone for a day,")

		b, app, path := begin()
		letter := s.post.last(s.t, app.Person)
		if status, _, _ := s.browser().do("POST", "/en/prove/"+strings.TrimPrefix(letter, "/a/"), url.Values{"do": {"yes"}}); status != http.StatusSeeOther {
			s.t.Fatalf("the button of the letter: %d", status)
		}
		ended(b, path, "with the contact proven by a letter,")

		// A call proves nothing of who sits before the browser, and ends nothing.
		b, app, path = begin()
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error { return s.m.Proved(ctx, tx, app.Person) })
		if !b.opens(path) {
			s.t.Error("a call to her has ended it")
		}
	})
}

func TestASessionOfAnApplicationAddsNothingToWhatSomebodyHasProvenHers(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		b := s.browser()
		app, path := s.apply(b)
		// As when she proved it in this very moment, and the session is still on its way out.
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			if err := proveEmail(ctx, tx, s.m, app.Person); err != nil {
				return err
			}
			token, err := s.m.People.StartApplication(ctx, tx, app.Person, app.ID)
			b.jar[s.m.People.Cookie(token).Name] = token
			return err
		})
		before := s.rows()
		for _, do := range []string{"email", "link", "chat"} {
			if status, _, _ := b.do("POST", path+"/reach", url.Values{"do": {do}, "email": {"thief@example.kg"}}); status != http.StatusForbidden {
				s.t.Errorf("%s: %d", do, status)
			}
		}
		if more := s.added(before); len(more) > 0 {
			s.t.Errorf("it has added %v", more)
		}
	})
}

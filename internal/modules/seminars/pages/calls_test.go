package pages

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
)

// tokenOf gives the form token of a page.
func tokenOf(page string) string {
	found := regexp.MustCompile(`name="form_token" value="([^"]*)"`).FindStringSubmatch(page)
	if found == nil {
		return ""
	}
	return found[1]
}

var called = regexp.MustCompile(`<h3 id="call-[^"]*"><a [^>]*>([^<]*)</a></h3>`)

// calls gives the page of those to be called, and their names in order.
func (s stage) calls(b *browser) (page string, names []string) {
	s.t.Helper()
	status, page, _ := b.do("GET", "/en/staff/seminars/osh/calls", nil)
	if status != http.StatusOK {
		s.t.Fatalf("the page of calls: %d", status)
	}
	for _, m := range called.FindAllStringSubmatch(page, -1) {
		names = append(names, m[1])
	}
	return page, names
}

func (s stage) answerCall(b *browser, page string, app seats.Application, answer seats.CallAnswer) int {
	s.t.Helper()
	status, _, _ := b.do("POST", "/en/staff/seminars/osh/calls", url.Values{"form_token": {tokenOf(page)}, "application": {app.ID.String()}, "answer": {string(answer)}})
	return status
}

func TestThePageOfCallsListsWhomNothingElseProvesTheSeatsThatLapseFirstAtItsHead(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 4 }, func(s stage) {
		setUp(s.t, s.m, s.a, `first_come = TRUE`)
		add := func(name, email, phone string) seats.Application {
			s.t.Helper()
			s.pass(time.Minute)
			app, _ := s.apply(s.browser(), "q_name", name, "q_email", email, "q_phone", phone)
			return app
		}
		add("Held by phone", "", "0555 00 00 01") // until the third day
		add("Held by letter", "held@example.kg", "0555 00 00 02")
		proven := add("Proven", "proven@example.kg", "0555 00 00 03")
		chat := add("With a chat", "", "0555 00 00 04")
		add("No number", "only@example.kg", "")
		add("Waits with a letter", "waits@example.kg", "0555 00 00 05")
		add("Waits by phone", "", "0700 00 00 06")
		gone := add("Withdrawn", "", "0555 00 00 07")
		moves(s.t, s.m, gone.ID, seats.Withdrawn, gone.Person)
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			if err := proveEmail(ctx, tx, s.m, proven.Person); err != nil {
				return err
			}
			link, err := s.m.People.NewLink(ctx, tx, people.Link{Person: chat.Person, Purpose: people.LinkChatApplication, Until: tx.Now.Add(time.Minute), Once: true})
			if err != nil {
				return err
			}
			if _, err := s.m.People.ConnectChat(ctx, tx, link, 77); err != nil {
				return err
			}
			// The chat proves her, and also without a proof there is no need to call.
			_, err = tx.Exec(ctx, `UPDATE application SET proven_at = 0 WHERE id = $1`, chat.ID)
			return err
		})
		staff := &browser{t: s.t, base: s.url, staff: true}
		page, names := s.calls(staff)
		if want := []string{"Held by letter", "Held by phone", "Waits by phone", "Waits with a letter"}; !slices.Equal(names, want) {
			s.t.Errorf("to be called are %q, not %q", names, want)
		}
		for _, want := range []string{`href="tel:&#43;996555000001"`, `href="https://wa.me/996555000001"`, `href="https://wa.me/996700000006"`, "To call: 3"} {
			if !strings.Contains(page, want) && !strings.Contains(page, strings.ReplaceAll(want, "&#43;", "+")) {
				s.t.Errorf("the page has no %s", want)
			}
		}
		if n := strings.Count(page, "seat held until"); n != 2 {
			s.t.Errorf("%d seats are said to be held", n)
		}
		// Once it has lapsed it waits with the others.
		s.pass(24 * time.Hour)
		for _, app := range s.held() {
			lapses(s.t, s.m, app)
		}
		if _, names := s.calls(staff); len(names) != 4 || names[0] != "Held by phone" {
			s.t.Errorf("a day later to be called are %q", names)
		}
	})
}

// held gives the applications with a hold.
func (s stage) held() (ids []storage.ID) {
	s.t.Helper()
	write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) (err error) {
		ids, err = storage.All(ctx, tx, func(row storage.Scanner) (id storage.ID, err error) {
			err = row.Scan(&id)
			return id, err
		}, `SELECT id FROM application WHERE held_until > 0 ORDER BY id`)
		return err
	})
	return ids
}

func TestEachNumberThatIsLookedAtStandsInTheLogOfItsOwner(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		shown, _ := s.apply(s.browser(), "q_name", "Shown", "q_phone", "0555 00 00 01")
		other, _ := s.apply(s.browser(), "q_name", "Not shown", "q_email", emailOf(2))
		looked := func(app seats.Application) int {
			return s.count(`SELECT COUNT(*) FROM audit_entry WHERE person_id = $1 AND action = 'seminars.audit.calls' AND actor_id IS NOT NULL`, app.Person)
		}
		staff := &browser{t: s.t, base: s.url, staff: true}
		for day := range 2 { // once a day, however often the page is opened
			for range 2 {
				s.calls(staff)
				if n, none := looked(shown), looked(other); n != day+1 || none != 0 {
					s.t.Errorf("looked at on %d days, the log says %d; who is not shown: %d", day+1, n, none)
				}
			}
			s.pass(24 * time.Hour)
		}
	})
}

func TestACallProvesMovesOnOrRemovesTheNumber(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 3 }, func(s stage) {
		setUp(s.t, s.m, s.a, `first_come = TRUE`)
		staff := &browser{t: s.t, base: s.url, staff: true}
		state := func(app seats.Application) people.ContactState {
			for _, c := range s.contacts(app.Person) {
				if c.Kind == people.PhoneContact {
					return c.State
				}
			}
			return ""
		}
		app, _ := s.apply(s.browser(), "q_name", "Herself", "q_email", "", "q_phone", "0555 00 00 01")
		wrong, _ := s.apply(s.browser(), "q_name", "Wrong", "q_email", "wrong@example.kg", "q_phone", "0555 00 00 02")

		page, _ := s.calls(staff)
		if status := s.answerCall(staff, page, app, seats.NotReached); status != http.StatusSeeOther {
			s.t.Fatalf("somebody else answered: %d", status)
		}
		page, names := s.calls(staff)
		if got := stateOf(s.t, s.m, app.ID); !got.Proven.IsZero() || state(app) != people.Typed || !slices.Contains(names, "Herself") || !strings.Contains(page, "Called: 1.") {
			s.t.Errorf("somebody else answered: proven at %v, the number is %s, listed are %q", got.Proven, state(app), names)
		}
		if status := s.answerCall(staff, page, app, seats.Herself); status != http.StatusSeeOther {
			s.t.Fatalf("she answered: %d", status)
		}
		page, names = s.calls(staff)
		if got := stateOf(s.t, s.m, app.ID); got.Proven.IsZero() || !got.Held.IsZero() || got.State != seats.Confirmed || state(app) != people.Called || slices.Contains(names, "Herself") {
			s.t.Errorf("she answered: %s, proven at %v, held until %v, the number is %s", got.State, got.Proven, got.Held, state(app))
		}
		wantFacts(s.t, s.m, app, "she answered", "applied 2026-11-01", "confirmed 2026-11-01")
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error { // a called number signs nobody in
			proven, err := s.m.People.IsProven(ctx, tx, app.Person)
			if proven {
				s.t.Error("a call proves the record")
			}
			return err
		})

		if status := s.answerCall(staff, page, wrong, seats.WrongNumber); status != http.StatusSeeOther {
			s.t.Fatalf("a wrong number: %d", status)
		}
		_, names = s.calls(staff)
		if got := stateOf(s.t, s.m, wrong.ID); !got.Proven.IsZero() || got.State != seats.Confirmed || got.Held.IsZero() || state(wrong) != "" || s.person(wrong.Person).Phone != "" || len(names) != 0 {
			s.t.Errorf("a wrong number: %s, proven at %v, the number is %q, listed are %q", got.State, got.Proven, s.person(wrong.Person).Phone, names)
		}
		if n := s.count(`SELECT COUNT(*) FROM contact_muted`); n != 1 || s.emailState(wrong.Person) != people.Typed {
			s.t.Errorf("%d contacts are muted, the e-mail is %s", n, s.emailState(wrong.Person))
		}
		// There is nothing left to call, and a number that is proven stays.
		for _, answer := range []seats.CallAnswer{seats.WrongNumber, seats.Herself} {
			if err := s.calledOf("osh", s.a, wrong, answer); !fault.Is(err, fault.Conflict) {
				s.t.Errorf("%s without a number: %v", answer, err)
			}
		}
		if n := s.count(`SELECT COUNT(*) FROM application_call`); n != 3 {
			s.t.Errorf("%d calls are noted", n)
		}
	})
}

func (s stage) calledOf(city string, a seats.Activity, app seats.Application, answer seats.CallAnswer) error {
	s.t.Helper()
	return s.m.Store.Write(s.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return s.m.Called(ctx, tx, seats.Called{Activity: a.ID, Actor: s.coordinator(city), Application: app.ID, Answer: answer})
	})
}

func TestOnlyStaffOfThePlaceSeeNumbersAndNoteCalls(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		app, path := s.apply(s.browser(), "q_phone", "0555 00 00 01")
		naryn := s.twoTowns()
		before := s.rows()
		for name, err := range map[string]error{
			"another city": s.calledOf("naryn", s.a, app, seats.Herself),
			"nobody": s.m.Store.Write(s.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.m.ToCall(ctx, tx, s.coordinator("naryn"), s.a)
				return err
			}),
		} {
			if !fault.Is(err, fault.Forbidden) {
				s.t.Errorf("%s: %v", name, err)
			}
		}
		if err := s.calledOf("", naryn, app, seats.Herself); !fault.Is(err, fault.NotFound) {
			s.t.Errorf("an application of another activity: %v", err)
		}
		if err := s.calledOf("osh", s.a, seats.Application{ID: storage.RandomID(start)}, seats.Herself); !fault.Is(err, fault.NotFound) {
			s.t.Errorf("an application that is not there: %v", err)
		}
		if err := s.calledOf("osh", s.a, app, "perhaps"); !fault.Is(err, fault.Invalid) {
			s.t.Errorf("an answer that is none: %v", err)
		}
		her := s.browser()
		for name, b := range map[string]*browser{
			"nobody": her, "a facilitator": {t: s.t, base: s.url, as: "facilitator osh"}, "the front desk": {t: s.t, base: s.url, as: "frontdesk osh"}, "a coordinator of another city": {t: s.t, base: s.url, as: "coordinator naryn"},
		} {
			status, page, _ := b.do("GET", "/en/staff/seminars/osh/calls", nil)
			if status == http.StatusOK || strings.Contains(page, "996555") || strings.Contains(page, "tel:") {
				s.t.Errorf("%s sees the numbers: %d", name, status)
			}
			_, form, _ := b.do("GET", "/en/staff/seminars/naryn/applicants", nil)
			if status := s.answerCall(b, form, app, seats.Herself); status < 300 || status == http.StatusSeeOther && name != "nobody" {
				s.t.Errorf("%s notes a call: %d", name, status)
			}
		}
		if more := s.added(before); len(more) > 0 || !s.at(path).Proven.IsZero() {
			s.t.Errorf("refused, and yet %v", more)
		}
	})
}

// A call that is noted again within some minutes is one call, also when both arrive at the same
// moment: it stands once in the list, in her log and in the count. Another answer, another
// caller and a later hour are calls of their own.
func TestACallThatIsNotedTwiceIsOneCall(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		const taps = 8
		s.twoTowns()
		for i, answer := range []seats.CallAnswer{seats.NotReached, seats.Herself, seats.WrongNumber} {
			app, _ := s.apply(s.browser(), "q_name", string(answer), "q_email", "", "q_phone", fmt.Sprintf("0555 00 00 1%d", i))
			calls := func() int {
				return s.count(`SELECT COUNT(*) FROM application_call WHERE application_id = $1`, app.ID)
			}
			logged := func() int {
				return s.count(`SELECT COUNT(*) FROM audit_entry WHERE person_id = $1 AND action IN ('people.audit.called', 'seminars.audit.call_other', 'people.audit.contact_muted')`, app.Person)
			}
			crowd(s.t, taps, taps, func(int) error { return s.calledOf("osh", s.a, app, answer) })
			if c, l := calls(), logged(); c != 1 || l != 1 {
				s.t.Errorf("%s: %d taps made %d calls and %d entries of her log", answer, taps, c, l)
			}
			s.pass(9 * time.Minute)
			if err := s.calledOf("osh", s.a, app, answer); err != nil || calls() != 1 {
				s.t.Errorf("%s: after nine minutes there are %d calls: %v", answer, calls(), err)
			}
			if answer == seats.WrongNumber {
				continue
			}
			if err := s.calledOf("", s.a, app, answer); err != nil || calls() != 2 {
				s.t.Errorf("%s: with that of a colleague there are %d calls: %v", answer, calls(), err)
			}
			s.pass(2 * time.Minute)
			if err := s.calledOf("osh", s.a, app, answer); err != nil || calls() != 3 {
				s.t.Errorf("%s: after eleven minutes there are %d calls: %v", answer, calls(), err)
			}
		}
	})
}

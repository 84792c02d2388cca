package pages

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
)

// byPhone invites somebody who has a number alone.
func (s stage) byPhone(n int) seats.Application {
	s.t.Helper()
	s.pass(time.Minute)
	app, err := s.invite("osh", s.a, people.Details{FullName: fmt.Sprintf("Бермет %d", n), Phone: fmt.Sprintf("0555 77 00 %02d", n)})
	if err != nil {
		s.t.Fatal(err)
	}
	return app
}

func TestTheYesOfWhoIsCalledIsTheYesOfHerPage(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 3 }, func(s stage) {
		called, own := s.byPhone(1), s.byPhone(2)
		staff := &browser{t: s.t, base: s.url, staff: true}
		page, names := s.calls(staff)
		if !slices.Equal(names, []string{"Бермет 1", "Бермет 2"}) || !strings.Contains(page, "Answer by: ") {
			s.t.Errorf("to be called are %q", names)
		}
		if status := s.answerCall(staff, page, called, seats.Comes); status != http.StatusSeeOther {
			s.t.Fatalf("a yes by phone: %d", status)
		}
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			if err := s.m.People.Call(ctx, tx, staffID, own.Person); err != nil {
				return err
			}
			_, err := s.m.Answer(ctx, tx, own.ID, seats.SayYes)
			return err
		})
		one, two := stateOf(s.t, s.m, called.ID), stateOf(s.t, s.m, own.ID)
		if one.State != seats.Confirmed || one.State != two.State || one.Expires != two.Expires || one.Proven.IsZero() || two.Proven.IsZero() {
			s.t.Errorf("by phone she is %s, proven at %v; on her page %s, %v", one.State, one.Proven, two.State, two.Proven)
		}
		for _, app := range []seats.Application{called, own} {
			wantFacts(s.t, s.m, app, "the yes", "applied 2026-11-01", "invited 2026-11-01", "confirmed 2026-11-01")
			if n := s.count(`SELECT COUNT(*) FROM ticket WHERE application_id = $1 AND revoked_at = 0`, app.ID); n != 1 {
				s.t.Errorf("she has %d tickets", n)
			}
		}
		if n := s.count(`SELECT COUNT(*) FROM application_move WHERE application_id = $1 AND to_state = 'confirmed' AND why = 'seminars.why.phone_yes' AND by_person IS NOT NULL AND by_person <> $2`, called.ID, called.Person); n != 1 {
			s.t.Errorf("the move says nothing of the phone or of who noted it")
		}
		if page, names = s.calls(staff); len(names) != 0 || !strings.Contains(page, `comes, the seat is confirmed`) || !strings.Contains(page, "/applicants/"+called.ID.String()) {
			s.t.Errorf("afterwards to be called are %q", names)
		}
		for _, n := range s.post.letters {
			if n.To == called.Person && n.Kind == "seminars.confirmed" {
				s.t.Error("who reads nothing and has just said yes is written to")
			}
		}
		// Her application tells the call, with who noted it.
		_, page, _ = staff.do("GET", "/en/staff/seminars/osh/applicants/"+called.ID.String(), nil)
		if !strings.Contains(page, "By phone: comes") || !strings.Contains(page, "by phone: said yes") {
			s.t.Error("her application says nothing of the call")
		}
		if strings.Contains(page, "wording was not kept") {
			s.t.Error("what is known of her stands as a former question")
		}
	})
}

var staffID = storage.ID{15: 9}

func TestTheNoOfWhoIsCalledGivesTheSeatToTheNext(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 1 }, func(s stage) {
		first := s.byPhone(1)
		next, _ := s.apply(s.browser(), "q_name", "Waits", "q_email", "waits@example.kg")
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error { return proveEmail(ctx, tx, s.m, next.Person) })
		moves(s.t, s.m, next.ID, seats.Waitlisted, staffID)
		before := stateOf(s.t, s.m, next.ID)
		staff := &browser{t: s.t, base: s.url, staff: true}
		page, _ := s.calls(staff)
		if status := s.answerCall(staff, page, first, seats.NotComing); status != http.StatusSeeOther {
			s.t.Fatalf("a no by phone: %d", status)
		}
		if a, b := stateOf(s.t, s.m, first.ID).State, stateOf(s.t, s.m, next.ID).State; a != seats.Withdrawn || b != seats.Invited {
			s.t.Errorf("after a no she is %s, the next is %s", a, b)
		}
		for _, n := range s.post.letters {
			if n.To == next.Person && n.Kind == "seminars.offered" && n.After.Before(s.c.Now().Add(seats.CallBack)) {
				s.t.Errorf("the offer goes at %v already", n.After)
			}
		}
		// One tap takes it back, for a quarter of an hour.
		call := regexpOf(`name="id" value="([^"]*)"`, s.callsPage(staff))
		back := func() (int, string) {
			status, page, _ := staff.do("POST", "/en/staff/seminars/osh/calls/undo", url.Values{"form_token": {tokenOf(page)}, "id": {call}})
			return status, page
		}
		if status, _ := back(); status != http.StatusSeeOther {
			s.t.Fatalf("taken back: %d", status)
		}
		one, two := stateOf(s.t, s.m, first.ID), stateOf(s.t, s.m, next.ID)
		if one.State != seats.Invited || one.Expires != first.Expires || two.State != seats.Waitlisted || two.Place != before.Place {
			s.t.Errorf("taken back, she is %s until %v, the next is %s at %d", one.State, one.Expires, two.State, two.Place)
		}
		if status, _ := back(); status != http.StatusSeeOther || stateOf(s.t, s.m, first.ID).Version != one.Version {
			s.t.Errorf("taken back twice: %d", status)
		}
		// When the next has taken the seat meanwhile, it is hers; nothing changes.
		s.pass(time.Minute)
		page, _ = s.calls(staff)
		s.answerCall(staff, page, first, seats.NotComing)
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.m.Answer(ctx, tx, next.ID, seats.SayYes)
			return err
		})
		call = regexpOf(`name="id" value="([^"]*)"`, s.callsPage(staff))
		held := s.rows()
		if status, _ := back(); status != http.StatusConflict {
			s.t.Errorf("the seat is another's: %d", status)
		}
		id, _ := storage.ParseID(call)
		actor := s.coordinator("osh")
		if err := s.m.Store.Write(s.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.m.TakeCallBack(ctx, tx, seats.TakeCallBack{Activity: s.a.ID, Actor: actor, Call: id})
			return err
		}); fault.Of(err) == nil || fault.Of(err).Key != "seminars.fault.call_seat" {
			s.t.Errorf("the seat is another's: %v", err)
		}
		if more := s.added(held); len(more) > 0 || stateOf(s.t, s.m, next.ID).State != seats.Confirmed || stateOf(s.t, s.m, first.ID).State != seats.Withdrawn {
			s.t.Errorf("refused, and yet %v", more)
		}
		s.pass(seats.CallBack)
		if status, _ := back(); status < 400 {
			s.t.Errorf("taken back after a quarter of an hour: %d", status)
		}
	})
}

func regexpOf(pattern, page string) string {
	found := regexp.MustCompile(pattern).FindStringSubmatch(page)
	if found == nil {
		return ""
	}
	return found[1]
}

func (s stage) callsPage(b *browser) string {
	page, _ := s.calls(b)
	return page
}

func TestWhoIsNotReachedStaysOnTheListBehindTheOthers(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 5 }, func(s stage) {
		one := s.byPhone(1)
		s.byPhone(2)
		staff := &browser{t: s.t, base: s.url, staff: true}
		page, _ := s.calls(staff)
		tries := []string{"hour", "three", "morning", "never", ""}
		for i, again := range tries {
			s.pass(11 * time.Minute)
			if status, _, _ := staff.do("POST", "/en/staff/seminars/osh/calls", url.Values{"form_token": {tokenOf(page)}, "application": {one.ID.String()}, "answer": {"other"}, "again": {again}}); status != http.StatusSeeOther {
				s.t.Fatalf("not reached, %q: %d", again, status)
			}
			page, names := s.calls(staff)
			if !slices.Equal(names, []string{"Бермет 2", "Бермет 1"}) || !strings.Contains(page, fmt.Sprintf("Called: %d.", i+1)) {
				s.t.Errorf("%q: to be called are %q", again, names)
			}
		}
		s.pass(40 * time.Hour) // its hour has come
		if _, names := s.calls(staff); !slices.Equal(names, []string{"Бермет 1", "Бермет 2"}) {
			s.t.Errorf("at its hour to be called are %q", names)
		}
		// Spoken with, and no answer yet: the invitation waits, until it runs out.
		page, _ = s.calls(staff)
		s.answerCall(staff, page, one, seats.Herself)
		if page, names := s.calls(staff); !slices.Contains(names, "Бермет 1") || !strings.Contains(page, "the answer to the invitation is still to come") {
			s.t.Errorf("without an answer to be called are %q", names)
		}
		s.pass(40 * time.Hour)
		if _, names := s.calls(staff); slices.Contains(names, "Бермет 1") {
			s.t.Errorf("after the deadline to be called are %q", names)
		}
	})
}

// By night nobody is called: whoever is put off into it is for the morning.
func TestNobodyIsPutOffIntoTheNight(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(12, 1))
	for range 5000 {
		now := start.Add(time.Duration(r.Int64N(int64(400 * 24 * time.Hour))))
		for _, item := range []string{"hour", "three", "morning"} {
			at := againAt(item, now)
			if minute := at.Hour()*60 + at.Minute(); !at.After(now) || at.After(now.Add(36*time.Hour)) || minute < seats.NightUntil || minute >= seats.NightFrom {
				t.Fatalf("at %v %s is %v", now, item, at)
			}
		}
	}
	if at := againAt("now", start); !at.IsZero() {
		t.Errorf("no item is %v", at)
	}
}

// The rule of taking back: whatever was answered, of whom and in whatever state, afterwards all
// is as it was: states, places, deadlines, seats, tickets, what is counted; and no message is
// on its way.
func TestAnAnswerThatIsTakenBackLeavesAllAsItWas(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		r := rand.New(rand.NewPCG(12, 2))
		g := newGroup(t, store, c, r, 0)
		g.Messages = g.Mailer.Letters.(seats.Messenger)
		setUp(t, g.Module, g.a, `capacity = 6`)
		for i := range 14 {
			g.add(i, seats.Applied, "osh", i%4 != 0)
		}
		for _, id := range g.apps {
			if r.IntN(8) == 0 {
				continue // nobody has moved it
			}
			g.write(func(ctx context.Context, tx *storage.Tx) error {
				app, err := seats.ApplicationByID(ctx, tx, id)
				if err != nil {
					return err
				}
				if app, err = g.Move(ctx, tx, app, seats.Invited, g.staff.Person, "test"); fault.Is(err, fault.Full) {
					_, err = g.Move(ctx, tx, app, seats.Waitlisted, g.staff.Person, "test")
				}
				if err == nil && app.State == seats.Invited && r.IntN(2) == 0 {
					_, err = g.Answer(ctx, tx, app.ID, seats.SayYes)
				}
				return err
			})
			c.Set(c.Now().Add(time.Second))
		}
		state := func() (out []string) {
			write(t, g.Module, func(ctx context.Context, tx *storage.Tx) error {
				list, err := seats.ApplicationsOf(ctx, tx, g.a.ID)
				for _, a := range list {
					out = append(out, fmt.Sprint(a.ID, a.State, a.Place, a.Expires, a.Reconfirm, a.Proven))
				}
				return err
			})
			out = append(out, fmt.Sprint(
				count(t, g.Module, `SELECT taken FROM seminar WHERE activity_id = $1`, g.a.ID),
				count(t, g.Module, `SELECT COUNT(*) FROM ticket WHERE revoked_at = 0`),
				count(t, g.Module, `SELECT COUNT(*) FROM message WHERE state = 'waiting'`)))
			for _, kind := range []string{"seminars.applied", "seminars.invited", "seminars.confirmed"} {
				out = append(out, kind, fmt.Sprint(count(t, g.Module, `SELECT COALESCE(SUM(value), 0) FROM fact WHERE kind = $1`, kind)))
			}
			return out
		}
		answer := func(id storage.ID, a seats.CallAnswer) error {
			return g.try(func(ctx context.Context, tx *storage.Tx) error {
				return g.Called(ctx, tx, seats.Called{Activity: g.a.ID, Actor: g.staff, Application: id, Answer: a})
			})
		}
		taken, full := 0, 0
		for range 60 {
			c.Set(c.Now().Add(time.Second))
			id := g.apps[r.IntN(len(g.apps))]
			if !g.deaf[id] { // there is no number
				continue
			}
			if err := answer(id, seats.Herself); err != nil { // that she is proven stays
				t.Fatal(err)
			}
			before := state()
			a := []seats.CallAnswer{seats.Comes, seats.NotComing, seats.NotReached}[r.IntN(3)]
			if err := answer(id, a); err != nil {
				if !fault.Is(err, fault.Conflict) {
					t.Fatal(err)
				}
				continue
			}
			offered := count(t, g.Module, `SELECT COUNT(*) FROM application_call_offer`)
			err := g.try(func(ctx context.Context, tx *storage.Tx) error {
				list, err := seats.JustCalled(ctx, tx, g.a.ID)
				if err != nil {
					return err
				}
				i := slices.IndexFunc(list, func(c seats.NotedCall) bool { return c.Application == id && c.Answer == a && c.Returns(tx.Now) })
				if i < 0 {
					return nil
				}
				taken++
				_, err = g.TakeCallBack(ctx, tx, seats.TakeCallBack{Activity: g.a.ID, Actor: g.staff, Call: list[i].ID})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if offered > 0 {
				full++
			}
			if after := state(); a != seats.NotReached && taken > 0 && !slices.Equal(before, after) {
				for i := range before {
					if before[i] != after[i] {
						t.Errorf("%s of %s: %s is %s", a, id, before[i], after[i])
					}
				}
			}
		}
		if taken < 10 || full == 0 {
			t.Fatalf("only %d answers were taken back, %d with a seat that was offered on", taken, full)
		}
	})
}

func TestSomebodyOfAnotherCityTakesNoAnswerAndTakesNoneBack(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		app := s.byPhone(1)
		naryn := s.twoTowns()
		before := s.rows()
		for _, answer := range []seats.CallAnswer{seats.Comes, seats.NotComing, seats.NotReached} {
			if err := s.calledOf("naryn", s.a, app, answer); !fault.Is(err, fault.Forbidden) {
				s.t.Errorf("%s by another city: %v", answer, err)
			}
			if err := s.calledOf("naryn", naryn, app, answer); !fault.Is(err, fault.NotFound) {
				s.t.Errorf("%s as if of another activity: %v", answer, err)
			}
		}
		if more := s.added(before); len(more) > 0 {
			s.t.Errorf("refused, and yet %v", more)
		}
		if err := s.calledOf("osh", s.a, app, seats.Comes); err != nil {
			s.t.Fatal(err)
		}
		var call storage.ID
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			list, err := seats.CallsOf(ctx, tx, app.ID)
			call = list[0].ID
			return err
		})
		for what, cmd := range map[string]seats.TakeCallBack{
			"by another city":             {Activity: s.a.ID, Actor: s.coordinator("naryn"), Call: call},
			"as if of another activity":   {Activity: naryn.ID, Actor: s.coordinator("naryn"), Call: call},
			"a call that there never was": {Activity: s.a.ID, Actor: s.coordinator("osh"), Call: app.ID},
		} {
			err := s.m.Store.Write(s.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.m.TakeCallBack(ctx, tx, cmd)
				return err
			})
			if !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.NotFound) || stateOf(s.t, s.m, app.ID).State != seats.Confirmed {
				s.t.Errorf("taken back %s: %v", what, err)
			}
		}
	})
}

// Two who take back one answer at the same moment take it back once.
func TestAnAnswerIsTakenBackOnce(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 3 }, func(s stage) {
		app := s.byPhone(1)
		if err := s.calledOf("osh", s.a, app, seats.NotComing); err != nil {
			s.t.Fatal(err)
		}
		var call storage.ID
		write(s.t, s.m, func(ctx context.Context, tx *storage.Tx) error {
			list, err := seats.CallsOf(ctx, tx, app.ID)
			call = list[0].ID
			return err
		})
		actor := s.coordinator("osh")
		crowd(s.t, 8, 8, func(int) error {
			return s.m.Store.Write(s.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.m.TakeCallBack(ctx, tx, seats.TakeCallBack{Activity: s.a.ID, Actor: actor, Call: call})
				return err
			})
		})
		if n := s.count(`SELECT taken FROM seminar WHERE activity_id = $1`, s.a.ID); n != 1 || stateOf(s.t, s.m, app.ID).State != seats.Invited {
			s.t.Errorf("%d seats are taken", n)
		}
		if n := s.count(`SELECT COUNT(*) FROM application_move WHERE application_id = $1 AND why = 'seminars.why.phone_back'`, app.ID); n != 1 {
			s.t.Errorf("it was taken back %d times", n)
		}
	})
}

package pages

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
)

// standing is an activity with an application in each state, and what was planned for them.
type standing struct {
	t    *testing.T
	m    *Module
	a    seats.Activity
	apps map[seats.State]seats.Application
	// lapsed waits for the proof that its seat was held for.
	lapsed seats.Application
	staff  access.Actor
}

func standingOf(t *testing.T, store *storage.Store) standing {
	t.Helper()
	m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = 4 })
	setUp(t, m, a, `reconfirm_release = TRUE`)
	s := standing{
		t: t, m: m, a: a, apps: map[seats.State]seats.Application{},
		staff: access.Actor{Person: storage.RandomID(start), Grants: []access.Grant{{Role: access.Coordinator}}, Table: m.Manifest().Permissions},
	}
	for i, state := range append(seats.States[:], "lapsed") {
		h, err := apply(t.Context(), m, a, i, "")
		if err != nil {
			t.Fatal(err)
		}
		if state == "lapsed" {
			write(t, m, func(ctx context.Context, tx *storage.Tx) error {
				_, err := tx.Exec(ctx, `UPDATE application SET state = 'waitlisted', place = 1, held_until = -1 WHERE id = $1`, h.Application.ID)
				return err
			})
			s.lapsed = stateOf(t, m, h.Application.ID)
			continue
		}
		path := map[seats.State][]seats.State{seats.Confirmed: {seats.Invited, seats.Confirmed}, seats.Attended: {seats.Invited, seats.Confirmed, seats.Attended}, seats.NoShow: {seats.Invited, seats.Confirmed, seats.NoShow}}[state]
		if path == nil && state != seats.Applied {
			path = []seats.State{state}
		}
		for _, to := range path {
			write(t, m, func(ctx context.Context, tx *storage.Tx) error {
				app, err := seats.ApplicationByID(ctx, tx, h.Application.ID)
				if err == nil && app.State != to {
					_, err = m.Move(ctx, tx, app, to, s.staff.Person, "seminars.why.staff_invited")
				}
				return err
			})
		}
		s.apps[state] = stateOf(t, m, h.Application.ID)
		if s.apps[state].State != state {
			t.Fatalf("she is %s, to be %s", s.apps[state].State, state)
		}
	}
	// One seat is free again, and somebody waits for it.
	setUp(t, m, a, `capacity = 5`)
	return s
}

// stands tells who is where, how many seats there are, and how many letters were sent.
func (s standing) stands() string {
	var b strings.Builder
	for _, state := range seats.States {
		now := stateOf(s.t, s.m, s.apps[state].ID)
		fmt.Fprintf(&b, "%s %s, ", now.State, now.Reconfirm)
	}
	return fmt.Sprintf("%s lapsed %s, %d seats, %d taken, %d letters", b.String(), stateOf(s.t, s.m, s.lapsed.ID).State,
		count(s.t, s.m, `SELECT capacity FROM seminar`), count(s.t, s.m, `SELECT taken FROM seminar`),
		count(s.t, s.m, `SELECT COUNT(*) FROM setting WHERE name LIKE 'sent/%'`))
}

// calls are all ways by which somebody is decided on or written to.
func (s standing) calls() map[string]func(ctx context.Context, tx *storage.Tx) error {
	calls := map[string]func(ctx context.Context, tx *storage.Tx) error{
		"invite by name": func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.m.Invite(ctx, tx, seats.Invite{Activity: s.a.ID, Actor: s.staff, Details: people.Details{FullName: "Бермет Асанова", Email: "bermet@example.kg"}})
			return err
		},
		"invite a record": func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.m.Invite(ctx, tx, seats.Invite{Activity: s.a.ID, Actor: s.staff, Person: s.apps[seats.Waitlisted].Person})
			return err
		},
		"more seats": func(ctx context.Context, tx *storage.Tx) error {
			places, _, err := seats.SeminarOf(ctx, tx, s.a.ID)
			if err != nil {
				return err
			}
			places.Capacity = 20
			return s.m.SetUp(ctx, tx, s.staff, s.a.ID, places)
		},
		"pass on":   func(ctx context.Context, tx *storage.Tx) error { return s.m.PassOn(ctx, tx, s.a.ID) },
		"ask again": func(ctx context.Context, tx *storage.Tx) error { return s.m.AskAgain(ctx, tx, s.a.ID) },
		"remind":    func(ctx context.Context, tx *storage.Tx) error { return s.m.Remind(ctx, tx, s.a.ID) },
		"expire": func(ctx context.Context, tx *storage.Tx) error {
			return s.m.Expire(ctx, tx, s.apps[seats.Invited].ID, s.apps[seats.Invited].Version)
		},
		"prove": func(ctx context.Context, tx *storage.Tx) error { return s.m.Proved(ctx, tx, s.lapsed.Person) },
		"say yes": func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.m.Answer(ctx, tx, s.apps[seats.Invited].ID, seats.SayYes)
			return err
		},
		"come back": func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.m.Answer(ctx, tx, s.apps[seats.Withdrawn].ID, seats.ComeAgain)
			return err
		},
		"tell": func(ctx context.Context, tx *storage.Tx) error {
			return s.m.Tell(ctx, tx, s.apps[seats.Applied], "seminars.received")
		},
	}
	for _, to := range []seats.State{seats.Applied, seats.Shortlisted, seats.Invited, seats.Waitlisted, seats.Declined} {
		calls["choose "+string(to)] = func(ctx context.Context, tx *storage.Tx) error {
			seen := map[storage.ID]int64{}
			for _, app := range s.apps {
				seen[app.ID] = app.Version
			}
			_, err := s.m.Choose(ctx, tx, seats.Choose{Activity: s.a.ID, Actor: s.staff, To: to, Why: "Ички эреже", Seen: seen})
			return err
		}
	}
	for from, app := range s.apps {
		for _, to := range from.Next() {
			switch {
			case to == seats.Attended, to == seats.NoShow, to == seats.Withdrawn, from == seats.Attended, from == seats.NoShow:
				continue
			}
			calls[fmt.Sprintf("move %s to %s", from, to)] = func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.m.Move(ctx, tx, app, to, s.staff.Person, "seminars.why.staff_"+string(to))
				return err
			}
		}
	}
	return calls
}

// quiet are the calls that end without a word when there is nothing to do: jobs, and what
// is done for another reason.
var quiet = map[string]bool{"pass on": true, "ask again": true, "remind": true, "expire": true, "prove": true, "tell": true}

// Pages and jobs may have read the activity before it was cancelled: each is judged by what
// it is when the transaction holds it.
func TestNobodyIsDecidedOnOrWrittenToOnceTheActivityIsCancelledOrOver(t *testing.T) {
	t.Parallel()
	for what, code := range map[string]fault.Code{"cancelled": fault.Gone, "over": fault.TooLate} {
		t.Run(what, func(t *testing.T) {
			at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
				s := standingOf(t, store)
				cancelled := s.a
				cancelled.State = "cancelled"
				switch what {
				case "cancelled": // seen by who holds it, not by who only read it
					s.m.Calendar = changing{diary{s.a}, &cancelled}
					c.Set(s.a.Starts.AddDate(0, 0, -1)) // the jobs of the day before are due
				case "over":
					c.Set(s.a.Ends.Add(time.Second))
				}
				before := s.stands()
				for name, call := range s.calls() {
					if name == "tell" && what == "cancelled" { // reads, and holds nothing
						s.m.Calendar = diary{cancelled}
					}
					err := s.m.Store.Write(t.Context(), call)
					if quiet[name] && err != nil || !quiet[name] && !fault.Is(err, code) {
						t.Errorf("%s: %v", name, err)
					}
					if name == "tell" && what == "cancelled" {
						s.m.Calendar = changing{diary{s.a}, &cancelled}
					}
					if now := s.stands(); now != before {
						t.Fatalf("%s:\n%s, before it\n%s", name, now, before)
					}
				}
			})
		})
	}
}

func TestWhoCameIsNotedAndMendedAfterTheActivityIsOver(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		s := standingOf(t, store)
		c.Set(s.a.Ends.AddDate(0, 0, 2))
		for from, came := range map[seats.State]bool{seats.Confirmed: true, seats.Attended: false, seats.NoShow: true} {
			write(t, s.m, func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.m.NotePresence(ctx, tx, door.NotePresence{Activity: s.a.ID, Actor: s.staff, Application: s.apps[from].ID, Came: came})
				return err
			})
			if got := stateOf(t, s.m, s.apps[from].ID).State; got != seats.Attended && came || got != seats.NoShow && !came {
				t.Errorf("from %s she is %s, came: %v", from, got, came)
			}
		}
	})
}

// An invitation that ends when the activity begins would be over in the moment in which
// it is sent; to decline and to shortlist is possible while the activity goes on.
func TestNobodyIsInvitedOnceTheActivityHasBegun(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		s := standingOf(t, store)
		c.Set(s.a.Starts)
		for name, call := range s.calls() {
			if name != "choose invited" && name != "invite by name" && name != "invite a record" && name != "move applied to invited" {
				continue
			}
			if err := s.m.Store.Write(t.Context(), call); !fault.Is(err, fault.TooLate) || fault.Of(err).Key != "seminars.fault.begun" {
				t.Errorf("%s: %v", name, err)
			}
		}
		write(t, s.m, s.calls()["move applied to declined"])
	})
}

func TestStaffAreToldOnThePageThatTheActivityIsCancelled(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		app, _ := s.apply(s.browser(), "q_name", "Айгүл", "q_email", emailOf(1))
		cancelled := s.a
		cancelled.State = "cancelled"
		s.m.Calendar = diary{cancelled}
		staff := &browser{t: s.t, base: s.url, staff: true}
		_, page, _ := staff.do("GET", "/en/staff/seminars/osh/applicants", nil)
		status, page, _ := staff.do("POST", "/en/staff/seminars/osh/applicants", url.Values{"form_token": {tokenOf(page)}, "chosen": {fmt.Sprintf("%s.%d", app.ID, app.Version)}, "to": {"invited"}})
		if status != 410 || !strings.Contains(page, "This event is cancelled") || stateOf(s.t, s.m, app.ID).State != seats.Applied {
			s.t.Errorf("%d, she is %s: %s", status, stateOf(s.t, s.m, app.ID).State, page)
		}
	})
}

func TestPagesOfStaffSayThatNothingIsAheadAndOfferNothing(t *testing.T) {
	t.Parallel()
	onStage(t, nil, func(s stage) {
		app, _ := s.apply(s.browser(), "q_name", "Айгүл", "q_email", emailOf(1))
		cancelled, over := s.a, s.a
		cancelled.State = "cancelled"
		over.Starts, over.Ends = s.c.Now().AddDate(0, 0, -2), s.c.Now().AddDate(0, 0, -1)
		staff := &browser{t: s.t, base: s.url, staff: true}
		read := func(path string) string {
			s.t.Helper()
			status, page, _ := staff.do("GET", "/en"+path, nil)
			if status != 200 {
				s.t.Fatalf("%s: %d", path, status)
			}
			return page
		}
		const one = "/staff/seminars/osh"
		offers := map[string]string{
			one + "/applicants": `value="invited"`, one + "/applicants/" + app.ID.String(): `value="invited"`,
			one + "/seats": `name="capacity"`, one + "/invite": `name="q_name"`, "/staff/seminars": "state=applied",
		}
		for path, offer := range offers {
			if page := read(path); !strings.Contains(page, offer) || strings.Contains(page, "is cancelled") || strings.Contains(page, "is over") {
				s.t.Errorf("while it is to come %s has %v: %s", path, strings.Contains(page, offer), page)
			}
		}
		for words, a := range map[string]seats.Activity{"is cancelled": cancelled, "is over": over} {
			s.m.Calendar = diary{a}
			for path, offer := range offers {
				page, says := read(path), words
				if path == "/staff/seminars" {
					says = `>` + strings.TrimPrefix(words, "is ") + `</span>`
				}
				if strings.Contains(page, offer) || !strings.Contains(page, says) {
					s.t.Errorf("it %s: %s has %q %v, says so %v", words, path, offer, strings.Contains(page, offer), strings.Contains(page, says))
				}
			}
		}
		s.m.Calendar = diary{cancelled}
		for _, path := range []string{one, one + "/calls", one + "/form", "/door/osh"} {
			if !strings.Contains(read(path), "is cancelled") {
				s.t.Errorf("%s does not say that it is cancelled", path)
			}
		}
	})
}

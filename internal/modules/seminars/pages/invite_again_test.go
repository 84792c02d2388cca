package pages

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
)

// twoTowns adds an activity in Naryn to the stage.
func (s stage) twoTowns() (naryn seats.Activity) {
	naryn = s.a
	naryn.ID, naryn.Slug, naryn.City = storage.RandomID(start), "naryn", "naryn"
	s.m.Calendar = towns{list: []seats.Activity{s.a, naryn}}
	return naryn
}

// coordinator is staff with a scope; "" is everywhere.
func (s stage) coordinator(city string) access.Actor {
	return access.Actor{
		Person: namesake("coordinator" + city), Table: s.m.Manifest().Permissions,
		Grants: []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: city}}},
	}
}

func (s stage) invite(city string, a seats.Activity, d people.Details) (app seats.Application, err error) {
	s.t.Helper()
	err = s.m.Store.Write(s.t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		app, err = s.m.Invite(ctx, tx, seats.Invite{Activity: a.ID, Actor: s.coordinator(city), Details: d})
		return err
	})
	return app, err
}

// Staff of another city bring about the same, and see the same, whoever they name.
func TestInvitingTellsNothingOfWhoIsKnownElsewhere(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 50 }, func(s stage) {
		naryn := s.twoTowns()
		s.proven("q_name", "Айгүл Асанова", "q_email", "aigul@example.kg", "q_phone", "0555 12 34 56")
		s.apply(s.browser(), "q_name", "Асел Токтогулова", "q_email", "asel@example.kg")
		setUp(s.t, s.m, naryn, ``)
		type seen struct {
			status   int
			page, to string
			rows     map[string]int
		}
		invites := func(name, email, phone string) (out seen) {
			s.pass(time.Minute)
			held := s.rows()
			b := &browser{t: s.t, base: s.url, as: "coordinator naryn"}
			out.status, out.page, out.to = b.do("POST", "/en/staff/seminars/naryn/invite", url.Values{"q_name": {name}, "q_email": {email}, "q_phone": {phone}, sureField: {"yes"}})
			out.rows = s.added2(held, "seminar")
			_, after, _ := b.do("GET", out.to, nil)
			_, after, _ = strings.Cut(after, "<form") // the number of free seats is another
			out.page += after
			out.to, _, _ = strings.Cut(out.to, "=") // the id is that of the application that she has just made
			return out
		}
		unknown := invites("Азиза Уметова", "aziza@example.kg", "0700 11 22 33")
		if unknown.status != http.StatusSeeOther || unknown.rows["person"] != 1 || unknown.rows["application"] != 1 {
			s.t.Fatalf("inviting who is unknown gives %d and %v", unknown.status, unknown.rows)
		}
		for what, d := range map[string][3]string{
			"name and address of who is proven in Osh": {"Айгүл Асанова", "aigul@example.kg", "0555 12 34 56"},
			"an address that is known in Osh":          {"Азиза Уметова", "asel@example.kg", "0700 44 55 66"},
			"name and address of who applied in Osh":   {"Асел Токтогулова", "asel@example.kg", "0700 44 55 66"},
		} {
			got := invites(d[0], d[1], d[2])
			if got.status != unknown.status || got.to != unknown.to || got.page != unknown.page || !maps.Equal(got.rows, unknown.rows) {
				s.t.Errorf("%s: %d to %q, the rows %v; who is unknown: %d to %q, %v", what, got.status, got.to, got.rows, unknown.status, unknown.to, unknown.rows)
			}
		}
		// Nor do they learn anything of the activity in Osh.
		for _, email := range []string{"aigul@example.kg", "nobody@example.kg"} {
			if _, err := s.invite("naryn", s.a, people.Details{FullName: "Айгүл Асанова", Email: email}); !fault.Is(err, fault.Forbidden) {
				s.t.Errorf("inviting %s to Osh: %v", email, err)
			}
		}
	})
}

// added2 is added for rows of which some tables count on.
func (s stage) added2(before map[string]map[string]int, counting ...string) map[string]int {
	s.t.Helper()
	now := s.rows()
	for _, table := range counting {
		before[table] = now[table]
	}
	return s.added(before)
}

func TestInvitingWhoIsThereAlreadyMovesHerApplicationOn(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 50 }, func(s stage) {
		app, _ := s.apply(s.browser(), "q_name", "Айгүл Асанова", "q_email", "aigul@example.kg", "q_phone", "0555 12 34 56")
		same := []people.Details{
			{FullName: "айгүл  асанова", Email: "AIGUL@example.kg"},
			{FullName: "Айгүл Асанова", Phone: "0555 123456"},
		}
		people0 := s.count(`SELECT COUNT(*) FROM person`)
		for i, d := range same {
			moves(s.t, s.m, app.ID, seats.Declined, staff)
			got, err := s.invite("osh", s.a, d)
			if err != nil || got.ID != app.ID || got.State != seats.Invited {
				s.t.Errorf("%d: %v, it is %s, the same: %v", i, err, got.State, got.ID == app.ID)
			}
			version := stateOf(s.t, s.m, app.ID).Version
			letters := s.post.count()
			for range 2 { // who is invited stays so, and is not told again
				if got, err := s.invite("osh", s.a, d); err != nil || got.ID != app.ID || got.Version != version || s.post.count() != letters {
					s.t.Errorf("%d: inviting again: %v, version %d, not %d", i, err, got.Version, version)
				}
			}
		}
		if n := s.count(`SELECT COUNT(*) FROM person`); n != people0 {
			s.t.Errorf("%d records were made", n-people0)
		}
		// Another name with her address is another person.
		other, err := s.invite("osh", s.a, people.Details{FullName: "Бермет Асанова", Email: "aigul@example.kg"})
		if err != nil || other.Person == app.Person || other.ID == app.ID {
			s.t.Errorf("another name: %v", err)
		}
		again, err := s.invite("osh", s.a, people.Details{FullName: "Бермет Асанова", Email: "aigul@example.kg"})
		if err != nil || again.ID != other.ID {
			s.t.Errorf("another name, invited again: %v, the same: %v", err, again.ID == other.ID)
		}
	})
}

func TestTwoInvitationsOfOnePersonInOneMomentAreOne(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 50 }, func(s stage) {
		crowd(s.t, 8, 8, func(int) error {
			_, err := s.invite("osh", s.a, people.Details{FullName: "Айгүл Асанова", Email: "aigul@example.kg"})
			return err
		})
		apps, persons, taken := s.count(`SELECT COUNT(*) FROM application`), s.count(`SELECT COUNT(*) FROM person`), s.count(`SELECT taken FROM seminar`)
		if apps != 1 || persons != 1 || taken != 1 || s.post.count() != 1 {
			s.t.Errorf("%d applications of %d people on %d seats, %d letters", apps, persons, taken, s.post.count())
		}
	})
}

func TestAWalkInIsANewRecordWhoeverHasTheNumberAndASecondTapIsTheSame(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 50 }, func(s stage) {
		_, known, _ := s.proven("q_name", "Айгүл Асанова", "q_email", "aigul@example.kg", "q_phone", "0555 12 34 56")
		setUp(s.t, s.m, s.a, ``)
		s.c.Set(s.a.Starts)
		door := &browser{t: s.t, base: s.url, staff: true}
		form := func(nonce, name string) url.Values {
			return url.Values{"nonce": {nonce}, "q_name": {name}, "q_phone": {"0555 12 34 56"}, "q_sex": {"female"}, "q_processing": {"on"}}
		}
		before := s.rows()
		status, _, to := door.do("POST", "/en/door/osh/walk-in", form("walk-in-nonce-000001", "Айгүл Асанова"))
		if status != http.StatusSeeOther {
			s.t.Fatalf("let in: %d", status)
		}
		more := s.added2(before, "seminar")
		if more["person"] != 1 || more["application"] != 1 {
			s.t.Errorf("it makes %v", more)
		}
		held := s.rows()
		if status, _, again := door.do("POST", "/en/door/osh/walk-in", form("walk-in-nonce-000001", "Айгүл Асанова")); status != http.StatusSeeOther || again != to {
			s.t.Errorf("the second tap: %d to %q", status, again)
		}
		if more := s.added(held); len(more) > 0 {
			s.t.Errorf("the second tap makes %v", more)
		}
		if got := stateOf(s.t, s.m, known.ID); got.State != seats.Applied {
			s.t.Errorf("the application of who has the number is %s", got.State)
		}
	})
}

func TestTwoTapsOfOneWalkInInOneMomentLetOnePersonIn(t *testing.T) {
	t.Parallel()
	onStage(t, func(a *seats.Activity) { a.Capacity = 50 }, func(s stage) {
		s.c.Set(s.a.Starts)
		for round, nonce := range []string{"walk-in-nonce-000001", "walk-in-nonce-000002"} {
			var ready sync.WaitGroup
			ready.Add(8)
			crowd(s.t, 8, 8, func(int) error {
				door := &browser{t: s.t, base: s.url, staff: true}
				ready.Done()
				ready.Wait()
				if status, page, _ := door.do("POST", "/en/door/osh/walk-in", url.Values{"nonce": {nonce}, "q_name": {"Айгүл Асанова"}, "q_sex": {"female"}, "q_processing": {"on"}}); status != http.StatusSeeOther {
					s.t.Errorf("%d %.200s", status, page)
				}
				return nil
			})
			apps, persons, taken := s.count(`SELECT COUNT(*) FROM application`), s.count(`SELECT COUNT(*) FROM person`), s.count(`SELECT taken FROM seminar`)
			if apps != round+1 || persons != round+1 || taken != round+1 {
				s.t.Errorf("round %d: %d applications of %d people on %d seats", round, apps, persons, taken)
			}
		}
	})
}

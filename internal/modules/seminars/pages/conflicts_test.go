package pages

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/conflicts"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

// court is a door with who decides at it.
type court struct {
	gate
	c     *conflicts.Module
	clock *storagetest.Clock
	lead  access.Actor
}

// somebody makes a record for who acts.
func (g gate) somebody() (id storage.ID) {
	g.t.Helper()
	write(g.t, g.m, func(ctx context.Context, tx *storage.Tx) (err error) {
		id, err = registered(ctx, tx, g.m, 900)
		return err
	})
	return id
}

func openCourt(t testing.TB, store *storage.Store, c *storagetest.Clock, guests int) court {
	t.Helper()
	c.Set(start)
	g := openGateOf(t, store, c, guests)
	table := g.m.Manifest().Permissions
	table["people.merge"] = []access.Role{access.Coordinator, access.Admin}
	lead := access.Actor{Person: g.somebody(), Grants: []access.Grant{{Role: access.Coordinator}}, Table: table}
	return court{g, conflicts.New(g.m.Service), c, lead}
}

// phone uploads what a phone read, minute by minute after the start; it arrives now.
func (g court) phone(device string, scans ...door.Scan) []door.Outcome {
	g.t.Helper()
	for i, s := range scans {
		scans[i].Event = g.osh.Slug
		if s.Kind == "" {
			scans[i].Kind = "in"
		}
	}
	out, err := checkIn(g.t.Context(), g.m, g.osh, device, scans...)
	if err != nil {
		g.t.Fatal(err)
	}
	return out
}

func (g court) minute(n int) time.Time { return g.osh.Starts.Add(time.Duration(n) * time.Minute) }

func (g court) list() (out []conflicts.Conflict) {
	g.t.Helper()
	if err := g.m.Store.Read(g.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		list, err := g.c.All(ctx, tx, g.osh)
		out = list.Conflicts
		return err
	}); err != nil {
		g.t.Fatal(err)
	}
	return out
}

// kinds are the kinds of what waits, in order.
func (g court) kinds() (out []conflicts.Kind) {
	for _, c := range g.list() {
		out = append(out, c.Kind)
	}
	return out
}

func (g court) decide(c conflicts.Conflict, choice conflicts.Choice, why string) error {
	return g.m.Store.Write(g.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return g.c.Decide(ctx, tx, conflicts.Decide{Activity: g.osh.ID, Actor: g.lead, Kind: c.Kind, Subject: c.Subject, Choice: choice, Why: why})
	})
}

func (g court) must(c conflicts.Conflict, choice conflicts.Choice, why string) {
	g.t.Helper()
	if err := g.decide(c, choice, why); err != nil {
		g.t.Fatalf("%s %s: %v", c.Kind, choice, err)
	}
}

// back takes the decision back that was made last.
func (g court) back() error {
	return g.m.Store.Write(g.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		var id storage.ID
		if err := tx.QueryRow(ctx, `SELECT id FROM door_decision ORDER BY back_at, at DESC, id DESC LIMIT 1`).Scan(&id); err != nil {
			return err
		}
		return g.c.TakeBack(ctx, tx, g.lead, g.osh.ID, id)
	})
}

// world is all that decisions may change, but the log of scans and of moves.
func (g court) world() string {
	g.t.Helper()
	out := fmt.Sprintf("taken %d, extra %d, facts %d, scans that count %d;",
		count(g.t, g.m, `SELECT taken FROM seminar WHERE activity_id = $1`, g.osh.ID), count(g.t, g.m, `SELECT COUNT(*) FROM extra_seat`),
		count(g.t, g.m, `SELECT COALESCE(SUM(value), 0) FROM fact WHERE kind = 'seminars.attended'`),
		count(g.t, g.m, `SELECT COUNT(*) FROM scan WHERE valid = TRUE`))
	if err := g.m.Store.Read(g.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		for i, app := range g.apps {
			now, err := seats.ApplicationByID(ctx, tx, app.ID)
			if err != nil {
				return err
			}
			out += fmt.Sprintf(" %d %s place %d", i, now.State, now.Place)
			if a, err := seats.AttendanceOf(ctx, tx, app.ID); err == nil {
				out += fmt.Sprintf(" first %d inside %v", a.FirstIn, a.Inside)
			}
		}
		return nil
	}); err != nil {
		g.t.Fatal(err)
	}
	return out
}

func (g court) withdraw(guest int) {
	g.t.Helper()
	write(g.t, g.m, func(ctx context.Context, tx *storage.Tx) error {
		app, err := seats.ApplicationByID(ctx, tx, g.apps[guest].ID)
		if err != nil {
			return err
		}
		_, err = g.m.Move(ctx, tx, app, seats.Withdrawn, app.Person, "seminars.why.door")
		return err
	})
}

func (g court) state(guest int) (s seats.State) {
	g.t.Helper()
	if err := g.m.Store.Read(g.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		app, err := seats.ApplicationByID(ctx, tx, g.apps[guest].ID)
		s = app.State
		return err
	}); err != nil {
		g.t.Fatal(err)
	}
	return s
}

func eachCourt(t *testing.T, guests int, f func(t *testing.T, g court)) {
	t.Helper()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		f(t, openCourt(t, store, c, guests))
	})
}

func only(t testing.TB, g court, kind conflicts.Kind) conflicts.Conflict {
	t.Helper()
	list := g.list()
	if len(list) != 1 || list[0].Kind != kind {
		t.Fatalf("conflicts %v, want one %s", g.kinds(), kind)
	}
	return list[0]
}

func TestOneTicketThatTwoPhonesLetInIsDecided(t *testing.T) {
	t.Parallel()
	eachCourt(t, 2, func(t *testing.T, g court) {
		g.phone("phone-b", door.Scan{Nonce: "nonce-b1", Code: g.codes[0], At: g.minute(10)})
		g.phone("phone-a", door.Scan{Nonce: "nonce-a1", Code: g.codes[0], At: g.minute(5)}, door.Scan{Nonce: "nonce-a2", Code: g.codes[1], At: g.minute(6)})
		c := only(t, g, conflicts.Double)
		if c.Application != g.apps[0].ID || len(c.Readings) != 2 || c.Readings[0].Device != "phone-a" || c.Readings[1].Device != "phone-b" {
			t.Errorf("it says %+v", c)
		}

		stood := g.world()
		g.must(c, conflicts.Two, "")
		if list := g.list(); len(list) != 0 {
			t.Errorf("it is decided, and %v stand", g.kinds())
		}
		if n := count(t, g.m, `SELECT COALESCE(SUM(value), 0) FROM fact WHERE kind = 'seminars.attended'`); n != 2 {
			t.Errorf("%d came, want both once", n)
		}
		if err := g.decide(c, conflicts.Same, ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("decided a second time: %v", err)
		}
		if err := g.back(); err != nil {
			t.Fatal(err)
		}
		if now := g.world(); now != stood {
			t.Errorf("taken back it is %s, it was %s", now, stood)
		}
		g.must(only(t, g, conflicts.Double), conflicts.Same, "")
		if len(g.list()) != 0 || g.world() != stood {
			t.Errorf("the same person changes %s to %s", stood, g.world())
		}
	})
}

// What the door was told in that moment, whoever stood there has decided: the phone that reads a
// ticket twice knows it, and so does one that asks the house.
func TestWhatTheDoorWasToldIsNoConflict(t *testing.T) {
	t.Parallel()
	eachCourt(t, 3, func(t *testing.T, g court) {
		g.clock.Set(g.minute(60))
		g.phone("phone-a", door.Scan{Nonce: "nonce-a1", Code: g.codes[0], At: g.minute(5)}, door.Scan{Nonce: "nonce-a2", Code: g.codes[0], At: g.minute(9)})
		g.phone("phone-b", door.Scan{Nonce: "nonce-b1", Code: g.codes[0], At: g.minute(60)})
		g.withdraw(1)
		g.phone("phone-b", door.Scan{Nonce: "nonce-b2", Code: g.codes[1], At: g.minute(60)})
		g.phone("phone-b", door.Scan{Nonce: "nonce-b3", Code: g.codes[2], At: g.minute(1)}, door.Scan{Nonce: "nonce-b4", Code: "nonce-b3", Kind: "undo", At: g.minute(2)})
		if list := g.kinds(); len(list) != 0 {
			t.Errorf("%v stand", list)
		}
	})
}

func TestWhoWithdrewAndCameIsDecided(t *testing.T) {
	t.Parallel()
	eachCourt(t, 2, func(t *testing.T, g court) {
		g.clock.Set(g.minute(30))
		g.withdraw(0)
		withdrawn := g.world()
		g.clock.Set(g.minute(60))
		g.phone("phone-a", door.Scan{Nonce: "nonce-a1", Code: g.codes[0], At: g.minute(5)}, door.Scan{Nonce: "nonce-a2", Code: g.codes[0], At: g.minute(7)})
		came := g.world()
		c := only(t, g, conflicts.Withdrew)
		if g.state(0) != seats.Attended || c.State != seats.Withdrawn {
			t.Fatalf("she is %s, was %s", g.state(0), c.State)
		}
		g.must(c, conflicts.Not, "")
		if g.state(0) != seats.Withdrawn || len(g.list()) != 0 || count(t, g.m, `SELECT COALESCE(SUM(value), 0) FROM fact WHERE kind = 'seminars.attended'`) != 0 {
			t.Errorf("she did not come: %s, %v stand; she had withdrawn: %s", g.world(), g.kinds(), withdrawn)
		}
		if err := g.back(); err != nil {
			t.Fatal(err)
		}
		if now := g.world(); now != came {
			t.Errorf("taken back: %s, was %s", now, came)
		}
		g.must(only(t, g, conflicts.Withdrew), conflicts.Came, "")
		if g.world() != came || len(g.list()) != 0 {
			t.Errorf("she came: %s, %v", g.world(), g.kinds())
		}
	})
}

func TestWhomThePhoneReadAndTheHouseRefusedIsDecided(t *testing.T) {
	t.Parallel()
	eachCourt(t, 2, func(t *testing.T, g court) {
		g.clock.Set(g.minute(1))
		g.withdraw(0)
		write(t, g.m, func(ctx context.Context, tx *storage.Tx) error { // her seat is another's now
			_, err := tx.Exec(ctx, `UPDATE seminar SET capacity = taken WHERE activity_id = $1`, g.osh.ID)
			return err
		})
		g.clock.Set(g.minute(60))
		g.phone("phone-a", door.Scan{Nonce: "nonce-a1", Code: g.codes[0], At: g.minute(5)})
		g.phone("phone-b", door.Scan{Nonce: "nonce-b1", Code: g.codes[0], At: g.minute(4)})
		before := g.world()
		c := only(t, g, conflicts.Refused)
		if len(c.Readings) != 2 || c.Readings[0].Device != "phone-b" {
			t.Errorf("it says %+v", c.Readings)
		}
		err := g.decide(c, conflicts.LetIn, "")
		if f := fault.Of(err); f == nil || len(f.At("why")) != 1 || f.At("why")[0].Key != "conflicts.fault.full" || g.world() != before {
			t.Fatalf("without a seat and a reason: %v; %s", err, g.world())
		}
		g.must(c, conflicts.LetIn, "орундук табылды")
		if g.state(0) != seats.Attended || count(t, g.m, `SELECT COUNT(*) FROM extra_seat`) != 1 || len(g.list()) != 0 {
			t.Errorf("let in: %s, %v", g.world(), g.kinds())
		}
		if n := count(t, g.m, `SELECT COUNT(*) FROM attendance WHERE first_in = $1`, storage.Micros(g.minute(4))); n != 1 {
			t.Error("she came when a phone read her first")
		}
		if n := count(t, g.m, `SELECT COUNT(*) FROM door_decision WHERE extra = TRUE AND reason IS NOT NULL`); n != 1 {
			t.Error("the extra seat and its reason are kept with the decision")
		}
		if err := g.back(); err != nil {
			t.Fatal(err)
		}
		if now := g.world(); g.state(0) != seats.Withdrawn || count(t, g.m, `SELECT COUNT(*) FROM extra_seat`) != 0 {
			t.Errorf("taken back: %s, was %s", now, before)
		}
		g.must(only(t, g, conflicts.Refused), conflicts.Not, "")
		if len(g.list()) != 0 || g.state(0) != seats.Withdrawn {
			t.Errorf("she did not come: %s, %v", g.world(), g.kinds())
		}
	})
}

func TestAnUndoThatCameTooLateIsDecided(t *testing.T) {
	t.Parallel()
	eachCourt(t, 2, func(t *testing.T, g court) {
		g.clock.Set(g.minute(60))
		g.phone("phone-a", door.Scan{Nonce: "nonce-a1", Code: g.codes[0], At: g.minute(5)})
		came := g.world()
		g.phone("phone-a", door.Scan{Nonce: "nonce-a2", Code: "nonce-a1", Kind: "undo", At: g.minute(50)})
		g.phone("phone-b", door.Scan{Nonce: "nonce-b1", Code: "nonce-a1", Kind: "undo", At: g.minute(51)})
		g.must(only(t, g, conflicts.Undo), conflicts.Take, "")
		if g.state(0) != seats.Confirmed || len(g.list()) != 0 {
			t.Errorf("taken back: %s, %v", g.world(), g.kinds())
		}
		if err := g.back(); err != nil {
			t.Fatal(err)
		}
		g.must(only(t, g, conflicts.Undo), conflicts.Stays, "")
		if g.state(0) != seats.Attended || len(g.list()) != 0 {
			t.Errorf("it stands: %s, was %s, %v", g.world(), came, g.kinds())
		}
	})
}

func TestCodesOfNobodyAreSeenOnce(t *testing.T) {
	t.Parallel()
	eachCourt(t, 1, func(t *testing.T, g court) {
		g.phone("phone-a", door.Scan{Nonce: "nonce-a1", Code: "2222-2222", At: g.minute(5)}, door.Scan{Nonce: "nonce-a2", Code: "shopping", At: g.minute(6)})
		c := only(t, g, conflicts.Codes)
		if c.Count != 2 {
			t.Errorf("%d codes, want 2", c.Count)
		}
		g.must(c, conflicts.Seen, "")
		if len(g.list()) != 0 {
			t.Errorf("%v stand", g.kinds())
		}
		g.clock.Pass(time.Minute)
		g.phone("phone-a", door.Scan{Nonce: "nonce-a3", Code: "3333-3333", At: g.minute(7)})
		if c := only(t, g, conflicts.Codes); c.Count != 1 {
			t.Errorf("%d new codes, want 1", c.Count)
		}
	})
}

// A wrong clock does not hide whom the phone let in.
func TestWhoWasReadWithAWrongClockIsDecided(t *testing.T) {
	t.Parallel()
	eachCourt(t, 1, func(t *testing.T, g court) {
		g.clock.Set(g.minute(10))
		g.phone("phone-a", door.Scan{Nonce: "nonce-a1", Code: g.codes[0], At: g.minute(90)})
		c := only(t, g, conflicts.Refused)
		g.must(c, conflicts.LetIn, "")
		if n := count(t, g.m, `SELECT COUNT(*) FROM attendance WHERE first_in = $1`, storage.Micros(g.minute(10))); n != 1 || g.state(0) != seats.Attended {
			t.Errorf("she came when it became known: %s", g.world())
		}
	})
}

func TestWhoeverLeadsTheDayTakesAnyEntryBackWithAReason(t *testing.T) {
	t.Parallel()
	eachCourt(t, 2, func(t *testing.T, g court) {
		waits := g.world()
		g.phone("phone-a", door.Scan{Nonce: "nonce-a1", Code: g.codes[0], At: g.minute(5)}, door.Scan{Nonce: "nonce-a2", Code: g.codes[0], At: g.minute(9), Kind: "out"}, door.Scan{Nonce: "nonce-a3", Code: g.codes[0], At: g.minute(11)})
		came := g.world()
		var id storage.ID
		if err := g.m.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, `SELECT id FROM scan WHERE nonce = 'nonce-a1'`).Scan(&id)
		}); err != nil {
			t.Fatal(err)
		}
		g.clock.Set(g.minute(300))
		entry := conflicts.Conflict{Kind: conflicts.Entry, Subject: id}
		if err := g.decide(entry, conflicts.Take, " "); fault.Of(err) == nil || g.world() != came {
			t.Fatalf("without a reason: %v", err)
		}
		stranger := g
		stranger.lead = access.Actor{Person: g.lead.Person, Grants: []access.Grant{{Role: access.FrontDesk}}, Table: g.lead.Table}
		if err := stranger.decide(entry, conflicts.Take, "жаңылыштык"); !fault.Is(err, fault.Forbidden) || g.world() != came {
			t.Fatalf("who only stands at the door: %v", err)
		}
		g.must(entry, conflicts.Take, "жаңылыштык")
		if g.state(0) != seats.Confirmed || count(t, g.m, `SELECT COALESCE(SUM(value), 0) FROM fact WHERE kind = 'seminars.attended'`) != 0 {
			t.Errorf("taken back: %s, was %s", g.world(), waits)
		}
		if err := g.back(); err != nil {
			t.Fatal(err)
		}
		if now := g.world(); now != came {
			t.Errorf("the decision taken back: %s, was %s", now, came)
		}
		g.must(entry, conflicts.Take, "жаңылыштык")
		g.clock.Pass(conflicts.UndoFor)
		if err := g.back(); !fault.Is(err, fault.TooLate) {
			t.Errorf("after a quarter of an hour: %v", err)
		}
	})
}

// walkInAs lets somebody in who has no application, with a phone number.
func (g court) walkInAs(name, phone string) {
	g.t.Helper()
	write(g.t, g.m, func(ctx context.Context, tx *storage.Tx) error {
		answers := forms.Answers{}.Clone()
		for k, v := range map[string]string{"name": name, "phone": phone, "sex": "female", "processing": "on"} {
			answers.Values[k] = []string{v}
		}
		return g.m.WalkIn(ctx, tx, door.WalkIn{
			Activity: g.osh.ID, Actor: g.lead, Keeper: door.Keeper{Device: seats.StaffDevice(g.lead.Person), By: g.lead.Person},
			Nonce: "walk-" + storage.RandomID(tx.Now).String(), Lang: i18n.Kyrgyz, Answers: answers,
		})
	})
}

func TestWhoWalkedInAndHasAnApplicationIsDecided(t *testing.T) {
	t.Parallel()
	eachCourt(t, 2, func(t *testing.T, g court) {
		g.walkInAs("Бөтөнчө Адам", "0555 12 34 56")
		g.walkInAs("Айгүл Асанова 1", "0555 12 34 57")
		c := only(t, g, conflicts.WalkedIn)
		if c.Other != g.apps[1].ID || c.Application == g.apps[1].ID {
			t.Fatalf("it says %+v", c)
		}
		mere := g
		mere.lead.Grants = []access.Grant{{Role: access.Facilitator}}
		if err := mere.decide(c, conflicts.Same, ""); !fault.Is(err, fault.Forbidden) {
			t.Fatalf("who may not merge decides: %v", err)
		}
		g.must(c, conflicts.Another, "")
		if len(g.list()) != 0 || count(t, g.m, `SELECT COUNT(*) FROM person_distinct`) != 1 {
			t.Errorf("somebody else: %v stand", g.kinds())
		}
		if err := g.back(); err != nil {
			t.Fatal(err)
		}
		g.must(only(t, g, conflicts.WalkedIn), conflicts.Same, "")
		if len(g.list()) != 0 || count(t, g.m, `SELECT COUNT(*) FROM merge_plan`) != 1 {
			t.Errorf("the same: %v stand", g.kinds())
		}
		if err := g.back(); err != nil {
			t.Fatal(err)
		}
		if only(t, g, conflicts.WalkedIn); count(t, g.m, `SELECT COUNT(*) FROM merge_plan`) != 0 {
			t.Error("the merge waits though its decision was taken back")
		}
	})
}

// A decision is about what stood there. What is read anew may be something else.
func TestWhatHasChangedSinceThePageIsNotDecided(t *testing.T) {
	t.Parallel()
	eachCourt(t, 1, func(t *testing.T, g court) {
		g.phone("phone-b", door.Scan{Nonce: "nonce-b1", Code: g.codes[0], At: g.minute(10)})
		g.phone("phone-a", door.Scan{Nonce: "nonce-a1", Code: g.codes[0], At: g.minute(5)})
		c := only(t, g, conflicts.Double)
		g.phone("phone-a", door.Scan{Nonce: "nonce-a2", Code: "nonce-a1", Kind: "undo", At: g.minute(6)})
		if err := g.decide(c, conflicts.Two, ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("decided what was no conflict any more: %v", err)
		}
		if err := g.decide(c, "burn", ""); !fault.Is(err, fault.Invalid) {
			t.Errorf("decided by a choice that is none: %v", err)
		}
	})
}

// decideAtOnce lets two, who have both seen that a conflict stands, decide it in one moment, and
// tells how many decisions stand. Nobody can write a decision before both have looked.
func decideAtOnce(t *testing.T, guard bool) int {
	t.Helper()
	c := storagetest.NewClock(start)
	g := openCourt(t, storagetest.OpenPostgreSQL(t, c.Option()), c, 1)
	g.phone("phone-a", door.Scan{Nonce: "nonce-a1", Code: "2222-2222", At: g.minute(5)})
	conflict := only(t, g, conflicts.Codes)
	if !guard {
		write(t, g.m, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `DROP INDEX door_decision_stands`)
			return err
		})
	}
	var all sync.WaitGroup
	held, looked := make(chan struct{}), make(chan struct{})
	all.Go(func() {
		write(t, g.m, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `LOCK TABLE door_decision IN SHARE MODE`)
			close(held)
			<-looked
			return err
		})
	})
	<-held
	all.Go(func() {
		defer close(looked)
		for count(t, g.m, `SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) < 2 && t.Context().Err() == nil {
			runtime.Gosched()
		}
	})
	for range 2 {
		all.Go(func() {
			if err := g.decide(conflict, conflicts.Seen, ""); err != nil && !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	return count(t, g.m, `SELECT COUNT(*) FROM door_decision WHERE back_at = 0`)
}

func TestWithoutItsIndexTwoDecideTheSame(t *testing.T) {
	t.Parallel()
	if n := decideAtOnce(t, false); n != 2 {
		t.Errorf("%d decisions stand: the test of the guard proves nothing", n)
	}
}

func TestOfTwoWhoDecideAtOnceOneDoes(t *testing.T) {
	t.Parallel()
	if n := decideAtOnce(t, true); n != 1 {
		t.Errorf("%d decisions stand on one conflict", n)
	}
}

func TestDecisionsGoWithTheApplicationThatStays(t *testing.T) {
	t.Parallel()
	eachCourt(t, 2, func(t *testing.T, g court) {
		g.phone("phone-b", door.Scan{Nonce: "nonce-b1", Code: g.codes[1], At: g.minute(10)})
		g.phone("phone-a", door.Scan{Nonce: "nonce-a1", Code: g.codes[1], At: g.minute(5)})
		g.must(only(t, g, conflicts.Double), conflicts.Same, "")
		write(t, g.m, func(ctx context.Context, tx *storage.Tx) error {
			return g.m.Service.Merge(ctx, tx, g.apps[1].Person, g.apps[0].Person)
		})
		if n := count(t, g.m, `SELECT COUNT(*) FROM door_decision d JOIN application a ON a.id = d.application_id WHERE a.person_id = $1`, g.apps[0].Person); n != 1 {
			t.Errorf("%d decisions on her who stays", n)
		}
		if len(g.list()) != 0 {
			t.Errorf("merged, %v stand again", g.kinds())
		}
	})
}

func TestADoorIsComparedUpToItsBound(t *testing.T) {
	t.Parallel()
	eachCourt(t, 1, func(t *testing.T, g court) {
		g.clock.Set(g.minute(200))
		scans := make([]door.Scan, 101)
		for i := range scans {
			scans[i] = door.Scan{Nonce: fmt.Sprintf("nonce-%04d", i), Code: g.codes[0], At: g.minute(i)}
		}
		g.phone("phone-a", scans...)
		for most, more := range map[int]bool{100: true, 101: false} {
			g.c.Most = most
			if err := g.m.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				list, err := g.c.All(ctx, tx, g.osh)
				if list.More != more {
					t.Errorf("of 101 scans %d are compared, and more: %v", most, list.More)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		var id storage.ID
		if err := g.m.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, `SELECT id FROM scan WHERE nonce = 'nonce-0000'`).Scan(&id)
		}); err != nil {
			t.Fatal(err)
		}
		before := g.world()
		if err := g.decide(conflicts.Conflict{Kind: conflicts.Entry, Subject: id}, conflicts.Take, "жаңылыштык"); !fault.Is(err, fault.Conflict) || g.world() != before {
			t.Errorf("101 entries taken back at once: %v", err)
		}
	})
}

// A day with 500 people, of whom every tenth was let in by two phones.
func BenchmarkConflictsOfFiveHundred(b *testing.B) {
	c := storagetest.NewClock(start)
	g := openCourt(b, storagetest.Open(b, c.Option()), c, 500)
	for n, code := range g.codes {
		g.phone("phone-a", door.Scan{Nonce: fmt.Sprintf("nonce-a-%04d", n), Code: code, At: g.minute(1)})
		if n%10 == 0 {
			g.phone("phone-b", door.Scan{Nonce: fmt.Sprintf("nonce-b-%04d", n), Code: code, At: g.minute(2)})
		}
	}
	for b.Loop() {
		if n := len(g.list()); n != 50 {
			b.Fatalf("%d conflicts", n)
		}
	}
}

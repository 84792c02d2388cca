package signed

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

type silent struct{}

func (silent) Send(context.Context, *storage.Tx, messages.Notice) error { return nil }

func (silent) Cancel(context.Context, *storage.Tx, string) (int, error) { return 0, nil }

func (silent) CancelTo(context.Context, *storage.Tx, storage.ID, storage.ID, ...string) (int, error) {
	return 0, nil
}

// room is the sheets over the demo's programme, on one engine.
type room struct {
	t     *testing.T
	s     *storage.Store
	clock *storagetest.Clock
	m     *Module
	table access.Table
	osh   programme.Activity // published, in Osh, three days, began an hour ago
	days  []ledger.Day
	chief access.Actor
	lead  access.Actor
}

func rooms(t *testing.T, f func(v *room), change ...storagetest.Option) {
	t.Helper()
	storagetest.EachAt(t, programmetest.Noon, func(t *testing.T, s *storage.Store, clock *storagetest.Clock) {
		keys := peopletest.Keys(t)
		v := &room{t: t, s: s, clock: clock, table: access.Table{}}
		p := people.New(people.Options{Keys: keys, Store: s, PublicURL: "https://ashar.example", EraseWait: time.Second})
		seminars := &seats.Service{Store: s, People: p, Keys: keys, Messages: silent{}, PublicURL: "https://ashar.example"}
		v.m = New(seminars)
		for permission, roles := range v.m.Manifest().Permissions {
			v.table[permission] = roles
		}
		for _, permission := range []access.Permission{seats.MaySelect, seats.MaySetUp} {
			v.table[permission] = []access.Role{access.Coordinator, access.Admin}
		}
		file := programmetest.Load(t)
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			if _, err := plan.Import(ctx, tx, file, false); err != nil {
				return err
			}
			list, err := programme.All(ctx, tx, programme.Filter{Kind: programme.Seminar, State: programme.Published, City: "osh"})
			if err != nil {
				return err
			}
			v.osh = list[0]
			starts := tx.Now.Add(-time.Hour)
			_, err = tx.Exec(ctx, `UPDATE activity SET capacity = 40, starts_at = $2, ends_at = $3 WHERE id = $1`, v.osh.ID, storage.Micros(starts), storage.Micros(starts.AddDate(0, 0, 2).Add(4*time.Hour)))
			return err
		})
		v.osh = v.activity()
		for _, d := range daysOf(v.osh) {
			v.days = append(v.days, d.Day)
		}
		if len(v.days) != 3 {
			t.Fatalf("the days of the event: %v", v.days)
		}
		v.chief, v.lead = v.staff(access.Coordinator), v.staff(access.Facilitator)
		f(v)
	}, change...)
}

func (v *room) must(f func(ctx context.Context, tx *storage.Tx) error) {
	v.t.Helper()
	peopletest.Write(v.t, v.s, f)
}

func (v *room) try(f func(ctx context.Context, tx *storage.Tx) error) error {
	v.t.Helper()
	return peopletest.Try(v.t, v.s, f)
}

func (v *room) activity() (a programme.Activity) {
	v.t.Helper()
	v.must(func(ctx context.Context, tx *storage.Tx) (err error) {
		a, err = v.m.ActivityByID(ctx, tx, v.osh.ID)
		return err
	})
	return a
}

func (v *room) staff(role access.Role) access.Actor {
	v.t.Helper()
	return access.Actor{
		Person: peopletest.Register(v.t, v.s, v.m.People, people.Details{FullName: "Кызматкер " + string(role)}).ID, Origin: access.OfPasskey, Proven: v.clock.Now(),
		Grants: []access.Grant{{Role: role}}, Table: v.table,
	}
}

// seat gives people seats, in the order of their names.
func (v *room) seat(n int) (apps []seats.Application) {
	v.t.Helper()
	v.must(func(ctx context.Context, tx *storage.Tx) error {
		apps = nil
		if err := seats.OpenSeminar(ctx, tx, v.osh.ID, 600); err != nil {
			return err
		}
		for i := range n {
			p, err := v.m.People.Register(ctx, tx, people.Details{FullName: fmt.Sprintf("Катышуучу %03d", i), City: "osh"})
			if err != nil {
				return err
			}
			id := tx.NewID()
			if _, err := tx.Exec(ctx, `INSERT INTO application (id, activity_id, person_id, state, place, expires_at, reconfirm, answers, facts, version, made_at, changed_at, proven_at, held_until)
				VALUES ($1, $2, $3, 'confirmed', 0, 0, '', $4, 0, 1, $5, $5, $5, 0)`, id, v.osh.ID, p.ID, p.Seal([]byte(`{}`)), storage.Micros(tx.Now)); err != nil {
				return err
			}
			app, err := seats.ApplicationByID(ctx, tx, id)
			if err != nil {
				return err
			}
			apps = append(apps, app)
		}
		return nil
	})
	return apps
}

// some are the ids of applications at places.
func some(apps []seats.Application, at ...int) (ids []storage.ID) {
	for _, i := range at {
		ids = append(ids, apps[i].ID)
	}
	return ids
}

func (v *room) key(by access.Actor, day, place int, signed []storage.ID, change ...func(*KeyIn)) error {
	v.t.Helper()
	cmd := KeyIn{Activity: v.osh.ID, Actor: by, Day: v.days[day], Place: place, Signed: signed, Done: true}
	for _, f := range change {
		f(&cmd)
	}
	return v.try(func(ctx context.Context, tx *storage.Tx) error { return v.m.KeyIn(ctx, tx, cmd) })
}

func (v *room) day(n int) (d day) {
	v.t.Helper()
	v.must(func(ctx context.Context, tx *storage.Tx) error {
		days, err := readDays(ctx, tx, v.osh)
		d = days[n]
		return err
	})
	return d
}

func (v *room) take(day int, decided map[storage.ID]bool, change ...func(*TakeOver)) (out Result, err error) {
	v.t.Helper()
	d := v.day(day)
	cmd := TakeOver{Activity: v.osh.ID, Actor: v.chief, Day: v.days[day], Decided: decided}
	for i, r := range d.Readings {
		if r != nil {
			cmd.Versions[i] = r.Version
		}
	}
	for _, f := range change {
		f(&cmd)
	}
	err = v.try(func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = v.m.TakeOver(ctx, tx, cmd)
		return err
	})
	return out, err
}

// twice keys a sheet in by two people who read the same.
func (v *room) twice(day int, signed []storage.ID) {
	v.t.Helper()
	for place, by := range map[int]access.Actor{1: v.lead, 2: v.chief} {
		if err := v.key(by, day, place, signed); err != nil {
			v.t.Fatal(err)
		}
	}
}

func (v *room) states(apps []seats.Application) (out []string) {
	v.t.Helper()
	v.must(func(ctx context.Context, tx *storage.Tx) error {
		out = nil
		for _, app := range apps {
			now, err := seats.ApplicationByID(ctx, tx, app.ID)
			if err != nil {
				return err
			}
			out = append(out, string(now.State))
		}
		return nil
	})
	return out
}

// facts are the days on which people count as having come, with how many.
func (v *room) facts() map[string]int {
	v.t.Helper()
	out := map[string]int{}
	v.must(func(ctx context.Context, tx *storage.Tx) error {
		clear(out)
		_, err := storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
			var day string
			var n int
			err := row.Scan(&day, &n)
			if n != 0 {
				out[day] = n
			}
			return struct{}{}, err
		}, `SELECT day, SUM(value) FROM fact WHERE kind = $1 AND activity_id = $2 GROUP BY day`, seats.FactAttended, v.osh.ID)
		return err
	})
	return out
}

func (v *room) came(apps []seats.Application) (out []int) {
	v.t.Helper()
	v.must(func(ctx context.Context, tx *storage.Tx) error {
		now, err := seats.ApplicationsOf(ctx, tx, v.osh.ID)
		if err != nil {
			return err
		}
		days, err := seats.DaysCame(ctx, tx, v.osh, now)
		out = nil
		for _, app := range apps {
			out = append(out, days[app.ID])
		}
		return err
	})
	return out
}

func is(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func faulty(t *testing.T, what string, err error, code fault.Code, key string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Code != code || key != "" && f.Key != key {
		t.Errorf("%s: %v, want %s %s", what, err, code, key)
	}
}

func TestASheetThatTwoPeopleReadAlikeBecomesAttendanceOfItsDay(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		apps := v.seat(5)
		v.twice(0, some(apps, 0, 2))
		out, err := v.take(0, nil, func(c *TakeOver) { c.Missing = true })
		if err != nil {
			t.Fatal(err)
		}
		is(t, "on the first day", out, Result{Signed: 2}) // nobody is missing before the end
		is(t, "states", v.states(apps), "[attended confirmed attended confirmed confirmed]")
		is(t, "facts", v.facts(), map[string]int{string(v.days[0]): 2})

		v.clock.Pass(24 * time.Hour)
		v.twice(1, some(apps, 1, 2))
		if _, err := v.take(1, nil); err != nil {
			t.Fatal(err)
		}
		is(t, "facts of two days", v.facts(), map[string]int{string(v.days[0]): 2, string(v.days[1]): 1})

		v.clock.Pass(10 * 24 * time.Hour) // typed in long after
		v.twice(2, some(apps, 0, 2, 3))
		out, err = v.take(2, nil, func(c *TakeOver) { c.Missing = true })
		if err != nil {
			t.Fatal(err)
		}
		is(t, "on the last day", out, Result{Signed: 3, Missing: 1})
		is(t, "states at the end", v.states(apps), "[attended attended attended attended no_show]")
		is(t, "days that are paid", v.came(apps), "[2 1 3 1 0]")
		is(t, "facts at the end", v.facts(), map[string]int{string(v.days[0]): 2, string(v.days[1]): 1, string(v.days[2]): 1})
	})
}

func TestWhereTwoReadingsDifferSomebodyDecides(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		apps := v.seat(4)
		if err := v.key(v.lead, 0, 1, some(apps, 0, 1)); err != nil {
			t.Fatal(err)
		}
		_, err := v.take(0, nil)
		faulty(t, "with one reading", err, fault.Conflict, "signed.fault.not_both")
		if err := v.key(v.chief, 0, 2, some(apps, 0, 2)); err != nil {
			t.Fatal(err)
		}
		_, err = v.take(0, map[storage.ID]bool{apps[1].ID: true})
		faulty(t, "one of two left open", err, fault.Invalid, "")
		if f := fault.Of(err); len(f.Fields) != 1 && f.Field != "signed_"+apps[2].ID.String() {
			t.Errorf("which is left open: %v", err)
		}
		is(t, "nothing changed", v.states(apps), "[confirmed confirmed confirmed confirmed]")
		_, err = v.take(0, map[storage.ID]bool{apps[1].ID: true, apps[2].ID: false}, func(c *TakeOver) { c.Versions[1]++ })
		faulty(t, "of another version", err, fault.Conflict, "signed.fault.stale")
		// What nobody differs about is not decided by who sends it.
		if _, err = v.take(0, map[storage.ID]bool{apps[1].ID: true, apps[2].ID: false, apps[3].ID: true, apps[0].ID: false}); err != nil {
			t.Fatal(err)
		}
		is(t, "as decided", v.states(apps), "[attended attended confirmed confirmed]")
		_, err = v.take(0, nil)
		faulty(t, "a second time", err, fault.Conflict, "signed.fault.taken")

		// It was wrong: opened again, and decided anew.
		again := func(f func(context.Context, *storage.Tx, Discard) error, place int) error {
			return v.try(func(ctx context.Context, tx *storage.Tx) error {
				return f(ctx, tx, Discard{Activity: v.osh.ID, Actor: v.chief, Day: v.days[0], Place: place})
			})
		}
		faulty(t, "a reading of a sheet that stands", again(v.m.Discard, 1), fault.Conflict, "signed.fault.taken")
		if err := again(v.m.Reopen, 0); err != nil {
			t.Fatal(err)
		}
		faulty(t, "opened twice", again(v.m.Reopen, 0), fault.Conflict, "signed.fault.not_taken")
		is(t, "while it is open", v.states(apps), "[attended attended confirmed confirmed]")
		if _, err = v.take(0, map[storage.ID]bool{apps[1].ID: false, apps[2].ID: true}); err != nil {
			t.Fatal(err)
		}
		is(t, "as decided anew", v.states(apps), "[attended no_show attended confirmed]")
		is(t, "facts", v.facts(), map[string]int{string(v.days[0]): 2})
		if err := again(v.m.Reopen, 0); err != nil {
			t.Fatal(err)
		}
		if err := again(v.m.Discard, 2); err != nil {
			t.Fatal(err)
		}
		if err := v.key(v.chief, 0, 2, some(apps, 0, 1)); err != nil {
			t.Fatal(err)
		}
		if _, err = v.take(0, nil); err != nil {
			t.Fatal(err)
		}
		is(t, "after a reading was made anew", v.states(apps), "[attended attended no_show confirmed]")
	})
}

func TestEachReadingIsItsReadersAlone(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		apps := v.seat(3)
		other := v.staff(access.Facilitator)
		desk, applicant := v.staff(access.FrontDesk), access.Actor{Person: apps[0].Person, Origin: access.OfProof, Table: v.table}
		for name, by := range map[string]access.Actor{"the front desk": desk, "herself": applicant} {
			faulty(t, name, v.key(by, 0, 1, nil), fault.Forbidden, "")
		}
		later := func(c *KeyIn) { c.Done = false }
		if err := v.key(v.lead, 0, 1, some(apps, 0), later); err != nil {
			t.Fatal(err)
		}
		faulty(t, "somebody else goes on", v.key(other, 0, 1, nil, func(c *KeyIn) { c.Version = 1 }), fault.Conflict, "signed.fault.other")
		faulty(t, "an old page", v.key(v.lead, 0, 1, nil), fault.Conflict, "signed.fault.stale")
		faulty(t, "the other, by herself", v.key(v.lead, 0, 2, nil), fault.Conflict, "signed.fault.alone")
		faulty(t, "the other before the first is done", v.key(v.lead, 0, 2, nil, func(c *KeyIn) { c.Alone = true }), fault.Conflict, "signed.fault.first")
		if err := v.key(v.lead, 0, 1, some(apps, 0, 1), func(c *KeyIn) { c.Version = 1 }); err != nil {
			t.Fatal(err)
		}
		if err := v.key(v.lead, 0, 2, some(apps, 0, 1), func(c *KeyIn) { c.Alone = true }); err != nil {
			t.Fatal(err)
		}
		if d := v.day(0); !d.Readings[1].Alone || d.Readings[0].Alone || !d.both() {
			t.Errorf("by one person: %+v", d)
		}
		faulty(t, "when both are done", v.key(v.lead, 0, 1, nil, func(c *KeyIn) { c.Version = 2 }), fault.Conflict, "signed.fault.both")
		faulty(t, "a day that has not come", v.key(v.lead, 1, 1, nil), fault.TooEarly, "")
		v.clock.Pass(24 * time.Hour)
		if err := v.key(v.chief, 1, 2, slices.Repeat(some(apps, 1), 5000)); err != nil || len(v.day(1).Readings[1].Signed) != 1 {
			t.Errorf("one name five thousand times: %v", err)
		}
		faulty(t, "a stranger on the list", v.key(v.lead, 1, 1, []storage.ID{storage.RandomID(v.clock.Now())}), fault.NotFound, "signed.fault.gone")
		for _, n := range []int{-1, MostBelow + 1} {
			faulty(t, "signatures below", v.key(v.lead, 1, 1, nil, func(c *KeyIn) { c.Below = n }), fault.Invalid, "signed.fault.below")
		}
		if err := v.key(v.lead, 1, 1, nil, func(c *KeyIn) { c.Below = MostBelow }); err != nil {
			t.Errorf("at the bound: %v", err)
		}
		err := v.try(func(ctx context.Context, tx *storage.Tx) error {
			return v.m.Discard(ctx, tx, Discard{Activity: v.osh.ID, Actor: v.lead, Day: v.days[1], Place: 1})
		})
		faulty(t, "a facilitator discards", err, fault.Forbidden, "")
		_, err = v.take(0, nil, func(c *TakeOver) { c.Actor = v.lead })
		faulty(t, "a facilitator decides", err, fault.Forbidden, "")
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE activity SET state = 'cancelled' WHERE id = $1`, v.osh.ID)
			return err
		})
		_, err = v.take(0, nil)
		faulty(t, "called off", err, fault.Gone, "")
	})
}

// Who came in at the door stays what the door saw, whatever the sheet says.
func TestASheetTakesNothingFromTheDoor(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		apps := v.seat(3)
		v.clock.Pass(24 * time.Hour)
		v.must(func(ctx context.Context, tx *storage.Tx) error { // on the second day
			_, err := v.m.Desk.CheckIn(ctx, tx, door.CheckIn{Device: "phone", Activity: v.osh.ID, Scans: []door.Scan{
				{Nonce: "nonce-0001", Event: v.osh.Slug, At: tx.Now, Kind: "in", Application: apps[0].ID},
				{Nonce: "nonce-0002", Event: v.osh.Slug, At: tx.Now, Kind: "in", Application: apps[1].ID},
			}})
			return err
		})
		v.clock.Pass(48 * time.Hour)
		v.twice(2, nil)
		if _, err := v.take(2, nil, func(c *TakeOver) { c.Missing = true }); err != nil {
			t.Fatal(err)
		}
		is(t, "seen at the door", v.states(apps), "[attended attended no_show]")
		v.twice(0, some(apps, 0))
		if _, err := v.take(0, nil); err != nil {
			t.Fatal(err)
		}
		is(t, "the fact goes to the earlier day", v.facts(), map[string]int{string(v.days[0]): 1, string(v.days[1]): 1})
		is(t, "days", v.came(apps), "[2 1 0]")
		if err := v.try(func(ctx context.Context, tx *storage.Tx) error {
			return v.m.Reopen(ctx, tx, Discard{Activity: v.osh.ID, Actor: v.chief, Day: v.days[0]})
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// Whatever two people read, on whatever days and in whatever order sheets are taken over and
// opened again: who counts is who signed on some day by both, or as was decided, on the first.
func TestWhoCountsIsWhoSigned(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		apps := v.seat(6)
		v.clock.Pass(5 * 24 * time.Hour)
		rnd := rand.New(rand.NewPCG(7, 11))
		signed := [3]map[storage.ID]bool{}
		for round := range 40 {
			n := rnd.IntN(3)
			if d := v.day(n); d.Taken != nil {
				for _, f := range []func(ctx context.Context, tx *storage.Tx) error{
					func(ctx context.Context, tx *storage.Tx) error {
						return v.m.Reopen(ctx, tx, Discard{Activity: v.osh.ID, Actor: v.chief, Day: v.days[n]})
					},
					func(ctx context.Context, tx *storage.Tx) error {
						return v.m.Discard(ctx, tx, Discard{Activity: v.osh.ID, Actor: v.chief, Day: v.days[n], Place: 1})
					},
					func(ctx context.Context, tx *storage.Tx) error {
						return v.m.Discard(ctx, tx, Discard{Activity: v.osh.ID, Actor: v.chief, Day: v.days[n], Place: 2})
					},
				} {
					v.must(f)
				}
			}
			var read [2][]storage.ID
			decided := map[storage.ID]bool{}
			signed[n] = map[storage.ID]bool{}
			for _, app := range apps {
				a, b := rnd.IntN(2) == 0, rnd.IntN(2) == 0
				if a {
					read[0] = append(read[0], app.ID)
				}
				if b {
					read[1] = append(read[1], app.ID)
				}
				if a != b {
					decided[app.ID] = rnd.IntN(2) == 0
					a = decided[app.ID]
				}
				signed[n][app.ID] = a
			}
			for i, by := range []access.Actor{v.lead, v.chief} {
				if err := v.key(by, n, i+1, read[i]); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := v.take(n, decided); err != nil {
				t.Fatal(err)
			}
			want, came := map[string]int{}, []int{}
			for _, app := range apps {
				days := 0
				for d := range slices.Backward(v.days) {
					if signed[d][app.ID] {
						days++
					}
				}
				for d, code := range v.days {
					if signed[d][app.ID] {
						want[string(code)]++
						break
					}
				}
				came = append(came, days)
			}
			if got := v.facts(); !maps.Equal(got, want) {
				t.Fatalf("round %d: facts %v, want %v", round, got, want)
			}
			is(t, fmt.Sprintf("days of round %d", round), v.came(apps), came)
		}
	})
}

func TestASheetHoldsFiveHundredPeopleAndNoMore(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		var all []storage.ID
		for _, app := range v.seat(MostGuests) {
			all = append(all, app.ID)
		}
		v.twice(0, all)
		if out, err := v.take(0, nil); err != nil || out.Signed != MostGuests {
			t.Errorf("at the bound: %+v, %v", out, err)
		}
		is(t, "facts", v.facts(), map[string]int{string(v.days[0]): MostGuests})
		v.clock.Pass(24 * time.Hour)
		v.seat(1)
		faulty(t, "one more", v.key(v.lead, 1, 1, nil), fault.TooLarge, "signed.fault.many")
	})
}

// twoTake takes one sheet over twice at the same moment; it gives how often that was done.
func twoTake(v *room) int {
	apps := v.seat(2)
	v.twice(0, some(apps, 0))
	d := v.day(0)
	cmd := TakeOver{Activity: v.osh.ID, Actor: v.chief, Day: v.days[0], Versions: [2]int64{d.Readings[0].Version, d.Readings[1].Version}}
	var all sync.WaitGroup
	done := make([]error, 6)
	for i := range done {
		all.Go(func() {
			done[i] = v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := v.m.TakeOver(ctx, tx, cmd)
				return err
			})
		})
	}
	all.Wait()
	n := 0
	for _, err := range done {
		switch {
		case err == nil:
			n++
		case !fault.Is(err, fault.Conflict):
			v.t.Errorf("who comes second: %v", err)
		}
	}
	return n
}

func TestASheetIsTakenOverOnce(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		if n := twoTake(v); n != 1 {
			t.Errorf("taken over %d times", n)
		}
		is(t, "facts", v.facts(), map[string]int{string(v.days[0]): 1})
	})
}

var formToken = regexp.MustCompile(`name="form_token" value="[^"]*"`)

func (v *room) serve() string {
	v.t.Helper()
	return webtest.Serve(v.t, web.Options{
		Routes: v.m.Manifest().Routes, Clock: v.clock.Now,
		Identify: func(r *http.Request) (access.Actor, error) {
			switch r.Header.Get("As") {
			case "chief":
				return v.chief, nil
			case "lead":
				return v.lead, nil
			}
			return access.Actor{Table: v.table}, nil
		},
	}, os.DirFS("text"), os.DirFS("../pages/text"), os.DirFS("../../../spine/people/text"), os.DirFS("../../../spine/programme/text"), forms.Texts(), profile.Texts())
}

func as(base, who string) *webtest.Browser {
	return &webtest.Browser{URL: base, Header: http.Header{"As": {who}}}
}

// The second reading is made without a word of the first: its page and the page before it are
// the same whatever was ticked.
func TestTheSecondReaderSeesNothingOfTheFirst(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		apps := v.seat(4)
		base := v.serve()
		b := as(base, "chief")
		seen := map[string]bool{}
		for _, signed := range [][]storage.ID{nil, some(apps, 1), some(apps, 0, 1, 2, 3)} {
			if err := v.key(v.lead, 0, 1, signed, func(c *KeyIn) { c.Below = 7 * len(signed) }); err != nil {
				t.Fatal(err)
			}
			page := b.Get(t, "/en/staff/seminars/"+v.osh.Slug+"/signed/key?day="+string(v.days[0])+"&reading=2")
			before := b.Get(t, "/en/staff/seminars/"+v.osh.Slug+"/signed")
			if page.Status != http.StatusOK || before.Status != http.StatusOK || strings.Count(page.Body, `name="signed"`) != 4 || strings.Contains(page.Body, "checked") {
				t.Fatalf("%d, %d", page.Status, before.Status)
			}
			token := formToken.ReplaceAllString(page.Body+before.Body, "")
			seen[token] = true
			v.must(func(ctx context.Context, tx *storage.Tx) error {
				return v.m.Discard(ctx, tx, Discard{Activity: v.osh.ID, Actor: v.chief, Day: v.days[0], Place: 1})
			})
		}
		if len(seen) != 1 {
			t.Errorf("%d pages", len(seen))
		}
	})
}

func TestASheetIsKeyedInTwiceOnThePages(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		apps := v.seat(4)
		base := v.serve()
		at := "/ru/staff/seminars/" + v.osh.Slug + "/signed"
		if got := as(base, "").Get(t, at).Status; got != http.StatusForbidden && got != http.StatusUnauthorized && got != http.StatusSeeOther {
			t.Errorf("a stranger: %d", got)
		}
		send := func(who, more, from string, form url.Values) webtest.Answer {
			b := as(base, who)
			form.Set("form_token", webtest.FormToken(b.Get(t, from).Body))
			return b.Do(t, http.MethodPost, at+more, form)
		}
		for place, who := range []string{"lead", "chief"} {
			key := at + "/key?day=" + string(v.days[0]) + "&reading=" + strconv.Itoa(place+1)
			form := url.Values{"day": {string(v.days[0])}, "reading": {strconv.Itoa(place + 1)}, "version": {"0"}, "below": {"x"}, "do": {"done"}, "signed": {apps[0].ID.String(), apps[place+1].ID.String()}}
			if got := send(who, "/key", key, form); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "Число от 0 до 500") || strings.Count(got.Body, " checked") != 2 {
				t.Errorf("nonsense: %d", got.Status)
			}
			form.Set("below", "1")
			if got := send(who, "/key", key, form); got.Status != http.StatusSeeOther {
				t.Errorf("kept: %d %s", got.Status, got.Body)
			}
		}
		looks := 0
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			return tx.QueryRow(ctx, `SELECT COUNT(*) FROM audit_entry WHERE action = 'signed.audit.shown'`).Scan(&looks)
		})
		is(t, "who reads it in her log: each of four, of two readers", looks, 8)
		lead, chief := as(base, "lead"), as(base, "chief")
		if page := lead.Get(t, at); strings.Contains(page.Body, "Катышуучу") || !strings.Contains(page.Body, "Оба чтения готовы") {
			t.Error("who leads the day is shown what only who decides compares")
		}
		page := chief.Get(t, at)
		if !strings.Contains(page.Body, "2 имени прочитаны по-разному") || !strings.Contains(page.Body, apps[1].ID.String()) || strings.Contains(page.Body, apps[3].ID.String()) {
			t.Errorf("the differences: %d", page.Status)
		}
		form := url.Values{"day": {string(v.days[0])}, "version_1": {"1"}, "version_2": {"1"}, "signed_" + apps[1].ID.String(): {"yes"}}
		if got := send("chief", "/take", at, form); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "Решите: Катышуучу 002") {
			t.Errorf("one left open: %d", got.Status)
		}
		form.Set("signed_"+apps[2].ID.String(), "no")
		if got := send("chief", "/take", at, form); got.Status != http.StatusSeeOther {
			t.Errorf("taken: %d", got.Status)
		}
		is(t, "states", v.states(apps), "[attended attended confirmed confirmed]")
		if page := chief.Get(t, at); !strings.Contains(page.Body, "Подписались 2 человека") || !strings.Contains(page.Body, "Ниже списка: 1 подпись") {
			t.Error("the outcome is not told")
		}
		for _, more := range []string{"/key?day=2020-01-01&reading=1", "/key?day=" + string(v.days[0]) + "&reading=3", "/key?day="} {
			if got := chief.Get(t, at+more); got.Status != http.StatusNotFound {
				t.Errorf("%s: %d", more, got.Status)
			}
		}
	})
}

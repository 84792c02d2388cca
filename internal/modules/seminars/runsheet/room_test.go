package runsheet

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/people/peopletest"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// room is the run sheets over the demo's programme, on one engine.
type room struct {
	t     *testing.T
	s     *storage.Store
	clock *storagetest.Clock
	m     *Module
	table access.Table
	osh   programme.Activity // published, in Osh, began an hour ago
	lead  access.Actor
}

func rooms(t *testing.T, f func(v *room), change ...storagetest.Option) {
	t.Helper()
	storagetest.EachAt(t, programmetest.Noon, func(t *testing.T, s *storage.Store, clock *storagetest.Clock) {
		keys := peopletest.Keys(t)
		v := &room{t: t, s: s, clock: clock, table: access.Table{}}
		p := people.New(people.Options{Keys: keys, Store: s, PublicURL: "https://ashar.example", EraseWait: time.Second})
		v.m = &Module{Service: &seats.Service{Store: s, People: p, Keys: keys, PublicURL: "https://ashar.example"}}
		for permission, roles := range v.m.Manifest().Permissions {
			v.table[permission] = roles
		}
		v.table[seats.MayAdmit] = []access.Role{access.Facilitator, access.FrontDesk, access.Coordinator}
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
			_, err = tx.Exec(ctx, `UPDATE activity SET capacity = 40, starts_at = $2, ends_at = $3 WHERE id = $1`, v.osh.ID, storage.Micros(tx.Now.Add(-time.Hour)), storage.Micros(tx.Now.Add(6*time.Hour)))
			return err
		})
		v.must(func(ctx context.Context, tx *storage.Tx) (err error) {
			v.osh, err = v.m.ActivityByID(ctx, tx, v.osh.ID)
			return err
		})
		v.lead = v.staff(access.Facilitator)
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

func (v *room) staff(role access.Role) access.Actor {
	v.t.Helper()
	who := peopletest.Register(v.t, v.s, v.m.People, people.Details{FullName: "Кызматкер " + string(role)}).ID
	return access.Actor{Person: who, Origin: access.OfPasskey, Proven: v.clock.Now(), Grants: []access.Grant{{Role: role}}, Table: v.table}
}

// steps are some steps one after the other, each of ten minutes.
func steps(n int) (out []Step) {
	for i := range n {
		out = append(out, Step{Begins: i * 10, Minutes: 10, Least: 10, Title: i18n.Text{Ky: fmt.Sprintf("Кадам %d", i)}, line: i})
	}
	return out
}

func (v *room) set(actor access.Actor, version int64, list []Step) error {
	v.t.Helper()
	return v.try(func(ctx context.Context, tx *storage.Tx) error {
		return v.m.SetPlan(ctx, tx, SetPlan{Activity: v.osh.ID, Actor: actor, Version: version, Steps: list})
	})
}

func (v *room) plan() (p Plan) {
	v.t.Helper()
	v.must(func(ctx context.Context, tx *storage.Tx) (err error) {
		p, err = PlanOf(ctx, tx, v.osh.ID)
		return err
	})
	return p
}

func (v *room) press(actor access.Actor, marks ...Mark) (out []Outcome, err error) {
	v.t.Helper()
	err = v.try(func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = v.m.Press(ctx, tx, Press{Activity: v.osh.ID, Actor: actor, Marks: marks})
		return err
	})
	return out, err
}

func (v *room) marks() (out []Mark) {
	v.t.Helper()
	v.must(func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = MarksOf(ctx, tx, v.osh.ID)
		return err
	})
	return out
}

func (v *room) mark(nonce, kind string, step Step, from string, after time.Duration) Mark {
	return Mark{Nonce: "nonce-of-a-press-" + nonce, Kind: kind, Step: step.ID.String(), From: from, At: v.clock.Now().Add(after).UnixMilli()}
}

func TestAPlanIsKeptWholeAndItsStepsKeepTheirIds(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		list := steps(3)
		list[1].Room, list[1].Note, list[1].Lead, list[1].Least = "Чоң зал", "3-слайд", v.leader(), 5
		if err := v.set(v.lead, 0, []Step{list[2], list[0], list[1]}); err != nil {
			t.Fatal(err)
		}
		first := v.plan()
		if first.Version != 1 || len(first.Steps) != 3 || first.Steps[1].Room != "Чоң зал" || first.Steps[1].Note != "3-слайд" || first.Steps[1].Least != 5 || first.Steps[1].Lead != v.leader() {
			t.Fatalf("%+v", first)
		}
		changed := append([]Step{{Begins: -20, Minutes: 20, Least: 20, Title: i18n.Text{Ru: "Вход"}}}, first.Steps[1:]...)
		if err := v.set(v.lead, 1, changed); err != nil {
			t.Fatal(err)
		}
		second := v.plan()
		if second.Version != 2 || len(second.Steps) != 3 || second.Steps[1].ID != first.Steps[1].ID || second.Steps[2].ID != first.Steps[2].ID || second.Steps[0].Title.Ru != "Вход" {
			t.Errorf("%+v", second)
		}
		if err := v.set(v.lead, 1, steps(1)); !fault.Is(err, fault.Conflict) {
			t.Errorf("a plan that was changed elsewhere: %v", err)
		}
	})
}

// leader is somebody who may lead a step: who holds the role in the house itself.
func (v *room) leader() storage.ID {
	v.t.Helper()
	v.must(func(ctx context.Context, tx *storage.Tx) error {
		var n int
		if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM role_grant WHERE person_id = $1`, v.lead.Person).Scan(&n); err != nil || n > 0 {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO role_grant (id, person_id, role, programme_id, city, activity_id, scope, given_by, given_at, woken_at)
			VALUES ($1, $2, $3, NULL, '', NULL, 'everywhere', NULL, $4, 0)`, tx.NewID(), v.lead.Person, string(access.Facilitator), storage.Micros(tx.Now))
		return err
	})
	return v.lead.Person
}

func TestAPlanThatIsWrongChangesNothing(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		if err := v.set(v.lead, 0, steps(MostSteps)); err != nil {
			t.Fatalf("as many steps as there may be: %v", err)
		}
		before := v.plan()
		change := func(f func(s *Step)) []Step {
			list := steps(2)
			f(&list[1])
			return list
		}
		for name, list := range map[string][]Step{
			"none":                nil,
			"one too many":        steps(MostSteps + 1),
			"no words":            change(func(s *Step) { s.Title = i18n.Text{} }),
			"too many words":      change(func(s *Step) { s.Title.En = strings.Repeat("x", longestTitle+1) }),
			"a title of lines":    change(func(s *Step) { s.Title.En = "one\ntwo" }),
			"a long room":         change(func(s *Step) { s.Room = strings.Repeat("x", longestRoom+1) }),
			"a long note":         change(func(s *Step) { s.Note = strings.Repeat("x", longestNote+1) }),
			"no minutes":          change(func(s *Step) { s.Minutes = 0 }),
			"a minute too long":   change(func(s *Step) { s.Minutes, s.Least = LongestStep+1, 1 }),
			"shortened to more":   change(func(s *Step) { s.Least = 11 }),
			"shortened to none":   change(func(s *Step) { s.Least = 0 }),
			"an overlap":          change(func(s *Step) { s.Begins = 9 }),
			"a day before":        change(func(s *Step) { s.Begins = -around - 1 }),
			"a day after":         change(func(s *Step) { s.Begins = 7*60 + around - 9 }),
			"somebody else":       change(func(s *Step) { s.Lead = v.osh.ID }),
			"a file of nowhere":   change(func(s *Step) { s.Materials = []storage.ID{v.osh.ID} }),
			"a step of nowhere":   change(func(s *Step) { s.ID = v.osh.ID }),
			"the same step twice": {before.Steps[0], func() Step { s := before.Steps[0]; s.Begins = 100; return s }()},
		} {
			if err := v.set(v.lead, 1, list); !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict) {
				t.Errorf("%s: %v", name, err)
			}
			if after := v.plan(); !reflect.DeepEqual(before, after) {
				t.Fatalf("%s: the plan is changed", name)
			}
		}
		for name, list := range map[string][]Step{
			"the longest":  change(func(s *Step) { s.Minutes, s.Least = LongestStep, 1 }),
			"a day before": {{Begins: -around, Minutes: 1, Least: 1, Title: i18n.Text{Ky: "Эшик"}}},
			"a day after":  {{Begins: 7*60 + around - 10, Minutes: 10, Least: 10, Title: i18n.Text{Ky: "Эшик"}}},
			"the most said": change(func(s *Step) {
				s.Title.En, s.Room, s.Note = strings.Repeat("x", longestTitle), strings.Repeat("x", longestRoom), strings.Repeat("x", longestNote)
			}),
		} {
			if err := v.set(v.lead, v.plan().Version, list); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, role := range []access.Role{access.FrontDesk, access.Reviewer, access.Participant} {
			if err := v.set(v.staff(role), v.plan().Version, steps(1)); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s plans the day: %v", role, err)
			}
		}
	})
}

func TestWhatIsPressedStandsOnceAndEachIsJudgedByItself(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		if err := v.set(v.lead, 0, steps(2)); err != nil {
			t.Fatal(err)
		}
		p := v.plan()
		a, b := p.Steps[0], p.Steps[1]
		good := v.mark("one", Begin, a, "", -time.Minute)
		bad := map[string]Mark{
			"malformed": {Nonce: "short", Kind: Begin, Step: a.ID.String(), At: good.At},
			"step":      {Nonce: good.Nonce + "2", Kind: Begin, Step: v.osh.ID.String(), At: good.At},
			"future":    v.mark("two", Begin, a, "", door.MayBeAhead+time.Millisecond),
			"early":     {Nonce: good.Nonce + "3", Kind: Begin, Step: a.ID.String(), At: v.osh.Starts.Add(-around*time.Minute).UnixMilli() - 1},
		}
		for why, m := range bad {
			out, err := v.press(v.lead, m, good)
			if err != nil || out[0].Result != Refused || out[0].Why != why || out[1].Result == Refused {
				t.Errorf("%s: %+v %v", why, out, err)
			}
		}
		if out, err := v.press(v.lead, good, v.mark("ahead", Begin, b, a.ID.String(), door.MayBeAhead)); err != nil || out[0].Result != Known || out[1].Result != Kept {
			t.Errorf("%+v %v", out, err)
		}
		other := good
		other.Kind = End
		if out, err := v.press(v.lead, other); err != nil || out[0].Why != "nonce" {
			t.Errorf("another act of the same nonce: %+v %v", out, err)
		}
		for _, m := range []Mark{{Kind: "dance"}, {Kind: Length}, {Kind: Length, Minutes: LongestStep + 1}, {Kind: Pause, Minutes: 3}, {Kind: End, From: a.ID.String()}} {
			m.Nonce, m.Step, m.At = good.Nonce+"x", a.ID.String(), good.At
			if out, err := v.press(v.lead, m); err != nil || out[0].Why != "malformed" {
				t.Errorf("%+v: %+v %v", m, out, err)
			}
		}
		if list := v.marks(); len(list) != 2 {
			t.Errorf("what stands: %+v", list)
		}
		if _, err := v.press(v.staff(access.FrontDesk), good); !fault.Is(err, fault.Forbidden) {
			t.Errorf("the front desk runs the day: %v", err)
		}
		if _, err := v.press(v.lead, make([]Mark, MostAtOnce+1)...); !fault.Is(err, fault.TooLarge) {
			t.Errorf("too many at once: %v", err)
		}
		v.clock.Set(v.osh.Ends.Add(seats.TicketGrace + time.Hour))
		if out, err := v.press(v.lead, Mark{Nonce: good.Nonce + "4", Kind: Begin, Step: a.ID.String(), At: v.osh.Ends.Add(seats.TicketGrace).UnixMilli() + 1}); err != nil || out[0].Why != "late" {
			t.Errorf("%+v %v", out, err)
		}
	})
}

func TestAMarkMoreThanADayMayHaveIsRefused(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		if err := v.set(v.lead, 0, steps(1)); err != nil {
			t.Fatal(err)
		}
		a := v.plan().Steps[0]
		var last []Outcome
		for from := 0; from <= MostMarks; from += MostAtOnce {
			var some []Mark
			for i := range MostAtOnce {
				some = append(some, v.mark(fmt.Sprint(from+i), Pause, a, "", 0))
			}
			out, err := v.press(v.lead, some...)
			if err != nil {
				t.Fatal(err)
			}
			last = out
			if from < MostMarks && out[MostAtOnce-1].Result != Kept {
				t.Fatalf("the %d. is %+v", from+MostAtOnce, out[MostAtOnce-1])
			}
		}
		if last[0].Why != "full" || len(v.marks()) != MostMarks {
			t.Errorf("%+v, %d stand", last[0], len(v.marks()))
		}
	})
}

// twoPress lets two press the same, with one nonce, at the same moment; it gives how many marks stand.
func (v *room) twoPress(guarded bool) int {
	v.t.Helper()
	if err := v.set(v.lead, 0, steps(1)); err != nil {
		v.t.Fatal(err)
	}
	a := v.plan().Steps[0]
	v.m.turn = func(context.Context, *storage.Tx, storage.ID) error { return nil } // nobody takes turns
	if !guarded {
		v.must(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `DROP INDEX run_mark_once`)
			return err
		})
	}
	if v.s.Dialect() == storage.PostgreSQL { // SQLite lets one write after the other
		var both sync.WaitGroup
		both.Add(2)
		var left atomic.Int64
		left.Store(2)
		v.m.keeping = func() {
			if left.Add(-1) >= 0 { // who is run again by the store waits for nobody
				both.Done()
				both.Wait() // each has seen that there is none before either keeps
			}
		}
	}
	var done sync.WaitGroup
	for range 2 {
		done.Go(func() {
			if err := v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_, err := v.m.Press(ctx, tx, Press{Activity: v.osh.ID, Actor: v.lead, Marks: []Mark{v.mark("same", Begin, a, "", 0)}})
				return err
			}); err != nil {
				v.t.Error(err)
			}
		})
	}
	done.Wait()
	return len(v.marks())
}

// The positive control: without the guard both stand where the engine lets two write at once.
func TestWithoutTheGuardOnePressStandsTwice(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		want := 1
		if v.s.Dialect() == storage.PostgreSQL {
			want = 2
		}
		if n := v.twoPress(false); n != want {
			t.Errorf("%d marks: the race did not happen, so the test with the guard proves nothing", n)
		}
	}, storagetest.TablesChange)
}

func TestTwoPressesOfOneNonceAtOnceAreOne(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		if n := v.twoPress(true); n != 1 {
			t.Errorf("%d marks", n)
		}
	})
}

// Two change the plan that both have seen, or begin it: one of them has.
func TestOfTwoWhoChangeAPlanAtOnceOneDoes(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		for version := range int64(3) {
			var done sync.WaitGroup
			var kept atomic.Int64
			for range 4 {
				done.Go(func() {
					err := v.s.Write(v.t.Context(), func(ctx context.Context, tx *storage.Tx) error {
						return v.m.SetPlan(ctx, tx, SetPlan{Activity: v.osh.ID, Actor: v.lead, Version: version, Steps: steps(2)})
					})
					if err == nil {
						kept.Add(1)
					} else if !fault.Is(err, fault.Conflict) {
						t.Error(err)
					}
				})
			}
			done.Wait()
			if p := v.plan(); kept.Load() != 1 || p.Version != version+1 || len(p.Steps) != 2 {
				t.Errorf("%d of 4 have changed it: %+v", kept.Load(), p)
			}
		}
	})
}

func TestWhoIsErasedIsForgottenAndWhoIsMergedIsTheOther(t *testing.T) {
	t.Parallel()
	rooms(t, func(v *room) {
		list := steps(2)
		list[0].Lead = v.leader()
		if err := v.set(v.lead, 0, list); err != nil {
			t.Fatal(err)
		}
		if _, err := v.press(v.lead, v.mark("one", Begin, v.plan().Steps[0], "", 0)); err != nil {
			t.Fatal(err)
		}
		named := func(person storage.ID) (n int) {
			v.must(func(ctx context.Context, tx *storage.Tx) error {
				return tx.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM run_plan WHERE changed_by = $1) + (SELECT COUNT(*) FROM run_step WHERE lead_person = $1)
					+ (SELECT COUNT(*) FROM run_mark WHERE by_person = $1 AND device = $2)`, person, seats.StaffDevice(person)).Scan(&n)
			})
			return n
		}
		into := v.staff(access.Coordinator).Person
		if named(v.lead.Person) != 3 {
			t.Fatal("the rows do not name her")
		}
		v.must(func(ctx context.Context, tx *storage.Tx) error { return merge(ctx, tx, v.lead.Person, into) })
		if named(v.lead.Person) != 0 || named(into) != 3 {
			t.Errorf("%d rows name who was merged, %d the other", named(v.lead.Person), named(into))
		}
		v.must(func(ctx context.Context, tx *storage.Tx) error { return erase(ctx, tx, into) })
		if named(into) != 0 || len(v.plan().Steps) != 2 || len(v.marks()) != 1 {
			t.Errorf("%d rows name who is erased; %d steps, %d marks", named(into), len(v.plan().Steps), len(v.marks()))
		}
	})
}

// The usual plan of several days opens the doors once before each day, with nothing that
// overlaps, and can be kept as it is.
func TestTheUsualPlanCanBeKept(t *testing.T) {
	t.Parallel()
	words := Words{Doors: i18n.Text{En: "Doors open"}, Feedback: i18n.Text{En: "Feedback"}}
	rapid.Check(t, func(rt *rapid.T) {
		var a seats.Activity
		days := rapid.IntRange(1, programme.MostDays).Draw(rt, "days")
		a.Starts = time.Date(2026, 11, 21, rapid.IntRange(7, 12).Draw(rt, "begins"), 0, 0, 0, i18n.Bishkek())
		a.Ends = time.Date(2026, 11, 20+days, 23, rapid.IntRange(30, 59).Draw(rt, "ends"), 0, 0, i18n.Bishkek())
		for day := 1; day <= days; day++ {
			for range rapid.IntRange(0, 3).Draw(rt, "sessions") {
				a.Agenda = append(a.Agenda, programme.Session{Day: day, At: fmt.Sprintf("%02d:%02d", rapid.IntRange(13, 23).Draw(rt, "hour"), 15*rapid.IntRange(0, 3).Draw(rt, "quarter")), Minutes: rapid.IntRange(1, 700).Draw(rt, "minutes"), Title: i18n.Text{En: "Session"}})
			}
		}
		list := Usual(a, words)
		if err := judge(a, Plan{}, list, nil, nil); err != nil {
			rt.Fatalf("%v: %+v", err, list)
		}
		opened := 0
		for _, s := range list {
			if s.Title == words.Doors {
				opened++
			}
		}
		if opened > days || opened < 1 {
			rt.Errorf("the doors open %d times on %d days: %+v", opened, days, list)
		}
	})
}

// The usual plan by the clock of three days: each opens its doors before what it begins with.
func TestTheUsualPlanOfSeveralDaysKnowsItsDays(t *testing.T) {
	t.Parallel()
	a := seats.Activity{Starts: time.Date(2026, 11, 21, 10, 0, 0, 0, i18n.Bishkek())}
	a.Ends = a.Starts.Add(2*24*time.Hour + 6*time.Hour)
	a.Agenda = []programme.Session{
		{Day: 3, At: "09:00", Minutes: 60, Title: i18n.Text{En: "Third"}}, {At: "10:00", Minutes: 60, Title: i18n.Text{En: "First"}}, {Day: 2, At: "09:30", Minutes: 30, Title: i18n.Text{En: "Second"}},
	}
	var got []string
	for _, s := range Usual(a, Words{Doors: i18n.Text{En: "Doors"}, Feedback: i18n.Text{En: "Feedback"}}) {
		got = append(got, s.at(a).Format("2 15:04 ")+s.Title.En)
	}
	if want := []string{"21 09:30 Doors", "21 10:00 First", "22 09:00 Doors", "22 09:30 Second", "23 08:30 Doors", "23 09:00 Third", "23 15:45 Feedback"}; !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
}

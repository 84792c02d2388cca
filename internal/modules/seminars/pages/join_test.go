package pages

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
)

// ways are how an application comes to each state.
var ways = map[seats.State][]seats.State{
	seats.Applied: {}, seats.Shortlisted: {seats.Shortlisted}, seats.Waitlisted: {seats.Waitlisted}, seats.Declined: {seats.Declined}, seats.Invited: {seats.Invited},
	seats.Withdrawn: {seats.Invited, seats.Confirmed, seats.Withdrawn}, seats.Confirmed: {seats.Invited, seats.Confirmed}, seats.Attended: {seats.Invited, seats.Confirmed, seats.Attended}, seats.NoShow: {seats.Invited, seats.Confirmed, seats.NoShow},
}

// pair is two records of one woman with an application each, and somebody who waits.
type pair struct {
	m     *Module
	a     seats.Activity
	app   [2]seats.Application
	links [2]string
	third seats.Application
}

func makePair(ctx context.Context, tx *storage.Tx, m *Module, a seats.Activity, states [2]seats.State, spare bool) (p pair, err error) {
	p = pair{m: m, a: a}
	if err := seats.OpenSeminar(ctx, tx, a.ID, 100); err != nil {
		return p, err
	}
	apply := func(name, mail string, answers forms.Answers, state seats.State) (app seats.Application, err error) {
		person, err := m.People.Register(ctx, tx, people.Details{FullName: name, Email: mail, Sex: "female"})
		if err != nil {
			return app, err
		}
		plain, err := answers.Encode()
		if err != nil {
			return app, err
		}
		app, _, err = m.BeginWith(ctx, tx, person, seats.Application{Activity: a.ID, Person: person.ID, Answers: person.Seal(plain), Proven: tx.Now}, person.ID, "test")
		for _, to := range ways[state] {
			if err != nil {
				return app, err
			}
			app, err = seats.ApplicationByID(ctx, tx, app.ID)
			if err == nil && to == seats.Attended {
				var out []door.Outcome
				out, err = m.CheckIn(ctx, tx, door.CheckIn{Device: "phone", Activity: a.ID, Scans: []door.Scan{{Nonce: "nonce-" + app.ID.String()[:8] + app.ID.String()[24:], Event: a.Slug, At: tx.Now, Kind: "in", Application: app.ID}}})
				if err == nil && out[0].Result != "accepted" {
					err = fmt.Errorf("%+v", out)
				}
			} else if err == nil {
				app, err = m.Move(ctx, tx, app, to, storage.ID{}, "test")
			}
		}
		if err != nil {
			return app, err
		}
		return seats.ApplicationByID(ctx, tx, app.ID)
	}
	turns := []int{0, 1} // a seat that is given up is offered to who waits: first
	if states[1] == seats.Withdrawn {
		turns = []int{1, 0}
	}
	for _, i := range turns {
		answers := forms.Answers{}.Clone()
		answers.Values["why"] = []string{fmt.Sprintf("why %d", i)}
		answers.Values[fmt.Sprintf("only%d", i)] = []string{"said"}
		answers.Values[fmt.Sprintf("tick%d", i)] = []string{"on"}
		answers.Files[fmt.Sprintf("file%d", i)] = forms.Upload{Name: "a.pdf", Data: []byte{1}}
		if p.app[i], err = apply("Айгүл", fmt.Sprintf("one%d@mail.kg", i), answers, states[i]); err != nil {
			return p, err
		}
		if p.links[i], err = m.People.NewLink(ctx, tx, people.Link{Person: p.app[i].Person, Purpose: seats.LinkToApplication, Ref: p.app[i].ID}); err != nil {
			return p, err
		}
		if _, err = tx.Exec(ctx, `INSERT INTO application_call (id, application_id, answer, at) VALUES ($1, $2, 'other', 1)`, tx.NewID(), p.app[i].ID); err != nil {
			return p, err
		}
	}
	if p.third, err = apply("Ким", "third@mail.kg", forms.Answers{}.Clone(), seats.Waitlisted); err != nil {
		return p, err
	}
	if !spare { // just as many as are held
		_, err = tx.Exec(ctx, `UPDATE seminar SET capacity = taken WHERE activity_id = $1`, a.ID)
	}
	return p, err
}

// Every pair of states, whichever record stays, with seats to spare and with none, on
// both engines: one application is left, the livelier, with all that hung on either;
// nothing counts twice, a seat is given on, and she is told what her record did not say.
func TestEveryPairOfApplicationsBecomesOneAndNothingIsLost(t *testing.T) {
	t.Parallel()
	order := map[seats.State]int{seats.Attended: 9, seats.Confirmed: 8, seats.NoShow: 7, seats.Invited: 6, seats.Waitlisted: 5, seats.Shortlisted: 4, seats.Applied: 3, seats.Declined: 2, seats.Withdrawn: 1}
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, _ := fixture(t, store, nil)
		m.People.Attach([]module.Manifest{{Name: "seminars", Merge: m.Merge, Erase: m.Erase, Export: m.Export, Proved: m.Proved}})
		for _, x := range seats.States {
			for _, y := range seats.States {
				for _, into := range []int{0, 1} {
					for _, spare := range []bool{true, false} {
						onePair(t, m, c, [2]seats.State{x, y}, into, spare, order)
					}
				}
			}
		}
	})
}

func onePair(t *testing.T, m *Module, c *storagetest.Clock, states [2]seats.State, into int, spare bool, order map[seats.State]int) {
	t.Helper()
	name := fmt.Sprintf("%s with %s, %d stays, spare %v", states[0], states[1], into, spare)
	_, a := fixture(t, m.Store, nil)
	a.Capacity = 100
	m.Calendar = diary{a}
	begun := slices.Contains(states[:], seats.Attended) || slices.Contains(states[:], seats.NoShow)
	if c.Set(start); begun { // nobody is invited from then on
		c.Set(a.Starts.Add(-time.Second))
	}
	var p pair
	write(t, m, func(ctx context.Context, tx *storage.Tx) (err error) {
		p, err = makePair(ctx, tx, m, a, states, spare)
		return err
	})
	// What hangs on both is the third's also before: she is counted out.
	of := func(table string) int {
		return count(t, m, `SELECT COUNT(*) FROM `+table+` WHERE application_id IN (SELECT id FROM application WHERE activity_id = $1 AND id <> $2)`, a.ID, p.third.ID)
	}
	tables := []string{"ticket", "scan", "application_call", "application_move"}
	before := map[string]int{}
	for _, table := range tables {
		before[table] = of(table)
	}
	sent := func() int {
		return count(t, m, `SELECT COUNT(*) FROM setting WHERE name LIKE $1 OR name LIKE $2`, "sent/%"+p.app[0].ID.String()+"%", "sent/%"+p.app[1].ID.String()+"%")
	}
	letters := sent()
	facts := map[string]bool{}
	for _, kind := range []string{"applied", "invited", "confirmed", "attended"} {
		facts[kind] = count(t, m, `SELECT COALESCE(SUM(value), 0) FROM fact WHERE activity_id = $1 AND kind = $2`, a.ID, "seminars."+kind) > map[string]int{"applied": 1}[kind]
	}
	c.Set(c.Now().Add(time.Minute))
	write(t, m, func(ctx context.Context, tx *storage.Tx) error {
		return m.People.Merge(ctx, tx, people.MergeRecords{From: p.app[1-into].Person, Into: p.app[into].Person})
	})

	want := states[0]
	if order[states[1]] > order[states[0]] {
		want = states[1]
	}
	var hers []seats.Application
	var answers forms.Answers
	var links [2]people.Link
	var attendance seats.Attendance
	write(t, m, func(ctx context.Context, tx *storage.Tx) (err error) {
		if hers, err = seats.ApplicationsBy(ctx, tx, p.app[into].Person); err != nil || len(hers) != 1 {
			return err
		}
		for i, token := range p.links {
			if links[i], err = m.People.OpenLink(ctx, tx, token, seats.LinkToApplication); err != nil {
				return fmt.Errorf("%s: the link of %d: %w", name, i, err)
			}
		}
		if attendance, err = seats.AttendanceOf(ctx, tx, hers[0].ID); err != nil {
			return err
		}
		answers, err = m.AnswersOf(ctx, tx, hers[0])
		return err
	})
	if len(hers) != 1 || hers[0].State != want || count(t, m, `SELECT COUNT(*) FROM application WHERE activity_id = $1`, a.ID) != 2 {
		t.Errorf("%s: she has %+v, want one that is %s", name, hers, want)
		return
	}
	one := hers[0]
	for i := range links {
		if links[i].Ref != one.ID || links[i].Person != p.app[into].Person {
			t.Errorf("%s: the link of %d opens %+v", name, i, links[i])
		}
	}
	for i := range 2 {
		if answers.First(fmt.Sprintf("only%d", i)) != "said" || len(answers.Files[fmt.Sprintf("file%d", i)].Data) != 1 {
			t.Errorf("%s: of the answers of %d is left %+v", name, i, answers)
		}
	}
	if ticks := len(answers.First("tick0")) + len(answers.First("tick1")); ticks != len("on") {
		t.Errorf("%s: a tick that she did not set is set: %+v", name, answers)
	}
	for _, table := range tables {
		extra := 0
		if table == "application_move" {
			extra = 1
		}
		if n := count(t, m, `SELECT COUNT(*) FROM `+table+` WHERE application_id = $1`, one.ID); n != before[table]+extra {
			t.Errorf("%s: %d of %s, want %d", name, n, table, before[table]+extra)
		}
	}
	valid := count(t, m, `SELECT COUNT(*) FROM ticket WHERE application_id = $1 AND revoked_at = 0`, one.ID)
	if holds := want == seats.Confirmed || want == seats.Attended || want == seats.NoShow; holds != (valid > 0) {
		t.Errorf("%s: %d tickets hold", name, valid)
	}
	if in := slices.Contains(states[:], seats.Attended); attendance.Inside != in || in != (attendance.FirstIn != 0) {
		t.Errorf("%s: %+v", name, attendance)
	}
	taken, held := count(t, m, `SELECT taken FROM seminar WHERE activity_id = $1`, a.ID), count(t, m, `SELECT COUNT(*) FROM application WHERE activity_id = $1 AND state IN `+seats.Holding, a.ID)
	if taken != held {
		t.Errorf("%s: %d seats taken, %d held", name, taken, held)
	}
	freed := states[0].HoldsSeat() && states[1].HoldsSeat() && !begun
	if got := stateOf(t, m, p.third.ID).State; (got == seats.Invited) != freed {
		t.Errorf("%s: who waits is %s", name, got)
	}
	for kind, there := range facts {
		n := count(t, m, `SELECT COALESCE(SUM(value), 0) FROM fact WHERE activity_id = $1 AND kind = $2 AND subject = $3`, a.ID, "seminars."+kind, subjectOf(t, m, one.Person))
		if n != map[bool]int{true: 1}[there] {
			t.Errorf("%s: %s %d times", name, kind, n)
		}
	}
	told := sent() - letters
	if news := seats.StandingNotice(want) != "" && want != states[into] && !begun; told != map[bool]int{true: 1}[news] {
		t.Errorf("%s: %d letters to her", name, told)
	}
	// Where she came by both, undoing one leaves the other; undoing both leaves nothing.
	if states == [2]seats.State{seats.Attended, seats.Attended} {
		for i := range 2 {
			id := p.app[i].ID.String()
			out, err := checkIn(t.Context(), m, a, "phone", door.Scan{Nonce: "undo-" + id[:8] + id[24:], Code: "nonce-" + id[:8] + id[24:], Event: a.Slug, At: c.Now(), Kind: "undo"})
			if err != nil || out[0].Result != "accepted" {
				t.Fatalf("%+v, %v", out, err)
			}
			n := count(t, m, `SELECT COALESCE(SUM(value), 0) FROM fact WHERE activity_id = $1 AND kind = 'seminars.attended'`, a.ID)
			if got := stateOf(t, m, one.ID).State; (got == seats.Attended) != (i == 0) || n != 1-i {
				t.Errorf("%s: after %d undone she is %s, %d facts", name, i+1, got, n)
			}
		}
	}
}

func subjectOf(t testing.TB, m *Module, person storage.ID) (id storage.ID) {
	t.Helper()
	write(t, m, func(ctx context.Context, tx *storage.Tx) error {
		p, err := m.People.ByID(ctx, tx, person)
		id = p.Subject
		return err
	})
	return id
}

// Of two that wait the better place stays, of two that are invited the longer time, of
// two with a seat what she said again and the proof; who came on an extra seat gets the other's.
func TestOfTwoInOneStateTheBetterStays(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, _ := fixture(t, store, nil)
		m.People.Attach([]module.Manifest{{Name: "seminars", Merge: m.Merge, Erase: m.Erase, Export: m.Export, Proved: m.Proved}})
		for _, into := range []int{0, 1} {
			for _, c2 := range []struct {
				state  seats.State
				set    [2]string
				better int
				holds  func(seats.Application) bool
			}{
				{seats.Waitlisted, [2]string{`place = 9`, `place = 4`}, 1, func(a seats.Application) bool { return a.Place == 4 }},
				{seats.Invited, [2]string{`expires_at = 1900000000000000`, `expires_at = 1800000000000000`}, 0, func(a seats.Application) bool { return a.Expires.Unix() == 1900000000 }},
				{seats.Confirmed, [2]string{`reconfirm = 'asked'`, `reconfirm = 'yes'`}, -1, func(a seats.Application) bool { return a.Reconfirm == "yes" }},
				{seats.Confirmed, [2]string{`proven_at = 0`, `proven_at = proven_at`}, 1, func(a seats.Application) bool { return !a.Proven.IsZero() }},
				{seats.Confirmed, [2]string{`made_at = 1700000000000000`, `made_at = made_at`}, 0, func(a seats.Application) bool { return a.Made.Unix() == 1700000000 }},
				{seats.Confirmed, [2]string{`proven_at = 0, held_until = 1900000000000000, facts = 0`, `proven_at = 0, held_until = 1950000000000000, facts = 0`}, -1, func(a seats.Application) bool {
					return a.Held.Unix() == 1950000000 && count(t, m, `SELECT COUNT(*) FROM job WHERE kind = 'seminars.lapse' AND dedupe = $1`, fmt.Sprintf("%s/%d", a.ID, 1950000000)) == 1
				}},
			} {
				_, a := fixture(t, store, nil)
				m.Calendar = diary{a}
				c.Set(start)
				var p pair
				write(t, m, func(ctx context.Context, tx *storage.Tx) (err error) {
					if p, err = makePair(ctx, tx, m, a, [2]seats.State{c2.state, c2.state}, true); err != nil {
						return err
					}
					for i := range 2 {
						if _, err := tx.Exec(ctx, `UPDATE application SET `+c2.set[i]+` WHERE id = $1`, p.app[i].ID); err != nil {
							return err
						}
					}
					return m.People.Merge(ctx, tx, people.MergeRecords{From: p.app[1-into].Person, Into: p.app[into].Person})
				})
				var hers []seats.Application
				write(t, m, func(ctx context.Context, tx *storage.Tx) (err error) {
					hers, err = seats.ApplicationsBy(ctx, tx, p.app[into].Person)
					return err
				})
				if len(hers) != 1 || !c2.holds(hers[0]) || c2.better >= 0 && hers[0].ID != p.app[c2.better].ID {
					t.Errorf("%s, %v, %d stays: %+v", c2.state, c2.set, into, hers)
				}
			}
		}
	})
}

// Records become one at her sign-in: what she sees is the application that lives.
func TestWhoProvesThatBothRecordsAreHersHasOneApplication(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := joined(t, store, 1)
		first := applied(t, m, a, 1)
		if err := answer(t.Context(), m, first.ID, seats.StepBack); err != nil {
			t.Fatal(err)
		}
		c.Set(start.Add(time.Minute))
		var second seats.Application
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			h, err := m.Apply(ctx, tx, seats.Apply{Activity: a.ID, Answers: answersOf(1), Secret: "another browser", Lang: i18n.Kyrgyz})
			second = h.Application
			return err
		})
		if second.ID == first.ID || second.Person == first.Person {
			t.Fatal("the form found her")
		}
		write(t, m, func(ctx context.Context, tx *storage.Tx) error {
			return m.People.Merge(ctx, tx, people.MergeRecords{By: first.Person, From: second.Person, Into: first.Person, Own: true})
		})
		if n := count(t, m, `SELECT COUNT(*) FROM application WHERE activity_id = $1 AND person_id = $2 AND state = 'confirmed'`, a.ID, first.Person); n != 1 {
			t.Errorf("%d confirmed applications of hers", n)
		}
		if n := count(t, m, `SELECT COUNT(*) FROM application`); n != 1 {
			t.Errorf("%d applications", n)
		}
	})
}

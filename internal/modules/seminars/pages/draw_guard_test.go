package pages

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/selection"
)

// twoDraw lets two compute a draw of the same number and keep it at the same time; it gives how many there are.
func twoDraw(t *testing.T, store *storage.Store, c *storagetest.Clock, guarded bool) int {
	k := newCall(t, store, c, 4)
	k.crowd(rand.New(rand.NewPCG(1, 2)), 12)
	k.rule(selection.Rules{Seats: 4, Quotas: []selection.Quota{{By: "sex", Value: "female", Min: 1, Max: 3}}})
	if !guarded {
		drop := `DROP INDEX selection_draw_once_off`
		if store.Dialect() == storage.PostgreSQL {
			drop = `ALTER TABLE selection_draw DROP CONSTRAINT selection_draw_once`
		}
		if store.Dialect() == storage.PostgreSQL {
			k.write(func(ctx context.Context, tx *storage.Tx) error { _, err := tx.Exec(ctx, drop); return err })
		} else { // SQLite drops no constraint of a table: the table is made anew without it
			k.write(func(ctx context.Context, tx *storage.Tx) error {
				var made string
				if err := tx.QueryRow(ctx, `SELECT sql FROM sqlite_schema WHERE name = 'selection_draw'`).Scan(&made); err != nil {
					return err
				}
				made = strings.Replace(made, "CONSTRAINT selection_draw_once UNIQUE (activity_id, number),", "", 1)
				for _, q := range []string{`DROP TABLE selection_draw`, made} {
					if _, err := tx.Exec(ctx, q); err != nil {
						return err
					}
				}
				return nil
			})
		}
	}
	ask := k.ask("", "")
	var both sync.WaitGroup
	both.Add(2)
	k.Chooser.Drawing = func() {
		both.Done()
		both.Wait() // each has computed before either keeps
	}
	crowd(t, 2, 2, func(int) error { return k.Chooser.DrawAsked(context.Background(), ask.ID, k.a.ID) })
	return count(t, k.Module, `SELECT COUNT(*) FROM selection_draw`)
}

// The positive control: without the guard two that computed at the same time both draw.
func TestWithoutTheGuardTwoDrawsOfOneNumberStand(t *testing.T) {
	t.Parallel()
	storagetest.EachAt(t, start, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		if n := twoDraw(t, store, c, false); n != 2 {
			t.Errorf("%d draws: the race did not happen, so the test with the guard proves nothing", n)
		}
	}, storagetest.TablesChange)
}

func TestTwoWhoDrawAtOnceMakeOneDraw(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		if n := twoDraw(t, store, c, true); n != 1 {
			t.Errorf("%d draws", n)
		}
	})
}

func TestTwoCoordinatorsWhoAskAtOnceAskForOneDraw(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 4)
		k.crowd(rand.New(rand.NewPCG(1, 3)), 9)
		k.rule(selection.Rules{Seats: 4})
		var mu sync.Mutex
		asked, refused := 0, 0
		crowd(t, 8, 8, func(int) error {
			err := k.try(func(ctx context.Context, tx *storage.Tx) error {
				_, err := k.Chooser.AskDraw(ctx, tx, selection.AskDraw{Actor: k.staff, Activity: k.a.ID})
				return err
			})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				asked++
			case fault.Is(err, fault.Conflict):
				refused++
			default:
				return err
			}
			return nil
		})
		if asked != 1 || refused != 7 {
			t.Errorf("%d asked, %d refused", asked, refused)
		}
		if n := count(t, k.Module, `SELECT COUNT(*) FROM job WHERE kind = 'seminars.draw'`); n != 1 {
			t.Errorf("%d jobs", n)
		}
	})
}

// What changes while it is drawn makes it drawn anew from what is then; what goes on
// changing is told.
func TestADrawIsOfWhatStandsWhenItIsKept(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 4)
		r := rand.New(rand.NewPCG(1, 4))
		k.crowd(r, 9)
		k.rule(selection.Rules{Seats: 4})
		changes := 1
		k.Chooser.Drawing = func() {
			if changes > 0 {
				changes--
				k.crowd(r, 1)
			}
		}
		if why := k.draw("", ""); why != "" {
			t.Fatal(why)
		}
		if d := k.table().Draw; d.Lots != 10 {
			t.Errorf("%d lots, 10 applied", d.Lots)
		}
		changes = 100
		if why := k.draw("", "Дагы бир жолу"); why != "seminars.selection.fault.changed" {
			t.Errorf("what went on changing: %q", why)
		}
		if d := k.table().Draw; d.Number != 1 {
			t.Errorf("draw %d", d.Number)
		}
	})
}

func TestADrawIsNeverReplacedWithoutAReasonNorChanged(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 4)
		k.crowd(rand.New(rand.NewPCG(1, 5)), 12)
		again := func(after int, reason string) error {
			return k.try(func(ctx context.Context, tx *storage.Tx) error {
				_, err := k.Chooser.AskDraw(ctx, tx, selection.AskDraw{Actor: k.staff, Activity: k.a.ID, After: after, Reason: reason})
				return err
			})
		}
		if !fault.Is(again(0, ""), fault.Invalid) {
			t.Error("drawn without rules")
		}
		k.rule(selection.Rules{Seats: 4})
		if !fault.Is(again(1, "x"), fault.Conflict) {
			t.Error("drawn after a draw that is not there")
		}
		k.draw("", "")
		first := k.table().Draw
		for _, reason := range []string{"", "   ", "\t\n"} {
			if f := fault.Of(again(1, reason)); f == nil || f.Field != "reason" {
				t.Errorf("reason %q: %v", reason, f)
			}
		}
		if !fault.Is(again(0, "Башка себеп"), fault.Conflict) {
			t.Error("drawn again by who had not seen the draw")
		}
		if why := k.draw("", "Бир арыз кеч келди"); why != "" {
			t.Fatal(why)
		}
		var record selection.Record
		if err := k.Store.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) (err error) {
			record, err = k.Chooser.Record(ctx, tx, k.staff, k.a)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if len(record.Draws) != 2 || record.Draws[1].Seed != first.Seed || record.Draws[0].Reason != "Бир арыз кеч келди" || record.Draws[0].Seed == first.Seed {
			t.Errorf("the record holds %+v", record.Draws)
		}
		// Whoever is at the database changes nothing either.
		for _, q := range []string{
			`DELETE FROM selection_draw`, `DELETE FROM selection_lot`, `UPDATE selection_draw SET seed = 'x'`, `UPDATE selection_draw SET number = number + 1`,
			`UPDATE selection_draw SET box = NULL`, `UPDATE selection_lot SET drawn = TRUE`, `UPDATE selection_lot SET place = 1`,
			`INSERT INTO selection_draw SELECT * FROM selection_draw WHERE number = 1`,
		} {
			if err := k.try(func(ctx context.Context, tx *storage.Tx) error { _, err := tx.Exec(ctx, q); return err }); err == nil {
				t.Errorf("%s was done", q)
			}
		}
		if err := k.try(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO selection_draw (id, activity_id, number, reason, rules, seed, fingerprint, fixed_at, reached, lots, kept, digest, box, at)
				SELECT $1, activity_id, 9, '', rules, seed, fingerprint, fixed_at, reached, lots, kept, digest, box, at FROM selection_draw WHERE number = 1`, storage.RandomID(start))
			return err
		}); !storage.Violates(err, "selection_draw_reason") {
			t.Errorf("a draw without a reason: %v", err)
		}
	})
}

// Nobody outside the scope reads, rules, decides by hand, draws, tells or takes back.
func TestNobodyOutsideTheScopeSelects(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 4)
		ids := k.crowd(rand.New(rand.NewPCG(1, 6)), 12)
		k.rule(selection.Rules{Seats: 4})
		k.draw("", "")
		step := k.plan(2)
		as := func(actor access.Actor, role access.Role) access.Actor {
			actor.Grants = []access.Grant{{Role: role}}
			return actor
		}
		nobody := access.Actor{Table: k.Manifest().Permissions}
		for name, actor := range map[string]access.Actor{
			"a coordinator of another city": {Person: k.staff.Person, Grants: []access.Grant{{Role: access.Coordinator, Scope: access.Scope{City: "naryn"}}}, Table: nobody.Table},
			"a facilitator":                 as(k.staff, access.Facilitator), "a reviewer": as(k.staff, access.Reviewer), "a donor": as(k.staff, access.Donor),
			"the front desk": as(k.staff, access.FrontDesk), "a participant": as(k.staff, access.Participant), "nobody": nobody,
		} {
			before := k.everything()
			for what, f := range map[string]func(ctx context.Context, tx *storage.Tx) error{
				"reads": func(ctx context.Context, tx *storage.Tx) error {
					_, err := k.Chooser.Table(ctx, tx, actor, k.a)
					return err
				},
				"previews": func(ctx context.Context, tx *storage.Tx) error {
					_, err := k.Chooser.Preview(ctx, tx, actor, k.a, 1, "")
					return err
				},
				"records": func(ctx context.Context, tx *storage.Tx) error {
					_, err := k.Chooser.Record(ctx, tx, actor, k.a)
					return err
				},
				"takes the files": func(ctx context.Context, tx *storage.Tx) error {
					_, err := k.Chooser.Files(ctx, tx, actor, k.a.ID, 1)
					return err
				},
				"rules": func(ctx context.Context, tx *storage.Tx) error {
					return k.Chooser.SaveRules(ctx, tx, selection.SaveRules{Actor: actor, Activity: k.a.ID, Rules: selection.Rules{Seats: 1}, Version: 1})
				},
				"decides": func(ctx context.Context, tx *storage.Tx) error {
					_, err := k.Chooser.MarkByHand(ctx, tx, selection.MarkByHand{Actor: actor, Activity: k.a.ID, Put: selection.In, Reason: "x", Chosen: ids[:1]})
					return err
				},
				"draws": func(ctx context.Context, tx *storage.Tx) error {
					_, err := k.Chooser.AskDraw(ctx, tx, selection.AskDraw{Actor: actor, Activity: k.a.ID, After: 1, Reason: "x"})
					return err
				},
				"tells": func(ctx context.Context, tx *storage.Tx) error {
					_, err := k.Chooser.PlanStep(ctx, tx, selection.PlanStep{Actor: actor, Activity: k.a.ID})
					return err
				},
				"takes back": func(ctx context.Context, tx *storage.Tx) error {
					_, err := k.Chooser.TakeBackStep(ctx, tx, actor, step.ID)
					return err
				},
			} {
				if err := k.try(f); !fault.Is(err, fault.Forbidden) {
					t.Errorf("%s %s: %v", name, what, err)
				}
			}
			if _, _, err := k.Chooser.Check(context.Background(), actor, k.a.ID, selection.Rules{Seats: 1}); !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s checks: %v", name, err)
			}
			if fmt.Sprint(before) != fmt.Sprint(k.everything()) {
				t.Errorf("%s changed something", name)
			}
		}
	})
}

// A decision by hand needs a reason, concerns open applications of this activity alone, and
// all of it or nothing is done.
func TestADecisionByHandIsWholeAndHasAReason(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 4)
		ids := k.crowd(rand.New(rand.NewPCG(1, 7)), 6)
		k.write(func(ctx context.Context, tx *storage.Tx) error {
			app, err := seats.ApplicationByID(ctx, tx, ids[5])
			if err == nil {
				_, err = k.Move(ctx, tx, app, seats.Invited, k.staff.Person, "")
			}
			return err
		})
		many := make([]storage.ID, seats.MostAtOnce+1)
		for name, cmd := range map[string]selection.MarkByHand{
			"without a reason": {Put: selection.In, Chosen: ids[:1]}, "a reason that is too long": {Put: selection.In, Reason: strings.Repeat("ы", 301), Chosen: ids[:1]},
			"nobody": {Put: selection.In, Reason: "x"}, "too many": {Put: selection.In, Reason: "x", Chosen: many}, "another choice": {Put: "up", Reason: "x", Chosen: ids[:1]},
			"who has a seat": {Put: selection.Out, Reason: "x", Chosen: []storage.ID{ids[0], ids[5]}}, "who is not there": {Put: selection.Out, Reason: "x", Chosen: []storage.ID{ids[0], storage.RandomID(start)}},
		} {
			cmd.Actor, cmd.Activity = k.staff, k.a.ID
			err := k.try(func(ctx context.Context, tx *storage.Tx) error {
				_, err := k.Chooser.MarkByHand(ctx, tx, cmd)
				return err
			})
			if fault.Of(err) == nil {
				t.Errorf("%s: %v", name, err)
			}
			if n := count(t, k.Module, `SELECT COUNT(*) FROM selection_mark`); n != 0 {
				t.Fatalf("%s left %d marks", name, n)
			}
		}
		k.mark(selection.In, ids[0], ids[1])
		k.mark(selection.In, ids[0]) // so already
		k.c.Pass(time.Second)
		k.mark(selection.Free, ids[1])
		table := k.table()
		for _, a := range table.Applicants {
			want := a.ID == ids[0] || a.ID == ids[5]
			if table.Chosen(a) != want {
				t.Errorf("chosen %v", !want)
			}
		}
		if n := count(t, k.Module, `SELECT COUNT(*) FROM selection_mark`); n != 3 {
			t.Errorf("%d marks", n)
		}
	})
}

// More than there are seats for is not told; after the start nothing is.
func TestAStepIsRefusedThatCannotBeKept(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 2)
		ids := k.crowd(rand.New(rand.NewPCG(1, 8)), 6)
		k.mark(selection.In, ids[:3]...)
		k.closes(k.c.Now().Add(-time.Second))
		preview := func() (p selection.Preview) {
			if err := k.Store.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) (err error) {
				p, err = k.Chooser.Preview(ctx, tx, k.staff, k.a, selection.Everybody, "")
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return p
		}
		plan := func(seen string) error {
			return k.try(func(ctx context.Context, tx *storage.Tx) error {
				_, err := k.Chooser.PlanStep(ctx, tx, selection.PlanStep{Actor: k.staff, Activity: k.a.ID, Waiting: selection.Everybody, Seen: seen})
				return err
			})
		}
		if err := plan(preview().Seen); !fault.Is(err, fault.Full) {
			t.Errorf("three on two seats: %v", err)
		}
		seen := preview().Seen
		k.mark(selection.Free, ids[2])
		if err := plan(seen); !fault.Is(err, fault.Conflict) {
			t.Errorf("what was not seen: %v", err)
		}
		step := k.plan(selection.Everybody)
		// Somebody else takes a seat meanwhile: who finds none waits first.
		k.write(func(ctx context.Context, tx *storage.Tx) error {
			app, err := seats.ApplicationByID(ctx, tx, ids[5])
			if err == nil {
				_, err = k.Move(ctx, tx, app, seats.Invited, k.staff.Person, "")
			}
			return err
		})
		k.tell(step)
		if got := k.states(); got[seats.Invited] != 2 || got[seats.Waitlisted] != 4 {
			t.Errorf("%v", got)
		}
		last := ids[0]
		if stateOf(t, k.Module, ids[0]).State == seats.Invited {
			last = ids[1]
		}
		if n := count(t, k.Module, `SELECT COUNT(*) FROM application WHERE state = 'waitlisted' AND place < (SELECT place FROM application WHERE id = $1)`, last); n != 0 {
			t.Errorf("%d wait before who was chosen", n)
		}
		k.c.Pass(time.Minute)
		k.mark(selection.Out, ids[3])
		step = k.plan(selection.Everybody)
		k.c.Set(k.a.Starts)
		if err := k.Chooser.StepDue(context.Background(), step.ID); err != nil {
			t.Fatal(err)
		}
		if n := count(t, k.Module, `SELECT COUNT(*) FROM selection_step WHERE state = 'refused' AND refused = 'seminars.fault.begun'`); n != 1 {
			t.Error("a step after the start was not refused")
		}
	})
}

package pages

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/selection"
)

func (k *call) explain(id storage.ID) (e selection.Explanation, ok bool) {
	k.Helper()
	if err := k.Store.Read(context.Background(), func(ctx context.Context, tx *storage.Tx) error {
		app, err := seats.ApplicationByID(ctx, tx, id)
		if err != nil {
			return err
		}
		e, ok, err = k.Chooser.Explain(ctx, tx, app)
		return err
	}); err != nil {
		k.Fatal(err)
	}
	return e, ok
}

// Nothing is explained before it is told; then each learns the rules, the numbers and her
// own chance, and of a choice by hand the reason.
func TestEachIsToldTheRulesAndHerOwnChanceOnceItIsTold(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 5)
		r := rand.New(rand.NewPCG(2, 1))
		ids := k.crowd(r, 20)
		k.mark(selection.In, ids[3])
		k.mark(selection.Out, ids[4])
		k.rule(selection.Rules{Seats: 5, Quotas: []selection.Quota{{By: "sex", Value: "female", Min: 2, Max: 4}}})
		k.draw("", "")
		before := k.table()
		step := k.plan(8)
		for _, id := range ids {
			if _, ok := k.explain(id); ok {
				t.Fatal("explained before it was told")
			}
		}
		k.tell(step)
		late := k.crowd(r, 1)
		if _, ok := k.explain(late[0]); ok {
			t.Error("explained to who took no part")
		}
		for _, id := range ids {
			e, ok := k.explain(id)
			if !ok {
				t.Error("not explained")
			}
			lot, has := before.Lot(id)
			if !has { // who was put out
				if e.Lot != 0 || e.ByHand.Put != selection.Out || e.ByHand.Reason != "Ички эреже" {
					t.Errorf("%+v", e)
				}
				continue
			}
			chance, _ := before.Chance(id)
			if e.Lot != lot.Number || e.Chance != chance || e.Drawn != lot.Drawn || e.Place != lot.Place || e.Draw.Lots != 19 || e.Draw.Rules.Seats != 5 {
				t.Errorf("%+v for lot %+v of chance %v", e, lot, chance)
			}
			if (e.ByHand.Reason != "") != (id == ids[3]) {
				t.Errorf("by hand: %+v", e.ByHand)
			}
		}
	})
}

// Who is erased leaves no name, no reason and no chance that leads to her; the draw stays as it
// was, and is repeated from its files all the same.
func TestWhoIsErasedLeavesALotOfNobody(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 5)
		ids := k.crowd(rand.New(rand.NewPCG(2, 2)), 16)
		k.mark(selection.In, ids[2])
		k.rule(selection.Rules{Seats: 5, Quotas: []selection.Quota{{By: "city", Value: "osh", Min: 1, Max: 5}}})
		k.draw("", "")
		k.tell(k.plan(selection.Everybody))
		files := func() (f selection.Files) {
			k.write(func(ctx context.Context, tx *storage.Tx) (err error) {
				f, err = k.Chooser.Files(ctx, tx, k.staff, k.a.ID, 1)
				return err
			})
			return f
		}
		before := files()
		her := stateOf(t, k.Module, ids[2]).Person
		export := ""
		k.write(func(ctx context.Context, tx *storage.Tx) error {
			sections, err := k.Manifest().Export(ctx, tx, her)
			text, _ := json.Marshal(sections)
			export = string(text)
			return err
		})
		if !strings.Contains(export, "Ички эреже") || !strings.Contains(export, before.Draw.Seed) {
			t.Errorf("her export does not hold the decision and the draw: %s", export)
		}
		k.write(func(ctx context.Context, tx *storage.Tx) error { return k.Manifest().Erase(ctx, tx, her) })
		k.write(func(ctx context.Context, tx *storage.Tx) error { return k.Manifest().Erase(ctx, tx, k.staff.Person) })
		for what, n := range map[string]int{
			"marks of hers":     count(t, k.Module, `SELECT COUNT(*) FROM selection_mark`),
			"lots of hers":      count(t, k.Module, `SELECT COUNT(*) FROM selection_lot WHERE application_id = $1`, ids[2]),
			"draws by staff":    count(t, k.Module, `SELECT COUNT(*) FROM selection_draw WHERE by_person IS NOT NULL`),
			"steps by staff":    count(t, k.Module, `SELECT COUNT(*) FROM selection_step WHERE by_person IS NOT NULL`),
			"rules by staff":    count(t, k.Module, `SELECT COUNT(*) FROM selection_rules WHERE changed_by IS NOT NULL`),
			"lots that are not": 16 - count(t, k.Module, `SELECT COUNT(*) FROM selection_lot`),
			"lots of somebody":  15 - count(t, k.Module, `SELECT COUNT(*) FROM selection_lot WHERE application_id IS NOT NULL`),
		} {
			if n != 0 {
				t.Errorf("%s: %d", what, n)
			}
		}
		after := files()
		if string(before.List) != string(after.List) || string(before.Quotas) != string(after.Quotas) || before.Command != after.Command || selection.Fingerprint(string(after.List)) != after.Draw.Digest {
			t.Error("the draw is another one")
		}
		for _, text := range []string{string(after.List), string(after.Quotas), after.Command} {
			if strings.Contains(text, "Бегайым") || strings.Contains(text, "example.kg") || strings.Contains(text, ids[0].String()) {
				t.Errorf("a file names somebody: %s", text)
			}
		}
		// What goes on goes on without her.
		for _, id := range ids {
			if s := stateOfIfThere(t, k.Module, id); s == seats.Invited {
				k.c.Pass(time.Minute)
				if err := answer(t.Context(), k.Module, id, seats.SayNo); err != nil {
					t.Fatal(err)
				}
				break
			}
		}
		if n := holders(t, k.Module); n != 5 {
			t.Errorf("%d hold one of 5 seats", n)
		}
	})
}

// stateOfIfThere is the state of an application that may be gone.
func stateOfIfThere(t testing.TB, m *Module, id storage.ID) (s seats.State) {
	t.Helper()
	if err := m.Store.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		app, _, err := seats.ApplicationIfThere(ctx, tx, id)
		s = app.State
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return s
}

// When two records turn out to be one person's, her better lot is hers, and the other nobody's.
func TestOfTwoLotsOfOnePersonTheBetterIsHers(t *testing.T) {
	t.Parallel()
	everyCase(t, 8, func(k *call, r *rand.Rand) {
		ids := k.crowd(r, 14)
		k.rule(selection.Rules{Seats: k.a.Capacity})
		k.draw("", "")
		table := k.table()
		one, two := stateOf(k, k.Module, ids[r.IntN(7)]), stateOf(k, k.Module, ids[7+r.IntN(7)])
		x, _ := table.Lot(one.ID)
		y, _ := table.Lot(two.ID)
		k.mark(selection.In, two.ID)
		k.write(func(ctx context.Context, tx *storage.Tx) error { return k.Merge(ctx, tx, two.Person, one.Person) })
		after := k.table()
		if len(after.Applicants) != 13 {
			k.Fatalf("%d applicants", len(after.Applicants))
		}
		if n := count(k, k.Module, `SELECT COUNT(*) FROM selection_lot WHERE application_id IS NULL`); n != 1 {
			k.Errorf("%d lots of nobody", n)
		}
		for _, a := range after.Applicants {
			if a.Person != one.Person {
				continue
			}
			got, _ := after.Lot(a.ID)
			if got.Place != min(x.Place, y.Place) {
				k.Errorf("places %d and %d became %d", x.Place, y.Place, got.Place)
			}
			if v, ok := after.Mark(a.ID); !ok || v.Put != selection.In {
				k.Error("what was decided by hand is lost")
			}
		}
	})
}

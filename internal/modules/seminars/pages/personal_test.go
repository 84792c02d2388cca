package pages

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
)

// joined is a module whose people know of it, as in the house.
func joined(t *testing.T, store *storage.Store, places int) (*Module, seats.Activity) {
	t.Helper()
	m, a := fixture(t, store, func(a *seats.Activity) { a.Capacity = places })
	m.People.Attach([]module.Manifest{{Name: "seminars", Merge: m.Merge, Erase: m.Erase, Export: m.Export}})
	setUp(t, m, a, `first_come = TRUE`)
	return m, a
}

func applied(t *testing.T, m *Module, a seats.Activity, n int) seats.Application {
	t.Helper()
	h, err := apply(t.Context(), m, a, n, "")
	if err != nil {
		t.Fatal(err)
	}
	return h.Application
}

func TestMergingKeepsTheApplicationThatGotFurtherAndCountsThePersonOnce(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		for _, from := range []int{0, 1} { // whichever of the two records is given up
			m, a := joined(t, store, 1)
			first := applied(t, m, a, 2*from)
			c.Set(start.Add(2e9))
			second := applied(t, m, a, 2*from+1)
			prove(t, m)
			apps := []seats.Application{first, second}
			write(t, m, func(ctx context.Context, tx *storage.Tx) error {
				return m.People.Merge(ctx, tx, people.MergeRecords{From: apps[from].Person, Into: apps[1-from].Person})
			})
			into := apps[1-from].Person
			var hers []seats.Application
			write(t, m, func(ctx context.Context, tx *storage.Tx) (err error) {
				hers, err = seats.ApplicationsBy(ctx, tx, into)
				return err
			})
			if len(hers) != 1 || hers[0].ID != first.ID || hers[0].State != seats.Confirmed {
				t.Errorf("giving up record %d: she has %+v", from, hers)
			}
			if n := count(t, m, `SELECT COUNT(*) FROM application WHERE id = $1`, second.ID); n != 0 {
				t.Errorf("giving up record %d: the other application is there beside it", from)
			}
			if n := count(t, m, `SELECT taken FROM seminar WHERE activity_id = $1`, a.ID); n != 1 {
				t.Errorf("giving up record %d: %d seats taken", from, n)
			}
			write(t, m, func(ctx context.Context, tx *storage.Tx) error {
				facts, err := ledger.Facts(ctx, tx, ledger.Filter{Kinds: []ledger.Kind{seats.FactApplied}, Activities: []storage.ID{a.ID}})
				if got := ledger.Count(facts)[seats.FactApplied]; err != nil || got == nil || got.People != 1 {
					t.Errorf("giving up record %d: counted %+v, %v", from, got, err)
				}
				return nil
			})
		}
	})
}

func TestAnExportHoldsWhatThePersonWroteAndNothingOfOthers(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		m, a := joined(t, store, 1)
		mine := applied(t, m, a, 0)
		c.Set(start.Add(1e9))
		applied(t, m, a, 1)
		var got map[string]any
		write(t, m, func(ctx context.Context, tx *storage.Tx) (err error) {
			got, err = m.People.Export(ctx, tx, mine.Person)
			return err
		})
		text, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"Айгүл Асанова 0", "aigul0@example.kg", "confirmed", `"osh"`} {
			if !strings.Contains(string(text), want) {
				t.Errorf("no %s in %s", want, text)
			}
		}
		if strings.Contains(string(text), "aigul1@example.kg") {
			t.Error("somebody else's data are in it")
		}
	})
}

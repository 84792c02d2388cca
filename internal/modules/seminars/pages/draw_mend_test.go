package pages

import (
	"math/rand/v2"
	"slices"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/modules/seminars/selection"
)

// The list of a draw tells nothing of who applied before whom, and each draw deals anew.
func TestTheNumbersOfLotsAreDealt(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T, store *storage.Store, c *storagetest.Clock) {
		k := newCall(t, store, c, 5)
		ids := k.crowd(rand.New(rand.NewPCG(4, 1)), 30)
		k.rule(selection.Rules{Seats: 5, AtMost: 2, Together: selection.ByOrganisation})
		numbers := func() (out []int) {
			table := k.table()
			for _, id := range ids {
				l, has := table.Lot(id)
				if !has {
					t.Fatal("no lot")
				}
				out = append(out, l.Number)
			}
			return out
		}
		if why := k.draw("чүкө 3", ""); why != "" {
			t.Fatal(why)
		}
		first := numbers()
		next := 0 // of who applied one after another, whose numbers are too
		for i := 1; i < len(first); i++ {
			if first[i] == first[i-1]+1 {
				next++
			}
		}
		if slices.IsSorted(first) || next > 12 {
			t.Errorf("in the order in which they applied: %v", first)
		}
		sorted := slices.Sorted(slices.Values(first))
		for i, n := range sorted {
			if n != i+1 {
				t.Fatalf("numbers %v", sorted)
			}
		}
		if why := k.draw("чүкө 3", "Дагы бир жолу"); why != "" {
			t.Fatal(why)
		}
		if slices.Equal(first, numbers()) {
			t.Error("two draws dealt the same numbers")
		}
	})
}

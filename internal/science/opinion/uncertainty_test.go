package opinion_test

import (
	"math"
	"testing"

	"platforma.kg/ashar/internal/science/opinion"
)

// People who voted much are shown as if they had voted little, again and
// again: the ellipse of their uncertainty must hold what it says.
func TestUncertaintyHoldsWhatItSays(t *testing.T) {
	t.Parallel()
	for _, keep := range []int{7, 15, 30} {
		inside, n := 0, 0
		for _, name := range larger {
			m := read(t, name).opinions(t)
			for seed := range uint64(4) {
				for _, square := range m.Thinned(keep, seed) {
					n++
					if square <= 5.991 { // 95 % of a normal distribution in the plane
						inside++
					}
				}
			}
		}
		share := float64(inside) / float64(n)
		t.Logf("%d votes: %.3f of %d places lie in their ellipse of 95 %%", keep, share, n)
		if share < 0.90 || share > 0.98 {
			t.Errorf("%d votes: %.3f of places lie in their ellipse, not about .95", keep, share)
		}
	}
}

func TestUncertaintyShrinksWithVotesAndIsNoughtWithAll(t *testing.T) {
	t.Parallel()
	m, _ := planted(t, recipe{[]int{40, 40}, 60, 1, 0.3, 1})
	few, _ := planted(t, recipe{[]int{40, 40}, 60, 0.3, 0.3, 1})
	for _, u := range m.Snapshot(opinion.Options{Resamples: 1}).Uncertainty {
		if u != (opinion.Covariance{}) {
			t.Fatalf("who voted on everything is uncertain by %v", u)
		}
	}
	for _, u := range few.Snapshot(opinion.Options{Resamples: 1}).Uncertainty {
		if !(u.XX > 0 && u.YY > 0 && u.XX*u.YY >= u.XY*u.XY) || math.IsInf(u.XX, 0) {
			t.Fatalf("%v is no covariance", u)
		}
	}
	// Nobody with votes has none of it; nobody without votes breaks it.
	empty, _ := opinion.New(3, 3)
	if err := empty.Vote(0, 0, opinion.Agree); err != nil {
		t.Fatal(err)
	}
	for _, u := range empty.Snapshot(opinion.Options{}).Uncertainty {
		if math.IsNaN(u.XX + u.XY + u.YY) {
			t.Fatalf("%v", u)
		}
	}
}

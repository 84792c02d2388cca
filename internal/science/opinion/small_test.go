package opinion_test

import (
	"encoding/json"
	"math"
	"testing"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/science/opinion"
)

// However few the people, statements and votes, and whatever is moderated,
// every number of the map is one that JSON can hold.
func TestEveryNumberOfASmallMapIsFinite(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		people, statements := rapid.SampledFrom([]int{0, 1, 2, 16, 60, 70}).Draw(t, "people"), rapid.IntRange(0, 9).Draw(t, "statements")
		m, err := opinion.New(people, statements)
		if err != nil {
			t.Fatal(err)
		}
		kinds := rapid.IntRange(1, 4).Draw(t, "kinds") // people of one kind vote the same
		rows := rapid.SliceOfN(rapid.SliceOfN(rapid.IntRange(-1, 2), statements, statements), kinds, kinds).Draw(t, "rows")
		for i := range people {
			for j, v := range rows[i%kinds] {
				if v < 2 {
					if err := m.Vote(i, j, opinion.Vote(v)); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		for j := range statements {
			if err := m.Moderate(j, opinion.Status(rapid.IntRange(0, 9).Draw(t, "status")%7%4)); err != nil {
				t.Fatal(err)
			}
		}
		s := m.Snapshot(opinion.Options{Resamples: 2})
		if math.IsNaN(s.Stability) {
			t.Fatal("stability is no number")
		}
		for _, x := range []*opinion.Snapshot{s, m.Follow(s)} {
			if _, err := json.Marshal(x); err != nil {
				t.Fatal(err)
			}
			if x.K != len(x.Groups) || x.Clear != (x.K > 0) || x.Clear == (x.Doubt != opinion.NoDoubt) {
				t.Fatalf("clear %v, doubt %q, %d groups", x.Clear, x.Doubt, x.K)
			}
		}
	})
}

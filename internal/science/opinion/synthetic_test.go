package opinion_test

import (
	"math/rand/v2"
	"testing"

	"platforma.kg/ashar/internal/science/opinion"
)

// A recipe makes a conversation whose groups are known.
type recipe struct {
	sizes      []int   // people of each group
	statements int     //
	density    float64 // share of statements that a person votes on
	overlap    float64 // 0: groups vote by different coins; 1: all by the same
	seed       uint64
}

// planted gives the votes and each person's group. Each group has its own
// chance of agreeing with each statement, mixed with a common one.
func planted(t testing.TB, r recipe) (*opinion.Map, []int) {
	t.Helper()
	random := rand.New(rand.NewPCG(r.seed, 77))
	common := make([]float64, r.statements)
	for j := range common {
		common[j] = random.Float64()
	}
	var m *opinion.Map
	var groups []int
	for g, size := range r.sizes {
		chance := make([]float64, r.statements)
		for j := range chance {
			own := 0.1
			if random.IntN(2) == 1 {
				own = 0.9
			}
			chance[j] = r.overlap*common[j] + (1-r.overlap)*own
		}
		for range size {
			groups = append(groups, g)
			m = cast(t, m, len(groups)-1, r, random, func(j int) float64 { return chance[j] })
		}
	}
	return m, groups
}

func cast(t testing.TB, m *opinion.Map, person int, r recipe, random *rand.Rand, chance func(int) float64) *opinion.Map {
	t.Helper()
	if m == nil {
		var err error
		if m, err = opinion.New(0, r.statements); err != nil {
			t.Fatal(err)
		}
	}
	for j := range r.statements {
		if random.Float64() >= r.density {
			continue
		}
		v := opinion.Disagree
		if random.Float64() < 0.1 {
			v = opinion.Pass
		} else if random.Float64() < chance(j) {
			v = opinion.Agree
		}
		if err := m.Vote(person, j, v); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Grow(person+1, r.statements); err != nil {
		t.Fatal(err)
	}
	return m
}

package disclosure

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestTheCheapestChoiceIsThatOfAllChoices(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 1))
		n := 3 + rng.IntN(10)
		c := &cover{cost: make([]float64, n), fixed: make([]bool, n), never: make([]bool, n)}
		for r := range n {
			c.cost[r] = float64(1 + rng.IntN(5))
			c.fixed[r] = rng.IntN(5) == 0
			c.never[r] = !c.fixed[r] && rng.IntN(6) == 0
		}
		var needs []need
		for range 1 + rng.IntN(12) {
			when := int32(rng.IntN(n+1) - 1)
			var any []int32
			for range 1 + rng.IntN(4) {
				any = append(any, int32(rng.IntN(n)))
			}
			needs = append(needs, need{when, any})
			c.add(when, any)
		}
		best := math.Inf(1)
		for set := range 1 << n {
			cost, good := 0.0, true
			for r := range n {
				hidden := set>>r&1 == 1
				good = good && (hidden || !c.fixed[r]) && !(hidden && c.never[r])
				if hidden && !c.fixed[r] {
					cost += c.cost[r]
				}
			}
			for _, d := range needs {
				met := d.when >= 0 && set>>d.when&1 == 0
				for _, r := range d.any {
					met = met || set>>r&1 == 1
				}
				good = good && met
			}
			if good {
				best = min(best, cost)
			}
		}
		work := 0
		pick, ok := c.cheapest(1e9, &work, 1<<40)
		if ok != !math.IsInf(best, 1) {
			t.Fatalf("seed %d: found %v, the cheapest costs %g", seed, ok, best)
		}
		cost := 0.0
		for r := range pick {
			if pick[r] && !c.fixed[r] {
				cost += c.cost[r]
			}
		}
		if ok && cost != best {
			t.Errorf("seed %d: a choice of %g, the cheapest costs %g", seed, cost, best)
		}
	}
}

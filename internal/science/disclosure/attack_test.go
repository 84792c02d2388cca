package disclosure_test

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"platforma.kg/ashar/internal/science/disclosure/disclosuretest"
)

// bounds gives how far a reader can narrow each sum.
func (r reader) bounds(t *testing.T, sums []sum) (low, high []float64) {
	t.Helper()
	of := func(list []sum) (out []disclosuretest.Sum) {
		for _, s := range list {
			out = append(out, disclosuretest.Sum{Columns: s.kinds, N: s.n})
		}
		return out
	}
	low, high, err := disclosuretest.Bounds(len(r.true_), of(ordered(r.shown)), of(sums))
	if err != nil {
		t.Fatal(err)
	}
	return low, high
}

// hostile makes one random data set and plan.
func hostile(seed uint64) (dims []string, rows []participation, plan [][]string, k int) {
	rng := rand.New(rand.NewPCG(seed, 99))
	dims = []string{"қала", "sex", "age", "group"}
	people := 1 + rng.IntN(80)
	if seed%5 == 0 {
		people = 1 + rng.IntN(300)
	}
	k = 2 + rng.IntN(9)
	several := rng.IntN(3) == 0
	sizes := make([]int, 4)
	power := rng.Float64() * 2
	weights := make([][]float64, 4)
	values := make([][]string, 4)
	for i := range sizes {
		sizes[i] = 2 + rng.IntN(5)
		for v := range sizes[i] {
			weights[i] = append(weights[i], math.Pow(float64(v+1), -power))
			values[i] = append(values[i], []string{"", "Нарын", "Ош", "б", "в", "г", "д"}[v])
		}
	}
	for p := range people {
		var who []string
		for j := range 1 + rng.IntN(3) {
			if j == 0 || several && rng.IntN(3) == 0 {
				who = nil
				for i := range sizes {
					who = append(who, drawn(rng, values[i], weights[i]))
				}
			}
			rows = append(rows, participation{fmt.Sprint(p), who})
		}
	}
	for range 1 + rng.IntN(4) {
		var table []string
		for i, d := range dims {
			if rng.IntN(2) == 0 || len(plan) == 0 && i < 2 {
				table = append(table, d)
			}
		}
		plan = append(plan, table)
	}
	return dims, rows, plan, k
}

func TestAnAttackByLinearProgrammingFindsNothing(t *testing.T) {
	t.Parallel()
	sets := uint64(200)
	if testing.Short() { // make check, every few minutes
		sets = 20
	}
	numbers, shown, all := 0, 0, 0
	for seed := range sets {
		dims, rows, plan, k := hostile(seed)
		r := protect(t, dims, rows, k, plan...)
		s, a := r.Shown()
		shown += s
		all += a
		who := reading(dims, rows, r)
		sums := append(ordered(who.hidden), ordered(who.small)...)
		low, high := who.bounds(t, sums)
		found := who.computed()
		for i, s := range sums {
			numbers++
			if found(s) {
				t.Errorf("seed %d, k %d: %d people can be computed", seed, k, s.n)
			}
			if high[i]-low[i] < float64(k)-1e-6 {
				t.Errorf("seed %d, k %d: %d people are known to be %.3f to %.3f", seed, k, s.n, low[i], high[i])
			}
		}
	}
	t.Logf("%d data sets, %d of %d counts shown, %d numbers attacked, 0 found is what is expected", sets, shown, all, numbers)
}

// prime is 2^61 - 1.
const prime = 1<<61 - 1

func times(a, b uint64) uint64 {
	high, low := bits.Mul64(a, b)
	_, rest := bits.Div64(high, low, prime)
	return rest
}

// computed gives a test whether a sum is a linear combination of what is shown,
// modulo a large prime; over the fractions it is none then either.
func (r reader) computed() func(sum) bool {
	var basis [][]uint64 // each 1 at its first place that is not 0
	var first []int
	reduced := func(s sum) (row []uint64, at int) {
		row = make([]uint64, len(r.true_))
		for _, k := range s.kinds {
			row[k] = 1
		}
		for i, b := range basis {
			if f := row[first[i]]; f != 0 {
				for j := first[i]; j < len(row); j++ {
					if b[j] != 0 {
						row[j] = (row[j] + prime - times(f, b[j])) % prime
					}
				}
			}
		}
		return row, slices.IndexFunc(row, func(v uint64) bool { return v != 0 })
	}
	for _, s := range ordered(r.shown) {
		row, at := reduced(s)
		if at < 0 {
			continue
		}
		// The inverse is the power prime - 2.
		inverse, power := uint64(1), row[at]
		for e := uint64(prime - 2); e > 0; e >>= 1 {
			if e&1 == 1 {
				inverse = times(inverse, power)
			}
			power = times(power, power)
		}
		for j := range row {
			row[j] = times(row[j], inverse)
		}
		basis, first = append(basis, row), append(first, at)
	}
	return func(s sum) bool {
		_, at := reduced(s)
		return at < 0
	}
}

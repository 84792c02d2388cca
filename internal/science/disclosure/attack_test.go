package disclosure_test

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"
)

// tableau is a plain simplex method over y >= 0, A y = b, in a full table. It has
// nothing in common with the package's own.
type tableau struct {
	rows  [][]float64 // coefficients, then the right side
	basis []int
	n     int
}

// attack finds a first vertex; it must exist, since the truth is a solution.
func attack(a [][]float64, b []float64) (*tableau, error) {
	n := len(a[0])
	t := &tableau{n: n}
	// A vertex is found by adding one unknown to each row and driving it out.
	for i := range a {
		row := make([]float64, n+len(a)+1)
		copy(row, a[i])
		row[n+i] = 1
		row[n+len(a)] = b[i]
		t.rows = append(t.rows, row)
		t.basis = append(t.basis, n+i)
	}
	t.n = n + len(a)
	cost := make([]float64, t.n)
	for i := range a {
		cost[n+i] = -1
	}
	best, bounded := t.most(cost, t.n)
	if !bounded || best < -1e-6 {
		return nil, fmt.Errorf("no solution, off by %g", best)
	}
	// Rows whose unknown cannot leave say nothing new.
	var rows [][]float64
	var basis []int
	for i := range t.rows {
		if t.basis[i] >= n {
			for j := range n {
				if math.Abs(t.rows[i][j]) > 1e-7 {
					t.pivot(i, j)
					break
				}
			}
		}
	}
	for i := range t.rows {
		if t.basis[i] < n {
			rows = append(rows, append(t.rows[i][:n:n], t.rows[i][t.n]))
			basis = append(basis, t.basis[i])
		}
	}
	t.rows, t.basis, t.n = rows, basis, n
	return t, nil
}

func (t *tableau) pivot(i, j int) {
	row := t.rows[i]
	p := row[j]
	for c := range row {
		row[c] /= p
	}
	for r := range t.rows {
		if f := t.rows[r][j]; r != i && f != 0 {
			for c, v := range row {
				if v != 0 {
					t.rows[r][c] -= f * v
				}
			}
			t.rows[r][j] = 0
		}
	}
	t.basis[i] = j
}

// most is the largest value of cost*y from where the tableau stands.
func (t *tableau) most(cost []float64, n int) (value float64, bounded bool) {
	for step := 0; ; step++ {
		// Bland's rule after a while, which cannot go round in circles.
		enter, top := -1, 1e-7
		for j := range n {
			d := cost[j]
			for i, b := range t.basis {
				if cost[b] != 0 {
					d -= cost[b] * t.rows[i][j]
				}
			}
			if d > top {
				enter, top = j, d
				if step > 2000 {
					break
				}
			}
		}
		if enter < 0 {
			for i, b := range t.basis {
				value += cost[b] * t.rows[i][len(t.rows[i])-1]
			}
			return value, true
		}
		leave, least := -1, math.Inf(1)
		for i := range t.rows {
			if v := t.rows[i][enter]; v > 1e-9 {
				r := t.rows[i][len(t.rows[i])-1] / v
				if r < least-1e-9 || r < least+1e-9 && leave >= 0 && t.basis[i] < t.basis[leave] {
					leave, least = i, r
				}
			}
		}
		if leave < 0 {
			return math.Inf(1), false
		}
		t.pivot(leave, enter)
	}
}

// bounds gives how far a reader can narrow each sum.
func (r reader) bounds(t *testing.T, sums []sum) (low, high []float64) {
	t.Helper()
	low, high = make([]float64, len(sums)), make([]float64, len(sums))
	n := len(r.true_)
	var a [][]float64
	var b []float64
	for _, s := range ordered(r.shown) {
		if len(s.kinds) == 0 {
			continue
		}
		row := make([]float64, n)
		for _, k := range s.kinds {
			row[k] = 1
		}
		a = append(a, row)
		b = append(b, float64(s.n))
	}
	if len(a) == 0 { // nothing is shown
		for i := range high {
			high[i] = math.Inf(1)
		}
		return low, high
	}
	tab, err := attack(a, b)
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range sums {
		cost := make([]float64, n)
		for _, k := range s.kinds {
			cost[k] = 1
		}
		high[i], _ = tab.most(cost, n)
		for _, k := range s.kinds {
			cost[k] = -1
		}
		v, _ := tab.most(cost, n)
		low[i] = -v
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

// Package disclosuretest attacks what is shown by linear programming, for the tests of
// everything that shows protected numbers.
package disclosuretest

import (
	"fmt"
	"math"
)

// Sum is a number of people: of all in these columns, each a kind of people whose number
// the reader does not know, less those in others.
type Sum struct {
	Columns, Less []int
	N             int
}

func (s Sum) row(columns int) []float64 {
	row := make([]float64, columns)
	for _, k := range s.Columns {
		row[k]++
	}
	for _, k := range s.Less {
		row[k]--
	}
	return row
}

// Bounds gives how far a reader who knows the shown sums can narrow each of those asked.
// Where nothing is shown, nothing is known.
func Bounds(columns int, shown, asked []Sum) (low, high []float64, err error) {
	low, high = make([]float64, len(asked)), make([]float64, len(asked))
	var a [][]float64
	var b []float64
	for _, s := range shown {
		if len(s.Columns) == 0 {
			continue
		}
		a = append(a, s.row(columns))
		b = append(b, float64(s.N))
	}
	if len(a) == 0 {
		for i := range high {
			high[i] = math.Inf(1)
		}
		return low, high, nil
	}
	tab, err := attack(a, b)
	if err != nil {
		return nil, nil, err
	}
	for i, s := range asked {
		cost := s.row(columns)
		high[i], _ = tab.most(cost, columns)
		for k := range cost {
			cost[k] = -cost[k]
		}
		v, _ := tab.most(cost, columns)
		low[i] = -v
	}
	return low, high, nil
}

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

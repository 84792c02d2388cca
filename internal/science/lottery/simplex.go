package lottery

import (
	"math"
	"slices"
)

// Tolerances of the simplex method. Numbers here are counts and chances, so that
// one is a large number and a billionth a small one.
const (
	feasible = 1e-9 // how far a bound may be missed
	positive = 1e-9 // the smallest reduced cost that counts
	pivotal  = 1e-8 // the smallest pivot
	renewal  = 60   // pivots between two inversions from scratch
)

// entry is a number in a column.
type entry struct {
	row   int
	value float64
}

// outcome is how a solution ended.
type outcome int

const (
	optimal outcome = iota
	impossible
	exhausted // effort or numbers gave out
)

// simplex solves: maximise cost x, where A x - a = 0 and lower <= (a, x) <= upper.
// Variables 0..rows-1 are the activities a of the rows, the rest are x. All bounds
// are finite, so that any basis can be made dual feasible by moving variables from
// one bound to the other. The inverse of the basis is kept dense, by columns.
type simplex struct {
	rows    int
	columns [][]entry // of x; the column of activity r is -e_r
	ones    []int32   // the rows of all columns, where all entries are 1; else nil
	ends    []int32   // where the rows of a column end in ones
	lower   []float64
	upper   []float64
	cost    []float64
	value   []float64

	basis   []int // by place
	place   []int // by variable; -1: not in the basis
	inverse []float64
	since   int          // pivots since the last inversion
	ray     []float64    // multipliers that prove impossibility, after it
	steps   *int64       // effort spent, in multiplications
	limit   int64        // effort at which to stop; 0: none
	work    []float64    // scratch, by row
	price   []float64    // scratch, by row
	rho     []float64    // scratch: a row of the inverse
	reduced []float64    // by variable, kept by dual
	alpha   []float64    // scratch, by variable
	list    []breakpoint // scratch
}

// newSimplex begins with the activities as basis.
func newSimplex(rows int, columns [][]entry, steps *int64) *simplex {
	s := &simplex{
		rows: rows, columns: columns, steps: steps,
		lower: make([]float64, rows+len(columns)), upper: make([]float64, rows+len(columns)),
		cost: make([]float64, rows+len(columns)), value: make([]float64, rows+len(columns)),
		basis: make([]int, rows), place: make([]int, rows+len(columns)),
		inverse: make([]float64, rows*rows), work: make([]float64, rows), price: make([]float64, rows),
	}
	s.reset()
	s.flatten()
	return s
}

// flatten fills ones, which is quicker to walk through.
func (s *simplex) flatten() {
	for _, column := range s.columns {
		for _, e := range column {
			if e.value != 1 {
				s.ones, s.ends = nil, nil
				return
			}
			s.ones = append(s.ones, int32(e.row))
		}
		s.ends = append(s.ends, int32(len(s.ones)))
	}
}

// reset makes the activities the basis.
func (s *simplex) reset() {
	for v := range s.place {
		s.place[v] = -1
	}
	clear(s.inverse)
	for r := range s.rows {
		s.basis[r] = r
		s.place[r] = r
		s.inverse[r*s.rows+r] = -1
	}
	s.since = 0
}

// add appends a variable x at its lower bound and gives its number.
func (s *simplex) add(column []entry, lower, upper float64) int {
	s.ones, s.ends = nil, nil
	s.columns = append(s.columns, column)
	s.lower = append(s.lower, lower)
	s.upper = append(s.upper, upper)
	s.cost = append(s.cost, 0)
	s.value = append(s.value, lower)
	s.place = append(s.place, -1)
	return s.rows + len(s.columns) - 1
}

// begin is where the rows of x begin in ones.
func (s *simplex) begin(v int) int32 {
	if v == s.rows {
		return 0
	}
	return s.ends[v-s.rows-1]
}

// dot gives y A_v.
func (s *simplex) dot(y []float64, v int) float64 {
	if v < s.rows {
		return -y[v]
	}
	sum := 0.0
	if s.ones != nil {
		for _, r := range s.ones[s.begin(v):s.ends[v-s.rows]] {
			sum += y[r]
		}
		return sum
	}
	for _, e := range s.columns[v-s.rows] {
		sum += float64(y[e.row] * e.value)
	}
	return sum
}

// forward gives B^-1 A_v in s.work.
func (s *simplex) forward(v int) []float64 {
	w := s.work
	m := s.rows
	if v < m {
		for i, b := range s.inverse[v*m : v*m+m] {
			w[i] = -b
		}
		return w
	}
	clear(w)
	for _, e := range s.columns[v-m] {
		f := e.value
		for i, b := range s.inverse[e.row*m : e.row*m+m] {
			w[i] += float64(f * b)
		}
	}
	*s.steps += int64(m * len(s.columns[v-m]))
	return w
}

// prices gives c_B B^-1 in s.price.
func (s *simplex) prices() []float64 {
	m := s.rows
	y := s.price
	places := make([]int, 0, m)
	for i, v := range s.basis {
		if s.cost[v] != 0 {
			places = append(places, i)
		}
	}
	for r := range m {
		sum := 0.0
		column := s.inverse[r*m : r*m+m]
		for _, i := range places {
			sum += float64(s.cost[s.basis[i]] * column[i])
		}
		y[r] = sum
	}
	*s.steps += int64(m * len(places))
	return y
}

// refresh computes the values of the basis from those of the other variables.
func (s *simplex) refresh() {
	m := s.rows
	right := make([]float64, m) // -N x_N
	for v, x := range s.value {
		if s.place[v] >= 0 || x == 0 {
			continue
		}
		if v < m {
			right[v] += x
			continue
		}
		for _, e := range s.columns[v-m] {
			right[e.row] -= float64(e.value * x)
		}
	}
	total := make([]float64, m)
	for r, b := range right {
		if b == 0 {
			continue
		}
		for i, f := range s.inverse[r*m : r*m+m] {
			total[i] += float64(f * b)
		}
		*s.steps += int64(m)
	}
	for i, v := range s.basis {
		s.value[v] = total[i]
	}
	*s.steps += int64(len(s.value))
}

// pivot brings v into the basis at place p; w is B^-1 A_v.
func (s *simplex) pivot(v, p int, w []float64) {
	m := s.rows
	scale := w[p]
	for r := range m {
		column := s.inverse[r*m : r*m+m]
		f := column[p]
		if f == 0 {
			continue
		}
		f /= scale
		for i, x := range w {
			column[i] -= float64(f * x)
		}
		column[p] = f
		*s.steps += int64(m)
	}
	s.place[s.basis[p]] = -1
	s.basis[p] = v
	s.place[v] = p
	s.since++
}

// invert computes the inverse of the basis from scratch. Columns that depend on
// others leave the basis for activities of rows that nothing else covers.
func (s *simplex) invert() {
	m := s.rows
	wanted := append([]int(nil), s.basis...)
	old := make([]float64, len(wanted))
	for i, v := range wanted {
		old[i] = s.value[v]
	}
	s.reset()
	open := make([]bool, m) // places that still hold an activity nobody asked for
	for i := range open {
		open[i] = true
	}
	rest := wanted[:0]
	for _, v := range wanted {
		if v < m {
			open[v] = false
		} else {
			rest = append(rest, v)
		}
	}
	for _, v := range rest {
		w := s.forward(v)
		best, at := pivotal, -1
		for i, x := range w {
			if open[i] && math.Abs(x) > best {
				best, at = math.Abs(x), i
			}
		}
		if at < 0 { // depends on the others
			s.value[v] = s.nearest(v)
			continue
		}
		out := s.basis[at]
		s.pivot(v, at, w)
		open[at] = false
		s.value[out] = s.nearest(out)
	}
	s.since = 0
	s.refresh()
}

// nearest is the bound that is closest to the value of v.
func (s *simplex) nearest(v int) float64 {
	if s.value[v]-s.lower[v] <= s.upper[v]-s.value[v] {
		return s.lower[v]
	}
	return s.upper[v]
}

// corner is a basis that can be gone back to.
type corner struct {
	basis   []int
	value   []float64
	inverse []float64
	since   int
}

func (s *simplex) keep() corner {
	return corner{slices.Clone(s.basis), slices.Clone(s.value), slices.Clone(s.inverse), s.since}
}

func (s *simplex) back(c corner) {
	for _, v := range s.basis {
		s.place[v] = -1
	}
	copy(s.basis, c.basis)
	copy(s.value, c.value)
	copy(s.inverse, c.inverse)
	s.since = c.since
	for i, v := range s.basis {
		s.place[v] = i
	}
}

// spent reports whether the effort is used up.
func (s *simplex) spent() bool { return s.limit > 0 && *s.steps > s.limit }

// objective is the value of the solution.
func (s *simplex) objective() float64 {
	sum := 0.0
	for v, c := range s.cost {
		if c != 0 {
			sum += float64(c * s.value[v])
		}
	}
	return sum
}

// settle brings variables outside the basis to a bound and computes the rest.
func (s *simplex) settle() {
	for v := range s.value {
		if s.place[v] < 0 && s.value[v] != s.lower[v] && s.value[v] != s.upper[v] {
			s.value[v] = s.nearest(v)
		}
	}
	s.refresh()
}

// within reports whether all of the basis is within its bounds.
func (s *simplex) within() bool {
	for _, v := range s.basis {
		if s.value[v] < s.lower[v]-feasible || s.value[v] > s.upper[v]+feasible {
			return false
		}
	}
	return true
}

// solve maximises from the basis at hand.
func (s *simplex) solve() outcome {
	s.settle()
	for range 4 {
		if !s.within() {
			if o := s.dual(); o != optimal {
				return o
			}
			if s.refresh(); s.within() {
				return optimal
			}
			s.invert()
			continue
		}
		if o := s.primal(); o != optimal {
			return o
		}
		if s.refresh(); s.within() {
			return optimal
		}
		s.invert()
	}
	return exhausted
}

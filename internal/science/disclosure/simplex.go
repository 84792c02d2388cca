package disclosure

import (
	"cmp"
	"math"
	"slices"
)

// simplex moves over
//
//	A x + s = 0,  low <= x, s <= high
//
// from x = 0, and makes cost * s + sum of kink * |s| as small as it can. It is a
// revised simplex method with bounded variables, a basis kept as a product of
// sparse factors, and a ratio test that walks over the kinks of the cost. Here x
// are changes of the numbers of people in a column, -s changes of the counts.
//
// Its answers are taken as proposals only: what is published rests on whole
// numbers that are checked without rounding (witness.go).
//
// Products are rounded before they are added, so that machines with and without
// fused multiply-add walk the same way.
type simplex struct {
	m, n   int
	start  []int32 // of each column, in row and value
	row    []int32
	value  []float64
	low    []float64 // of x, then of s
	high   []float64
	cost   []float64 // of x, then of s
	kink   []float64 // of each, beyond slack on either side
	slack  []float64 // of each: how far it moves for nothing; small, so that no two bounds are met at once
	still  []bool    // of each: never enters the basis
	now    []float64 // of x, then of s
	basis  []int32   // variable of each place
	place  []int32   // of each variable, -1 when not in the basis
	factor factors
	dual   []float64
	column []float64
	breaks []breakpoint
	count  int
	work   int // multiplications so far, about
}

const (
	solveWork = 30_000_000 // of one solution, in multiplications
	tiny      = 1e-9
	dualTiny  = 1e-7
	valueTiny = 1e-7
)

// factors is the inverse of the basis as a product: each factor is the identity
// but for one column.
type factors struct {
	pivot []int32
	diag  []float64
	start []int32
	row   []int32
	value []float64
}

func (f *factors) clear() {
	f.pivot, f.diag, f.row, f.value = f.pivot[:0], f.diag[:0], f.row[:0], f.value[:0]
	f.start = append(f.start[:0], 0)
}

func (f *factors) add(pivot int32, column []float64) {
	for i, v := range column {
		if int32(i) != pivot && math.Abs(v) > 1e-12 {
			f.row = append(f.row, int32(i))
			f.value = append(f.value, v)
		}
	}
	f.pivot = append(f.pivot, pivot)
	f.diag = append(f.diag, column[pivot])
	f.start = append(f.start, int32(len(f.row)))
}

// forward solves B v = given, in place.
func (f *factors) forward(v []float64) (work int) {
	for k, p := range f.pivot {
		if v[p] == 0 {
			continue
		}
		x := v[p] / f.diag[k]
		v[p] = x
		for e := f.start[k]; e < f.start[k+1]; e++ {
			v[f.row[e]] -= float64(f.value[e] * x)
		}
		work += int(f.start[k+1] - f.start[k])
	}
	return work
}

// backward solves y B = given, in place.
func (f *factors) backward(y []float64) {
	for k := len(f.pivot) - 1; k >= 0; k-- {
		p := f.pivot[k]
		sum := y[p]
		for e := f.start[k]; e < f.start[k+1]; e++ {
			sum -= float64(f.value[e] * y[f.row[e]])
		}
		y[p] = sum / f.diag[k]
	}
}

func newSimplex(m, n int, start, row []int32, value []float64) *simplex {
	s := &simplex{
		m: m, n: n, start: start, row: row, value: value,
		low: make([]float64, n+m), high: make([]float64, n+m), now: make([]float64, n+m),
		cost: make([]float64, n+m), kink: make([]float64, n+m), slack: make([]float64, n+m), still: make([]bool, n+m),
		basis: make([]int32, m), place: make([]int32, n+m),
		dual: make([]float64, m), column: make([]float64, m),
	}
	s.factor.clear()
	for j := range n + m {
		s.place[j] = int32(j - n)
		if j < n {
			s.place[j] = -1
		}
	}
	for i := range m {
		s.basis[i] = int32(n + i)
	}
	return s
}

// restart goes back to x = 0 and keeps the basis, which fits there: no x is at a bound.
func (s *simplex) restart() {
	for j := range s.now {
		s.now[j] = 0
	}
	inside := 0
	for _, v := range s.basis {
		if int(v) < s.n {
			inside++
		}
	}
	if k := len(s.factor.pivot); k > inside+50+inside/2 {
		s.refactor()
	}
}

// refactor writes the same basis with as few factors as there are columns in it.
func (s *simplex) refactor() {
	var inside []int32
	for _, v := range s.basis {
		if int(v) < s.n {
			inside = append(inside, v)
		}
	}
	slices.SortFunc(inside, func(a, b int32) int {
		return cmp.Or(cmp.Compare(s.start[a+1]-s.start[a], s.start[b+1]-s.start[b]), cmp.Compare(a, b))
	})
	free := make([]bool, s.m)
	for i := range s.m {
		free[i] = s.place[s.n+i] < 0
	}
	s.factor.clear()
	for j := range s.place {
		s.place[j] = -1
	}
	for i := range s.m {
		s.basis[i] = int32(s.n + i)
	}
	for _, j := range inside {
		s.load(j)
		best := -1
		for i, v := range s.column {
			if free[i] && math.Abs(v) > 1e-7 && (best < 0 || math.Abs(v) > math.Abs(s.column[best])+tiny) {
				best = i
			}
		}
		if best >= 0 {
			free[best] = false
			s.basis[best] = j
			s.factor.add(int32(best), s.column)
		}
	}
	for i, v := range s.basis {
		s.place[v] = int32(i)
	}
	s.work += s.m * (1 + len(inside))
}

// load puts the column of a variable, seen from the basis, into s.column.
func (s *simplex) load(j int32) {
	clear(s.column)
	if int(j) < s.n {
		for e := s.start[j]; e < s.start[j+1]; e++ {
			s.column[s.row[e]] = s.value[e]
		}
	} else {
		s.column[int(j)-s.n] = 1
	}
	s.work += s.factor.forward(s.column) + len(s.factor.pivot) + 4*s.m
}

// slope is what one more unit of a variable costs where it stands; at a kink, nothing.
func (s *simplex) slope(j int32) float64 {
	c := s.cost[j]
	if k := s.kink[j]; k > 0 {
		if s.now[j] > s.slack[j]+valueTiny {
			c += k
		} else if s.now[j] < -s.slack[j]-valueTiny {
			c -= k
		}
	}
	return c
}

// solve walks until nothing improves; false when it does not get there within the
// number of steps.
func (s *simplex) solve(steps int) bool {
	most := s.work + solveWork
	for range steps {
		if s.work > most {
			return false
		}
		j, sign, gain := s.entering()
		if j < 0 {
			return true
		}
		s.load(j)
		if !s.move(j, sign, gain) {
			return false
		}
	}
	return false
}

// entering finds the variable, and the direction, that improves most.
func (s *simplex) entering() (best int32, sign, gain float64) {
	for i, v := range s.basis {
		s.dual[i] = s.slope(v)
	}
	s.factor.backward(s.dual)
	s.work += len(s.factor.row) + len(s.factor.pivot) + len(s.row) + 4*(s.m+s.n)
	best, top := int32(-1), 0.0
	consider := func(j int32, d, weight float64, up, down float64) {
		// up and down are what the kink at the variable's own place takes away.
		if g := -d - up; g > dualTiny && s.now[j] < s.high[j]-valueTiny && g*g*weight > top+1e-12 {
			best, sign, gain, top = j, 1, g, g*g*weight
		}
		if g := d - down; g > dualTiny && s.now[j] > s.low[j]+valueTiny && g*g*weight > top+1e-12 {
			best, sign, gain, top = j, -1, g, g*g*weight
		}
	}
	for j := range int32(s.n + s.m) {
		if s.place[j] >= 0 || s.still[j] {
			continue
		}
		own := 0.0
		if s.kink[j] > 0 && math.Abs(s.now[j]) <= s.slack[j]+valueTiny {
			own = s.kink[j]
		}
		if int(j) >= s.n {
			consider(j, s.slope(j)-s.dual[int(j)-s.n], 0.5, own, own)
			continue
		}
		sum := 0.0
		for e := s.start[j]; e < s.start[j+1]; e++ {
			if y := s.dual[s.row[e]]; y != 0 {
				sum += float64(s.value[e] * y)
			}
		}
		if math.Abs(sum) > own {
			consider(j, s.slope(j)-sum, 1/float64(1+s.start[j+1]-s.start[j]), own, own)
		}
	}
	return best, sign, gain
}

// breakpoint is a place on the way of the entering variable: a bound, or a kink
// after which one more unit gains less.
type breakpoint struct {
	at   float64
	loss float64 // infinite at a bound
	rate float64
	to   float64 // value of the variable there
	who  int32   // place in the basis, -1 for the entering variable
}

// move walks in the direction of a variable as long as it gains, and changes the basis.
func (s *simplex) move(j int32, sign, gain float64) bool {
	s.breaks = s.breaks[:0]
	s.meet(-1, j, sign)
	for i, v := range s.column {
		if math.Abs(v) > tiny {
			s.meet(int32(i), s.basis[i], -sign*v)
		}
	}
	slices.SortFunc(s.breaks, func(a, b breakpoint) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.who, b.who))
	})
	stop := -1
	for k, b := range s.breaks {
		if gain -= b.loss; gain <= dualTiny {
			stop = k
			break
		}
	}
	if stop < 0 {
		return false // without end; cannot be, since the target is bounded
	}
	// Among those met at the same time the one with the largest rate is the safest pivot.
	best := stop
	for k := stop + 1; k < len(s.breaks) && s.breaks[k].at <= s.breaks[stop].at+tiny; k++ {
		if math.IsInf(s.breaks[k].loss, 1) && math.Abs(s.breaks[k].rate) > math.Abs(s.breaks[best].rate) && s.breaks[best].who >= 0 {
			best = k
		}
	}
	b := s.breaks[best]
	if b.who >= 0 && b.at < tiny {
		// Nothing would change but the basis, and it might go round in circles:
		// what is in the way gives way a little.
		s.count++
		give := math.Copysign(1e-5*(1+float64(mixed(uint64(s.count))>>11)/(1<<53)), b.rate)
		out := s.basis[b.who]
		switch {
		case !math.IsInf(b.loss, 1):
			s.slack[out] += math.Abs(give)
		case b.rate > 0:
			s.high[out] += give
		default:
			s.low[out] += give
		}
		b.to += give
		b.at = math.Max(0, (b.to-s.now[out])/b.rate)
	}
	step := math.Max(0, b.at)
	for i, v := range s.column {
		if v != 0 {
			s.now[s.basis[i]] -= float64(sign * step * v)
		}
	}
	if b.who < 0 {
		s.now[j] = b.to
		return true
	}
	if math.Abs(s.column[b.who]) < 1e-8 {
		return false
	}
	s.now[j] += float64(sign * step)
	out := s.basis[b.who]
	s.now[out] = b.to
	s.place[out] = -1
	s.basis[b.who], s.place[j] = j, b.who
	s.factor.add(b.who, s.column)
	return true
}

// meet notes the bounds and kinks that a variable meets when it changes at this rate.
func (s *simplex) meet(who, j int32, rate float64) {
	now, bound := s.now[j], s.high[j]
	if rate < 0 {
		bound = s.low[j]
	}
	if !math.IsInf(bound, 0) {
		s.breaks = append(s.breaks, breakpoint{math.Max(0, (bound-now)/rate), math.Inf(1), rate, bound, who})
	}
	if s.kink[j] == 0 || who < 0 && math.Abs(now) <= s.slack[j]+valueTiny {
		return // the entering variable has paid for its own kink
	}
	// As in slope: what stands at an edge stands within.
	out, edge := now, s.slack[j]
	if rate < 0 {
		out, edge = -now, -edge
	}
	if out <= s.slack[j]+valueTiny {
		s.breaks = append(s.breaks, breakpoint{math.Max(0, (edge-now)/rate), s.kink[j] * math.Abs(rate), rate, edge, who})
	}
	if out < -s.slack[j]-valueTiny {
		s.breaks = append(s.breaks, breakpoint{(-edge - now) / rate, s.kink[j] * math.Abs(rate), rate, -edge, who})
	}
}

// forget begins again with a basis of counts alone.
func (s *simplex) forget() {
	s.factor.clear()
	for j := range s.place {
		s.place[j] = int32(j - s.n)
		if j < s.n {
			s.place[j] = -1
		}
	}
	for i := range s.m {
		s.basis[i] = int32(s.n + i)
	}
}

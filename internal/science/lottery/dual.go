package lottery

import (
	"cmp"
	"math"
)

// breakpoint is a variable that stops being dual feasible when the price of the
// leaving one rises to ratio.
type breakpoint struct {
	v     int
	ratio float64
	alpha float64 // its size
}

// dual goes from any basis to an optimal one, or proves that there is none: all
// variables have two bounds, so that each can first be put where its reduced cost
// wants it. The place that is furthest outside its bounds leaves. Variables whose
// whole range does not suffice to bring it back jump to their other bound (the long
// step), and the first that suffices enters.
func (s *simplex) dual() outcome {
	s.align()
	for round := 0; ; round++ {
		if s.since >= renewal+s.rows/4 {
			s.invert()
			s.align()
		}
		if s.spent() || round > 20_000+50*s.rows {
			return exhausted
		}
		byNumber := round > 500+10*s.rows
		p, below := s.outside(byNumber)
		if p < 0 {
			return optimal
		}
		s.across(p)
		v, flips := s.relieving(p, below, byNumber)
		if v < 0 {
			if s.since > 0 { // be sure of the numbers
				s.invert()
				s.align()
				continue
			}
			s.ray = append(s.ray[:0], s.rho...)
			return impossible
		}
		s.flip(flips)
		w := s.forward(v)
		if math.Abs(w[p]) < pivotal {
			if s.since == 0 {
				return exhausted
			}
			s.invert()
			s.align()
			continue
		}
		out := s.basis[p]
		bound := s.upper[out]
		if below {
			bound = s.lower[out]
		}
		move := (s.value[out] - bound) / w[p]
		for i, x := range w {
			if x != 0 {
				s.value[s.basis[i]] -= float64(move * x)
			}
		}
		s.value[v] += move
		theta := s.reduced[v] / s.alpha[v]
		if theta != 0 {
			for u, a := range s.alpha {
				if a != 0 {
					s.reduced[u] -= float64(theta * a)
				}
			}
		}
		s.reduced[v], s.reduced[out] = 0, -theta
		s.pivot(v, p, w)
		s.value[out] = bound
	}
}

// align computes the reduced costs and puts each variable outside the basis to the
// bound that they want.
func (s *simplex) align() {
	y := s.prices()
	if len(s.reduced) != len(s.value) {
		s.reduced = make([]float64, len(s.value))
		s.alpha = make([]float64, len(s.value))
	}
	for v := range s.value {
		s.reduced[v] = 0
		if s.place[v] >= 0 {
			continue
		}
		d := s.cost[v] - s.dot(y, v)
		s.reduced[v] = d
		switch {
		case d > positive:
			s.value[v] = s.upper[v]
		case d < -positive:
			s.value[v] = s.lower[v]
		case s.value[v] != s.lower[v] && s.value[v] != s.upper[v]:
			s.value[v] = s.nearest(v)
		}
	}
	*s.steps += int64(len(s.value) * 4)
	s.refresh()
}

// outside is the place furthest beyond its bounds; -1: none.
func (s *simplex) outside(byNumber bool) (place int, below bool) {
	place = -1
	worst := feasible
	for i, v := range s.basis {
		under, over := s.lower[v]-s.value[v], s.value[v]-s.upper[v]
		if d := max(under, over); d > worst {
			if byNumber && place >= 0 && s.basis[place] < v {
				continue
			}
			place, below = i, under > over
			if !byNumber {
				worst = d
			}
		}
	}
	return place, below
}

// across puts row p of the inverse into s.rho.
func (s *simplex) across(p int) {
	if s.rho == nil {
		s.rho = make([]float64, s.rows)
	}
	for r := range s.rows {
		s.rho[r] = s.inverse[r*s.rows+p]
	}
}

// relieving is the variable that brings the leaving one, at place p, back at the
// least price, and those that have to jump before; -1: there is none.
func (s *simplex) relieving(p int, below, byNumber bool) (v int, flips []breakpoint) {
	list := s.list[:0]
	rho := s.rho
	for v := range s.value {
		s.alpha[v] = 0
		if s.place[v] >= 0 || s.lower[v] == s.upper[v] {
			continue
		}
		alpha := 0.0
		if s.ones != nil && v >= s.rows {
			for _, r := range s.ones[s.begin(v):s.ends[v-s.rows]] {
				alpha += rho[r]
			}
		} else {
			alpha = s.dot(rho, v)
		}
		size := math.Abs(alpha)
		if size < 1e-12 {
			continue
		}
		s.alpha[v] = alpha
		// Raising v moves the leaving variable by -alpha.
		rises := s.value[v] == s.lower[v]
		if size < pivotal || (alpha < 0) != (rises == below) {
			continue
		}
		d := math.Abs(s.reduced[v])
		if rises == (s.reduced[v] > 0) { // a trace on the wrong side
			d = 0
		}
		list = append(list, breakpoint{v, d / size, size})
	}
	s.list = list
	*s.steps += int64(len(s.value) * 4)
	if len(list) == 0 {
		return -1, nil
	}
	out := s.basis[p]
	short := s.value[out] - s.upper[out]
	if below {
		short = s.lower[out] - s.value[out]
	}
	earliest(list)
	last := len(list)
	for {
		first := list[0]
		rest := short - float64(first.alpha*(s.upper[first.v]-s.lower[first.v]))
		if byNumber || rest < 0 || last == 1 {
			break
		}
		short = rest
		last--
		list[0], list[last] = list[last], first
		sink(list[:last], 0)
	}
	// Among equals the greatest pivot.
	best := list[0]
	for _, b := range list[:last] {
		if b.ratio <= list[0].ratio+1e-12 {
			if byNumber && b.v < best.v || !byNumber && (b.alpha > best.alpha || b.alpha == best.alpha && b.v < best.v) {
				best = b
			}
		}
	}
	return best.v, list[last:]
}

// flip moves variables to their other bound and the basis along.
func (s *simplex) flip(list []breakpoint) {
	if len(list) == 0 {
		return
	}
	m := s.rows
	right := s.work
	clear(right)
	for _, b := range list {
		to := s.upper[b.v]
		if s.value[b.v] == to {
			to = s.lower[b.v]
		}
		move := to - s.value[b.v]
		s.value[b.v] = to
		if b.v < m {
			right[b.v] += move
			continue
		}
		for _, e := range s.columns[b.v-m] {
			right[e.row] -= float64(e.value * move)
		}
	}
	for r, b := range right {
		if b == 0 {
			continue
		}
		for i, f := range s.inverse[r*m : r*m+m] {
			s.value[s.basis[i]] += float64(f * b)
		}
		*s.steps += int64(m)
	}
}

// earliest makes list a heap with the least ratio first.
func earliest(list []breakpoint) {
	for i := len(list)/2 - 1; i >= 0; i-- {
		sink(list, i)
	}
}

func sink(list []breakpoint, i int) {
	before := func(a, b breakpoint) bool {
		return cmp.Or(cmp.Compare(a.ratio, b.ratio), cmp.Compare(a.v, b.v)) < 0
	}
	for {
		child := 2*i + 1
		if child >= len(list) {
			return
		}
		if child+1 < len(list) && before(list[child+1], list[child]) {
			child++
		}
		if !before(list[child], list[i]) {
			return
		}
		list[i], list[child] = list[child], list[i]
		i = child
	}
}

package lottery

import "math"

// dual goes from any basis to an optimal one, or proves that there is none: all
// variables have two bounds, so that each can first be put where its reduced cost
// wants it. The place that is furthest outside its bounds leaves.
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
		rho := s.across(p)
		v := s.relieving(rho, below)
		if v < 0 {
			if s.since > 0 { // be sure of the numbers
				s.invert()
				s.align()
				continue
			}
			s.ray = append(s.ray[:0], rho...)
			return impossible
		}
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
		s.pivot(v, p, w)
		s.value[out] = bound
	}
}

// align puts each variable outside the basis to the bound its reduced cost wants.
func (s *simplex) align() {
	y := s.prices()
	for v := range s.value {
		if s.place[v] >= 0 {
			continue
		}
		switch d := s.cost[v] - s.dot(y, v); {
		case d > positive:
			s.value[v] = s.upper[v]
		case d < -positive:
			s.value[v] = s.lower[v]
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

// across is row p of the inverse.
func (s *simplex) across(p int) []float64 {
	rho := make([]float64, s.rows)
	for r := range s.rows {
		rho[r] = s.inverse[r*s.rows+p]
	}
	return rho
}

// relieving is the variable that brings the leaving one back at the least price.
func (s *simplex) relieving(rho []float64, below bool) int {
	y := s.prices()
	at, best, size := -1, math.Inf(1), 0.0
	for v := range s.value {
		if s.place[v] >= 0 || s.lower[v] == s.upper[v] {
			continue
		}
		alpha := s.dot(rho, v)
		if math.Abs(alpha) < pivotal {
			continue
		}
		// Raising v moves the leaving variable by -alpha.
		rises := s.value[v] == s.lower[v]
		if (alpha < 0) != (rises == below) {
			continue
		}
		d := math.Abs(s.cost[v] - s.dot(y, v))
		if d < positive {
			d = 0
		}
		ratio := d / math.Abs(alpha)
		if ratio < best-1e-12 || ratio <= best+1e-12 && math.Abs(alpha) > size {
			at, best, size = v, min(ratio, best), math.Abs(alpha)
		}
	}
	*s.steps += int64(len(s.value) * 8)
	return at
}

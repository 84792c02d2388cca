package lottery

import "math"

// primal goes from a feasible basis to an optimal one: the variable of greatest
// reduced cost enters, until none is left. After a long standstill it chooses by
// number (Bland), which cannot cycle.
func (s *simplex) primal() outcome {
	still := 0
	for round := 0; ; round++ {
		if s.since >= renewal+s.rows/4 {
			s.invert()
		}
		if s.spent() || round > 20_000+50*s.rows {
			return exhausted
		}
		v, rising := s.entering(still > 40+s.rows)
		if v < 0 {
			return optimal
		}
		w := s.forward(v)
		p, step := s.leaving(v, w, rising, still > 40+s.rows)
		if step > feasible {
			still = 0
		} else {
			still++
		}
		move := step
		if !rising {
			move = -step
		}
		for i, x := range w {
			if x != 0 {
				s.value[s.basis[i]] -= float64(move * x)
			}
		}
		if p < 0 { // from bound to bound
			if rising {
				s.value[v] = s.upper[v]
			} else {
				s.value[v] = s.lower[v]
			}
			continue
		}
		s.value[v] += move
		out := s.basis[p]
		s.pivot(v, p, w)
		s.value[out] = s.nearest(out)
	}
}

// entering is the variable whose move gains most, and its direction; -1: none.
func (s *simplex) entering(byNumber bool) (v int, rising bool) {
	y := s.prices()
	best, at, up := positive, -1, false
	for v := range s.value {
		if s.place[v] >= 0 || s.lower[v] == s.upper[v] {
			continue
		}
		d := s.cost[v] - s.dot(y, v)
		rises := s.value[v] == s.lower[v]
		if !rises {
			d = -d
		}
		if d > best {
			best, at, up = d, v, rises
			if byNumber {
				break
			}
		}
	}
	*s.steps += int64(len(s.value) * 4)
	return at, up
}

// leaving is the place that blocks the move of v first, and how far v can move;
// -1: v reaches its other bound.
func (s *simplex) leaving(v int, w []float64, rising, byNumber bool) (place int, step float64) {
	place, step = -1, s.upper[v]-s.lower[v]
	size := 0.0
	for i, x := range w {
		if math.Abs(x) < pivotal {
			continue
		}
		b := s.basis[i]
		room := s.upper[b] - s.value[b]
		if (x > 0) == rising {
			room = s.value[b] - s.lower[b]
		}
		t := max(room, 0) / math.Abs(x)
		switch {
		case t < step-1e-11:
		case t > step+1e-11 || place < 0:
			continue
		case byNumber && b > s.basis[place], !byNumber && math.Abs(x) <= size:
			continue
		}
		place, step, size = i, min(t, step), math.Abs(x)
	}
	return place, step
}

package lottery

import "math"

// relaxed is LEXIMIN over the linear relaxation: the chance of each pool when
// people could be divided. No lottery over panels is better in the sense of
// LEXIMIN. ok is false where effort or numbers gave out.
//
// A level m asks for x_j >= m s_j. When it is too high, the multipliers y of the
// contradiction say so: the greatest value of sum_v d_v x_v, d = +-yA, is below its
// value 0. That greatest value falls linearly with m as long as the signs of d are
// the same, so the m where it is 0 is the next level to try. At the level that is
// possible, pools with d_j < 0 in the last contradiction are at m in every solution.
func (g *program) relaxed(steps *int64, limit int64) (chance []float64, ok bool) {
	for {
		lp := g.newRelaxation(steps)
		lp.limit = limit
		for j, w := range g.scatter(0) {
			lp.cost[lp.rows+j] = float64(w) / unit
		}
		chance = make([]float64, len(g.pools))
		fixed := make([]bool, len(g.pools))
		for left := len(g.pools); left > 0; {
			tight, ok := g.raise(lp, chance, fixed)
			if !ok {
				return nil, false
			}
			for _, j := range tight {
				fixed[j] = true
			}
			left -= len(tight)
		}
		// What is best without some of the households, and keeps to them all the same,
		// is best with them.
		if !g.poseBroken(func(j int) float64 { return float64(chance[j] * float64(len(g.pools[j].members))) }) {
			return chance, true
		}
	}
}

// raise finds the greatest level for the pools that are not fixed, writes it to
// their chances and gives those that cannot rise above it.
func (g *program) raise(lp *simplex, chance []float64, fixed []bool) (tight []int, ok bool) {
	level := 1.0
	for j := range g.pools {
		if !fixed[j] {
			level = min(level, g.cap(j))
		}
	}
	for j := range g.pools {
		if !fixed[j] && g.cap(j) <= level {
			tight = append(tight, j)
		}
	}
	for range 1000 {
		for j := range g.pools {
			size := float64(len(g.pools[j].members))
			if !fixed[j] {
				chance[j] = level
			}
			lp.lower[lp.rows+j] = min(float64(chance[j]*size), lp.upper[lp.rows+j])
		}
		switch lp.solve() {
		case optimal:
			return tight, true
		case exhausted:
			return nil, false
		}
		next, stuck := g.lower(lp, level, fixed)
		if len(stuck) == 0 || next >= level || next < -feasible {
			return nil, false
		}
		level, tight = max(next, 0), stuck
	}
	return nil, false
}

// cap is the greatest chance that pool and household allow.
func (g *program) cap(j int) float64 {
	return float64(g.most(j)) / float64(len(g.pools[j].members))
}

// lower reads from lp.ray the next level below one that is impossible, and the
// pools that hold it down.
func (g *program) lower(lp *simplex, level float64, fixed []bool) (next float64, stuck []int) {
	next = math.Inf(1)
	for _, sign := range []float64{1, -1} {
		top, slope, size := 0.0, 0.0, 0.0
		var at []int
		for v := range lp.value {
			size = max(size, math.Abs(lp.dot(lp.ray, v)))
		}
		for v := range lp.value {
			d := sign * lp.dot(lp.ray, v)
			j := v - lp.rows
			switch {
			case math.Abs(d) < 1e-9*size:
			case d > 0:
				top += float64(d * lp.upper[v])
			case j >= 0 && !fixed[j]:
				slope += float64(d * float64(len(g.pools[j].members)))
				at = append(at, j)
			default:
				top += float64(d * lp.lower[v])
			}
		}
		if slope < 0 && top+float64(slope*level) < 0 {
			return -top / slope, at
		}
	}
	return next, nil
}

package lottery

import "math"

// panel is the number of people from each pool, and the weight in the lottery.
type panel struct {
	x      []int
	weight float64
}

// face is a point that is to be taken apart into panels.
type face struct {
	g      *program
	lp     *simplex
	lower  []float64 // of all rows, then pools: whole numbers around the point
	upper  []float64
	rest   []float64 // the part of the point that is left, by row and pool
	weight float64   // of what is left
	nodes  int       // for each panel
}

// negligible is the weight below which nothing more is taken apart.
const negligible = 1e-8

// decompose takes the point with the given chances apart: panels on the smallest
// face that holds what is left, each with as much weight as the rest bears, until
// nothing is left. left is the weight for which no panel was found; it is above
// negligible where the point is no mixture of panels, or where luck gave out.
func (g *program) decompose(chance []float64, steps *int64, limit int64, progress func(float64)) (panels []panel, left float64) {
	f := &face{g: g, lp: g.newRelaxation(steps), weight: 1, nodes: 400}
	f.lp.limit = limit
	f.rest = make([]float64, len(g.rows)+len(g.pools))
	for j, p := range chance {
		f.rest[len(g.rows)+j] = float64(p * float64(len(g.pools[j].members)))
		for _, r := range g.pools[j].rows {
			f.rest[r] += f.rest[len(g.rows)+j]
		}
	}
	for r := range g.rows {
		low, high := float64(g.rows[r].min), float64(g.rows[r].max)
		if g.rows[r].kind != householdRow || g.place[r] >= 0 {
			low, high = max(math.Floor(f.rest[r]+1e-7), low), min(math.Ceil(f.rest[r]-1e-7), high)
		}
		f.lower, f.upper = append(f.lower, low), append(f.upper, high)
	}
	for j := range g.pools {
		x := f.rest[len(g.rows)+j]
		f.lower = append(f.lower, math.Floor(x+1e-7))
		f.upper = append(f.upper, min(math.Ceil(x-1e-7), float64(g.most(j))))
	}
	for f.weight > negligible {
		x := f.find()
		if x == nil {
			break
		}
		panels = append(panels, panel{x, f.take(x)})
		progress(min(1, math.Log(f.weight+1e-300)/math.Log(negligible)))
	}
	return panels, max(f.weight, 0)
}

// find looks for a panel on the smallest face that holds the rest.
func (f *face) find() []int {
	g := f.g
	slack := 1e-9 + 1e-11/f.weight
	for r := range g.rows { // households that must send as many as they may, from now on
		if g.place[r] < 0 && f.rest[r]/f.weight >= f.upper[r]-slack {
			g.pose(r)
		}
	}
	f.lp = g.renew(f.lp)
	weight := make([]int64, len(g.pools))
	for i := range f.rest {
		v := i - len(g.rows) + f.lp.rows
		if i < len(g.rows) {
			if v = g.place[i]; v < 0 {
				continue
			}
		}
		q := f.rest[i] / f.weight
		f.lp.lower[v], f.lp.upper[v] = f.lower[i], f.upper[i]
		switch {
		case q <= f.lower[i]+slack:
			f.lp.upper[v] = f.lower[i]
		case q >= f.upper[i]-slack:
			f.lp.lower[v] = f.upper[i]
		}
		if j := i - len(g.rows); j >= 0 {
			// What fills its box most is most urgent.
			weight[j] = int64(math.Round(min(max(q-f.lower[i], 0), 1) * unit))
		}
	}
	b := &search{g: g, lp: f.lp, weight: weight, enough: math.MinInt64 + 1, nodes: f.nodes, blur: 1e-3, poolsFirst: true}
	b.run()
	f.lp = b.lp
	return b.best
}

// take subtracts x with as much weight as the rest bears, and gives that weight.
func (f *face) take(x []int) float64 {
	part := 1.0
	f.each(x, func(v int, n float64) {
		q := f.rest[v] / f.weight
		if room := n - f.lower[v]; room > 0.5 { // the rest must stay above lower
			part = min(part, max(q-f.lower[v], 0)/room)
		}
		if room := f.upper[v] - n; room > 0.5 {
			part = min(part, max(f.upper[v]-q, 0)/room)
		}
	})
	weight := float64(part * f.weight)
	f.each(x, func(v int, n float64) {
		f.rest[v] = max(f.rest[v]-float64(weight*n), 0)
	})
	f.weight -= weight
	return weight
}

// each calls f with the activity of each row and the number of each pool in x.
func (f *face) each(x []int, do func(v int, n float64)) {
	for r := range f.g.rows {
		do(r, float64(f.g.count(r, x)))
	}
	for j, n := range x {
		do(len(f.g.rows)+j, float64(n))
	}
}

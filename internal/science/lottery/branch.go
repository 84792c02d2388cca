package lottery

import (
	"cmp"
	"math"
	"slices"
)

// newRelaxation is the linear program of g, without cost.
func (g *program) newRelaxation(steps *int64) *simplex {
	columns := make([][]entry, len(g.pools))
	for j := range g.pools {
		for _, r := range g.pools[j].rows {
			columns[j] = append(columns[j], entry{r, 1})
		}
	}
	s := newSimplex(len(g.rows), columns, steps)
	g.bind(s)
	return s
}

// bind gives s the bounds of the program.
func (g *program) bind(s *simplex) {
	for r := range g.rows {
		s.lower[r], s.upper[r] = float64(g.rows[r].min), float64(g.rows[r].max)
	}
	for j := range g.pools {
		s.lower[s.rows+j], s.upper[s.rows+j] = 0, float64(g.most(j))
	}
}

// search looks for the panel of greatest weight: branch and bound over the linear
// relaxation, first on the numbers that the quotas count, then on the pools.
type search struct {
	g      *program
	lp     *simplex
	weight []int64 // by pool, at most unit
	gap    int64   // what is not worth looking for
	enough int64   // a weight at which to stop
	known  int64   // with share: to stop as soon as this is surpassed by
	share  float64 // this part of what the relaxation promises
	nodes  int     // left
	blur   float64 // disturbs the weights in the relaxation, so that it does not go in circles

	poolsFirst bool
	best       []int
	value      int64 // of best
	bound      int64 // nothing weighs more: proven
	settled    bool  // the tree is exhausted
}

// run searches between the bounds that lp holds, and leaves them as they were.
func (b *search) run() {
	b.value = math.MinInt64
	b.bound = math.MaxInt64
	b.disturb(0)
	for v := range b.lp.value {
		if b.lp.lower[v] > b.lp.upper[v] {
			b.bound, b.settled = math.MinInt64, true
			return
		}
	}
	b.probe()
	top := b.node(true)
	b.settled = !b.stopped()
	if b.settled || top < b.bound {
		b.bound = top
	}
}

// probe looks first among the pools that the relaxation finds it hardest to decide
// about, with all others where it puts them: a small tree that nearly always holds a
// panel, and a good one. It proves nothing.
func (b *search) probe() {
	lp := b.lp
	core := 8 * (1 + len(b.g.quotas))
	if len(b.weight) < 2*core || lp.solve() != optimal {
		return
	}
	y := lp.prices()
	var far []breakpoint
	for v := lp.rows; v < len(lp.value); v++ {
		if lp.place[v] < 0 && lp.lower[v] < lp.upper[v] {
			far = append(far, breakpoint{v: v, ratio: math.Abs(lp.cost[v] - lp.dot(y, v))})
		}
	}
	if len(far) <= core {
		return
	}
	slices.SortFunc(far, func(a, b breakpoint) int {
		return cmp.Or(cmp.Compare(a.ratio, b.ratio), cmp.Compare(a.v, b.v))
	})
	far = far[core:]
	lower, upper, nodes := slices.Clone(lp.lower), slices.Clone(lp.upper), b.nodes
	if b.share > 0 {
		if n, ok := lp.ceiling(b.weight, y); ok && n > b.known {
			b.enough = b.known + 1 + int64(b.share*float64(n-b.known))
		}
	}
	for _, f := range far {
		lp.lower[f.v], lp.upper[f.v] = lp.value[f.v], lp.value[f.v]
	}
	root := lp.keep()
	for try := range 3 {
		if try > 0 { // another corner of the same face
			b.disturb(uint64(try))
			lp.back(root)
		}
		b.nodes = min(nodes, 150)
		b.node(false)
		if b.best != nil {
			break
		}
	}
	b.disturb(0)
	lp.back(root)
	b.nodes = nodes
	copy(lp.lower, lower)
	copy(lp.upper, upper)
}

// disturb gives the relaxation its cost: the weights, and a little that tells equals
// apart.
func (b *search) disturb(seed uint64) {
	for j, n := range b.g.scatter(seed) {
		b.lp.cost[b.lp.rows+j] = float64(float64(b.weight[j])/unit) + float64(float64(b.blur*float64(n))/(1<<26))
	}
}

func (b *search) stopped() bool {
	return b.best != nil && b.value >= b.enough || b.nodes <= 0 || b.lp.spent()
}

// node solves one node and those below it, and gives the proven bound of all.
func (b *search) node(root bool) int64 {
	if b.stopped() {
		return math.MaxInt64
	}
	b.nodes--
	lp := b.lp
	result := lp.solve()
	limit := int64(math.MaxInt64)
	switch result {
	case impossible:
		if lp.contradiction() {
			return math.MinInt64
		}
	case optimal:
		if root || b.best != nil && lp.objective() < float64(float64(b.value+b.gap)/unit)+1e-6 {
			if n, ok := lp.ceiling(b.weight, lp.prices()); ok {
				limit = n
			}
		}
		if root {
			b.bound = limit
			if b.share > 0 && limit > b.known && limit < math.MaxInt64 {
				b.enough = b.known + 1 + int64(b.share*float64(limit-b.known))
			}
		}
		if b.best != nil && limit <= b.value+b.gap {
			return limit
		}
		if b.whole() {
			if n, ok := lp.ceiling(b.weight, lp.prices()); ok && n <= b.value+b.gap {
				return n
			}
		}
	}
	v, at := b.split()
	if v < 0 { // all fixed: take it or leave it
		x := make([]int, len(b.weight))
		for j := range x {
			x[j] = int(lp.lower[lp.rows+j])
		}
		return b.offer(x)
	}
	lower, upper := lp.lower[v], lp.upper[v]
	up := v >= lp.rows || at-math.Floor(at) >= 0.5
	high := int64(math.MinInt64)
	for _, rising := range []bool{up, !up} {
		if rising {
			lp.lower[v] = math.Floor(at) + 1
		} else {
			lp.upper[v] = math.Floor(at)
		}
		high = max(high, b.node(false))
		lp.lower[v], lp.upper[v] = lower, upper
	}
	return min(high, limit)
}

// whole offers the solution if it is in whole numbers.
func (b *search) whole() bool {
	x := make([]int, len(b.weight))
	for j := range x {
		f := b.lp.value[b.lp.rows+j]
		n := math.Round(f)
		if math.Abs(f-n) > 1e-6 {
			return false
		}
		x[j] = int(n)
	}
	return b.offer(x) > math.MinInt64
}

// offer takes a panel that is better than the best and gives its weight; a panel
// that does not meet the demands has none.
func (b *search) offer(x []int) int64 {
	if !b.g.meets(x) {
		return math.MinInt64
	}
	value := int64(0)
	for j, n := range x {
		f := float64(n)
		if f < b.lp.lower[b.lp.rows+j] || f > b.lp.upper[b.lp.rows+j] {
			return math.MinInt64
		}
		value += int64(n) * b.weight[j]
	}
	if value > b.value || b.best == nil {
		b.best, b.value = x, value
	}
	return value
}

// split is the variable to branch on and the value between the branches.
func (b *search) split() (v int, at float64) {
	lp := b.lp
	spans := [][2]int{{0, 1 + len(b.g.quotas)}, {lp.rows, len(lp.value)}}
	if b.poolsFirst {
		spans = spans[1:]
	}
	for _, span := range spans {
		best, found := 1e-6, -1
		for v := span[0]; v < span[1]; v++ {
			if lp.lower[v] == lp.upper[v] {
				continue
			}
			f := lp.value[v] - math.Floor(lp.value[v])
			if d := min(f, 1-f); d > best && lp.value[v] > lp.lower[v] && lp.value[v] < lp.upper[v] {
				best, found = d, v
			}
		}
		if found >= 0 {
			return found, lp.value[found]
		}
	}
	// Whole, and yet not acceptable, or not solved: any variable that is not fixed.
	for v := lp.rows; v < len(lp.value); v++ {
		if lp.lower[v] < lp.upper[v] {
			return v, math.Floor((lp.lower[v] + lp.upper[v]) / 2)
		}
	}
	return -1, 0
}

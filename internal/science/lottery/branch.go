package lottery

import "math"

// search looks for the panel of greatest weight: branch and bound over the linear
// relaxation, first on the numbers that the quotas count, then on the pools.
// Households that are not posed in the relaxation are kept to by branching.
type search struct {
	g      *program
	lp     *simplex // replaced when rows are posed
	weight []int64  // by pool, at most unit
	gap    int64    // what is not worth looking for
	enough int64    // a weight at which to stop
	known  int64    // with share: to stop as soon as this is surpassed by
	share  float64  // this part of what the relaxation promises
	nodes  int      // left
	blur   float64  // disturbs the weights in the relaxation, so that it does not go in circles
	strict bool     // pose every household that the relaxation breaks

	poolsFirst bool
	cut        cut
	undo       []change
	best       []int
	value      int64 // of best
	bound      int64 // nothing weighs more: proven
	settled    bool  // the tree is exhausted
}

// change is an upper bound to go back to.
type change struct {
	v     int
	upper float64
}

// mostPosed is the number of households that are posed only because a relaxation
// broke them.
const mostPosed = 200

// run searches between the bounds that lp holds, and leaves them as they were.
func (b *search) run() {
	b.value = math.MinInt64
	b.bound = math.MaxInt64
	b.lp = b.g.renew(b.lp)
	b.cut = whole(b.g, b.weight)
	b.disturb(0)
	for v := range b.lp.value {
		if b.lp.lower[v] > b.lp.upper[v] {
			b.bound, b.settled = math.MinInt64, true
			return
		}
	}
	for b.strict || len(b.g.posed) < 1+len(b.g.quotas)+mostPosed {
		if b.lp.solve() != optimal || !b.g.poseBroken(func(j int) float64 { return b.lp.value[b.lp.rows+j] }) {
			break
		}
		b.lp = b.g.renew(b.lp)
		b.disturb(0)
	}
	b.probe()
	top := b.node(true)
	b.settled = !b.stopped()
	if b.settled || top < b.bound {
		b.bound = top
	}
}

// disturb gives the relaxation its cost: the weights, and a little that tells equals
// apart.
func (b *search) disturb(seed uint64) {
	scatter := b.g.scatter(seed)
	for k, j := range b.cut.pools {
		b.lp.cost[b.lp.rows+k] = float64(float64(b.weight[j])/unit) + float64(float64(b.blur*float64(scatter[j]))/(1<<26))
	}
}

func (b *search) stopped() bool {
	return b.best != nil && b.value >= b.enough || b.nodes <= 0 || b.lp.spent()
}

// ceiling is what no panel of a node can outweigh, where that can be proven.
func (b *search) ceiling() (int64, bool) {
	n, ok := b.lp.ceiling(b.cut.weight, b.lp.prices())
	return n + b.cut.offset, ok
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
		if root || b.best != nil && lp.objective() < float64(float64(b.value-b.cut.offset+b.gap)/unit)+1e-6 {
			if n, ok := b.ceiling(); ok {
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
		if b.rounded() {
			if n, ok := b.ceiling(); ok && n <= b.value+b.gap {
				return n
			}
		}
	}
	v, at := b.split(result)
	if v < 0 { // all fixed: take it or leave it
		return b.offer(b.cut.panel(func(k int) int { return int(lp.lower[lp.rows+k]) }))
	}
	return min(b.branch(v, at), limit)
}

// branch searches on both sides of a value of v, and gives the bound of both.
func (b *search) branch(v int, at float64) int64 {
	lp := b.lp
	lower, upper := lp.lower[v], lp.upper[v]
	up := v >= lp.rows || at-math.Floor(at) >= 0.5
	high := int64(math.MinInt64)
	for _, rising := range []bool{up, !up} {
		before, open := len(b.undo), true
		if rising {
			lp.lower[v] = math.Floor(at) + 1
			open = b.spread(v)
		} else {
			lp.upper[v] = math.Floor(at)
		}
		if open {
			high = max(high, b.node(false))
		}
		for len(b.undo) > before {
			last := b.undo[len(b.undo)-1]
			lp.upper[last.v] = last.upper
			b.undo = b.undo[:len(b.undo)-1]
		}
		lp.lower[v], lp.upper[v] = lower, upper
	}
	return high
}

// spread takes from the other pools of its households what v must have now, and
// reports whether there is room at all.
func (b *search) spread(v int) bool {
	k := v - b.lp.rows
	if k < 0 || b.g.pools[b.cut.pools[k]].class < 0 {
		return true
	}
	c := b.g.pools[b.cut.pools[k]].class
	room := float64(b.g.rows[b.g.householdRow(c)].max)
	for _, j := range b.g.classes[c].pools {
		if u := b.cut.column[j]; u >= 0 {
			room -= b.lp.lower[b.lp.rows+u]
		} else {
			room -= float64(b.cut.base[j])
		}
	}
	if room < 0 {
		return false
	}
	for _, j := range b.g.classes[c].pools {
		k := b.cut.column[j]
		if k < 0 {
			continue
		}
		u := b.lp.rows + k
		if limit := b.lp.lower[u] + room; limit < b.lp.upper[u] {
			b.undo = append(b.undo, change{u, b.lp.upper[u]})
			b.lp.upper[u] = limit
		}
	}
	return true
}

// rounded offers the solution if it is in whole numbers.
func (b *search) rounded() bool {
	lp := b.lp
	for _, f := range lp.value[lp.rows:] {
		if math.Abs(f-math.Round(f)) > 1e-6 {
			return false
		}
	}
	return b.offer(b.cut.panel(func(k int) int { return int(math.Round(lp.value[lp.rows+k])) })) > math.MinInt64
}

// offer takes a panel that is better than the best and gives its weight; a panel
// that does not meet the demands has none.
func (b *search) offer(x []int) int64 {
	if !b.g.meets(x) {
		return math.MinInt64
	}
	for k, j := range b.cut.pools {
		f := float64(x[j])
		if f < b.lp.lower[b.lp.rows+k] || f > b.lp.upper[b.lp.rows+k] {
			return math.MinInt64
		}
	}
	value := int64(0)
	for j, n := range x {
		value += int64(n) * b.weight[j]
	}
	if value > b.value || b.best == nil {
		b.best, b.value = x, value
	}
	return value
}

// split is the variable to branch on and the value between the branches.
func (b *search) split(result outcome) (v int, at float64) {
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
	if result == optimal {
		if v := b.crowded(); v >= 0 {
			return v, math.Round(lp.value[v]) - 0.5
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

// crowded is a variable of households that send too many and could send fewer of
// it; -1: there is none.
func (b *search) crowded() int {
	lp := b.lp
	for c := range b.g.classes {
		r := b.g.householdRow(c)
		if b.g.place[r] >= 0 {
			continue
		}
		sum, found := 0, -1
		for _, j := range b.g.classes[c].pools {
			k := b.cut.column[j]
			if k < 0 {
				sum += b.cut.base[j]
				continue
			}
			v := lp.rows + k
			sum += int(math.Round(lp.value[v]))
			if found < 0 && lp.lower[v] < lp.upper[v] && lp.value[v] > lp.lower[v]+0.5 {
				found = v
			}
		}
		if sum > b.g.rows[r].max && found >= 0 {
			return found
		}
	}
	return -1
}

package lottery

import (
	"cmp"
	"math"
	"slices"
)

// cut is the part of the pools that is searched; the others hold their number.
type cut struct {
	pools  []int   // of the columns
	weight []int64 // of the columns
	column []int   // of the pools; -1: none
	base   []int   // the numbers of pools without a column
	offset int64   // what those weigh
}

// whole is the cut that leaves out nothing.
func whole(g *program, weight []int64) cut {
	c := cut{pools: make([]int, len(g.pools)), weight: weight, column: make([]int, len(g.pools)), base: make([]int, len(g.pools))}
	for j := range g.pools {
		c.pools[j], c.column[j] = j, j
	}
	return c
}

// panel is the panel with the given numbers in the columns.
func (c *cut) panel(number func(k int) int) []int {
	x := slices.Clone(c.base)
	for k, j := range c.pools {
		x[j] = number(k)
	}
	return x
}

// probe looks first among the pools that the relaxation finds it hardest to decide
// about, with all others where it puts them: a small tree over a small program that
// nearly always holds a panel, and a good one. It proves nothing.
func (b *search) probe() {
	lp := b.lp
	core := 6 * (1 + len(b.g.quotas))
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
	if b.share > 0 {
		if n, ok := b.ceiling(); ok && n > b.known {
			b.enough = b.known + 1 + int64(b.share*float64(n-b.known))
		}
	}
	small := b.without(far[core:])
	root := small.lp.keep()
	for try := range 3 {
		small.disturb(uint64(try)) // another corner of the same face
		small.lp.back(root)
		small.nodes = min(b.nodes, 150)
		small.node(false)
		if small.best != nil {
			b.best, b.value = small.best, small.value
			return
		}
	}
}

// without is the search with some variables where they stand.
func (b *search) without(far []breakpoint) *search {
	lp := b.lp
	out := make([]bool, len(lp.value))
	for _, f := range far {
		out[f.v] = true
	}
	for c := range b.g.classes { // households that send too many stay open
		if sum := b.sum(c); sum > float64(b.g.rows[b.g.householdRow(c)].max)+0.5 {
			for _, j := range b.g.classes[c].pools {
				out[lp.rows+j] = false
			}
		}
	}
	c := cut{column: make([]int, len(b.weight)), base: make([]int, len(b.weight))}
	var columns [][]entry
	held := make([]float64, lp.rows)
	for j := range b.weight {
		v := lp.rows + j
		if lp.place[v] >= 0 || lp.lower[v] < lp.upper[v] && !out[v] {
			c.column[j] = len(c.pools)
			c.pools = append(c.pools, j)
			c.weight = append(c.weight, b.weight[j])
			columns = append(columns, lp.columns[j])
			continue
		}
		c.column[j] = -1
		c.base[j] = int(math.Round(lp.value[v]))
		c.offset += int64(c.base[j]) * b.weight[j]
		for _, e := range lp.columns[j] {
			held[e.row] += float64(e.value * float64(c.base[j]))
		}
	}
	s := newSimplex(lp.rows, columns, lp.steps)
	s.limit = lp.limit
	for r := range lp.rows {
		s.lower[r], s.upper[r], s.value[r] = lp.lower[r]-held[r], lp.upper[r]-held[r], lp.value[r]-held[r]
	}
	for k, j := range c.pools {
		s.lower[s.rows+k], s.upper[s.rows+k], s.value[s.rows+k] = lp.lower[lp.rows+j], lp.upper[lp.rows+j], lp.value[lp.rows+j]
	}
	copy(s.inverse, lp.inverse)
	s.since = lp.since
	for v := range s.place {
		s.place[v] = -1
	}
	for at, v := range lp.basis {
		if v >= lp.rows {
			v = s.rows + c.column[v-lp.rows]
		}
		s.basis[at], s.place[v] = v, at
	}
	return &search{
		g: b.g, lp: s, weight: b.weight, cut: c, gap: b.gap, enough: b.enough, known: b.known,
		blur: b.blur, poolsFirst: b.poolsFirst, value: math.MinInt64, bound: math.MaxInt64,
	}
}

// sum is what the relaxation puts into a class of households.
func (b *search) sum(c int) float64 {
	sum := 0.0
	for _, j := range b.g.classes[c].pools {
		sum += b.lp.value[b.lp.rows+j]
	}
	return sum
}

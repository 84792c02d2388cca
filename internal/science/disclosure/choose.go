package disclosure

import (
	"math"
	"slices"
)

// Hiding for one count after the other is greedy: what was chosen for the first may
// be needless, or dear, once the last is safe. So the choice is made once more as a
// whole, after Fischetti and Salazar: a list of needs says "if this is hidden, one of
// those must be hidden too", the cheapest choice that meets all of them is found
// (cover.go), and is tried. Each row that is not safe with it gives a new need: the
// shown counts that pin it down. The first choice that is safe is the cheapest.

// chooseWork bounds the work on this: about a third of a second.
const chooseWork = 150_000_000

// chooseRows is the most counts for which it is tried.
const chooseRows = 1000

// loss says what each count is worth to those who read the tables: each number
// that shows it counts, and the totals a little more.
func (g *guard) loss() []float64 {
	out := make([]float64, len(g.rows))
	for _, t := range g.tables {
		for sub := t; ; sub = (sub - 1) & t {
			m := &g.margins[g.index[sub]]
			for at := m.first; at < m.first+m.size*len(g.periods); at++ {
				if c := g.class[at]; c >= 0 {
					out[c] += 1 + g.worth[c]
				}
			}
			if sub == 0 {
				break
			}
		}
	}
	return out
}

// choose looks for the cheapest choice.
func (g *guard) choose() {
	if !g.whole || len(g.rows) > chooseRows {
		return
	}
	c := &cover{cost: g.loss(), fixed: make([]bool, len(g.rows)), never: make([]bool, len(g.rows))}
	least := 0.0 // what is lost in any case
	best := 0.0
	for r := range g.rows {
		c.fixed[r] = g.rows[r].n < g.k || g.frozen[r] && g.hidden[r]
		c.never[r] = g.frozen[r] && !g.hidden[r]
		if c.fixed[r] {
			least += c.cost[r]
		}
		if g.hidden[r] {
			best += c.cost[r]
		}
	}
	g.needs(c)
	hidden, worlds := slices.Clone(g.hidden), g.alive()
	pool := worlds
	end := min(g.budget, g.lp.work+chooseWork)
	for g.lp.work < end {
		pick, ok := c.cheapest(best-least-1e-6, &g.lp.work, end)
		if !ok {
			break // nothing is cheaper than what there is
		}
		copy(g.hidden, pick)
		g.remember(pool)
		safe := true
		for r := range int32(g.m) {
			if g.lp.work >= end {
				safe = false
				break
			}
			if g.wanted(r) && !g.prove(r) {
				safe = false
				g.need(c, r)
			}
		}
		if safe {
			return
		}
		pool = append(pool, g.worlds[g.kept:]...)
	}
	copy(g.hidden, hidden)
	g.remember(worlds)
}

// alive gives the worlds that prove something.
func (g *guard) alive() []*world {
	var out []*world
	for _, w := range g.worlds {
		if !w.gone {
			out = append(out, w)
		}
	}
	return out
}

// remember takes as proof those of these worlds in which no shown count differs.
func (g *guard) remember(worlds []*world) {
	g.worlds, g.room = nil, 0
	for r := range g.touch {
		g.touch[r] = g.touch[r][:0]
		g.low[r], g.high[r] = 0, 0
	}
	for _, w := range worlds {
		g.lp.work += 2 * len(w.rows)
		if !slices.ContainsFunc(w.rows, func(r int32) bool { return int(r) < len(g.rows) && !g.hidden[r] }) {
			g.keep(w)
		}
	}
	g.kept = len(g.worlds)
}

// needs are those that the tables themselves tell: where cells add up to their
// margin, not one alone of all these can be hidden.
func (g *guard) needs(c *cover) {
	for _, d := range g.differ {
		c.add(-1, []int32{d.whole, d.part})
	}
	periods := len(g.periods)
	for i := range g.margins {
		m := &g.margins[i]
		for j, dim := range m.dims {
			up := &g.margins[g.index[m.set&^(1<<dim)]]
			n := len(g.values[dim])
			for at := range m.size {
				if at/m.stride[j]%n != 0 {
					continue // the first of each line
				}
				above := at/(m.stride[j]*n)*m.stride[j] + at%m.stride[j]
				for t := range periods {
					g.line(c, m, j, at, up.first+above*periods+t, t)
				}
			}
		}
	}
}

// line is the need of one margin and its cells along a dimension.
func (g *guard) line(c *cover, m *margin, j, at, above, t int) {
	whole := g.class[above]
	if whole < 0 {
		return
	}
	periods := len(g.periods)
	rest := g.hash[whole]
	all := []int32{whole}
	for v := range len(g.values[m.dims[j]]) {
		if part := g.class[m.first+(at+v*m.stride[j])*periods+t]; part >= 0 {
			rest = rest.minus(g.hash[part])
			all = append(all, part)
		}
	}
	if rest != (mark{}) || len(all) < 3 {
		return // people in several of them, or one cell that is the margin
	}
	for i, r := range all {
		c.add(r, slices.Concat(all[:i], all[i+1:]))
	}
}

// need finds the shown counts that pin a row down.
func (g *guard) need(c *cover, row int32) {
	pins := make([]bool, len(g.rows))
	far := 0.0
	for _, direction := range []int{1, -1} {
		reach := g.k
		if direction < 0 {
			least := 0
			if int(row) < len(g.rows) {
				least = fewest
			}
			reach = min(reach, g.count(int(row))-least)
		}
		if reach <= 0 {
			continue
		}
		g.bounds(row, direction, reach, false)
		g.lp.restart()
		g.prices(0, true)
		if !g.lp.solve(g.steps) {
			g.lp.forget()
			continue
		}
		far += math.Abs(g.lp.now[g.lp.n+int(row)])
		for r := range g.rows {
			if !g.hidden[r] && math.Abs(g.lp.dual[r]) > 0.5 {
				pins[r] = true
			}
		}
	}
	var any []int32
	for r, p := range pins {
		if p {
			any = append(any, int32(r))
		}
	}
	if far >= float64(g.k)-1e-3 || len(any) == 0 {
		// It is only in whole numbers that it cannot differ enough: anything may help.
		any = any[:0]
		for r := range g.rows {
			if !g.hidden[r] {
				any = append(any, int32(r))
			}
		}
	}
	if int(row) >= len(g.rows) {
		row = -1
	}
	c.add(row, any)
}

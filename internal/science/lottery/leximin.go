package lottery

import (
	"math"
	"slices"
)

// Reached says how good a lottery is known to be.
type Reached int

const (
	// Bounded: effort gave out; the smallest chance is at most Lottery.Bound.
	Bounded Reached = iota
	// Maximin: no lottery gives a greater smallest chance.
	Maximin
	// Leximin: and among those none gives a greater second smallest, and so on.
	Leximin
)

// String is the name in lower case.
func (r Reached) String() string {
	return [...]string{"bounded", "maximin", "leximin"}[r]
}

// DefaultEffort bounds the work on one lottery, in steps of arithmetic; on a small
// machine of 2026 it is less than a minute.
const DefaultEffort = 30_000_000_000

// close is the difference of chances that does not matter.
const close = 1e-6

// maxColumnPools bounds the memory of column generation.
const maxColumnPools = 3000

// draft is a lottery before its weights are whole numbers.
type draft struct {
	panels  []panel
	reached Reached
	bound   float64 // of the smallest chance of those whom a panel can hold
}

// solve finds the lottery of a program that has a panel, first.
func (g *program) solve(first []int, o Options) draft {
	steps, effort := int64(0), o.Effort
	known := []panel{{x: first}}
	for {
		chance, ok := g.relaxed(&steps, effort/4)
		if !ok {
			known[0].weight = 1
			return g.generate(known, nil, &steps, effort)
		}
		if g.bar(chance, &steps, effort/4) {
			continue
		}
		panels, left := g.decompose(chance, &steps, effort/2, o.Progress)
		if left <= close {
			return draft{normal(panels), Leximin, least(g, chance)}
		}
		// What could not be taken apart goes in equal parts to panels for those who are on
		// none yet: a lottery to fall back upon.
		before := len(known) + len(panels)
		more, barred := g.cover(append(known, panels...), &steps, steps+effort/4)
		if barred {
			continue // others may get more, now that some are out
		}
		spare := more[before:]
		if len(spare) == 0 {
			spare = more[:1]
		}
		for i := range spare {
			spare[i].weight += left / float64(len(spare))
		}
		return g.generate(more, chance, &steps, effort)
	}
}

// bar proves of pools without a chance in the relaxation that no panel holds them, and
// reports whether there were new ones.
func (g *program) bar(chance []float64, steps *int64, limit int64) bool {
	lp := g.newRelaxation(steps)
	lp.limit = limit
	some := false
	for j, p := range chance {
		if p > close || g.pools[j].barred {
			continue
		}
		weight := make([]int64, len(g.pools))
		weight[j] = unit
		b := &search{g: g, lp: lp, weight: weight, enough: unit, nodes: 1000, blur: 1e-7}
		b.run()
		lp = b.lp
		if b.settled && b.bound < unit {
			g.pools[j].barred, some = true, true
			g.bind(lp)
		}
	}
	return some
}

// cover adds panels for pools on none of those known; pools that are proven to be on
// no panel at all are barred.
func (g *program) cover(known []panel, steps *int64, limit int64) (more []panel, barred bool) {
	lp := g.newRelaxation(steps)
	lp.limit = limit
	covered := make([]bool, len(g.pools))
	mark := func(x []int) {
		for j, n := range x {
			covered[j] = covered[j] || n > 0
		}
	}
	for _, p := range known {
		mark(p.x)
	}
	for j := range g.pools {
		if covered[j] || g.pools[j].barred {
			continue
		}
		weight := make([]int64, len(g.pools))
		for k := range weight {
			if !covered[k] {
				weight[k] = unit >> 16 // others on the way
			}
		}
		weight[j] = unit
		b := &search{g: g, lp: lp, weight: weight, enough: unit, nodes: 3000, blur: 1e-6}
		b.run()
		lp = b.lp
		if b.best != nil {
			known = append(known, panel{x: b.best})
			mark(b.best)
		}
		if b.settled && b.best != nil && b.best[j] == 0 && b.bound < unit {
			g.pools[j].barred = true
			barred = true
			g.bind(lp)
		}
	}
	return known, barred
}

// generate finds the lottery by column generation: first towards the chances of the
// relaxation, which is quick and often enough, then level by level.
func (g *program) generate(known []panel, chance []float64, steps *int64, effort int64) draft {
	best := draft{bound: 1, panels: normal(known)}
	better := func(panels []panel) {
		if least(g, g.chances(panels)) > least(g, g.chances(best.panels)) {
			best.panels = panels
		}
	}
	if chance != nil {
		best.bound = least(g, chance)
	}
	if len(g.pools) > maxColumnPools {
		return best
	}
	if chance != nil {
		scale := make([]float64, len(g.pools))
		for j, p := range chance {
			scale[j] = float64(p * float64(len(g.pools[j].members)))
		}
		c := newColumns(g, known, scale, steps, *steps+(effort-*steps)/3)
		c.rise(close)
		better(c.lottery())
		known = c.panels
		if c.lp.value[c.level] >= 1-close && g.reaches(c.lottery(), chance) {
			best.panels, best.reached = c.lottery(), Leximin
			return best
		}
	}
	scale := make([]float64, len(g.pools))
	for j := range scale {
		if !g.pools[j].barred {
			scale[j] = float64(len(g.pools[j].members))
		}
	}
	c := newColumns(g, known, scale, steps, effort)
	for round := 0; ; round++ {
		proven := c.rise(close)
		now := c.lottery()
		if round == 0 {
			best.bound = min(best.bound, c.bound)
			better(now)
			proven = proven && least(g, g.chances(now)) >= c.bound-10*close
			if !proven {
				return best
			}
			best.reached = Maximin
		}
		if !proven {
			return best
		}
		best.panels = now
		if full := c.lp.value[c.level] >= 1-close; !full && !c.hold() {
			return best
		} else if full || !c.free() {
			best.reached = Leximin
			return best
		}
	}
}

// reaches reports whether a draft gives each pool the chances it was made for: it is
// counted again from the panels, since the numbers of a long computation may wear out.
func (g *program) reaches(panels []panel, chance []float64) bool {
	for j, p := range g.chances(panels) {
		if p < chance[j]-10*close {
			return false
		}
	}
	return true
}

// chances are those of each pool in a draft.
func (g *program) chances(panels []panel) []float64 {
	chance := make([]float64, len(g.pools))
	total := 0.0
	for _, p := range panels {
		total += p.weight
		for j, n := range p.x {
			if n > 0 {
				chance[j] += float64(p.weight * float64(n))
			}
		}
	}
	for j := range chance {
		chance[j] /= float64(total * float64(len(g.pools[j].members)))
	}
	return chance
}

// least is the smallest chance among pools that are not barred.
func least(g *program, chance []float64) float64 {
	low := math.Inf(1)
	for j, p := range chance {
		if !g.pools[j].barred {
			low = min(low, p)
		}
	}
	return min(low, 1)
}

// normal makes the weights add to one.
func normal(panels []panel) []panel {
	total := 0.0
	for _, p := range panels {
		total += p.weight
	}
	panels = slices.Clone(panels)
	for i := range panels {
		panels[i].weight /= total
	}
	return panels
}

package lottery

import "slices"

// verdict answers whether a program has a panel.
type verdict int

const (
	undecided verdict = iota
	satisfiable
	contradictory
)

// Effort of questions of yes or no, so that contrived quotas cannot hang.
const (
	questionNodes = 20_000
	questionSteps = 3_000_000_000 // one
	conflictSteps = 6_000_000_000 // all of one conflict
)

// hopeless reports whether a row alone cannot be met.
func (g *program) hopeless(r int) bool {
	people := 0
	for _, j := range g.rows[r].pools {
		people += g.most(j)
	}
	return g.rows[r].min > people || g.rows[r].max < 0 || g.rows[r].min > g.rows[r].max
}

// try looks for any panel of g.
func (g *program) try() ([]int, verdict) {
	steps := int64(0)
	return g.tryWithin(&steps, questionSteps)
}

// tryWithin is try with the effort up to a limit.
func (g *program) tryWithin(steps *int64, limit int64) ([]int, verdict) {
	if g.crowded {
		return nil, contradictory
	}
	for r := range g.rows {
		if g.hopeless(r) {
			return nil, contradictory
		}
	}
	if *steps >= limit {
		return nil, undecided
	}
	lp := g.newRelaxation(steps)
	lp.limit = limit
	b := &search{g: g, lp: lp, weight: g.scatter(0), enough: -unit, nodes: questionNodes, strict: true}
	b.run()
	switch {
	case b.best != nil:
		return b.best, satisfiable
	case b.settled:
		return nil, contradictory
	default:
		return nil, undecided
	}
}

// scatter gives each pool a weight without meaning, so that no two solutions of a
// linear program are equally good.
func (g *program) scatter(seed uint64) []int64 {
	weight := make([]int64, len(g.pools))
	for j := range weight {
		h := (uint64(j+1) + seed<<32) * 0x9e3779b97f4a7c15
		h ^= h >> 29
		h *= 0xbf58476d1ce4e5b9
		weight[j] = int64(h >> 38) // below 2^26
	}
	return weight
}

// without is g with some rows that demand nothing.
func (g *program) without(dropped func(r int) bool) *program {
	free := *g
	free.rows = slices.Clone(g.rows)
	free.posed, free.place = slices.Clone(g.posed), slices.Clone(g.place)
	people := len(g.held)
	for j := range g.pools {
		people += len(g.pools[j].members) * g.pools[j].size
	}
	for r := range free.rows {
		if dropped(r) {
			free.rows[r].min, free.rows[r].max = -people, people
		}
	}
	return &free
}

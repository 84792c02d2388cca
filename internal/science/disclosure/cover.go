package disclosure

import (
	"cmp"
	"slices"
)

// need says that if one count is hidden, one of any must be; when is -1 if one of
// them must be in any case.
type need struct {
	when int32
	any  []int32
}

// cover looks for the cheapest set of counts to hide that meets all needs, by
// branching: of a need that is not met, one count after the other is taken.
type cover struct {
	cost  []float64
	fixed []bool // hidden in any case
	never []bool // shown in any case
	needs []need
	known map[string]bool // needs by what they say

	state []int8 // of each count: 1 hidden, -1 shown, 0 open
	best  float64
	pick  []bool
	work  *int
	end   int
	met   []int32 // of each count: the last bound in which it was counted
	stamp int32
}

// add takes a need, if it is new and not met in any case.
func (c *cover) add(hidden int32, any []int32) {
	any = slices.Clone(any)
	slices.Sort(any)
	any = slices.Compact(any)
	if hidden >= 0 && c.never[hidden] || slices.ContainsFunc(any, func(r int32) bool { return c.fixed[r] }) {
		return
	}
	if hidden >= 0 && c.fixed[hidden] {
		hidden = -1
	}
	any = slices.DeleteFunc(any, func(r int32) bool { return c.never[r] })
	key := make([]byte, 0, 4*len(any)+4)
	for _, r := range append([]int32{hidden}, any...) {
		key = append(key, byte(r), byte(r>>8), byte(r>>16), byte(r>>24))
	}
	if c.known == nil {
		c.known = map[string]bool{}
	}
	if !c.known[string(key)] {
		c.known[string(key)] = true
		c.needs = append(c.needs, need{hidden, any})
	}
}

// cheapest gives what to hide at a cost below the limit; false when there is
// nothing, or the work is at its end.
func (c *cover) cheapest(limit float64, work *int, end int) (hidden []bool, ok bool) {
	c.state = make([]int8, len(c.cost))
	for r := range c.state {
		switch {
		case c.fixed[r]:
			c.state[r] = 1
		case c.never[r]:
			c.state[r] = -1
		}
	}
	c.met = make([]int32, len(c.cost))
	c.stamp = 0
	c.best, c.pick, c.work, c.end = limit, nil, work, end
	c.branch(0)
	return c.pick, c.pick != nil && *work < end
}

// branch tries all that is still open; cost is that of what was taken.
func (c *cover) branch(cost float64) {
	if *c.work >= c.end {
		return
	}
	// The needs that are not met, and what they cost at least: those that have no
	// count in common cost each their cheapest.
	c.stamp++
	bound, first := cost, -1
	fewest := len(c.cost) + 1
	for i := range c.needs {
		if when := c.needs[i].when; when >= 0 && c.state[when] != 1 {
			continue
		}
		any := c.needs[i].any
		open, alone, least := 0, true, 0.0
		for _, r := range any {
			if c.state[r] == 1 {
				open = -1
				break
			}
			if c.state[r] == 0 {
				if open == 0 || c.cost[r] < least {
					least = c.cost[r]
				}
				open++
				alone = alone && c.met[r] != c.stamp
			}
		}
		*c.work += len(any)
		if open < 0 {
			continue
		}
		if open == 0 {
			return
		}
		if alone {
			bound += least
			for _, r := range any {
				c.met[r] = c.stamp
			}
		}
		if open < fewest {
			fewest, first = open, i
		}
	}
	if bound >= c.best-1e-9 {
		return
	}
	if first < 0 {
		c.best = cost
		c.pick = make([]bool, len(c.state))
		for r, s := range c.state {
			c.pick[r] = s == 1
		}
		return
	}
	var open []int32
	for _, r := range c.needs[first].any {
		if c.state[r] == 0 {
			open = append(open, r)
		}
	}
	slices.SortStableFunc(open, func(a, b int32) int { return cmp.Compare(c.cost[a], c.cost[b]) })
	for _, r := range open {
		c.state[r] = 1
		c.branch(cost + c.cost[r])
		c.state[r] = -1
	}
	for _, r := range open {
		c.state[r] = 0
	}
}

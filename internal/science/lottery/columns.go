package lottery

import "math"

// columns is the linear program over the panels known so far: variables are their
// weights and the level, rows are the pools.
//
//	maximise level, where  sum_P w_P = 1
//	                       sum_P w_P x_j(P) >= level * scale_j   for pools still free
//	                       sum_P w_P x_j(P) >= floor_j           for pools held fast
//
// Its prices are a question: which panel is worth most? A panel that is worth more
// than the prices promise improves the lottery; when none is, the level is optimal.
type columns struct {
	g       *program
	lp      *simplex
	level   int // the variable
	panels  []panel
	known   map[string]bool
	scale   []float64
	held    []bool
	pricing *simplex
	bound   float64 // no lottery reaches a higher level
	nodes   int
}

// newColumns begins with some panels, at least one.
func newColumns(g *program, panels []panel, scale []float64, steps *int64, limit int64) *columns {
	c := &columns{
		g: g, scale: scale, held: make([]bool, len(g.pools)), known: make(map[string]bool),
		pricing: g.newRelaxation(steps), bound: math.Inf(1), nodes: 3000,
	}
	c.pricing.limit = limit
	c.lp = newSimplex(1+len(g.pools), nil, steps)
	c.lp.limit = limit
	c.lp.lower[0], c.lp.upper[0], c.lp.value[0] = 1, 1, 1
	c.level = c.lp.add(c.levelColumn(), 0, 1)
	c.lp.cost[c.level] = 1
	for j := range g.pools {
		c.lp.upper[1+j] = float64(len(g.pools[j].members)) + 1 // nor this
	}
	for _, p := range panels {
		c.include(p.x)
	}
	// The first panel alone, with level zero, is a lottery.
	first := c.level + 1
	c.lp.pivot(first, 0, c.lp.forward(first))
	c.lp.refresh()
	return c
}

func (c *columns) levelColumn() []entry {
	var column []entry
	for j, s := range c.scale {
		if !c.held[j] && s > 0 {
			column = append(column, entry{1 + j, -s})
		}
	}
	return column
}

// include adds a panel; it reports whether it is new.
func (c *columns) include(x []int) bool {
	key := make([]byte, 0, 4*len(x))
	for j, n := range x {
		if n > 0 {
			key = append(key, byte(j), byte(j>>8), byte(n), byte(n>>8))
		}
	}
	if c.known[string(key)] {
		return false
	}
	c.known[string(key)] = true
	column := []entry{{0, 1}}
	for j, n := range x {
		if n > 0 {
			column = append(column, entry{1 + j, float64(n)})
		}
	}
	c.panels = append(c.panels, panel{x: x})
	c.lp.add(column, 0, 2) // above 1, so that this bound never counts
	return true
}

// rise raises the level until no panel is worth more, within tolerance; it reports
// whether that is proven.
func (c *columns) rise(tolerance float64) bool {
	c.bound = math.Inf(1)
	for {
		if c.lp.solve() != optimal {
			return false
		}
		level := c.lp.value[c.level]
		x, gain, promise := c.richest()
		c.bound = min(c.bound, level+promise)
		if c.bound <= level+tolerance {
			return true
		}
		if x == nil || gain <= 1e-10 || !c.include(x) {
			return false
		}
	}
}

// richest is a panel worth more than the prices promise, by gain, if one was found;
// no panel is worth more than promise.
func (c *columns) richest() (x []int, gain, promise float64) {
	y := c.lp.prices()
	top := 0.0
	for j := range c.g.pools {
		top = max(top, -y[1+j])
	}
	if top <= 0 { // the level meets its own bound
		return nil, 0, 0
	}
	weight := make([]int64, len(c.g.pools))
	for j := range weight {
		weight[j] = int64(math.Round(max(-y[1+j], 0) / top * unit))
	}
	now := float64(y[0] / top * unit)
	b := &search{
		g: c.g, lp: c.pricing, weight: weight, nodes: c.nodes, blur: 1e-9,
		gap: 8, enough: math.MaxInt64,
		known: int64(math.Ceil(now)), share: 0.5,
	}
	b.run()
	c.pricing = b.lp
	rounding := float64(c.g.seats) + 1 // half a unit for each person
	promise = math.Inf(1)
	if b.bound < math.MaxInt64 {
		promise = max(0, (float64(b.bound)+rounding-now)*top/unit)
	}
	if b.best == nil {
		return nil, 0, promise
	}
	return b.best, (float64(b.value) - now) * top / unit, promise
}

// hold holds pools fast at the level, and reports whether there were any: those
// whose price shows that they cannot rise above it.
func (c *columns) hold() bool {
	y := c.lp.prices()
	level := c.lp.value[c.level]
	some := false
	for j := range c.held {
		if !c.held[j] && c.scale[j] > 0 && float64(-y[1+j]*c.scale[j]) > 1e-6 {
			c.held[j] = true
			c.lp.lower[1+j] = max(0, float64(level*c.scale[j])-1e-9)
			some = true
		}
	}
	c.lp.columns[c.level-c.lp.rows] = c.levelColumn()
	c.lp.invert()
	return some
}

// free reports whether a pool is left that may rise.
func (c *columns) free() bool {
	for j := range c.held {
		if !c.held[j] && c.scale[j] > 0 {
			return true
		}
	}
	return false
}

// lottery gives the panels with their weights at present.
func (c *columns) lottery() []panel {
	var used []panel
	for i, p := range c.panels {
		if w := c.lp.value[c.level+1+i]; w > 1e-12 {
			used = append(used, panel{p.x, w})
		}
	}
	if len(used) == 0 { // numbers gave out
		return []panel{{c.panels[0].x, 1}}
	}
	return used
}

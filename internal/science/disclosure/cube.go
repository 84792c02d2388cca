package disclosure

import (
	"math"
	"math/bits"
)

// A cube is the plain way to another world when each table is a block of its own:
// k people more in one corner, k fewer in its neighbours, k more in theirs, as the
// corners of a square or a cube in the dimensions of the cell. All that is summed
// over one of these dimensions stays as it was, so only the corners, and what
// divides them further, must be hidden. Repsilber's hypercube method (1994) goes
// this way; here each cube is one proof among others.

// aim is what a cube is to change.
type aim struct {
	margin      int
	values      []int // of the margin's dimensions
	first, last int   // periods since which the people may be there
	dim, other  int   // this dimension's neighbour must have this value; dim is -1 if any may
}

// aims gives the cells whose change changes a row alike.
func (g *guard) aims(row int32) []aim {
	if int(row) < len(g.rows) {
		a := g.at(g.rows[row].cell, g.rows[row].margin)
		return []aim{a}
	}
	d := &g.differ[int(row)-len(g.rows)]
	part := g.at(d.partCell, d.margin)
	if d.dim < 0 { // a period and the one before
		part.last++
		part.first = part.last
		return []aim{part}
	}
	// The people of the whole who are not in the part are in its siblings.
	var out []aim
	i := placeIn(g.margins[d.margin].dims, d.dim)
	for v := range g.values[d.dim] {
		if v == part.values[i] {
			continue
		}
		a := part
		a.values = append([]int(nil), part.values...)
		a.values[i] = v
		a.dim, a.other = d.dim, part.values[i]
		out = append(out, a)
	}
	return out
}

// at reads the place of a cell backwards.
func (g *guard) at(cell, margin int) aim {
	m := &g.margins[margin]
	in := cell - m.first
	a := aim{margin: margin, values: make([]int, len(m.dims)), last: in % len(g.periods), dim: -1}
	in /= len(g.periods)
	for i, dim := range m.dims {
		a.values[i] = in / m.stride[i] % len(g.values[dim])
	}
	return a
}

// cube looks for the cheapest cube that moves a row by k; without hiding, for one
// that changes only what is hidden already.
func (g *guard) cube(row int32, hiding bool) (w *world, broken []int32) {
	best := math.Inf(1)
	if !hiding {
		best = 1e-12
	}
	var columns, change []int32
	for _, a := range g.aims(row) {
		g.cubes(a, &best, &columns, &change)
	}
	if columns == nil {
		return nil, nil
	}
	w, broken = g.world(columns, change)
	if w == nil || w.of(row)-int(g.low[row]) < g.k {
		return nil, nil
	}
	return w, broken
}

// cubes tries all neighbours of one aim.
func (g *guard) cubes(a aim, best *float64, columns, change *[]int32) {
	m := &g.margins[a.margin]
	d := len(m.dims)
	if d > 4 {
		return
	}
	if d == 0 {
		return // nobody can be moved out of the whole
	}
	other := make([]int, d)
	for g.lp.work < g.budget {
		fits := true
		for i, dim := range m.dims {
			if other[i] == a.values[i] || dim == a.dim && other[i] != a.other {
				fits = false
			}
		}
		if fits {
			for since := a.last; since >= a.first; since-- {
				cost, cols, by := g.corners(a, other, since, *best)
				if cols != nil && cost < *best {
					*best, *columns, *change = cost, cols, by
				}
			}
		}
		i := d - 1
		for ; i >= 0; i-- {
			if other[i]++; other[i] < len(g.values[m.dims[i]]) {
				break
			}
			other[i] = 0
		}
		if i < 0 {
			return
		}
	}
}

// corners prices one cube. In each block that shows the margin, people with the
// same values in its other dimensions move; the cheapest such values are taken.
func (g *guard) corners(a aim, other []int, since int, limit float64) (cost float64, columns, change []int32) {
	set := g.margins[a.margin].set
	for _, b := range g.holders[a.margin] {
		blk := &g.blocks[b]
		whole := blk.margins[len(blk.margins)-1]
		price, rest := limit-cost, -1
		full := &g.margins[whole]
		size := 1
		for _, dim := range full.dims {
			if set>>dim&1 == 0 {
				size *= len(g.values[dim])
			}
		}
		// All finer cells of one corner; the work is counted beside the program's.
		for r := range size {
			if p := g.price(blk, full, a, other, since, r, price); p < price {
				price, rest = p, r
			}
		}
		if rest < 0 {
			return 0, nil, nil
		}
		cost += price
		for s := range 1 << len(other) {
			columns = append(columns, int32(blk.first)+blk.cell[g.corner(full, a, other, s, rest)*len(g.periods)+since])
			by := int32(g.k)
			if bits.OnesCount(uint(s))%2 == 1 {
				by = -by
			}
			change = append(change, by)
		}
	}
	return cost, columns, change
}

// corner gives the cell of a margin (counted from its first, without periods) at a
// corner: bit i of s takes the neighbour's value in dimension i of the aim, and
// rest numbers the values of the dimensions that the aim does not have.
func (g *guard) corner(m *margin, a aim, other []int, s, rest int) int {
	own := &g.margins[a.margin]
	at := 0
	for i, dim := range m.dims {
		v := 0
		if own.set>>dim&1 == 1 {
			j := placeIn(own.dims, dim)
			if v = a.values[j]; s>>j&1 == 1 {
				v = other[j]
			}
		} else {
			n := len(g.values[dim])
			v, rest = rest%n, rest/n
		}
		at += v * m.stride[i]
	}
	return at
}

// price says what must be hidden for a cube in one block, limit if it cannot be.
func (g *guard) price(blk *block, full *margin, a aim, other []int, since, rest int, limit float64) float64 {
	g.lp.work += 4 << len(other)
	own := g.margins[a.margin].set
	// Are there people to take away?
	for s := range 1 << len(other) {
		column := blk.cell[g.corner(full, a, other, s, rest)*len(g.periods)+since]
		if column < 0 || bits.OnesCount(uint(s))%2 == 1 && blk.people[column] < g.k {
			return limit
		}
	}
	cost := 0.0
	for s := range 1 << len(other) {
		fewer := bits.OnesCount(uint(s))%2 == 1
		at := g.corner(full, a, other, s, rest)
		for _, i := range blk.margins {
			m := &g.margins[i]
			if own&^m.set != 0 {
				continue
			}
			g.lp.work += 4
			cell := 0
			for j, dim := range m.dims {
				v := at / full.stride[placeIn(full.dims, dim)] % len(g.values[dim])
				cell += v * m.stride[j]
			}
			for t := since; t < len(g.periods); t++ {
				c := g.class[m.first+cell*len(g.periods)+t]
				if fewer && g.rows[c].n-g.k < fewest {
					return limit
				}
				if !g.hidden[c] {
					if g.frozen[c] {
						return limit
					}
					if cost += g.worth[c]; cost >= limit {
						return limit
					}
				}
			}
		}
	}
	return cost
}

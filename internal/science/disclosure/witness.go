package disclosure

import "math"

// A world is another population that a reader cannot tell from the true one: the
// same kinds of people, in other numbers, and every shown count the same. It is
// kept as what differs, in whole numbers, and proves how far each hidden count
// may be from the truth.
type world struct {
	columns []int32
	change  []int32 // of each of columns
	rows    []int32 // those whose count differs, ascending
	by      []int32 // of each of rows
	gone    bool    // proves nothing any more
}

// fewest is the least that a hidden count may be: zeros are shown, so a reader
// knows that somebody is there.
const fewest = 1

// maxChange bounds the numbers of a world, far above any k that is useful.
const maxChange = 1 << 28

// world computes what a change of columns does to the counts; nil when a column
// would hold fewer than no people or a count that must stay differs. Counts that
// are shown and may be hidden are allowed to differ: they are returned.
func (g *guard) world(columns, change []int32) (w *world, break_ []int32) {
	for i, j := range columns {
		if change[i] < -int32(min(g.n[j], maxChange)) || change[i] > maxChange {
			return nil, nil
		}
		g.lp.work += 16 * int(g.start[j+1]-g.start[j])
		for e := g.start[j]; e < g.start[j+1]; e++ {
			r := g.row[e]
			if !g.met[r] {
				g.met[r] = true
				g.rowsMet = append(g.rowsMet, r)
			}
			g.sum[r] += int64(g.sign[e]) * int64(change[i])
		}
	}
	w = &world{columns: columns, change: change}
	good := true
	for _, r := range sortedRows(g.rowsMet) {
		by := g.sum[r]
		g.sum[r], g.met[r] = 0, false
		if by == 0 {
			continue
		}
		switch {
		case by > maxChange || by < -maxChange || g.isLink(int(r)):
			good = false
		case int(r) < len(g.rows):
			if by < int64(fewest-g.rows[r].n) || !g.hidden[r] && g.frozen[r] {
				good = false // a hidden count is never zero, since zeros are shown
			}
			if !g.hidden[r] {
				break_ = append(break_, r)
			}
		}
		w.rows = append(w.rows, r)
		w.by = append(w.by, int32(by))
	}
	g.rowsMet = g.rowsMet[:0]
	if !good {
		return nil, nil
	}
	return w, break_
}

// maxProof bounds the rows of all worlds that are kept.
const maxProof = 20_000_000

// keep takes a world as proof.
func (g *guard) keep(w *world) {
	at := int32(len(g.worlds))
	g.worlds = append(g.worlds, w)
	g.room += len(w.rows)
	g.lp.work += 8 * len(w.rows)
	for i, r := range w.rows {
		g.touch[r] = append(g.touch[r], move{at, w.by[i]})
		g.low[r] = min(g.low[r], w.by[i])
		g.high[r] = max(g.high[r], w.by[i])
	}
}

// safe says whether a count may differ by k or more between worlds that a reader
// cannot tell apart.
func (g *guard) safe(row int32) bool {
	return g.high[row]-g.low[row] >= g.least[row]
}

// wanted says whether a row must be safe: a hidden count, or a small difference.
func (g *guard) wanted(row int32) bool {
	return int(row) >= len(g.rows) && !g.isLink(int(row)) || int(row) < len(g.rows) && g.hidden[row]
}

// push looks for a world in which the count of a row is higher (direction 1) or
// lower (-1), by at most reach. With hiding, counts that are shown may differ at
// the price of their weight.
func (g *guard) push(row int32, direction, reach int, hiding bool) (w *world, break_ []int32) {
	if direction < 0 {
		least := 0 // a difference may be nobody
		if int(row) < len(g.rows) {
			least = fewest
		}
		if reach = min(reach, g.count(int(row))-least); reach <= 0 {
			return nil, nil
		}
	}
	g.bounds(row, direction, reach, hiding)
	lp := g.lp
	for round := range maxRounds {
		lp.restart()
		g.prices(round, hiding)
		if !lp.solve(g.steps) {
			lp.forget()
			return nil, nil
		}
		whole := true
		var columns, change []int32
		for j := range lp.n {
			v := lp.now[j]
			if math.Abs(v) < 1e-6 {
				continue
			}
			if math.Abs(v) > maxChange {
				return nil, nil
			}
			near := math.Round(v)
			if math.Abs(v-near) > 0.01 {
				// Not a whole number: try again with less room.
				whole = false
				if v > 0 {
					lp.high[j] = math.Floor(v) + g.blur[j]
				} else {
					lp.low[j] = math.Ceil(v) - g.blur[j]
				}
				continue
			}
			if near != 0 {
				columns = append(columns, int32(j))
				change = append(change, int32(near))
			}
		}
		if whole {
			if len(columns) == 0 {
				return nil, nil
			}
			return g.world(columns, change)
		}
	}
	return nil, nil
}

// maxRounds bounds how often an answer that is not in whole numbers is tried again.
const maxRounds = 12

// bounds tells the program what may change, and what is wanted.
func (g *guard) bounds(row int32, direction, reach int, hiding bool) {
	lp := g.lp
	inf := math.Inf(1)
	for j := range lp.n {
		lp.low[j], lp.high[j] = -float64(g.n[j])-g.blur[j], inf
	}
	for i := range lp.m {
		j := lp.n + i
		lp.cost[j], lp.kink[j], lp.slack[j] = 0, 0, g.blur[j]
		lp.low[j], lp.high[j], lp.still[j] = -g.blur[j], g.blur[j], true
		switch {
		case g.isLink(i):
		case i >= len(g.rows):
			lp.low[j], lp.high[j], lp.still[j] = -inf, inf, false
		case g.hidden[i]:
			lp.low[j], lp.high[j], lp.still[j] = -inf, float64(g.rows[i].n-fewest)+g.blur[j], false
		case hiding && !g.frozen[i]:
			lp.low[j], lp.high[j], lp.still[j] = -inf, float64(g.rows[i].n-fewest)+g.blur[j], false
			lp.kink[j] = g.worth[i]
		}
	}
	at := lp.n + int(row)
	if direction > 0 {
		lp.low[at] = -float64(reach)
	} else {
		lp.high[at] = float64(reach)
	}
	lp.cost[at] = float64(direction) * reward
}

// reward is the gain for one more unit of the change that is wanted. It is far
// above all weights, which are at most 1.
const reward = 1000

// prices makes each change of a column cost a little, so that few change, and
// those by whole numbers if possible; other prices in each round.
func (g *guard) prices(round int, hiding bool) {
	lp := g.lp
	unit := 1.0
	if hiding {
		unit = 1e-4
	}
	for j := range lp.n {
		lp.kink[j] = unit * (1 + float64(mixed(uint64(j)<<8|uint64(round))>>11)/(1<<53))
		lp.slack[j] = g.blur[j]
	}
}

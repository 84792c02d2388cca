package disclosure

import (
	"cmp"
	"slices"
)

// guard decides what is hidden.
type guard struct {
	*system
	k      int
	hidden []bool       // of each count
	frozen []bool       // of each count: published before, stays as it is
	empty  map[int]bool // published cells that nobody is in: were they hidden?
	none   bool         // nothing is shown but what was published
	worth  []float64
	lp     *simplex
	steps  int
	budget int
	step   func(done, total int)

	worlds    []*world
	room      int      // rows of all worlds, at most maxProof
	touch     [][]move // of each row: the worlds in which it differs
	low, high []int32  // of each row: how far it differs in the worlds kept

	blur    []float64 // small numbers that keep bounds from being met at once
	sum     []int64
	met     []bool
	rowsMet []int32
	least   []int32 // of each row: the width that makes it safe
	someone []int32 // of each row: a kind that is counted in it
	stamp   []int32 // of each row: when it was met last
	stamps  int32
	kept    int // worlds that were remembered when a choice was tried
}

// move is by how much a row differs in a world.
type move struct{ world, by int32 }

func newGuard(s *system, k int) *guard {
	g := &guard{system: s, k: k, steps: 4000, empty: map[int]bool{}, step: func(int, int) {}}
	counts := len(s.rows)
	g.hidden, g.frozen, g.worth = make([]bool, counts), make([]bool, counts), make([]float64, counts)
	for i, r := range s.rows {
		g.hidden[i] = r.n < k
		g.worth[i] = s.weight(i)
	}
	g.touch = make([][]move, s.m)
	g.stamp = make([]int32, s.m)
	g.least = make([]int32, s.m)
	for r := range g.least {
		g.least[r] = int32(k)
	}
	g.low, g.high = make([]int32, s.m), make([]int32, s.m)
	g.sum, g.met = make([]int64, s.m), make([]bool, s.m)
	if !s.whole { // no program is solved, but the work is counted there
		g.lp = &simplex{work: 30*len(s.row) + 500*len(s.rows)} // what was done until here
		return g
	}
	values := make([]float64, len(s.sign))
	for i, v := range s.sign {
		values[i] = float64(v)
	}
	g.lp = newSimplex(s.m, len(s.n), s.start, s.row, values)
	g.blur = make([]float64, len(s.n)+s.m)
	for j := range g.blur {
		g.blur[j] = 1e-5 * (1 + float64(mixed(uint64(j))>>11)/(1<<53))
	}
	return g
}

func sortedRows(rows []int32) []int32 {
	slices.Sort(rows)
	return rows
}

// protect hides until every hidden count and every small difference is safe, then
// shows again what need not be hidden.
func (g *guard) protect() {
	if g.over {
		g.hideAll()
		return
	}
	var queue []int32
	for r := range int32(g.m) {
		if g.wanted(r) {
			queue = append(queue, r)
		}
	}
	lost := false
	for i := 0; i < len(queue); i++ {
		if g.lp.work > g.budget+g.budget/2 || g.room > maxProof {
			lost = true // even the plain way takes too long: hide all
			break
		}
		g.step(i, len(queue)+len(queue)/4)
		hide, ok := g.settle(queue[i])
		lost = lost || !ok
		for _, r := range hide {
			g.hidden[r] = true
			queue = append(queue, r)
		}
	}
	if lost {
		// What was published before is in the way and cannot be taken back, or the
		// work is over its bound: nothing new is shown.
		g.hideAll()
		return
	}
	g.showAgain()
	g.choose()
	g.step(1, 1)
}

// hides says whether the number of a cell is hidden.
func (g *guard) hides(cell int) bool {
	if class := g.class[cell]; class >= 0 {
		return g.hidden[class]
	}
	if hidden, published := g.empty[cell]; published {
		return hidden
	}
	return g.none
}

// hideAll hides what was not published before, the zeros too: a reader learns
// nothing.
func (g *guard) hideAll() {
	g.none = true
	for c := range g.hidden {
		g.hidden[c] = g.hidden[c] || !g.frozen[c]
	}
}

// settle makes a row safe and returns the counts that must be hidden for it; ok is
// false when that cannot be done.
func (g *guard) settle(row int32) (hide []int32, ok bool) {
	if g.prove(row) {
		return nil, true
	}
	if !g.whole {
		if g.lp.work < g.budget {
			if w, broken := g.cube(row, true); w != nil {
				g.keep(w)
				return broken, true
			}
		}
	} else if g.lp.work < g.budget {
		if w, broken := g.push(row, 1, g.k+int(g.low[row]), true); w != nil {
			if w.of(row)-int(g.low[row]) >= g.k {
				g.keep(w)
				return broken, true
			}
		}
	}
	// Any number of people more like one of them: everything she is counted in is hidden.
	if w, broken := g.more(row); w != nil {
		g.keep(w)
		return broken, true
	}
	return g.asFar(row)
}

// asFar is for a row that what was published before pins down more narrowly than
// k, whatever is hidden now. What is new must not pin it down further: what
// differs in the two worlds farthest apart is hidden.
func (g *guard) asFar(row int32) (hide []int32, ok bool) {
	if !g.whole {
		return nil, false
	}
	for _, direction := range []int{1, -1} {
		if g.lp.work >= g.budget {
			return nil, false
		}
		if w, broken := g.push(row, direction, g.k, true); w != nil {
			g.keep(w)
			hide = append(hide, broken...)
		}
	}
	width := g.high[row] - g.low[row]
	g.least[row] = min(int32(g.k), width)
	return sortedRows(hide), width > 0
}

// prove looks for worlds that make a row safe with what is hidden already.
func (g *guard) prove(row int32) bool {
	if g.safe(row) {
		return true
	}
	if !g.whole {
		if g.lp.work < g.budget {
			if w, broken := g.cube(row, false); w != nil && len(broken) == 0 {
				g.keep(w)
			}
		}
		return g.safe(row)
	}
	for _, direction := range []int{1, -1} {
		if g.lp.work >= g.budget {
			return false
		}
		if w, broken := g.push(row, direction, g.k, false); w != nil && len(broken) == 0 {
			g.keep(w)
		}
		if g.safe(row) {
			return true
		}
	}
	return false
}

// of gives by how much the count of a row differs.
func (w *world) of(row int32) int {
	if i, ok := slices.BinarySearch(w.rows, row); ok {
		return int(w.by[i])
	}
	return 0
}

// more is the world with k more people of one kind.
func (g *guard) more(row int32) (w *world, broken []int32) {
	if g.someone == nil {
		g.findSomeone()
	}
	i := g.someone[row]
	var columns, change []int32
	for b := range g.blocks {
		columns = append(columns, int32(g.blocks[b].first)+g.blocks[b].of[i])
		change = append(change, int32(g.k))
	}
	return g.world(columns, change)
}

func (g *guard) findSomeone() {
	g.someone = make([]int32, g.m)
	for i := len(g.kinds) - 1; i >= 0; i-- {
		for b := range g.blocks {
			j := g.blocks[b].first + int(g.blocks[b].of[i])
			for e := g.start[j]; e < g.start[j+1]; e++ {
				g.someone[g.row[e]] = int32(i)
			}
		}
	}
}

// showAgain tries for each count that is hidden for the sake of others, the most
// useful first, whether all others stay safe when it is shown.
func (g *guard) showAgain() {
	var tried []int32
	for c := range int32(len(g.rows)) {
		if g.hidden[c] && !g.frozen[c] && g.rows[c].n >= g.k {
			tried = append(tried, c)
		}
	}
	slices.SortStableFunc(tried, func(a, b int32) int {
		return cmp.Or(cmp.Compare(g.worth[b], g.worth[a]), cmp.Compare(a, b))
	})
	for i, c := range tried {
		g.step(3*len(tried)+i, 4*len(tried))
		if g.lp.work >= g.budget {
			return
		}
		g.show(c)
	}
}

// show shows a count if every row that must be safe stays so.
func (g *guard) show(c int32) bool {
	// The worlds in which c differs prove nothing any more.
	lost := slices.Clone(g.touch[c])
	rows := g.without(lost)
	type reach struct{ low, high int32 }
	before := make([]reach, len(rows))
	for i, r := range rows {
		before[i] = reach{g.low[r], g.high[r]}
		g.measure(r)
	}
	g.hidden[c] = false
	for _, r := range rows {
		if g.wanted(r) && !g.prove(r) {
			g.hidden[c] = true
			for _, t := range lost {
				g.worlds[t.world].gone = false
			}
			for i, r := range rows { // what was found on the way counts too
				g.low[r], g.high[r] = min(g.low[r], before[i].low), max(g.high[r], before[i].high)
			}
			return false
		}
	}
	for _, r := range rows {
		g.touch[r] = slices.DeleteFunc(g.touch[r], func(t move) bool { return g.worlds[t.world].gone })
	}
	for _, t := range lost {
		g.room -= len(g.worlds[t.world].rows)
		g.worlds[t.world] = &world{gone: true}
	}
	return true
}

// without takes worlds away and gives the rows that differ in them, ascending.
func (g *guard) without(lost []move) (rows []int32) {
	g.stamps++
	for _, t := range lost {
		w := g.worlds[t.world]
		w.gone = true
		g.lp.work += 4 * len(w.rows)
		for _, r := range w.rows {
			if g.stamp[r] != g.stamps {
				g.stamp[r] = g.stamps
				rows = append(rows, r)
			}
		}
	}
	g.lp.work += 32 * len(rows)
	return sortedRows(rows)
}

// measure finds anew how far a row differs in the worlds that are left.
func (g *guard) measure(r int32) {
	g.low[r], g.high[r] = 0, 0
	g.lp.work += 8 * len(g.touch[r])
	for _, t := range g.touch[r] {
		if !g.worlds[t.world].gone {
			g.low[r], g.high[r] = min(g.low[r], t.by), max(g.high[r], t.by)
		}
	}
}

package disclosure

import (
	"cmp"
	"slices"
)

// guard decides what is hidden.
type guard struct {
	*system
	k      int
	hidden []bool // of each count
	frozen []bool // of each count: published before, stays as it is
	worth  []float64
	lp     *simplex
	steps  int
	budget int
	step   func(done, total int)

	worlds    []*world
	touch     [][]int32 // of each row: the worlds in which it differs
	low, high []int32   // of each row: how far it differs in the worlds kept

	blur    []float64 // small numbers that keep bounds from being met at once
	sum     []int64
	met     []bool
	rowsMet []int32
	someone []int32 // of each row: a kind that is counted in it
}

func newGuard(s *system, k int) *guard {
	g := &guard{system: s, k: k, steps: 4000, step: func(int, int) {}}
	counts := len(s.rows)
	g.hidden, g.frozen, g.worth = make([]bool, counts), make([]bool, counts), make([]float64, counts)
	for i, r := range s.rows {
		g.hidden[i] = r.n < k
		g.worth[i] = s.weight(i)
	}
	g.touch = make([][]int32, s.m)
	g.low, g.high = make([]int32, s.m), make([]int32, s.m)
	g.sum, g.met = make([]int64, s.m), make([]bool, s.m)
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
	var queue []int32
	for r := range int32(g.m) {
		if g.wanted(r) {
			queue = append(queue, r)
		}
	}
	lost := false
	for i := 0; i < len(queue); i++ {
		if g.lp.work > 2*g.budget {
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
		for c := range g.hidden {
			g.hidden[c] = g.hidden[c] || !g.frozen[c]
		}
		return
	}
	g.showAgain()
	g.step(1, 1)
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
	w, broken := g.more(row)
	if w == nil {
		return nil, false
	}
	g.keep(w)
	return broken, true
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
	lost := g.touch[c]
	g.lp.work += 2 * g.m
	low, high := slices.Clone(g.low), slices.Clone(g.high)
	g.hidden[c] = false
	// The worlds in which c differs prove nothing any more.
	again := map[int32]bool{}
	for _, at := range lost {
		for _, r := range g.worlds[at].rows {
			again[r] = true
		}
	}
	var rows []int32
	for r := range again {
		rows = append(rows, r)
	}
	for _, r := range sortedRows(rows) {
		g.low[r], g.high[r] = 0, 0
		for _, at := range g.touch[r] {
			if w := g.worlds[at]; w.of(c) == 0 {
				g.low[r], g.high[r] = min(g.low[r], int32(w.of(r))), max(g.high[r], int32(w.of(r)))
			}
		}
	}
	for _, r := range rows {
		if g.wanted(r) && !g.prove(r) {
			g.hidden[c] = true
			for r := range low { // what was found on the way counts too
				g.low[r], g.high[r] = min(g.low[r], low[r]), max(g.high[r], high[r])
			}
			return false
		}
	}
	g.drop(c)
	return true
}

// drop forgets the worlds in which a count differs.
func (g *guard) drop(c int32) {
	kept := g.worlds[:0:0]
	for _, w := range g.worlds {
		if w.of(c) == 0 {
			kept = append(kept, w)
		}
	}
	g.worlds = nil
	for r := range g.touch {
		g.touch[r] = g.touch[r][:0]
		g.low[r], g.high[r] = 0, 0
	}
	for _, w := range kept {
		g.keep(w)
	}
}

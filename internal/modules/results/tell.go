package results

import (
	"maps"
	"slices"

	"platforma.kg/ashar/internal/science/disclosure"
	"platforma.kg/ashar/internal/spine/ledger"
)

// patience is for how many told months the tables wait for both sexes: where one of them
// stays too small, they count all sexes together from then on.
const patience = 6

// traits are the tables: each counts people by one trait, for each sex.
var traits = [...]string{atCity, atGroup, atAge}

// course is how many people did something by the end of each month, and what of it was
// told. Each person is counted once, where she was counted first, so that all cells add up.
type course struct {
	kind   ledger.Kind
	people [2][]int // of each of sexes, at each month
	told   []bool   // the number of all
	sexed  [2][]bool
	cells  map[string]map[string]*[2][]int // by trait and value; nil for kinds without tables
	shown  map[string]map[string]*[3][]bool
}

// together is the place of all sexes in a cell.
const together = len(sexes)

// apart says of each month whether both sexes were told.
func (c course) apart() []bool {
	out := make([]bool, len(c.told))
	for t := range out {
		out[t] = c.sexed[0][t] && c.sexed[1][t]
	}
	return out
}

func (c course) all(t int) int { return c.people[0][t] + c.people[1][t] }

// telling is the work of one month: what was told before, and what may be told now.
type telling struct {
	months []string // those told, and the one to tell
	kinds  []*course
	joint  bool // tables count all sexes together
	begun  bool // a table was told
	tabled bool // tables are told in the last month
}

// newTelling counts people by the end of each month.
func newTelling(kinds []ledger.Kind, told []Release, counted []crowd, month string) *telling {
	w := &telling{}
	for _, r := range told {
		w.months = append(w.months, r.Month)
		w.begun = w.begun || r.begun()
		w.joint = w.joint || r.Together
	}
	w.months = append(w.months, month)
	n := len(w.months)
	for i, kind := range kinds {
		c := &course{kind: kind, told: make([]bool, n)}
		for s := range sexes {
			c.people[s], c.sexed[s] = make([]int, n), make([]bool, n)
		}
		if i == len(kinds)-1 {
			c.cells, c.shown = map[string]map[string]*[2][]int{}, map[string]map[string]*[3][]bool{}
			for _, by := range traits {
				c.cells[by], c.shown[by] = map[string]*[2][]int{}, map[string]*[3][]bool{}
			}
		}
		c.count(counted, w.months)
		for t, r := range told {
			c.remember(r, t)
		}
		w.kinds = append(w.kinds, c)
	}
	return w
}

// count counts everybody where she was first, in the month that first counted her.
func (c *course) count(counted []crowd, months []string) {
	for _, one := range counted {
		var first *stay
		for i, s := range one.Stays {
			if s.Kind == c.kind && (first == nil || s.Since < first.Since) {
				first = &one.Stays[i]
			}
		}
		if first == nil {
			continue
		}
		s := slices.Index(sexes[:], toldSex(first.Sex))
		from, _ := slices.BinarySearch(months, first.Since)
		for t := from; t < len(months); t++ {
			c.people[s][t] += one.People
		}
		for by, values := range c.cells {
			value := map[string]string{atCity: first.City, atGroup: first.Group, atAge: toldAge(first.Age)}[by]
			cell := values[value]
			if cell == nil {
				cell = &[2][]int{make([]int, len(months)), make([]int, len(months))}
				values[value] = cell
				c.shown[by][value] = &[3][]bool{make([]bool, len(months)), make([]bool, len(months)), make([]bool, len(months))}
			}
			for t := from; t < len(months); t++ {
				cell[s][t] += one.People
			}
		}
	}
}

// remember takes over what a month told.
func (c *course) remember(r Release, t int) {
	now := func(at Where) bool {
		at[atKind] = string(c.kind)
		cell, there := r.cell(at)
		return there && cell.N != nil && cell.Until == r.Month
	}
	c.told[t] = now(Where{})
	for s, sex := range sexes {
		c.sexed[s][t] = now(Where{atSex: sex})
	}
	for by, values := range c.shown {
		for value, shown := range values {
			for s, sex := range sexes {
				shown[s][t] = now(Where{by: value, atSex: sex})
			}
			shown[together][t] = r.Together && now(Where{by: value})
		}
	}
}

// mostCells bounds the values of a trait times the months that were told: 100 places for
// six years.
const mostCells = 7200

// steps are the months at which something was told, and the last.
func steps(told []bool) (out []int) {
	for t, v := range told {
		if v || t == len(told)-1 {
			out = append(out, t)
		}
	}
	return out
}

func at[T any](list []T, steps []int) (out []T) {
	for _, t := range steps {
		out = append(out, list[t])
	}
	return out
}

// ranges is what a reader knows of the numbers of all and of the sexes, of all kinds and
// months together: how much one can be above another at most. All that she knows says so of
// two of them (the men are taken below nought, so that a total is a difference as well):
//
//	told            = its number;  empty = 0, else >= 1
//	women + men     = the total, where it is told
//	a month         >= the month before
//	who took a step <= who took the steps before it, where that is so
//
// so the shortest ways through these differences are the exact bounds, in whole numbers
// (R. Bellman, Quarterly of Applied Mathematics 16, 1958, doi:10.1090/qam/102435).
type ranges struct {
	months int
	most   [][]int // most[a][b] is how much a is above b at most
}

// unbounded is more than any number of people.
const unbounded = 1 << 40

// nought is the place of 0; women and men of a kind and a month stand behind it.
const nought = 0

func (r ranges) women(kind, month int) int { return 1 + 2*(kind*r.months+month) }

// men is the place of their number below nought.
func (r ranges) men(kind, month int) int { return r.women(kind, month) + 1 }

// width gives between how many values a less b lies, less one.
func (r ranges) width(a, b int) int { return min(r.most[a][b]+r.most[b][a], unbounded) }

func (w *telling) ranges() ranges {
	r := ranges{months: len(w.months)}
	n := 1 + 2*len(w.kinds)*r.months
	for a := range n {
		row := make([]int, n)
		for b := range row {
			if a != b {
				row[b] = unbounded
			}
		}
		r.most = append(r.most, row)
	}
	atMost := func(a, b, by int) { r.most[a][b] = min(r.most[a][b], by) }
	is := func(a, b, by int) { atMost(a, b, by); atMost(b, a, -by) }
	for i, c := range w.kinds {
		for t := range w.months {
			women, men := r.women(i, t), r.men(i, t)
			for s, at := range [...]int{women, men} {
				x, sign := c.people[s][t], 1-2*s
				switch {
				case x == 0 || c.sexed[s][t]:
					is(at, nought, sign*x)
				case s == 0:
					atMost(nought, at, -1)
				default:
					atMost(at, nought, -1)
				}
			}
			if c.told[t] {
				is(women, men, c.all(t))
			}
			if t > 0 {
				atMost(r.women(i, t-1), women, 0)
				atMost(men, r.men(i, t-1), 0)
			}
			for j, o := range w.kinds[:i] {
				if c.people[0][t] <= o.people[0][t] {
					atMost(women, r.women(j, t), 0)
				}
				if c.people[1][t] <= o.people[1][t] {
					atMost(r.men(j, t), men, 0)
				}
			}
		}
	}
	for via := range n {
		for a := range n {
			first := r.most[a][via]
			if first >= unbounded {
				continue
			}
			for b, more := range r.most[via] {
				if more < unbounded {
					r.most[a][b] = min(r.most[a][b], first+more)
				}
			}
		}
	}
	return r
}

// safe says whether the totals and the sexes that are told narrow down no number to less
// than k: none that is not told, and no small difference of months, of steps, or of a total
// and a sex.
func (w *telling) safe() bool {
	r := w.ranges()
	hidden := func(a, b, x int, known bool) bool { return x == 0 || known && !few(x) || r.width(a, b) >= k }
	apart := func(a, b, x int) bool { return !few(x) || r.width(a, b) >= k }
	for i, c := range w.kinds {
		for t := range w.months {
			women, men := r.women(i, t), r.men(i, t)
			if !hidden(women, nought, c.people[0][t], c.known(0, t)) || !hidden(nought, men, c.people[1][t], c.known(1, t)) || !hidden(women, men, c.all(t), c.known(together, t)) {
				return false
			}
			for u := range t {
				if !apart(women, r.women(i, u), c.people[0][t]-c.people[0][u]) || !apart(r.men(i, u), men, c.people[1][t]-c.people[1][u]) {
					return false
				}
			}
			for j, o := range w.kinds[:i] {
				if !apart(r.women(j, t), women, o.people[0][t]-c.people[0][t]) || !apart(men, r.men(j, t), o.people[1][t]-c.people[1][t]) ||
					c.told[t] && o.told[t] && few(o.all(t)-c.all(t)) {
					return false
				}
			}
		}
	}
	return true
}

// known reports whether the number of a sex, or of all, is told of a month: by itself, as
// the total where nobody is of the other sex, or by two equal ones around it.
func (c course) known(place, t int) bool {
	number := func(u int) (int, bool) {
		if place == together {
			return c.all(u), c.told[u]
		}
		return c.people[place][u], c.sexed[place][u] || c.told[u] && c.people[1-place][u] == 0
	}
	x, told := number(t)
	before, after := false, false
	for u := range c.told {
		if n, other := number(u); other && n == x {
			before, after = before || u < t, after || u > t
		}
	}
	return told || before && after
}

// few is a number of people that is never told.
func few(n int) bool { return n > 0 && n < k }

// decide chooses what is told of the last month, of the last step first: it is what is
// asked for most.
func (w *telling) decide() {
	for i := len(w.kinds) - 1; i >= 0; i-- {
		w.kind(w.kinds[i])
	}
}

// kind tells how many took a step, and of which sex, if it is safe. The total is told anew
// once more than k were added: who knows this rule knows of a number that stays only that 0
// to k were.
func (w *telling) kind(c *course) {
	last := len(w.months) - 1
	before := -1
	for t := range last {
		if c.told[t] {
			before = t
		}
	}
	if few(c.all(last)) || before >= 0 && c.all(last)-c.all(before) <= k && (c.all(before) > 0 || few(c.all(last))) {
		return
	}
	c.told[last] = true
	bySex := true
	for s := range sexes {
		x, grown := c.people[s][last], c.people[s][last]
		for t := last - 1; t >= 0; t-- {
			if c.sexed[s][t] {
				grown -= c.people[s][t]
				break
			}
		}
		bySex = bySex && !few(x) && !few(grown)
		c.sexed[s][last] = true
	}
	if bySex && w.safe() && w.tables(c) {
		return
	}
	// All sexes together, if that is safe; where nobody is of one of them, the total is the
	// number of the other.
	c.sexed[0][last], c.sexed[1][last] = false, false
	if c.people[0][last] > 0 && c.people[1][last] > 0 && w.safe() && w.tables(c) {
		return
	}
	c.told[last] = false
}

// tables chooses which cells are told now; false when the tables cannot be safe beside the
// numbers that are chosen.
func (w *telling) tables(c *course) bool {
	if c.cells == nil {
		return true
	}
	last := len(w.months) - 1
	both := c.apart()[last]
	if !w.begun && !both {
		months := 0
		for t, told := range c.told {
			if told && c.all(t) > 0 {
				months++
			}
		}
		w.joint = months > patience
	}
	if !w.joint && !both {
		return true
	}
	told := map[string]map[string][3]bool{}
	for by, values := range c.cells {
		told[by] = map[string][3]bool{}
		order := slices.Sorted(maps.Keys(values))
		lines := [][]int{{0}, {1}}
		if w.joint {
			lines = [][]int{{0, 1}}
		}
		for _, of := range lines {
			place, list := of[0], steps(c.apart())
			if w.joint {
				place, list = together, steps(c.told)
			}
			if len(order)*len(list) > mostCells {
				return true // more than is worked on: the table stays as it was
			}
			var l disclosure.Line
			for _, value := range order {
				sum := make([]int, len(w.months))
				for _, s := range of {
					for t, n := range values[value][s] {
						sum[t] += n
					}
				}
				l.People = append(l.People, at(sum, list))
				l.Told = append(l.Told, at(c.shown[by][value][place], list))
			}
			choice, ok := l.Tell(k)
			if !ok {
				return false
			}
			for j, value := range order {
				cell := told[by][value]
				cell[place] = choice[j]
				told[by][value] = cell
			}
		}
	}
	w.tabled = true
	for by, values := range told {
		for value, places := range values {
			for place, v := range places {
				c.shown[by][value][place][last] = v
			}
		}
	}
	return true
}

// release writes down what is told, with what was told last of the rest.
func (w *telling) release(before Release) Release {
	last := len(w.months) - 1
	r := Release{Month: w.months[last], K: k, Together: w.joint, Tabled: before.Tabled}
	if w.tabled {
		r.Tabled = r.Month
	}
	// number is what is told now, else what was told last.
	number := func(at Where, now bool, n int) (*int, string) {
		if now {
			return &n, r.Month
		}
		if cell, there := before.cell(at); there && cell.N != nil {
			return cell.N, cell.Until
		}
		return nil, ""
	}
	for _, c := range w.kinds {
		r.Kinds = append(r.Kinds, c.kind)
		if c.cells != nil {
			r.Apart = c.kind
		}
	}
	for _, by := range traits {
		table := ReleasedTable{By: []string{atKind, by, atSex}}
		add := func(kind string, value, sex *string, n *int, until string) {
			table.Cells = append(table.Cells, ReleasedCell{By: table.By, At: []*string{&kind, value, sex}, N: n, Until: until})
		}
		for _, c := range w.kinds {
			kind := string(c.kind)
			if c.cells != nil && !w.tabled {
				// Not a row more than there was: who stands in it would be known to be there.
				for _, cell := range before.table(by) {
					if cell.At[1] != nil && *cell.At[0] == kind {
						table.Cells = append(table.Cells, cell)
					}
				}
			}
			for _, value := range slices.Sorted(maps.Keys(c.cells[by])) {
				if !w.tabled {
					break
				}
				cell, shown := c.cells[by][value], c.shown[by][value]
				var parts [2]*int
				var untils [2]string
				for s, sex := range sexes {
					now := shown[s][last] && !w.joint
					parts[s], untils[s] = number(Where{atKind: kind, by: value, atSex: sex}, now, cell[s][last])
					add(kind, &value, &sex, parts[s], untils[s])
				}
				if w.joint {
					n, until := number(Where{atKind: kind, by: value}, shown[together][last], cell[0][last]+cell[1][last])
					add(kind, &value, nil, n, until)
				} else if parts[0] != nil && parts[1] != nil {
					sum := *parts[0] + *parts[1]
					add(kind, &value, nil, &sum, spanned(untils[0], untils[1]))
				} else {
					add(kind, &value, nil, nil, "")
				}
			}
			for s, sex := range sexes {
				n, until := number(Where{atKind: kind, atSex: sex}, c.sexed[s][last], c.people[s][last])
				add(kind, nil, &sex, n, until)
			}
			n, until := number(Where{atKind: kind}, c.told[last], c.all(last))
			add(kind, nil, nil, n, until)
		}
		r.Tables = append(r.Tables, table)
	}
	return r
}

// spanned is until when a sum counts whose parts count until two months: both, the earlier
// first, as ISO 8601 writes an interval.
func spanned(a, b string) string {
	if a == b {
		return a
	}
	return min(a, b) + "/" + max(a, b)
}

// table gives the cells of the table of a trait.
func (r Release) table(by string) []ReleasedCell {
	for _, t := range r.Tables {
		if t.By[1] == by {
			return t.Cells
		}
	}
	return nil
}

// begun says whether a cell of a table was told: whether by sex or together stays then.
func (r Release) begun() bool {
	for _, t := range r.Tables {
		if slices.ContainsFunc(t.Cells, func(c ReleasedCell) bool { return c.At[1] != nil && c.N != nil && *c.N > 0 }) {
			return true
		}
	}
	return false
}

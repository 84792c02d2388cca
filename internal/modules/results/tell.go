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

// bySex is the line of both sexes at the months whose total is told. Who took a later step
// has taken the earlier ones: a reader knows what the told numbers of the others say.
func (w *telling) bySex(c *course) (disclosure.Line, []int) {
	list := steps(c.told)
	var l disclosure.Line
	for s := range sexes {
		l.People = append(l.People, at(c.people[s], list))
		l.Told = append(l.Told, at(c.sexed[s], list))
		least, most := w.bounds(c, func(o *course) ([]int, []bool) { return o.people[s], o.sexed[s] })
		l.Least, l.Most = append(l.Least, at(least, list)), append(l.Most, at(most, list))
	}
	return l, list
}

// unbounded is more than any number of people.
const unbounded = 1 << 40

// bounds are what told numbers of all kinds say of one: of a later step that it is not
// less, of an earlier one that it is not more.
func (w *telling) bounds(c *course, of func(*course) ([]int, []bool)) (least, most []int) {
	n := len(w.months)
	least, most = make([]int, n), make([]int, n)
	mine := slices.Index(w.kinds, c)
	for t := range n {
		most[t] = unbounded
		for i, o := range w.kinds {
			people, told := of(o)
			for u := range n {
				if told[u] && i >= mine && u <= t {
					least[t] = max(least[t], people[u])
				}
				if told[u] && i <= mine && u >= t {
					most[t] = min(most[t], people[u])
				}
			}
		}
	}
	return least, most
}

// safe says whether what is chosen now tells too much of the numbers of all and of the
// sexes, of any kind.
func (w *telling) safe() bool {
	totals := func(o *course) ([]int, []bool) {
		sum := make([]int, len(w.months))
		for t := range sum {
			sum[t] = o.all(t)
		}
		return sum, o.told
	}
	for i, c := range w.kinds {
		least, most := w.bounds(c, totals)
		for t := range w.months {
			x := c.all(t)
			width := max(most[t], x) - min(least[t], x)
			if !c.told[t] && width > 0 && width < k {
				return false
			}
			// Those who took one step and not the next.
			for _, o := range w.kinds[i+1:] {
				if c.told[t] && o.told[t] && few(x-o.all(t)) {
					return false
				}
				for s := range sexes {
					if c.sexed[s][t] && o.sexed[s][t] && few(c.people[s][t]-o.people[s][t]) {
						return false
					}
				}
			}
		}
		if l, list := w.bySex(c); len(list) > 1 || c.told[list[0]] {
			last := len(list) - 1
			if !c.told[list[last]] { // the total of the last month is not told
				if last == 0 {
					continue
				}
				for s := range sexes {
					l.People[s], l.Told[s], l.Least[s], l.Most[s] = l.People[s][:last], l.Told[s][:last], l.Least[s][:last], l.Most[s][:last]
				}
			}
			if !l.Safe(k) {
				return false
			}
		}
	}
	return true
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

func (w *telling) kind(c *course) {
	last := len(w.months) - 1
	x, grown := c.all(last), c.all(last)
	for t := last - 1; t >= 0; t-- {
		if c.told[t] {
			grown -= c.all(t)
			break
		}
	}
	if few(x) || few(grown) {
		return
	}
	c.told[last] = true
	l, _ := w.bySex(c)
	sexed, ok := l.Tell(k)
	if ok {
		for s := range sexes {
			c.sexed[s][last] = sexed[s]
		}
		if w.safe() && w.tables(c) {
			return
		}
	}
	// All sexes together, if that is safe.
	for s := range sexes {
		c.sexed[s][last] = c.people[s][last] == 0
	}
	if w.safe() && w.tables(c) {
		return
	}
	c.told[last] = false
	for s := range sexes {
		c.sexed[s][last] = false
	}
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
	r := Release{Month: w.months[last], K: k, Together: w.joint}
	// number is what is told now, else what was told last.
	number := func(at Where, now bool, n int) (*int, string) {
		if now {
			return &n, r.Month
		}
		if cell, there := before.cell(at); there && cell.N != nil && *cell.N > 0 {
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
			for _, value := range slices.Sorted(maps.Keys(c.cells[by])) {
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
					add(kind, &value, nil, &sum, min(untils[0], untils[1]))
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

// begun says whether a cell of a table was told: whether by sex or together stays then.
func (r Release) begun() bool {
	for _, t := range r.Tables {
		if slices.ContainsFunc(t.Cells, func(c ReleasedCell) bool { return c.At[1] != nil && c.N != nil && *c.N > 0 }) {
			return true
		}
	}
	return false
}

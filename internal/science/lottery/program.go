package lottery

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// kind tells what a row of the program demands.
type kind int

const (
	seatsRow kind = iota
	quotaRow
	householdRow
)

// row is one demand: min <= sum of x over its pools <= max.
type row struct {
	kind     kind
	quota    int // index into program.quotas, for quotaRow
	min, max int // what is left after those who are selected already; may contradict
	pools    []int
}

// pool is a set of people, or of parties, whom the program cannot tell apart.
type pool struct {
	rows    []int      // a row stands here as often as it counts one of the pool
	members []string   // ids, of a party the first; sorted; nobody who is selected already
	class   int        // index into program.classes, or -1
	homes   [][]string // members by household of the class, in its order
	barred  bool       // proven: on no panel that meets the quotas
	size    int        // people in one of the pool
	others  []int      // of parties: classes of the households that bind them, as often as they have members there
}

// class is a set of households that are alike.
type class struct {
	homes int // K
	room  int // seats for each
	pools []int
}

// program is the problem in whole numbers, in an order that does not depend on the
// order of the input.
type program struct {
	seats   int // still free
	pools   []pool
	rows    []row // the first is that of the seats
	quotas  []Quota
	origin  []int // for each of quotas its index in the problem
	classes []class
	held    []string            // ids of those who are selected already, sorted
	party   map[string][]string // ids of a party, sorted, by the first of them
	posed   []int               // rows of the linear programs, ascending but for those added later
	place   []int               // where a row stands among them; -1: it does not
	eager   int                 // classes up to which all are posed
	// crowded: those who are selected already are too many of one household.
	crowded bool
}

// person is an applicant, or a party, on the way into a pool.
type person struct {
	id        string
	household string // of a party empty: see households
	rows      []int  // quota rows that count this person, each as often as it does
	key       string

	households []string // of a party: those of its members, sorted, each as often as it has some there
	size       int
}

// newProgram builds the program of a checked problem.
func newProgram(p Problem) *program { return newProgramPosing(p, eagerClasses) }

// newProgramPosing poses the households from the beginning if their classes are no
// more than so many.
func newProgramPosing(p Problem, eager int) *program {
	g := &program{eager: eager}
	g.order(p.Quotas)
	column := make(map[string]int, len(p.Categories))
	for i, c := range p.Categories {
		column[c] = i
	}
	at := make([]map[string]int, len(p.Categories)) // value -> row
	for i := range at {
		at[i] = make(map[string]int)
	}
	// One more than there are people is as impossible as any greater number.
	everybody := len(p.Applicants) + 1
	g.seats = min(p.Seats, everybody)
	g.rows = append(g.rows, row{kind: seatsRow, min: g.seats, max: g.seats})
	for i, q := range g.quotas {
		limit := q.Max
		if limit == NoLimit {
			limit = everybody
		}
		at[column[q.Category]][q.Value] = len(g.rows)
		g.rows = append(g.rows, row{kind: quotaRow, quota: i, min: min(q.Min, everybody), max: min(limit, everybody)})
	}
	var free []person
	parties := make(map[string][]person)
	taken := make(map[string]int) // seats that a household holds already
	for _, a := range p.Applicants {
		who := person{id: a.ID, size: 1}
		if p.AtMost > 0 {
			who.household = a.Household
		}
		for c, v := range a.Values {
			if r, ok := at[c][v]; ok {
				who.rows = append(who.rows, r)
			}
		}
		slices.Sort(who.rows)
		if !a.Selected && a.Party != "" {
			parties[a.Party] = append(parties[a.Party], who)
			continue
		}
		if !a.Selected {
			who.key = fmt.Sprint(who.rows)
			free = append(free, who)
			continue
		}
		g.hold(who, taken, p.AtMost)
	}
	slices.Sort(g.held)
	free = append(free, g.join(parties)...)
	g.gather(free, taken, p.AtMost)
	return g
}

// order brings the quotas into the order of their names.
func (g *program) order(quotas []Quota) {
	g.origin = make([]int, len(quotas))
	for i := range quotas {
		g.origin[i] = i
	}
	slices.SortFunc(g.origin, func(a, b int) int {
		return cmp.Or(cmp.Compare(quotas[a].Category, quotas[b].Category), cmp.Compare(quotas[a].Value, quotas[b].Value))
	})
	for _, i := range g.origin {
		g.quotas = append(g.quotas, quotas[i])
	}
}

// join makes one of each party: it counts in a row as often as it has members whom the
// row counts. A party of one is a person.
func (g *program) join(parties map[string][]person) (free []person) {
	g.party = make(map[string][]string)
	for _, members := range parties {
		slices.SortFunc(members, func(a, b person) int { return cmp.Compare(a.id, b.id) })
		if len(members) == 1 {
			who := members[0]
			who.key = fmt.Sprint(who.rows)
			free = append(free, who)
			continue
		}
		one := person{id: members[0].id, size: len(members)}
		ids := make([]string, len(members))
		for i, who := range members {
			ids[i] = who.id
			one.rows = append(one.rows, who.rows...)
			if who.household != "" {
				one.households = append(one.households, who.household)
			}
		}
		slices.Sort(one.rows)
		slices.Sort(one.households)
		one.key = fmt.Sprint(one.size, one.rows)
		g.party[one.id] = ids
		free = append(free, one)
	}
	return free
}

// people are those whom one of a pool stands for, sorted.
func (g *program) people(member string) []string {
	if ids, ok := g.party[member]; ok {
		return ids
	}
	return []string{member}
}

// hold takes the seat of someone who is selected already out of what is demanded.
func (g *program) hold(who person, taken map[string]int, atMost int) {
	g.held = append(g.held, who.id)
	g.seats--
	for _, r := range append(who.rows, 0) {
		g.rows[r].min--
		g.rows[r].max--
	}
	if who.household != "" {
		taken[who.household]++
		g.crowded = g.crowded || taken[who.household] > atMost
	}
}

// gather forms classes of households, then pools.
func (g *program) gather(free []person, taken map[string]int, atMost int) {
	slices.SortFunc(free, func(a, b person) int { return cmp.Compare(a.id, b.id) })
	homes := make(map[string][]person)
	mixed := make(map[string]int) // members of parties, by household
	for i, who := range free {
		if who.household != "" {
			homes[who.household] = append(homes[who.household], free[i])
		}
		for _, household := range who.households {
			mixed[household]++
		}
	}
	// The name of a class: room and the sorted keys of its people. A household of which
	// somebody comes only with others is like no other one.
	name := make(map[string]string, len(homes))
	bound := make(map[string]bool) // of those in mixed
	for household, n := range mixed {
		room := max(atMost-taken[household], 0)
		if n+len(homes[household]) <= room {
			continue
		}
		bound[household] = true
		name[household] = fmt.Sprintf("%d of %q with others", room, household)
	}
	for household, people := range homes {
		room := max(atMost-taken[household], 0)
		if len(people) <= room || mixed[household] > 0 {
			continue // no tie: the limit cannot bind
		}
		keys := make([]string, len(people))
		for i, who := range people {
			keys[i] = who.key
		}
		slices.Sort(keys)
		name[household] = fmt.Sprintf("%d of %s", room, strings.Join(keys, ""))
	}
	for i, who := range free { // parties are told apart by the households that bind them
		for _, household := range who.households {
			if bound[household] {
				free[i].key += fmt.Sprintf(" %q", household)
			}
		}
	}
	type place struct{ class, key string }
	index := make(map[place]int)
	var places []place
	for _, who := range free {
		at := place{name[who.household], who.key}
		if _, ok := index[at]; !ok {
			index[at] = -1
			places = append(places, at)
		}
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.class, b.class), cmp.Compare(a.key, b.key))
	})
	for i, at := range places {
		index[at] = i
	}
	g.pools = make([]pool, len(places))
	classes := make(map[string]int)
	seen := make(map[string]int) // household -> its number within the class
	for _, who := range free {
		at := place{name[who.household], who.key}
		j := index[at]
		b := &g.pools[j]
		if b.members == nil {
			b.class = -1
			b.size = who.size
			b.rows = append(make([]int, who.size), who.rows...)
		}
		b.members = append(b.members, who.id)
		if at.class == "" {
			continue
		}
		c, ok := classes[at.class]
		if !ok {
			c = len(g.classes)
			classes[at.class] = c
			g.classes = append(g.classes, class{room: max(atMost-taken[who.household], 0)})
		}
		h, ok := seen[who.household]
		if !ok {
			h = g.classes[c].homes
			seen[who.household] = h
			g.classes[c].homes++
		}
		b.class = c
		for len(b.homes) <= h {
			b.homes = append(b.homes, nil)
		}
		b.homes[h] = append(b.homes[h], who.id)
	}
	for _, household := range slices.Sorted(maps.Keys(bound)) { // from where nobody comes alone
		if _, there := classes[name[household]]; !there {
			classes[name[household]] = len(g.classes)
			g.classes = append(g.classes, class{homes: 1, room: max(atMost-taken[household], 0)})
		}
	}
	for _, who := range free {
		b := &g.pools[index[place{name[who.household], who.key}]]
		if len(b.others) > 0 {
			continue
		}
		for _, household := range who.households {
			if bound[household] {
				b.others = append(b.others, classes[name[household]])
			}
		}
	}
	g.number()
	for j := range g.pools { // two of one household that may send one
		b := &g.pools[j]
		for _, c := range b.others {
			n := 0
			for _, other := range b.others {
				if other == c {
					n++
				}
			}
			b.barred = b.barred || n > g.classes[c].room
		}
	}
}

// number gives classes their order and rows, and rows their pools.
func (g *program) number() {
	order := make([]int, 0, len(g.classes)) // old numbers in the order of pools
	renamed := make([]int, len(g.classes))
	for i := range renamed {
		renamed[i] = -1
	}
	for j := range g.pools {
		if c := g.pools[j].class; c >= 0 && renamed[c] < 0 {
			renamed[c] = len(order)
			order = append(order, c)
		}
	}
	for c := range renamed { // of parties alone
		if renamed[c] < 0 {
			renamed[c] = len(order)
			order = append(order, c)
		}
	}
	classes := make([]class, len(order))
	for n, old := range order {
		classes[n] = g.classes[old]
	}
	g.classes = classes
	first := len(g.rows)
	for _, c := range g.classes {
		g.rows = append(g.rows, row{kind: householdRow, max: c.homes * c.room})
	}
	for j := range g.pools {
		b := &g.pools[j]
		if b.class >= 0 {
			b.class = renamed[b.class]
			b.rows = append(b.rows, first+b.class)
			g.classes[b.class].pools = append(g.classes[b.class].pools, j)
		}
		for i, c := range b.others {
			b.others[i] = renamed[c]
			b.rows = append(b.rows, first+renamed[c])
		}
		for _, r := range b.rows {
			g.rows[r].pools = append(g.rows[r].pools, j)
		}
	}
	g.place = make([]int, len(g.rows))
	eager := first
	if len(g.classes) <= g.eager {
		eager = len(g.rows)
	}
	shared := make(map[int]bool) // what binds parties is always posed: branching counts one by one
	for j := range g.pools {
		for _, c := range g.pools[j].others {
			shared[first+c] = true
		}
	}
	for r := range g.rows {
		g.place[r] = -1
		if r < eager || shared[r] {
			g.pose(r)
		}
	}
}

// eagerClasses is the number of classes of households up to which all are part of
// the linear programs from the beginning. Of more, most never matter.
const eagerClasses = 40

// pose makes a row part of the linear programs.
func (g *program) pose(r int) {
	g.place[r] = len(g.posed)
	g.posed = append(g.posed, r)
}

// poseBroken poses the rows of households that x, a number for each pool, breaks,
// and reports whether there were any.
func (g *program) poseBroken(x func(j int) float64) bool {
	some := false
	for r := 1 + len(g.quotas); r < len(g.rows); r++ {
		if g.place[r] >= 0 {
			continue
		}
		sum := 0.0
		for _, j := range g.rows[r].pools {
			sum += x(j)
		}
		if sum > float64(g.rows[r].max)+1e-7 {
			g.pose(r)
			some = true
		}
	}
	return some
}

// householdRow is the row of a class.
func (g *program) householdRow(c int) int { return 1 + len(g.quotas) + c }

// most is how many of a pool one panel can hold, by pool and household alone.
func (g *program) most(j int) int {
	b := &g.pools[j]
	switch {
	case b.barred:
		return 0
	case b.size > 1:
		return g.mostParties(b)
	case b.class < 0:
		return len(b.members)
	}
	c := g.classes[b.class]
	each := len(b.members) / c.homes // the same in each household of a class
	return c.homes * min(each, c.room)
}

// mostParties is how many of a pool of parties one panel can hold, by the seats and by
// each household alone.
func (g *program) mostParties(b *pool) int {
	n := len(b.members)
	for i := 0; i < len(b.rows); {
		r, times := b.rows[i], 0
		for ; i < len(b.rows) && b.rows[i] == r; i++ {
			times++
		}
		if g.rows[r].kind != quotaRow { // a quota is judged by itself: hopeless
			n = min(n, max(0, g.rows[r].max)/times)
		}
	}
	return n
}

// meets reports whether a panel meets all demands. It is the last word: everything
// that becomes part of a lottery has passed here.
func (g *program) meets(x []int) bool {
	if g.crowded {
		return false
	}
	for j, n := range x {
		if n < 0 || n > g.most(j) {
			return false
		}
	}
	for r := range g.rows {
		n := g.count(r, x)
		if n < g.rows[r].min || n > g.rows[r].max {
			return false
		}
	}
	return true
}

// count is the number of people in x whom row r counts.
func (g *program) count(r int, x []int) int {
	n := 0
	for _, j := range g.rows[r].pools {
		n += x[j]
	}
	return n
}

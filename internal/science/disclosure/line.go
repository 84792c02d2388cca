package disclosure

import "slices"

// Line is a row of a table through time: cells whose numbers add up to a total that is told
// at each step. People are counted from the beginning to the end of a step, each in one
// cell, so that no number ever falls.
//
// A reader knows the total of each step, the numbers that are told, and at each step which
// cells are empty. She does not know how traits of several tables go together.
type Line struct {
	People [][]int  // of each cell, at each step
	Told   [][]bool // of each cell, at each step; what nobody is in is told in any case
	// Least and Most are what a reader knows besides of the numbers, from elsewhere: who came
	// has applied. nil is nothing; what the truth does not keep is not taken to be known.
	Least, Most [][]int
}

// A line is a network. The people who are new in a step flow from the step into the cells,
// and in a cell from its step to the next:
//
//	step t --(new in c)--> (c,t) --(x of c until t)--> (c,t+1) --> … --> end
//
// What is told fixes the flow of an arc; a number that is hidden is at least one. All whole
// flows are the worlds that a reader cannot tell apart, and by how much one arc can rise or
// fall is a greatest flow in what the true one leaves (Ford and Fulkerson 1956), in whole
// numbers. So the bounds that are found are exact.
type network struct {
	steps, cells int
	from, to     []int32
	flow         []int
	low, high    []int
	out          [][]int32 // of each node: arcs that leave (2a) or enter it (2a+1)
	room         []int     // of each direction of each arc, while a flow is sought
	way          []int32   // of each node: the direction by which it was reached
	queue        []int32
}

// without is a bound that no number of people reaches.
const without = 1 << 40

// network makes the arcs: that of a cell and a step, then that of the new people.
func (l Line) network() *network {
	cells := len(l.People)
	n := &network{cells: cells}
	if cells == 0 {
		return n
	}
	n.steps = len(l.People[0])
	nodes := n.steps*(cells+1) + 1
	n.out = make([][]int32, nodes)
	n.way = make([]int32, nodes)
	at := func(cell, step int) int32 { return int32(n.steps + cell*n.steps + step) }
	arc := func(from, to int32, flow, low, high int) {
		a := int32(len(n.from))
		n.from, n.to = append(n.from, from), append(n.to, to)
		n.flow, n.low, n.high = append(n.flow, flow), append(n.low, low), append(n.high, high)
		n.out[from] = append(n.out[from], 2*a)
		n.out[to] = append(n.out[to], 2*a+1)
	}
	for c, people := range l.People {
		for t, x := range people {
			to, low, high := int32(nodes-1), 1, without
			if t+1 < n.steps {
				to = at(c, t+1)
			}
			if l.Least != nil && l.Least[c][t] <= x {
				low = max(low, l.Least[c][t])
			}
			if l.Most != nil && l.Most[c][t] >= x {
				high = min(high, l.Most[c][t])
			}
			if x == 0 || l.Told[c][t] {
				low, high = x, x
			}
			arc(at(c, t), to, x, low, high)
		}
	}
	for c, people := range l.People {
		before := 0
		for t, x := range people {
			arc(int32(t), at(c, t), x-before, 0, without)
			before = x
		}
	}
	n.room = make([]int, 2*len(n.from))
	return n
}

// number is the arc of how many there are in a cell by the end of a step.
func (n *network) number(cell, step int) int { return cell*n.steps + step }

// added is the arc of how many were added to a cell in a step.
func (n *network) added(cell, step int) int { return (n.cells+cell)*n.steps + step }

// width gives between how many values an arc can move, less one, at most k.
func (n *network) width(arc, k int) int {
	up := n.push(n.to[arc], n.from[arc], arc, min(k, n.high[arc]-n.flow[arc]))
	return up + n.push(n.from[arc], n.to[arc], arc, min(k-up, n.flow[arc]-n.low[arc]))
}

// push gives how much more can flow from one node to another, at most most, without an arc.
func (n *network) push(from, to int32, without, most int) (sum int) {
	if most <= 0 {
		return 0
	}
	for a := range n.from {
		n.room[2*a], n.room[2*a+1] = n.high[a]-n.flow[a], n.flow[a]-n.low[a]
	}
	n.room[2*without], n.room[2*without+1] = 0, 0
	for sum < most {
		for i := range n.way {
			n.way[i] = -1
		}
		n.queue = append(n.queue[:0], from)
		n.way[from] = -2
		for i := 0; i < len(n.queue) && n.way[to] == -1; i++ {
			for _, d := range n.out[n.queue[i]] {
				next := n.to[d/2]
				if d&1 == 1 {
					next = n.from[d/2]
				}
				if n.room[d] > 0 && n.way[next] == -1 {
					n.way[next] = d
					n.queue = append(n.queue, next)
				}
			}
		}
		if n.way[to] == -1 {
			return sum
		}
		by := most - sum
		back := func(f func(d int32)) {
			for node := to; node != from; {
				d := n.way[node]
				f(d)
				if d&1 == 0 {
					node = n.from[d/2]
				} else {
					node = n.to[d/2]
				}
			}
		}
		back(func(d int32) { by = min(by, n.room[d]) })
		back(func(d int32) { n.room[d] -= by; n.room[d^1] += by })
		sum += by
	}
	return sum
}

// Safe says whether a reader can narrow down no number that is hidden, and no small number
// of people who were added to a cell in a step, to less than k. What is told is taken to be
// told well (Tell): then it is 0, or k and more, and so is what it grew by.
func (l Line) Safe(k int) bool {
	n := l.network()
	for t := n.steps - 1; t >= 0; t-- { // what is new is in doubt first
		for c := range l.People {
			x, before := l.People[c][t], 0
			if t > 0 {
				before = l.People[c][t-1]
			}
			if !l.known(c, t) && n.width(n.number(c, t), k) < k {
				return false
			}
			if new := x - before; new > 0 && new < k && n.width(n.added(c, t), k) < k {
				return false
			}
		}
	}
	return true
}

// known says whether a number is told, or stands between two equal ones that are.
func (l Line) known(c, t int) bool {
	x := l.People[c][t]
	if x == 0 || l.Told[c][t] {
		return true
	}
	told := func(t int) bool { return l.Told[c][t] && l.People[c][t] == x }
	before, after := false, false
	for u := range l.People[c] {
		before = before || u < t && told(u)
		after = after || u > t && told(u)
	}
	return before && after
}

// mostChoices bounds how many choices Tell tries.
const mostChoices = 300

// Tell chooses which numbers of the last step are told: as many as are safe, rather those
// that were told longest ago. Told says what was told at the steps before; of the last step
// it is not read. ok is false when no choice is safe: then the total of the last step must
// not be told either.
func (l Line) Tell(k int) (told []bool, ok bool) {
	last := 0
	if len(l.People) > 0 {
		last = len(l.People[0]) - 1
	}
	tried := Line{People: l.People, Least: l.Least, Most: l.Most}
	var may []int // cells that may be told, that which is missed least first
	stale := make([]int, len(l.People))
	for c, people := range l.People {
		tried.Told = append(tried.Told, append(slices.Clone(l.Told[c][:last]), false))
		x, grown := people[last], people[last]
		for t := last - 1; t >= 0; t-- {
			if l.Told[c][t] {
				grown -= people[t]
				break
			}
			stale[c]++
		}
		if x >= k && (grown == 0 || grown >= k) {
			may = append(may, c)
		}
	}
	slices.SortStableFunc(may, func(a, b int) int {
		if stale[a] != stale[b] {
			return stale[a] - stale[b]
		}
		return l.People[a][last] - l.People[b][last]
	})
	tries := 0
	// without leaves out so many of those from a place on.
	var without func(from, left int) bool
	without = func(from, left int) bool {
		if left == 0 {
			tries++
			return tries <= mostChoices && tried.Safe(k)
		}
		for i := from; i+left <= len(may) && tries < mostChoices; i++ {
			tried.Told[may[i]][last] = false
			if without(i+1, left-1) {
				return true
			}
			tried.Told[may[i]][last] = true
		}
		return false
	}
	for _, c := range may {
		tried.Told[c][last] = true
	}
	for left := 0; left <= len(may) && !ok; left++ {
		ok = without(0, left)
	}
	if !ok {
		for _, c := range may {
			tried.Told[c][last] = false
		}
		ok = tried.Safe(k)
	}
	for c, people := range l.People {
		told = append(told, people[last] == 0 || tried.Told[c][last])
	}
	return told, ok
}

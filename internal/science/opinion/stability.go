package opinion

import (
	"math"
	"slices"
)

const (
	resamples = 50
	// Larger conversations are resampled with these many people.
	maxResampled = 4000
)

// stability is the median adjusted Rand index between the grouping and what
// the whole method, the choice of k included, finds after dropping 5 % of the
// votes at random.
func (m *Map) stability(s *Snapshot, g *grouping, options Options, done func(int)) float64 {
	order := ranks(s.plane.people)
	if len(order) > maxResampled {
		order = m.drawPeople(order, options.Seed)
	}
	rank := make([]uint64, len(m.status))
	for at, j := range s.plane.order {
		rank[j] = uint64(at)
	}
	base := make([]int, len(order))
	for at, i := range order {
		base[at] = g.groupOf[i]
	}
	values := make([]float64, options.Resamples)
	progress := make(chan struct{}, len(values))
	finished := make(chan struct{})
	go func() {
		for n := 1; n <= len(values); n++ {
			<-progress
			done(n)
		}
		close(finished)
	}()
	parallel(len(values), func(r int) {
		again := m.without(order, rank, mix(options.Seed^mix(uint64(r)+1)))
		values[r] = again.compare(s.plane, base, options.Seed)
		progress <- struct{}{}
	})
	<-finished
	slices.Sort(values)
	return median(values)
}

func median(sorted []float64) float64 {
	n := len(sorted)
	if n == 0 {
		return math.NaN()
	}
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// drawPeople draws some people by lot.
func (m *Map) drawPeople(order []int, seed uint64) []int {
	type ticket struct {
		lot uint64
		at  int
	}
	lots := make([]ticket, len(order))
	for at := range lots {
		lots[at] = ticket{mix(seed ^ mix(uint64(at)^0x5eed)), at}
	}
	slices.SortFunc(lots, func(a, b ticket) int {
		if a.lot < b.lot {
			return -1
		}
		return 1
	})
	drawn := make([]int, maxResampled)
	for n := range drawn {
		drawn[n] = order[lots[n].at]
	}
	return drawn
}

// without is the map of some people with 5 % of their votes gone. Which ones
// depends on the canonical order of people and statements.
func (m *Map) without(people []int, rank []uint64, seed uint64) *Map {
	n := &Map{rows: make([][]cell, len(people)), status: m.status, counts: make([]Count, len(m.status))}
	const limit = 1 << 32 / 20 // 5 %
	total := 0
	for _, i := range people {
		total += len(m.rows[i])
	}
	cells := make([]cell, 0, total)
	for at, i := range people {
		from := len(cells)
		key := mix(seed + uint64(at))
		for _, c := range m.rows[i] {
			if mix(key+rank[c.statement()])>>32 >= limit {
				cells = append(cells, c)
				n.counts[c.statement()].add(c.vote(), 1)
			}
		}
		n.rows[at] = cells[from:len(cells):len(cells)]
	}
	n.votes = len(cells)
	return n
}

// compare groups the map anew and compares.
func (m *Map) compare(near *plane, base []int, seed uint64) float64 {
	p := m.plane(near, 1e-7)
	points, _ := m.project(p)
	again := newCloud(points, m.inConversation(nil)).group(len(m.rows), startsAgain, seed)
	if again == nil {
		return 0
	}
	return AdjustedRand(base, again.groupOf)
}

package opinion

import (
	"cmp"
	"math"
	"slices"
)

const (
	fivePercent      = 1 << 32 / 20
	resamples        = 100
	resamplesOfLarge = 50
	// Of larger conversations, so many people drawn by lot are resampled.
	maxResampled = 3000
)

// A lottery holds what resampling starts from: people and statements in
// canonical order, so that which votes are dropped does not depend on the
// order of rows and columns.
type lottery struct {
	people  []int    // drawn
	order   []int    // of statements
	rank    []uint64 // of statements
	colours []uint64 // of statements
	seed    uint64
}

func newLottery(p *plane, seed uint64) *lottery {
	l := &lottery{people: ranks(p.people), order: p.order, colours: p.colours, rank: make([]uint64, len(p.order)), seed: seed}
	for at, j := range p.order {
		l.rank[j] = uint64(at)
	}
	if len(l.people) > maxResampled {
		lots := make([]int, len(l.people))
		for at := range lots {
			lots[at] = at
		}
		slices.SortFunc(lots, func(a, b int) int {
			return cmp.Compare(mix(seed^mix(uint64(a)|1<<50)), mix(seed^mix(uint64(b)|1<<50)))
		})
		drawn := make([]int, maxResampled)
		for n := range drawn {
			drawn[n] = l.people[lots[n]]
		}
		l.people = drawn
	}
	return l
}

// sample is the map of the people drawn; limit of 2^32 votes are dropped.
func (l *lottery) sample(m *Map, round, limit uint64) *Map {
	n := &Map{rows: make([][]cell, len(l.people)), status: m.status, counts: make([]Count, len(m.status))}
	seed := mix(l.seed ^ mix(round))
	total := 0
	for _, i := range l.people {
		total += len(m.rows[i])
	}
	cells := make([]cell, 0, total)
	for at, i := range l.people {
		from, key := len(cells), mix(seed+uint64(at))
		for _, c := range m.rows[i] {
			if mix(key+l.rank[c.statement()])>>32 >= limit {
				cells = append(cells, c)
				n.counts[c.statement()].add(c.vote(), 1)
			}
		}
		n.rows[at] = cells[from:len(cells):len(cells)]
	}
	n.votes = len(cells)
	return n
}

// stability is the median adjusted Rand index between the grouping and what
// the whole method, the choice of k included, finds after dropping 5 % of the
// votes at random.
func (l *lottery) stability(m *Map, s *Snapshot, g *grouping, times int, done func()) float64 {
	base := make([]int, len(l.people))
	for at, i := range l.people {
		base[at] = g.groupOf[i]
	}
	values := make([]float64, times)
	parallel(times, func(r int) {
		n := l.sample(m, uint64(r)+1, fivePercent)
		p := n.plane(s.plane, rough)
		places, _ := n.project(p)
		found := newCloud(places, n.inConversation(nil), again).group(len(n.rows), l.seed)
		if found != nil {
			values[r] = AdjustedRand(base, found.groupOf)
		}
		done()
	})
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

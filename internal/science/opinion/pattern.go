package opinion

import (
	"math"
	"math/rand/v2"
)

const (
	shuffles = 20
	// How many standard deviations above chance the first eigenvalue must be.
	beyondChance = 6
)

// pattern compares the first eigenvalue with those of conversations in which
// the votes on each statement are dealt out anew among those who cast them:
// all counts stay, and whatever makes votes on different statements go together
// is gone. It gives the distance in standard deviations.
//
// J. L. Horn, Psychometrika 30 (1965) 179, doi:10.1007/BF02289447
func (l *lottery) pattern(m *Map, done func()) float64 {
	sample := l.sample(m, 0, 0)
	real := l.first(sample)
	values := make([]float64, shuffles)
	parallel(shuffles, func(r int) {
		values[r] = l.first(l.deal(sample, uint64(r)))
		done()
	})
	mean, spread := 0.0, 0.0
	for _, v := range values {
		mean += v / shuffles
	}
	for _, v := range values {
		spread += float64((v - mean) * (v - mean) / (shuffles - 1))
	}
	if spread = math.Sqrt(spread); spread <= 1e-9*mean || math.IsNaN(spread) {
		return 0 // nothing to deal: one statement, or all of one mind
	}
	return (real - mean) / spread
}

// first is the first eigenvalue of the map.
func (l *lottery) first(m *Map) float64 {
	active := make([]int, 0, len(l.order))
	for _, j := range l.order {
		if m.counts[j].Seen > 0 && !m.status[j].zeroed() {
			active = append(active, j)
		}
	}
	if len(active) == 0 {
		return 0
	}
	_, value := leading(m.scatter(active, m.centre()), noise(active, l.colours, 0), nil, 1e-4, 1)
	return value
}

// deal shuffles the votes on each statement among its voters.
func (l *lottery) deal(m *Map, round uint64) *Map {
	hands := make([][]Vote, len(m.status))
	for j, c := range m.counts {
		hands[j] = make([]Vote, 0, c.Seen)
	}
	for _, row := range m.rows {
		for _, c := range row {
			hands[c.statement()] = append(hands[c.statement()], c.vote())
		}
	}
	for j, hand := range hands {
		random := rand.New(rand.NewPCG(mix(l.seed^mix(round)), l.rank[j]))
		random.Shuffle(len(hand), func(a, b int) { hand[a], hand[b] = hand[b], hand[a] })
	}
	n := &Map{rows: make([][]cell, len(m.rows)), status: m.status, counts: m.counts, votes: m.votes}
	cells := make([]cell, 0, m.votes)
	for i, row := range m.rows {
		from := len(cells)
		for _, c := range row {
			j := c.statement()
			cells = append(cells, newCell(j, hands[j][0]))
			hands[j] = hands[j][1:]
		}
		n.rows[i] = cells[from:len(cells):len(cells)]
	}
	return n
}

package opinion

import (
	"math"
	"math/rand/v2"
)

// EllipseSilhouettes is the table that one cloud is measured by.
var EllipseSilhouettes = ellipse

// SilhouetteOfTwo cuts points in two and gives the silhouette.
func SilhouetteOfTwo(points []Point) float64 {
	places := make([]place, len(points))
	in := make([]bool, len(points))
	for i, p := range points {
		places[i], in[i] = place{p.X, p.Y}, true
	}
	c := newCloud(places, in, once)
	p := kmeans(c.cells, c.weights, 2, 10, 0, 1)
	return c.silhouettes([]*partition{lloyd(c.points, ones(len(points)), p.centres, 50)})[2][2]
}

// Candidate gives the groups that were found, shown or not.
func (s *Snapshot) Candidate() []int {
	if s.candidate == nil {
		return nil
	}
	return s.candidate.groupOf
}

// Thinned draws so many of the votes of each person who cast at least twice as
// many on open statements, and tells how far her place on the map then lies
// from where such draws lie in the mean, as squared standard deviations of her
// uncertainty.
func (m *Map) Thinned(keep int, seed uint64) (squares []float64) {
	p := m.plane(nil, exact)
	random := rand.New(rand.NewPCG(seed, 1))
	thin := &Map{rows: make([][]cell, len(m.rows)), status: m.status, counts: m.counts, votes: m.votes}
	open := make([][]cell, len(m.rows))
	for i, row := range m.rows {
		for _, c := range row {
			if !m.status[c.statement()].zeroed() {
				open[i] = append(open[i], c)
			}
		}
		random.Shuffle(len(open[i]), func(a, b int) { open[i][a], open[i][b] = open[i][b], open[i][a] })
		thin.rows[i] = open[i][:min(keep, len(open[i]))]
	}
	full := &Map{rows: open, status: m.status, counts: m.counts, votes: m.votes}
	all, _ := full.project(p)
	some, spread := thin.project(p)
	for i := range m.rows {
		n := float64(len(open[i]))
		if n < float64(2*keep) {
			continue
		}
		// Places grow with the square root of the number of votes; and she drew
		// from her own votes, fewer than all statements.
		k, zeroed := float64(keep), float64(p.zeroed)
		shrink := math.Sqrt((n+zeroed)/(k+zeroed)) * k / n
		dx, dy := some[i][0]-shrink*all[i][0], some[i][1]-shrink*all[i][1]
		f := (1 - k/n) / (1 - k/(float64(len(m.status))-zeroed))
		xx, xy, yy := f*spread[i].XX, f*spread[i].XY, f*spread[i].YY
		squares = append(squares, (yy*dx*dx-2*xy*dx*dy+xx*dy*dy)/(xx*yy-xy*xy))
	}
	return squares
}

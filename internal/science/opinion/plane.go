package opinion

import "math"

// A Point is a place on the map.
type Point struct{ X, Y float64 }

// plane is what the votes say before anybody is grouped.
type plane struct {
	centre      []float64    // mean of the votes on each statement, in R
	components  [2][]float64 // unit vectors over all statements; zero where there is nothing
	eigenvalues [2]float64   // of Y'Y
	order       []int        // statements, canonical
	people      []uint64     // colours
	zeroed      int          // statements
}

func (m *Map) plane(near *plane, tolerance float64) *plane {
	p := &plane{centre: m.centre()}
	if near != nil {
		p.order = near.order
	} else {
		p.order, p.people = m.canonical()
	}
	active := make([]int, 0, len(p.order))
	for _, j := range p.order {
		if m.status[j].zeroed() {
			p.zeroed++
		} else if m.counts[j].Seen > 0 {
			active = append(active, j)
		}
	}
	for c := range p.components {
		p.components[c] = make([]float64, len(m.status))
	}
	if len(active) == 0 {
		return p
	}
	x := m.scatter(active, p.centre)
	var found [][]float64
	for c := range min(2, len(active)) {
		start := make([]float64, len(active))
		for a, j := range active {
			start[a] = float64(int64(mix(uint64(c)<<32+uint64(a)))) / (1 << 63)
			if near != nil {
				start[a] = near.components[c][j] + 1e-3*start[a]
			}
		}
		v, value := leading(x, start, found, tolerance)
		if value <= 1e-10*p.eigenvalues[0] || value <= 1e-12*float64(m.votes) {
			break
		}
		found = append(found, v)
		p.eigenvalues[c] = value
		sign := signOf(v)
		for a, j := range active {
			p.components[c][j] = sign * v[a]
		}
	}
	return p
}

// signOf makes the largest entry of a component positive.
func signOf(v []float64) float64 {
	largest := 0.0
	for _, x := range v {
		if math.Abs(x) > math.Abs(largest) {
			largest = x
		}
	}
	return math.Copysign(1, largest)
}

// centre is the mean vote on each statement; a pass counts as 0, a zeroed
// statement has mean 0.
func (m *Map) centre() []float64 {
	centre := make([]float64, len(m.status))
	for j, c := range m.counts {
		if c.Seen > 0 && !m.status[j].zeroed() {
			centre[j] = float64(c.Agree-c.Disagree) / float64(c.Seen)
		}
	}
	return centre
}

// extremity is the distance from the middle of somebody whose only vote is to
// agree with the statement.
func (m *Map) extremity(p *plane) []float64 {
	extremity := make([]float64, len(m.status))
	root := math.Sqrt(float64(len(m.status)))
	for j := range extremity {
		x, y := p.components[0][j], p.components[1][j]
		extremity[j] = root * math.Abs(1-p.centre[j]) * math.Sqrt(float64(x*x)+float64(y*y))
	}
	return extremity
}

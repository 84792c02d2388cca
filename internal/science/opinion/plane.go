package opinion

import "math"

// A Point is a place on the map.
type Point struct{ X, Y float64 }

// depth is how many components are looked at: the map shows two, more than
// three groups may lie apart in further ones.
const depth = 4

// A place is a person's position along all components.
type place [depth]float64

func (p place) point() Point { return Point{p[0], p[1]} }

// plane is what the votes say before anybody is grouped.
type plane struct {
	centre      []float64        // mean of the votes on each statement, in R
	components  [depth][]float64 // unit vectors over all statements; zero where there is nothing
	eigenvalues [depth]float64   // of Y'Y
	order       []int            // statements, canonical
	colours     []uint64         // of statements
	people      []uint64         // colours of people
	wanted      int              // components
	zeroed      int              // statements
}

// A precision says how many components are wanted and how exact: those of the
// map, and further ones, which only groups are looked for in.
type precision struct {
	components int
	tolerances [depth]float64
	restarts   int
}

var (
	exact = precision{depth, [depth]float64{1e-14, 1e-14, 1e-6, 1e-6}, 24}
	rough = precision{depth, [depth]float64{1e-5, 1e-5, 1e-3, 1e-3}, 1} // in resamples
)

func (m *Map) plane(near *plane, wanted precision) *plane {
	p := &plane{centre: m.centre(), wanted: wanted.components}
	if near != nil {
		p.order, p.colours = near.order, near.colours
	} else {
		p.order, p.colours, p.people = m.canonical()
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
	for c := range min(wanted.components, len(active)) {
		start := noise(active, p.colours, uint64(c))
		if near != nil {
			for a, j := range active {
				start[a] = near.components[c][j] + float64(1e-3*start[a])
			}
		}
		v, value := leading(x, start, found, wanted.tolerances[c], wanted.restarts)
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

// noise is a start without direction, the same each time. It is made from the
// colours, so that statements which may be exchanged have the same in it.
func noise(active []int, colours []uint64, kind uint64) []float64 {
	v := make([]float64, len(active))
	for a, j := range active {
		v[a] = float64(int64(mix(colours[j]+kind))) / (1 << 63)
	}
	return v
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

// eigenvalues of a symmetric two by two matrix, the larger first.
func eigenvalues(xx, xy, yy float64) (large, small float64) {
	middle, half := (xx+yy)/2, (xx-yy)/2
	root := math.Sqrt(float64(half*half) + float64(xy*xy))
	return middle + root, max(0, middle-root)
}

package opinion

import (
	"math"
	"math/rand/v2"
)

// A partition is k groups of points by the nearest of k centres.
type partition struct {
	centres []Point
	labels  []int
	inertia float64   // weighted sum of squared distances
	sizes   []float64 // weights of the groups
}

func squared(p, q Point) float64 {
	dx, dy := p.X-q.X, p.Y-q.Y
	return float64(dx*dx) + float64(dy*dy)
}

// nearest gives the nearest centre; of equals, the first.
func nearest(p Point, centres []Point) (at int, distance float64) {
	distance = math.Inf(1)
	for c, centre := range centres {
		if d := squared(p, centre); d < distance {
			at, distance = c, d
		}
	}
	return at, distance
}

// kmeans gives the best of several starts in which no group is smaller than
// the least weight, or nil.
//
// D. Arthur, S. Vassilvitskii, SODA 2007, 1027: k-means++.
func kmeans(points []Point, weights []float64, k, starts int, least float64, seed uint64) *partition {
	var best *partition
	for start := range starts {
		random := rand.New(rand.NewPCG(seed, uint64(k)<<32|uint64(start)))
		centres := scatterCentres(points, weights, k, random)
		if centres == nil {
			return nil
		}
		p := lloyd(points, weights, centres, 100)
		if p.smallest() >= least && (best == nil || p.inertia < best.inertia) {
			best = p
		}
	}
	return best
}

func (p *partition) smallest() float64 {
	least := math.Inf(1)
	for _, size := range p.sizes {
		least = min(least, size)
	}
	return least
}

// scatterCentres draws each further centre with a chance proportional to its
// squared distance from those drawn. Nil when there are fewer places than k.
func scatterCentres(points []Point, weights []float64, k int, random *rand.Rand) []Point {
	chance := make([]float64, len(points))
	copy(chance, weights)
	centres := make([]Point, 0, k)
	for len(centres) < k {
		total := 0.0
		for _, c := range chance {
			total += c
		}
		if total <= 0 {
			return nil
		}
		left, drawn := random.Float64()*total, -1
		for i, c := range chance {
			if c > 0 {
				drawn = i
				if left -= c; left < 0 {
					break
				}
			}
		}
		centre := points[drawn]
		centres = append(centres, centre)
		for i, p := range points {
			d := float64(weights[i] * squared(p, centre))
			if len(centres) == 1 || d < chance[i] {
				chance[i] = d
			}
		}
	}
	return centres
}

// lloyd moves the centres to the means of their points until no point changes
// its group. A group that loses all its points keeps its centre.
func lloyd(points []Point, weights []float64, centres []Point, rounds int) *partition {
	k := len(centres)
	p := &partition{centres: append([]Point(nil), centres...), labels: make([]int, len(points))}
	for i := range p.labels {
		p.labels[i] = -1
	}
	sums := make([]Point, k)
	for round := 0; ; round++ {
		changed := false
		p.inertia, p.sizes = 0, make([]float64, k)
		clear(sums)
		for i, point := range points {
			at, d := nearest(point, p.centres)
			if at != p.labels[i] {
				p.labels[i], changed = at, true
			}
			w := weights[i]
			p.inertia += float64(w * d)
			p.sizes[at] += w
			sums[at].X += float64(w * point.X)
			sums[at].Y += float64(w * point.Y)
		}
		if !changed || round == rounds {
			return p
		}
		for c, size := range p.sizes {
			if size > 0 {
				p.centres[c] = Point{sums[c].X / size, sums[c].Y / size}
			}
		}
	}
}

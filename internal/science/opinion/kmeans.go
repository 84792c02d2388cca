package opinion

import (
	"math"
	"math/rand/v2"
)

// A partition is k groups of points by the nearest of k centres.
type partition struct {
	centres []place
	labels  []int
	inertia float64   // weighted sum of squared distances
	sizes   []float64 // weights of the groups
}

// dimensions is how many components k groups are looked for in: the two of the
// map, or one fewer than groups, which is what it takes to set k centres apart.
func dimensions(k int) int { return max(2, min(depth, k-1)) }

// squared is the squared distance along the first components.
func squared(p, q *place, dimensions int) float64 {
	dx, dy := p[0]-q[0], p[1]-q[1]
	d := float64(dx*dx) + float64(dy*dy)
	for c := 2; c < dimensions; c++ {
		dz := p[c] - q[c]
		d += float64(dz * dz)
	}
	return d
}

// nearest gives the nearest centre; of equals, the first.
func nearest(p *place, centres []place, dimensions int) (at int, distance float64) {
	distance = math.Inf(1)
	x, y := p[0], p[1]
	for c := range centres {
		centre := &centres[c]
		dx, dy := x-centre[0], y-centre[1]
		d := float64(dx*dx) + float64(dy*dy)
		for further := 2; further < dimensions; further++ {
			dz := p[further] - centre[further]
			d += float64(dz * dz)
		}
		if d < distance {
			at, distance = c, d
		}
	}
	return at, distance
}

// kmeans gives the best of several starts in which no group is smaller than
// the least weight, or nil.
//
// D. Arthur, S. Vassilvitskii, SODA 2007, 1027: k-means++.
func kmeans(points []place, weights []float64, k, starts int, least float64, seed uint64) *partition {
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
func scatterCentres(points []place, weights []float64, k int, random *rand.Rand) []place {
	chance := make([]float64, len(points))
	copy(chance, weights)
	centres := make([]place, 0, k)
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
		for i := range points {
			d := float64(weights[i] * squared(&points[i], &centre, dimensions(k)))
			if len(centres) == 1 || d < chance[i] {
				chance[i] = d
			}
		}
	}
	return centres
}

// lloyd moves the centres to the means of their points until no point changes
// its group. A group that loses all its points keeps its centre.
func lloyd(points []place, weights []float64, centres []place, rounds int) *partition {
	k := len(centres)
	p := &partition{centres: append([]place(nil), centres...), labels: make([]int, len(points))}
	for i := range p.labels {
		p.labels[i] = -1
	}
	sums, dims := make([]place, k), dimensions(k)
	for round := 0; ; round++ {
		changed := false
		p.inertia, p.sizes = 0, make([]float64, k)
		clear(sums)
		for i := range points {
			at, d := nearest(&points[i], p.centres, dims)
			if at != p.labels[i] {
				p.labels[i], changed = at, true
			}
			w := weights[i]
			p.inertia += float64(w * d)
			p.sizes[at] += w
			for c, x := range points[i][:dims] {
				sums[at][c] += float64(w * x)
			}
		}
		if !changed || round == rounds {
			return p
		}
		for c, size := range p.sizes {
			if size > 0 {
				for d, sum := range sums[c][:dims] {
					p.centres[c][d] = sum / size
				}
			}
		}
	}
}

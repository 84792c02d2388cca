package opinion

import (
	"cmp"
	"slices"
)

// A cloud is the people to be grouped, in the order of their places, so that
// the order of rows is of no consequence: people in one place are alike.
type cloud struct {
	people []int
	points []place
	// What k-means starts on: the points themselves, or cells of neighbours
	// when there are many.
	cells   []place
	weights []float64
	// What the silhouette looks at: positions in points.
	sample []int
}

// More points than these are condensed to cells, and sampled for silhouettes.
const (
	maxCells    = 4096
	strips      = 64
	maxSample   = 2000
	smallSample = 700 // in resamples
)

func newCloud(points []place, in []bool, sample int) *cloud {
	c := &cloud{}
	for i, ok := range in {
		if ok {
			c.people = append(c.people, i)
		}
	}
	slices.SortFunc(c.people, func(a, b int) int {
		return slices.Compare(points[a][:], points[b][:])
	})
	c.points = make([]place, len(c.people))
	for at, i := range c.people {
		c.points[at] = points[i]
	}
	c.condense(sample)
	return c
}

// condense cuts the cloud into strips of equally many people, and each strip
// into cells of equally many: small where people are dense. A cell counts by
// its mean and its number.
func (c *cloud) condense(sample int) {
	n := len(c.points)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	if n <= maxCells {
		c.cells = c.points
		c.weights = make([]float64, n)
		for i := range c.weights {
			c.weights[i] = 1
		}
	} else {
		parallel(strips, func(s int) {
			strip := order[n*s/strips : n*(s+1)/strips]
			slices.SortFunc(strip, func(a, b int) int {
				return cmp.Or(cmp.Compare(c.points[a][1], c.points[b][1]), cmp.Compare(a, b))
			})
		})
		for s := range strips {
			strip := order[n*s/strips : n*(s+1)/strips]
			for t := range maxCells / strips {
				members := strip[len(strip)*t*strips/maxCells : len(strip)*(t+1)*strips/maxCells]
				if len(members) == 0 {
					continue
				}
				var mean place
				for _, i := range members {
					for d, x := range c.points[i] {
						mean[d] += x
					}
				}
				weight := float64(len(members))
				for d := range mean {
					mean[d] /= weight
				}
				c.cells = append(c.cells, mean)
				c.weights = append(c.weights, weight)
			}
		}
	}
	size := min(n, sample)
	c.sample = make([]int, size)
	for s := range size { // every so many in the order of cells
		c.sample[s] = order[(2*s+1)*n/(2*size)]
	}
}

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
	effort effort
}

// An effort says how many points are looked at one by one: more are condensed
// to so many cells, and silhouettes are taken of a sample.
type effort struct {
	strips, cells int // strips, and cells in each
	sample        int
	starts        int // of k-means
}

var (
	once  = effort{strips: 64, cells: 32, sample: 2000, starts: 24}
	again = effort{strips: 32, cells: 32, sample: 500, starts: 8} // in each resample
)

func newCloud(points []place, in []bool, effort effort) *cloud {
	c := &cloud{effort: effort}
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
	c.condense()
	return c
}

// condense cuts the cloud into strips of equally many people, and each strip
// into cells of equally many: small where people are dense. A cell counts by
// its mean and its number.
func (c *cloud) condense() {
	n, strips, cells := len(c.points), c.effort.strips, c.effort.cells
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	if n <= strips*cells {
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
			for t := range cells {
				members := strip[len(strip)*t/cells : len(strip)*(t+1)/cells]
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
	size := min(n, c.effort.sample)
	c.sample = make([]int, size)
	for s := range size { // every so many in the order of cells
		c.sample[s] = order[(2*s+1)*n/(2*size)]
	}
}

package opinion

import (
	"cmp"
	"slices"
)

// A cloud is the people to be grouped, in the order of their places, so that
// the order of rows is of no consequence: people in one place are alike.
type cloud struct {
	people []int
	points []Point
	// What k-means starts on: the points themselves, or cells of neighbours
	// when there are many.
	cells   []Point
	weights []float64
	// What the silhouette looks at: positions in points.
	sample []int
}

// More points than these are condensed to cells, and sampled for silhouettes.
const (
	maxCells  = 4096
	strips    = 64
	maxSample = 2000
)

func newCloud(points []Point, in []bool) *cloud {
	c := &cloud{}
	for i, ok := range in {
		if ok {
			c.people = append(c.people, i)
		}
	}
	slices.SortFunc(c.people, func(a, b int) int {
		p, q := points[a], points[b]
		return cmp.Or(cmp.Compare(p.X, q.X), cmp.Compare(p.Y, q.Y))
	})
	c.points = make([]Point, len(c.people))
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
				return cmp.Or(cmp.Compare(c.points[a].Y, c.points[b].Y), cmp.Compare(a, b))
			})
		})
		for s := range strips {
			strip := order[n*s/strips : n*(s+1)/strips]
			for t := range maxCells / strips {
				members := strip[len(strip)*t*strips/maxCells : len(strip)*(t+1)*strips/maxCells]
				if len(members) == 0 {
					continue
				}
				var mean Point
				for _, i := range members {
					mean.X += c.points[i].X
					mean.Y += c.points[i].Y
				}
				weight := float64(len(members))
				c.cells = append(c.cells, Point{mean.X / weight, mean.Y / weight})
				c.weights = append(c.weights, weight)
			}
		}
	}
	size := min(n, maxSample)
	c.sample = make([]int, size)
	for s := range size { // every so many in the order of cells
		c.sample[s] = order[(2*s+1)*n/(2*size)]
	}
}

package opinion

import (
	"cmp"
	"slices"
)

const (
	mostGroups  = 5
	startsCold  = 24
	startsAgain = 10 // in the resamples of stability
)

// leastMembers is the smallest group that is shown: five people, or one in
// fifty.
func leastMembers(people int) float64 { return float64(max(5, (people+49)/50)) }

// grouping is the outcome of grouping a cloud.
type grouping struct {
	k          int
	groupOf    []int // of each person, -1 for none
	centres    []Point
	silhouette float64
}

// group finds, for each k from 2 to 5, the partition with the least inertia
// whose groups are large enough, and takes the k with the best silhouette.
func (c *cloud) group(people, starts int, seed uint64) *grouping {
	least := leastMembers(len(c.points))
	found := make([]*partition, mostGroups+1)
	parallel(mostGroups-1, func(task int) {
		k := mostGroups - task // the longest first
		p := kmeans(c.cells, c.weights, k, starts, least, seed)
		if p != nil && len(c.cells) != len(c.points) {
			ones := make([]float64, len(c.points))
			for i := range ones {
				ones[i] = 1
			}
			p = lloyd(c.points, ones, p.centres, 20)
			if p.smallest() < least {
				p = nil
			}
		}
		found[k] = p
	})
	partitions := slices.DeleteFunc(found, func(p *partition) bool { return p == nil })
	if len(partitions) == 0 {
		return nil
	}
	silhouettes := c.silhouettes(partitions)
	best := 0
	for at, s := range silhouettes {
		if s > silhouettes[best] {
			best = at
		}
	}
	return c.named(partitions[best], people, silhouettes[best])
}

// named numbers groups by size, the largest first; of equals, the left one.
func (c *cloud) named(p *partition, people int, silhouette float64) *grouping {
	k := len(p.centres)
	order := make([]int, k)
	for g := range order {
		order[g] = g
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(p.sizes[b], p.sizes[a]), cmp.Compare(p.centres[a].X, p.centres[b].X), cmp.Compare(p.centres[a].Y, p.centres[b].Y))
	})
	g := &grouping{k: k, groupOf: make([]int, people), centres: make([]Point, k), silhouette: silhouette}
	for i := range g.groupOf {
		g.groupOf[i] = -1
	}
	number := make([]int, k)
	for at, old := range order {
		number[old] = at
		g.centres[at] = p.centres[old]
	}
	for at, i := range c.people {
		g.groupOf[i] = number[p.labels[at]]
	}
	return g
}

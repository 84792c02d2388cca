package opinion

import (
	"cmp"
	"slices"
)

const (
	mostGroups = 5
	// One more group must raise the silhouette by this much.
	clearlyBetter = 0.05
)

// leastMembers is the smallest group: five people or one in fifty; fewer only
// where so few people are there that nothing is shown anyway.
func leastMembers(people int) float64 {
	return float64(max(2, min(max(5, (people+49)/50), people/8)))
}

// grouping is the outcome of grouping a cloud.
type grouping struct {
	k          int
	groupOf    []int // of each person, -1 for none
	centres    []place
	silhouette float64
}

// group finds, for each k from 2 to 5, the partition with the least inertia
// whose groups are large enough, and takes the k with the best silhouette; of
// two that are nearly as good, the smaller k. It returns nil when there is no
// way to cut the cloud.
func (c *cloud) group(people int, seed uint64) *grouping {
	least := leastMembers(len(c.points))
	found := make([]*partition, mostGroups+1)
	parallel(mostGroups-1, func(task int) {
		k := mostGroups - task // the longest first
		p := kmeans(c.cells, c.weights, k, c.effort.starts, least, seed)
		if p != nil && len(c.cells) != len(c.points) {
			p = lloyd(c.points, ones(len(c.points)), p.centres, 20)
			if p.smallest() < least {
				p = nil
			}
		}
		found[k] = p
	})
	partitions := slices.DeleteFunc(slices.Clone(found), func(p *partition) bool { return p == nil })
	if len(partitions) == 0 {
		return nil
	}
	silhouettes := c.silhouettes(partitions)
	best := 0
	for k := 2; k <= mostGroups; k++ {
		d := dimensions(k)
		if found[k] != nil && (best == 0 || silhouettes[d][k] > silhouettes[d][best]+clearlyBetter) {
			best = k
		}
	}
	return c.named(found[best], people, silhouettes[dimensions(best)][best])
}

func ones(n int) []float64 {
	list := make([]float64, n)
	for i := range list {
		list[i] = 1
	}
	return list
}

// named numbers groups by size, the largest first; of equals, the left one.
func (c *cloud) named(p *partition, people int, silhouette float64) *grouping {
	k := len(p.centres)
	order := make([]int, k)
	for g := range order {
		order[g] = g
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(p.sizes[b], p.sizes[a]), slices.Compare(p.centres[a][:], p.centres[b][:]))
	})
	g := &grouping{k: k, groupOf: make([]int, people), centres: make([]place, k), silhouette: silhouette}
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

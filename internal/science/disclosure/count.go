package disclosure

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// A stay is a profile (a value in each used dimension) and the first period in
// which a person had it.
type stay struct{ profile, since int32 }

// A kind is a set of stays. All persons with the same kind are counted in the
// same cells, so nothing that is shown can tell them apart.
type kind struct {
	stays  []stay
	people int
}

// census is everybody counted once a cell, and the kinds of people behind it.
type census struct {
	*layout
	profiles [][]int32
	kinds    []kind
	n        []int // people in each cell
	// The class of a cell is the number of its row, the same for cells in which
	// exactly the same people are; -1 when it is empty.
	class []int32
	rows  []row
	hash  []mark // of each row
	total int    // people
}

// row is one distinct count.
type row struct {
	n      int
	cell   int // its first cell, one with the fewest dimensions
	margin int
}

// mark is a sum over the people of a cell of numbers that look random: two cells
// with equal marks hold the same kinds, but for a chance of 2^-128.
type mark struct{ a, b uint64 }

func (m mark) minus(o mark) mark { return mark{m.a - o.a, m.b - o.b} }

// mixed is the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
func mixed(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func count(d *Data, l *layout) (*census, error) {
	c := &census{layout: l}
	c.findKinds(d)
	stays := 0
	for i := range c.kinds {
		stays += len(c.kinds[i].stays)
	}
	if stays*len(l.margins)*len(l.periods) > maxPlaces {
		return nil, fmt.Errorf("%d margins in %d periods are too many for %d kinds of participations", len(l.margins), len(l.periods), stays)
	}
	c.countCells()
	return c, nil
}

// findKinds sorts people by the set of their stays.
func (c *census) findKinds(d *Data) {
	rows := len(d.persons)
	profile := make([]int32, rows)
	known := map[string]int32{}
	key := make([]byte, 4*len(c.dims))
	for i := range rows {
		for j, dim := range c.dims {
			binary.BigEndian.PutUint32(key[4*j:], uint32(c.places[j][d.codes[dim][i]]))
		}
		p, ok := known[string(key)]
		if !ok {
			p = int32(len(known))
			known[string(key)] = p
		}
		profile[i] = p
	}
	// Profiles get their numbers in the order of their values.
	keys := make([]string, 0, len(known))
	for k := range known {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	place := make([]int32, len(keys))
	for i, k := range keys {
		place[known[k]] = int32(i)
		values := make([]int32, len(c.dims))
		for j := range values {
			values[j] = int32(binary.BigEndian.Uint32([]byte(k[4*j:])))
		}
		c.profiles = append(c.profiles, values)
	}
	// The rows of each person together.
	c.total = len(d.people)
	start := make([]int32, c.total+1)
	for _, p := range d.persons {
		start[p+1]++
	}
	for p := range c.total {
		start[p+1] += start[p]
	}
	stays := make([]stay, rows)
	fill := slices.Clone(start)
	for i, p := range d.persons {
		s := stay{profile: place[profile[i]]}
		if c.period >= 0 {
			s.since = c.when[d.codes[c.period][i]]
		}
		stays[fill[p]] = s
		fill[p]++
	}
	found := map[string]int{}
	var text []byte
	for p := range c.total {
		mine := tidy(stays[start[p]:start[p+1]])
		text = text[:0]
		for _, s := range mine {
			text = binary.BigEndian.AppendUint32(text, uint32(s.profile))
			text = binary.BigEndian.AppendUint32(text, uint32(s.since))
		}
		at, ok := found[string(text)]
		if !ok {
			at = len(c.kinds)
			found[string(text)] = at
			c.kinds = append(c.kinds, kind{stays: mine})
		}
		c.kinds[at].people++
	}
	slices.SortFunc(c.kinds, func(a, b kind) int { return slices.CompareFunc(a.stays, b.stays, compareStays) })
}

func compareStays(a, b stay) int {
	if a.profile != b.profile {
		return int(a.profile) - int(b.profile)
	}
	return int(a.since) - int(b.since)
}

// tidy sorts stays and keeps the first of each profile. It works in place.
func tidy(s []stay) []stay {
	slices.SortFunc(s, compareStays)
	return slices.CompactFunc(s, func(a, b stay) bool { return a.profile == b.profile })
}

// countCells counts people, and finds the cells that hold the same people.
func (c *census) countCells() {
	c.n = make([]int, c.cells)
	marks := make([]mark, c.cells)
	seen := make([]int32, c.cells)
	for i := range seen {
		seen[i] = -1
	}
	periods := len(c.periods)
	for i := range c.kinds {
		k := &c.kinds[i]
		m := mark{mixed(uint64(i)), mixed(uint64(i) | 1<<40)}
		for _, s := range k.stays {
			for g := range c.margins {
				at := c.margins[g].cell(c.profiles[s.profile], periods)
				for t := at + int(s.since); t < at+periods; t++ {
					if seen[t] != int32(i) {
						seen[t] = int32(i)
						c.n[t] += k.people
						marks[t].a += m.a
						marks[t].b += m.b
					}
				}
			}
		}
	}
	c.class = make([]int32, c.cells)
	known := map[mark]int32{}
	for g := range c.margins {
		m := &c.margins[g]
		for at := m.first; at < m.first+m.size*periods; at++ {
			c.class[at] = -1
			if c.n[at] == 0 {
				continue
			}
			id, ok := known[marks[at]]
			if !ok {
				id = int32(len(c.rows))
				known[marks[at]] = id
				c.rows = append(c.rows, row{n: c.n[at], cell: at, margin: g})
				c.hash = append(c.hash, marks[at])
			}
			c.class[at] = id
		}
	}
}

// classes gives the rows in which a set of stays is counted, each once. The
// margins are those given; seen and stamp are the caller's memory of what was met.
func (c *census) classes(out []int32, stays []stay, margins []int, seen []int32, stamp int32) []int32 {
	periods := len(c.periods)
	for _, s := range stays {
		for _, g := range margins {
			at := c.margins[g].cell(c.profiles[s.profile], periods)
			for t := at + int(s.since); t < at+periods; t++ {
				if id := c.class[t]; seen[id] != stamp {
					seen[id] = stamp
					out = append(out, id)
				}
			}
		}
	}
	return out
}

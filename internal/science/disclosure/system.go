package disclosure

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// system is what a reader knows, as equations. Its columns are the numbers of
// people of each kind that occurs; its rows are the distinct counts, then the
// differences that need protection, then the links.
//
// Where there are too many kinds for that, each table is a block with columns of
// its own, the kinds seen through that table alone, and links say that a count
// which two tables share is the same in both.
type system struct {
	*census
	whole  bool // one block: the reader knows which combinations of all dimensions occur
	over   bool // more than is worked on: there are no columns
	n      []int
	start  []int32
	row    []int32
	sign   []int8
	blocks []block
	differ []difference
	links  int
	m      int
	owner  []int32 // of each count: the first block that holds it
	// holders are the blocks that show a margin, of each.
	holders [][]int32
}

// block is a set of margins with the columns of the kinds as seen through them.
type block struct {
	margins []int
	columns [][]int32 // counts that each column is part of, ascending
	people  []int
	of      []int32 // column of each kind
	first   int     // number of the first column
	cell    []int32 // of each cell of its largest margin and each first period: the column of those who are there alone, or -1
}

// difference is the people of one count who are not in another that lies within it.
type difference struct {
	whole, part int32
	n           int
	margin      int // of the part
	partCell    int
	dim         int // summed over in the whole; -1 for a period and the one before
}

// Bounds of the system: in which the reader knows all combinations, and of all.
const (
	wholeColumns = 1500
	wholeEntries = 30_000
	mostEntries  = 20_000_000
)

// newSystem finds what needs protection. Where there is nothing, and nothing was
// hidden before, no columns are made.
func newSystem(c *census, k int, before bool, columns, entries int) *system {
	s := &system{census: c, whole: true}
	s.differences(k)
	if !before && len(s.differ) == 0 && !slices.ContainsFunc(s.rows, func(r row) bool { return r.n < k }) {
		s.m = len(s.rows)
		return s
	}
	all := make([]int, len(c.margins))
	for g := range all {
		all[g] = g
	}
	s.blocks = []block{{margins: all}}
	if len(c.kinds) > 20*columns || !s.fill(&s.blocks[0], columns, entries) {
		s.whole = false
		s.split()
		entries := mostEntries
		for b := range s.blocks {
			if !s.fill(&s.blocks[b], 0, entries) {
				*s = system{census: c, over: true, m: len(s.rows)}
				return s
			}
			for _, column := range s.blocks[b].columns {
				entries -= len(column)
			}
		}
	}
	s.write()
	return s
}

// split makes a block of each table that is not a margin of another.
func (s *system) split() {
	s.blocks = nil
	var sets []uint64
	for _, t := range s.tables {
		inside := func(o uint64) bool { return o != t && t&^o == 0 }
		if !slices.ContainsFunc(s.tables, inside) && !slices.Contains(sets, t) {
			sets = append(sets, t)
		}
	}
	slices.SortFunc(sets, func(a, b uint64) int {
		return s.index[b] - s.index[a]
	})
	for _, t := range sets {
		var b block
		for g := range s.margins {
			if s.margins[g].set&^t == 0 {
				b.margins = append(b.margins, g)
			}
		}
		s.blocks = append(s.blocks, b)
	}
}

// fill finds the columns of a block; false when there are more than the bounds.
// Without a bound of columns the block is one table, and what people have in it
// tells them apart.
func (s *system) fill(b *block, columns, entries int) bool {
	seen := make([]int32, len(s.rows))
	for i := range seen {
		seen[i] = -1
	}
	known := map[string]int32{}
	var list []int32
	var local []stay
	var key []byte
	b.of = make([]int32, len(s.kinds))
	total := 0
	whole := &s.margins[b.margins[len(b.margins)-1]]
	if columns == 0 {
		b.cell = make([]int32, whole.size*len(s.periods))
		for i := range b.cell {
			b.cell[i] = -1
		}
	}
	for i := range s.kinds {
		place := -1
		key = key[:0]
		if columns == 0 {
			local = local[:0]
			for _, st := range s.kinds[i].stays {
				at := (whole.cell(s.profiles[st.profile], len(s.periods)) - whole.first) / len(s.periods)
				local = append(local, stay{int32(at), st.since})
			}
			local = tidy(local)
			if len(local) == 1 { // most people
				place = int(local[0].profile)*len(s.periods) + int(local[0].since)
				if at := b.cell[place]; at >= 0 {
					b.people[at] += s.kinds[i].people
					b.of[i] = at
					continue
				}
			}
			for _, st := range local {
				key = binary.LittleEndian.AppendUint32(key, uint32(st.profile))
				key = binary.LittleEndian.AppendUint32(key, uint32(st.since))
			}
		} else {
			list = s.classes(list[:0], s.kinds[i].stays, b.margins, seen, int32(i))
			slices.Sort(list)
			for _, c := range list {
				key = binary.LittleEndian.AppendUint32(key, uint32(c))
			}
		}
		at, ok := known[string(key)]
		if !ok {
			if columns == 0 {
				list = s.classes(list[:0], s.kinds[i].stays, b.margins, seen, int32(i))
				slices.Sort(list)
			}
			at = int32(len(b.columns))
			known[string(key)] = at
			b.columns = append(b.columns, slices.Clone(list))
			b.people = append(b.people, 0)
			total += len(list)
			if columns > 0 && len(b.columns) > columns || total > entries {
				*b = block{margins: b.margins}
				return false
			}
		}
		b.people[at] += s.kinds[i].people
		b.of[i] = at
		if place >= 0 {
			b.cell[place] = at
		}
	}
	return true
}

// differences finds the counts that a reader gets by taking a cell from its margin,
// or a period from the next, and that are small.
func (s *system) differences(k int) {
	known := map[mark]bool{}
	for _, h := range s.hash {
		known[h] = true
	}
	add := func(wholeCell, partCell, margin, dim int) {
		whole, part := s.class[wholeCell], s.class[partCell]
		if whole < 0 || part < 0 || whole == part {
			return
		}
		n := s.rows[whole].n - s.rows[part].n
		if h := s.hash[whole].minus(s.hash[part]); n >= 1 && n < k && !known[h] {
			known[h] = true
			s.differ = append(s.differ, difference{whole, part, n, margin, partCell, dim})
		}
	}
	periods := len(s.periods)
	for g := range s.margins {
		m := &s.margins[g]
		for at := range m.size {
			cell := m.first + at*periods
			for t := range periods {
				if t > 0 {
					add(cell+t, cell+t-1, g, -1)
				}
				for i, dim := range m.dims {
					up := &s.margins[s.index[m.set&^(1<<dim)]]
					above := up.first
					for j, d := range m.dims {
						if j != i {
							value := at / m.stride[j] % len(s.values[d])
							above += value * up.stride[placeIn(up.dims, d)] * periods
						}
					}
					add(above+t, cell+t, g, dim)
				}
			}
		}
	}
}

func placeIn(dims []int, d int) int {
	i, _ := slices.BinarySearch(dims, d)
	return i
}

// write makes the columns.
func (s *system) write() {
	counts := len(s.rows)
	s.m = counts + len(s.differ)
	s.owner = make([]int32, counts)
	for i := range s.owner {
		s.owner[i] = -1
	}
	// The first block that holds a count owns it; a link ties the view of each
	// other block to it.
	type tie struct{ block, link int32 }
	ties := make([][]tie, counts)
	met := make([]int32, counts)
	for b := range s.blocks {
		for _, column := range s.blocks[b].columns {
			for _, c := range column {
				switch {
				case met[c] == int32(b)+1:
					continue
				case s.owner[c] < 0:
					s.owner[c] = int32(b)
				default:
					ties[c] = append(ties[c], tie{int32(b), int32(s.m)})
					s.m++
					s.links++
				}
				met[c] = int32(b) + 1
			}
		}
	}
	s.holders = make([][]int32, len(s.margins))
	for b := range s.blocks {
		for _, m := range s.blocks[b].margins {
			s.holders[m] = append(s.holders[m], int32(b))
		}
	}
	// A difference belongs to the first block that shows both of its counts.
	differs := make([][]int32, counts) // of each count that is a whole
	for i, d := range s.differ {
		differs[d.whole] = append(differs[d.whole], int32(i))
	}
	s.start = append(s.start, 0)
	for b := range s.blocks {
		blk := &s.blocks[b]
		blk.first = len(s.n)
		for j, column := range blk.columns {
			for _, c := range column {
				own := int(s.owner[c]) == b
				if own {
					s.entry(c, 1)
				}
				for _, t := range ties[c] {
					if int(t.block) == b {
						s.entry(t.link, 1)
					} else if own {
						s.entry(t.link, -1)
					}
				}
				for _, i := range differs[c] {
					if d := &s.differ[i]; int(s.holders[d.margin][0]) == b {
						if _, part := slices.BinarySearch(column, d.part); !part {
							s.entry(int32(counts)+i, 1)
						}
					}
				}
			}
			s.n = append(s.n, blk.people[j])
			s.start = append(s.start, int32(len(s.row)))
		}
		blk.columns = nil
	}
}

func (s *system) entry(row int32, sign int8) {
	s.row = append(s.row, row)
	s.sign = append(s.sign, sign)
}

// isLink says whether a row is a link, which is zero in every world.
func (s *system) isLink(row int) bool { return row >= len(s.rows)+len(s.differ) }

// count gives the true count of a row: of a cell or of a difference.
func (s *system) count(row int) int {
	if row < len(s.rows) {
		return s.rows[row].n
	}
	return s.differ[row-len(s.rows)].n
}

// weight says how much a count is worth: those of few dimensions and of many
// people most. It is between 0 and 1.
func (s *system) weight(row int) float64 {
	r := s.rows[row]
	w := 1.0
	for range bits.OnesCount64(s.margins[r.margin].set) {
		w /= 3
	}
	return w * float64(32+bits.Len(uint(r.n))) / 96
}

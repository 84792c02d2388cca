package opinion

import (
	"cmp"
	"slices"
)

// Sums of floats depend on the order of their terms. So that the order of rows
// and columns in a file is of no consequence, statements are put in an order
// that comes from the votes alone: each statement and each person gets a
// colour, a hash of what the votes on it (by her) are, refined by the colours
// of those who voted (of what she voted on), as in Weisfeiler and Leman's
// refinement of graphs. Who has the same colour has, as a rule, the same
// votes, and may be exchanged.

// mix is the finaliser of splitmix64: every bit of the input moves every bit
// of the result.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// canonical gives the order of statements, and the colours of statements and
// people.
func (m *Map) canonical() (statements []int, colours, people []uint64) {
	colours = make([]uint64, len(m.status))
	for j, c := range m.counts {
		colours[j] = mix(mix(mix(uint64(c.Seen))+uint64(c.Agree)) + uint64(m.status[j]))
	}
	people = m.peopleColours(colours)
	sums := make([]uint64, len(colours))
	for i, row := range m.rows {
		var by [3]uint64
		for v := range by {
			by[v] = mix(people[i] + uint64(v))
		}
		for _, c := range row {
			sums[c.statement()] += by[c&3]
		}
	}
	for j := range colours {
		colours[j] = mix(colours[j] ^ mix(sums[j]))
	}
	people = m.peopleColours(colours)
	statements = make([]int, len(colours))
	for j := range statements {
		statements[j] = j
	}
	slices.SortFunc(statements, func(a, b int) int {
		return cmp.Or(cmp.Compare(colours[a], colours[b]), cmp.Compare(a, b))
	})
	return statements, colours, people
}

func (m *Map) peopleColours(statements []uint64) []uint64 {
	table := make([][4]uint64, len(statements))
	for j, c := range statements {
		for v := range 3 {
			table[j][v] = mix(c + uint64(v))
		}
	}
	colours := make([]uint64, len(m.rows))
	chunks(len(m.rows), func(from, to int) {
		for i := from; i < to; i++ {
			var sum uint64
			for _, c := range m.rows[i] {
				sum += table[c.statement()][c&3]
			}
			colours[i] = mix(sum)
		}
	})
	return colours
}

// ranks numbers people in the order of their colours; who has the same colour
// may be exchanged.
func ranks(colours []uint64) (order []int) {
	order = make([]int, len(colours))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(colours[a], colours[b]), cmp.Compare(a, b))
	})
	return order
}

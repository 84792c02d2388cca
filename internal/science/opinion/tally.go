package opinion

// A change is a vote that was cast, or that took the place of another.
type change struct {
	person, statement int
	vote, old         Vote
	replaced          bool
}

// journalLength is how many votes back a tally can be brought up to date
// without counting anew.
const journalLength = 1024

func (m *Map) note(c change) {
	m.changes++
	if m.sums == nil {
		return // nobody follows the map
	}
	if len(m.journal) == 2*journalLength {
		m.journal = append(m.journal[:0], m.journal[journalLength:]...)
	}
	m.journal = append(m.journal, c)
}

// A tally holds, for each group and statement, how many disagree, pass and
// agree, as cast.
type tally [][][4]int

func newTally(groups, statements int) tally {
	t := make(tally, groups)
	for g := range t {
		t[g] = make([][4]int, statements)
	}
	return t
}

func (t tally) row(group int, row []cell, n int) {
	if group < 0 {
		return
	}
	line := t[group]
	for _, c := range row {
		line[c.statement()][c&3] += n
	}
}

func (t tally) counts() [][]Count {
	counts := make([][]Count, len(t))
	for g, line := range t {
		counts[g] = make([]Count, len(line))
		for j, n := range line {
			counts[g][j] = Count{Agree: n[2], Disagree: n[0], Seen: n[0] + n[1] + n[2]}
		}
	}
	return counts
}

// countGroups counts the votes of each group.
func (m *Map) countGroups(groupOf []int, k int) tally {
	const workers = 4
	var parts [workers]tally
	parallel(workers, func(w int) {
		parts[w] = newTally(k, len(m.status))
		for i := w; i < len(m.rows); i += workers {
			parts[w].row(groupOf[i], m.rows[i], 1)
		}
	})
	total := parts[0]
	for _, part := range parts[1:] {
		for g, line := range part {
			for j, n := range line {
				for v := range n {
					total[g][j][v] += n[v]
				}
			}
		}
	}
	return total
}

// recount brings the tally of an earlier snapshot up to date: votes since then
// go to the group of that time, and people who changed their group take their
// votes along. Nil when that was too long ago.
func (m *Map) recount(last *Snapshot, groupOf []int) tally {
	late := m.changes - last.changes
	if last.tally == nil || late > len(m.journal) {
		return nil
	}
	t := newTally(last.K, len(m.status))
	for g, line := range last.tally {
		copy(t[g], line)
	}
	before := func(person int) int {
		if person >= len(last.GroupOf) {
			return -1
		}
		return last.GroupOf[person]
	}
	for _, c := range m.journal[len(m.journal)-late:] {
		if g := before(c.person); g >= 0 {
			t[g][c.statement][c.vote+1]++
			if c.replaced {
				t[g][c.statement][c.old+1]--
			}
		}
	}
	for i, g := range groupOf {
		if was := before(i); was != g {
			t.row(was, m.rows[i], -1)
			t.row(g, m.rows[i], +1)
		}
	}
	return t
}

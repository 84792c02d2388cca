package lottery

// newRelaxation is the linear program of g, without cost.
func (g *program) newRelaxation(steps *int64) *simplex {
	columns := make([][]entry, len(g.pools))
	for j := range g.pools {
		columns[j] = g.column(j)
	}
	s := newSimplex(len(g.posed), columns, steps)
	g.bind(s)
	return s
}

// column is what a pool counts for in the rows that are posed.
func (g *program) column(j int) []entry {
	var column []entry
	for _, r := range g.pools[j].rows {
		if at := g.place[r]; at >= 0 {
			column = append(column, entry{at, 1})
		}
	}
	return column
}

// bind gives s the bounds of the program.
func (g *program) bind(s *simplex) {
	for at := range s.rows {
		r := g.rows[g.posed[at]]
		s.lower[at], s.upper[at] = float64(r.min), float64(r.max)
	}
	for j := range g.pools {
		s.lower[s.rows+j], s.upper[s.rows+j] = 0, float64(g.most(j))
	}
}

// renew is s with the rows that have been posed since it was made.
func (g *program) renew(s *simplex) *simplex {
	if s.rows == len(g.posed) {
		return s
	}
	t := g.newRelaxation(s.steps)
	t.limit = s.limit
	copy(t.lower, s.lower[:s.rows])
	copy(t.upper, s.upper[:s.rows])
	copy(t.lower[t.rows:], s.lower[s.rows:])
	copy(t.upper[t.rows:], s.upper[s.rows:])
	return t
}

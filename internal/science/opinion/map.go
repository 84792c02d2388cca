package opinion

import (
	"fmt"
	"slices"
)

// A Map holds the votes of one conversation and gives the opinion map of them.
// People and statements are numbered from 0 by the caller; the numbers carry
// no meaning beyond the order of ties in lists. A Map is not safe for
// concurrent use.
type Map struct {
	rows    [][]cell // of each person, in the order of statements
	status  []Status
	counts  []Count // of each statement, all votes
	votes   int
	sums    *covotes // nil until somebody follows the map vote by vote
	changes int      // of votes, ever
	journal []change // the latest
}

// A Count says how people stand to one statement. Seen includes passes.
type Count struct {
	Agree, Disagree, Seen int
}

func (c *Count) add(v Vote, n int) {
	c.Seen += n
	switch v {
	case Agree:
		c.Agree += n
	case Disagree:
		c.Disagree += n
	}
}

func (c Count) minus(o Count) Count {
	return Count{c.Agree - o.Agree, c.Disagree - o.Disagree, c.Seen - o.Seen}
}

// New returns a map of that many people and statements without votes. Both
// grow when a higher number votes or is voted on.
func New(people, statements int) (*Map, error) {
	m := &Map{}
	if err := m.Grow(people, statements); err != nil {
		return nil, err
	}
	return m, nil
}

// Grow makes room, so that people or statements without votes count as well.
// It never makes the map smaller.
func (m *Map) Grow(people, statements int) error {
	if people < 0 || people > MaxPeople {
		return fmt.Errorf("opinion: %d people; a map holds 0 to %d", people, MaxPeople)
	}
	if statements < 0 || statements > MaxStatements {
		return fmt.Errorf("opinion: %d statements; a map holds 0 to %d", statements, MaxStatements)
	}
	if n := people - len(m.rows); n > 0 {
		m.rows = append(m.rows, make([][]cell, n)...)
	}
	if n := statements - len(m.status); n > 0 {
		m.status = append(m.status, make([]Status, n)...)
		m.counts = append(m.counts, make([]Count, n)...)
		if m.sums != nil && statements > covoteLimit {
			m.sums, m.journal = nil, nil
		}
		if m.sums != nil {
			m.sums.grow(statements)
		}
	}
	return nil
}

// People, Statements and Votes say how large the map is.
func (m *Map) People() int     { return len(m.rows) }
func (m *Map) Statements() int { return len(m.status) }
func (m *Map) Votes() int      { return m.votes }

// Voted gives the vote of a person on a statement, and whether there is one.
func (m *Map) Voted(person, statement int) (Vote, bool) {
	if person < 0 || person >= len(m.rows) || statement < 0 {
		return 0, false
	}
	row := m.rows[person]
	at, found := slices.BinarySearchFunc(row, statement, byStatement)
	if !found {
		return 0, false
	}
	return row[at].vote(), true
}

// Vote records a vote; a second vote on the same statement replaces the first.
// The cost is that of the person's row alone.
func (m *Map) Vote(person, statement int, v Vote) error {
	if !v.Valid() {
		return fmt.Errorf("opinion: vote %d of person %d on statement %d; a vote is 1, 0 or -1", v, person, statement)
	}
	if err := checkRange("person", person, MaxPeople); err != nil {
		return err
	}
	if err := checkRange("statement", statement, MaxStatements); err != nil {
		return err
	}
	if err := m.Grow(person+1, statement+1); err != nil {
		return err
	}
	row := m.rows[person]
	at, found := len(row), false
	if at > 0 && row[at-1].statement() >= statement {
		at, found = slices.BinarySearchFunc(row, statement, byStatement)
	}
	if found {
		old := row[at].vote()
		if old == v {
			return nil
		}
		if m.sums != nil {
			m.sums.vote(row, statement, old, -1)
			row[at] = newCell(statement, v)
			m.sums.vote(row, statement, v, +1)
		}
		row[at] = newCell(statement, v)
		m.counts[statement].add(old, -1)
		m.counts[statement].add(v, +1)
		m.note(change{person, statement, v, old, true})
		return nil
	}
	if m.votes == MaxVotes {
		return fmt.Errorf("opinion: more than %d votes; a map holds no more", MaxVotes)
	}
	row = slices.Insert(row, at, newCell(statement, v))
	m.rows[person] = row
	m.counts[statement].add(v, +1)
	m.votes++
	m.note(change{person: person, statement: statement, vote: v})
	if m.sums != nil {
		m.sums.vote(row, statement, v, +1)
	}
	return nil
}

// Moderate sets what moderation says of a statement. No vote is lost by it: a
// statement that is let in again has its votes.
func (m *Map) Moderate(statement int, s Status) error {
	if s > OutMeta {
		return fmt.Errorf("opinion: status %d of statement %d is unknown", s, statement)
	}
	if err := checkRange("statement", statement, MaxStatements); err != nil {
		return err
	}
	if err := m.Grow(0, statement+1); err != nil {
		return err
	}
	m.status[statement] = s
	return nil
}

func byStatement(c cell, statement int) int { return c.statement() - statement }

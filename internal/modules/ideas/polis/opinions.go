package polis

import (
	"slices"

	"platforma.kg/ashar/internal/science/opinion"
)

// Voted gives the statements that have a column of votes: those of the map.
func (c *Conversation) Voted() []Statement {
	n := slices.IndexFunc(c.Statements, func(s Statement) bool { return !s.HasVotes })
	if n < 0 {
		n = len(c.Statements)
	}
	return c.Statements[:n]
}

// Opinions makes the map of the conversation: people in the order of
// Participants, statements in that of Voted.
func (c *Conversation) Opinions() (*opinion.Map, error) {
	statements := c.Voted()
	m, err := opinion.New(len(c.Participants), len(statements))
	if err != nil {
		return nil, err
	}
	for i, p := range c.Participants {
		for _, b := range p.Ballots {
			if err := m.Vote(i, int(b.Statement), b.Vote); err != nil {
				return nil, err
			}
		}
	}
	for j, s := range statements {
		if err := m.Moderate(j, s.Status()); err != nil {
			return nil, err
		}
	}
	return m, nil
}

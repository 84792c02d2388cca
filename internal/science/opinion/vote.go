package opinion

import "fmt"

// A Vote is what one person says to one statement. Not having voted is not a
// Vote: passing is an answer, not having seen the statement is none.
type Vote int8

// The three votes. The sign is that of the export of Polis; its database and
// its API have it the other way round.
const (
	Disagree Vote = -1
	Pass     Vote = 0
	Agree    Vote = 1
)

// Valid tells whether v is one of the three votes.
func (v Vote) Valid() bool { return v >= Disagree && v <= Agree }

// A Status is what moderation says of a statement.
type Status uint8

// A statement that is not Open is zeroed: its column counts as a pass by
// everybody, also by those who never saw it.
const (
	Open    Status = iota
	Out            // moderated out: not shown, never representative
	Meta           // about the conversation itself; asked first, priority 49
	OutMeta        // both
)

func (s Status) zeroed() bool { return s != Open }
func (s Status) out() bool    { return s == Out || s == OutMeta }
func (s Status) meta() bool   { return s == Meta || s == OutMeta }

// The largest map. A caller that exceeds them gets an error, not a full memory.
const (
	MaxPeople     = 1_000_000
	MaxStatements = 10_000
	MaxVotes      = 50_000_000
)

// A cell is one vote in a person's row: statement << 2 | vote + 1. Cells of a
// row are in the order of their statements.
type cell uint32

func newCell(statement int, v Vote) cell { return cell(statement)<<2 | cell(v+1) }

func (c cell) statement() int { return int(c >> 2) }
func (c cell) vote() Vote     { return Vote(c&3) - 1 }

func checkRange(what string, index, limit int) error {
	if index < 0 || index >= limit {
		return fmt.Errorf("opinion: %s %d is outside 0 to %d", what, index, limit-1)
	}
	return nil
}

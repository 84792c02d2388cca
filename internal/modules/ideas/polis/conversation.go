package polis

import (
	"cmp"
	"strings"
	"time"

	"platforma.kg/ashar/internal/science/opinion"
)

// A Conversation is what an export holds. Participants and statements are in
// the order of their ids, see Compare.
type Conversation struct {
	Summary      []Entry
	Participants []Participant
	Statements   []Statement
	History      []Event // every vote, the oldest first; empty without votes.csv
}

// An Entry is a line of summary.csv, such as topic or url.
type Entry struct{ Key, Value string }

// A Participant is a pseudonym with votes.
type Participant struct {
	ID, XID string
	Group   string   // published group, empty for none
	Wrote   int      // statements
	Ballots []Ballot // last votes, in the order of statements
}

// A Ballot is a vote on the statement with that index.
type Ballot struct {
	Statement int32
	Vote      opinion.Vote
}

// A Statement is a short text that people vote on.
type Statement struct {
	ID, Author string
	Created    time.Time // zero when it is not told
	Moderated  int       // -1 out, 0 not looked at, 1 in
	Meta, Seed bool
	Text       string
	HasVotes   bool // has a column of votes; one that nobody was shown has none
}

// An Event is a vote at a moment; a later one of the same person on the same
// statement replaces it.
type Event struct {
	At                     time.Time
	Participant, Statement int // indices
	Vote                   opinion.Vote
}

// Status is what moderation means for the map.
func (s Statement) Status() opinion.Status {
	switch {
	case s.Moderated < 0 && s.Meta:
		return opinion.OutMeta
	case s.Moderated < 0:
		return opinion.Out
	case s.Meta:
		return opinion.Meta
	}
	return opinion.Open
}

// Compare orders ids: whole numbers first, by value; then others, by bytes.
func Compare(a, b string) int {
	x, aNumber := whole(a)
	y, bNumber := whole(b)
	switch {
	case aNumber && bNumber:
		return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y), strings.Compare(a, b))
	case aNumber:
		return -1
	case bNumber:
		return 1
	}
	return strings.Compare(a, b)
}

// whole gives the digits of a whole number without leading noughts.
func whole(id string) (string, bool) {
	if id == "" || strings.Trim(id, "0123456789") != "" {
		return "", false
	}
	return strings.TrimLeft(id, "0"), true
}

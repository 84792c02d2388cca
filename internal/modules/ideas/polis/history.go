package polis

import (
	"cmp"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/science/opinion"
)

// A castVote is a line of votes.csv.
type castVote struct {
	at               time.Time
	statement, voter string
	vote             opinion.Vote
	line             int
}

func readVotes(path string, each func(castVote, func(string, ...any) error) error) error {
	s, err := open(path)
	if err != nil {
		return err
	}
	statement, voter, value := column(s, "comment-id", "statement-id", "tid"), column(s, "voter-id", "participant", "participant-id", "pid"), column(s, "vote")
	at := column(s, "timestamp", "created")
	for _, must := range []struct {
		column int
		name   string
	}{{statement, "comment-id"}, {voter, "voter-id"}, {value, "vote"}} {
		if must.column < 0 {
			return missing(s, must.name)
		}
	}
	for row, err := range s.Rows() {
		if err != nil {
			return err
		}
		c := castVote{statement: strings.TrimSpace(row.Cells[statement]), voter: strings.TrimSpace(row.Cells[voter]), line: row.Line}
		if c.statement == "" {
			return row.Fail(statement, "expected the id of a statement, found nothing")
		}
		if c.voter == "" {
			return row.Fail(voter, "expected the id of a participant, found nothing")
		}
		if c.at, err = moment(row, at); err != nil {
			return err
		}
		v, cast, ok := vote(row.Cells[value])
		if !ok || !cast {
			return row.Fail(value, "expected a vote, that is 1, 0 or -1, found %s", sheet.Quote(row.Cells[value]))
		}
		c.vote = v
		if err := each(c, func(format string, args ...any) error { return row.Fail(-1, format, args...) }); err != nil {
			return err
		}
	}
	return nil
}

// readHistory reads every vote of people and statements that are known; others
// are left out with a note.
func (r *reader) readHistory(path string) error {
	people := map[string]int{}
	for i, p := range r.conversation.Participants {
		people[p.ID] = i
	}
	strangers := 0
	err := readVotes(path, func(c castVote, _ func(string, ...any) error) error {
		person, known := people[c.voter]
		statement, listed := r.index[c.statement]
		if !known || !listed {
			strangers++
			return nil
		}
		r.conversation.History = append(r.conversation.History, Event{c.at, person, statement, c.vote})
		return nil
	})
	if err != nil {
		return err
	}
	if strangers > 0 {
		r.note("%s: %d votes of people or statements that are in no other file, left out", filepath.Base(path), strangers)
	}
	slices.SortStableFunc(r.conversation.History, func(a, b Event) int { return a.At.Compare(b.At) })
	return nil
}

// readVotesAlone makes the matrix from the history.
func (r *reader) readVotesAlone(path string) error {
	var votes []castVote
	people, statements := map[string]int{}, map[string]bool{}
	var ids []string
	err := readVotes(path, func(c castVote, fail func(string, ...any) error) error {
		if !statements[c.statement] {
			if len(statements) == opinion.MaxStatements {
				return fail("more than %d statements; a map holds no more", opinion.MaxStatements)
			}
			statements[c.statement] = true
			ids = append(ids, c.statement)
		}
		if _, there := people[c.voter]; !there {
			if len(people) == opinion.MaxPeople {
				return fail("more than %d participants; a map holds no more", opinion.MaxPeople)
			}
			people[c.voter] = 0
			r.conversation.Participants = append(r.conversation.Participants, Participant{ID: c.voter})
		}
		if len(votes) == opinion.MaxVotes {
			return fail("more than %d votes; a map holds no more", opinion.MaxVotes)
		}
		votes = append(votes, c)
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(ids, Compare)
	r.addStatements(ids)
	slices.SortFunc(r.conversation.Participants, func(a, b Participant) int { return Compare(a.ID, b.ID) })
	for i, p := range r.conversation.Participants {
		people[p.ID] = i
	}
	slices.SortStableFunc(votes, func(a, b castVote) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.line, b.line)) })
	for _, c := range votes {
		e := Event{c.at, people[c.voter], r.index[c.statement], c.vote}
		r.conversation.History = append(r.conversation.History, e)
		p := &r.conversation.Participants[e.Participant]
		at, found := slices.BinarySearchFunc(p.Ballots, e.Statement, func(b Ballot, j int) int { return int(b.Statement) - j })
		if found {
			p.Ballots[at].Vote = e.Vote
		} else {
			p.Ballots = slices.Insert(p.Ballots, at, Ballot{int32(e.Statement), e.Vote})
		}
	}
	return nil
}

// readSummary reads lines of a key and a value.
func (r *reader) readSummary(path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text, _, err := sheet.Decode(raw)
	if err != nil {
		var told *sheet.Error
		if errors.As(err, &told) {
			told.File = filepath.Base(path)
		}
		return err
	}
	lines := csv.NewReader(strings.NewReader(text))
	lines.FieldsPerRecord, lines.LazyQuotes = -1, true
	for {
		cells, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			var p *csv.ParseError
			line := 0
			if errors.As(err, &p) {
				line = p.Line
			}
			return &sheet.Error{File: filepath.Base(path), Line: line, Text: "expected a key and a value, parted by a comma"}
		}
		e := Entry{Key: cells[0]}
		if len(cells) > 1 {
			e.Value = strings.Join(cells[1:], ",")
		}
		r.conversation.Summary = append(r.conversation.Summary, e)
	}
}

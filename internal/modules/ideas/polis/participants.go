package polis

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/science/opinion"
)

// Columns of participants-votes.csv that are not statements.
var known = []string{"participant", "participant-id", "voter-id", "pid", "xid", "group-id", "groupid", "n-comments", "n-votes", "n-agree", "n-disagree"}

// readParticipants reads the matrix of votes.
func (r *reader) readParticipants(path string) error {
	s, err := open(path)
	if err != nil {
		return err
	}
	id := column(s, "participant", "participant-id", "voter-id", "pid")
	if id < 0 {
		return missing(s, "participant")
	}
	columns, err := r.statementColumns(s)
	if err != nil {
		return err
	}
	xid, group, wrote := column(s, "xid"), column(s, "group-id", "groupid"), column(s, "n-comments")
	lines, votes := map[string]int{}, 0
	for row, err := range s.Rows() {
		if err != nil {
			return err
		}
		p := Participant{ID: strings.TrimSpace(row.Cells[id])}
		if p.ID == "" {
			return row.Fail(id, "expected the id of a participant, found nothing")
		}
		if first := lines[p.ID]; first > 0 {
			return row.Fail(id, "participant %s stands in line %d already", sheet.Quote(p.ID), first)
		}
		lines[p.ID] = row.Line
		if len(lines) > opinion.MaxPeople {
			return row.Fail(id, "more than %d participants; a map holds no more", opinion.MaxPeople)
		}
		if xid >= 0 {
			p.XID = strings.Clone(strings.TrimSpace(row.Cells[xid]))
		}
		if group >= 0 {
			p.Group = groupName(row.Cells[group])
		}
		if wrote >= 0 {
			n, err := sheet.Number(row.Cells[wrote])
			if err == nil && n >= 0 && n <= 1e9 {
				p.Wrote = int(n)
			}
		}
		if p.Ballots, err = ballots(row, columns); err != nil {
			return err
		}
		if votes += len(p.Ballots); votes > opinion.MaxVotes {
			return row.Fail(-1, "more than %d votes; a map holds no more", opinion.MaxVotes)
		}
		p.ID = strings.Clone(p.ID) // the cell keeps the whole line in memory
		r.conversation.Participants = append(r.conversation.Participants, p)
	}
	slices.SortFunc(r.conversation.Participants, func(a, b Participant) int { return Compare(a.ID, b.ID) })
	return nil
}

func ballots(row sheet.Row, columns []int) ([]Ballot, error) {
	n := 0
	for _, at := range columns {
		if row.Cells[at] != "" {
			n++
		}
	}
	list := make([]Ballot, 0, n)
	for j, at := range columns {
		cell := row.Cells[at]
		if cell == "" {
			continue
		}
		v, cast, ok := vote(cell)
		if !ok {
			return nil, row.Fail(at, "expected a vote, that is 1, 0, -1 or nothing, found %s", sheet.Quote(cell))
		}
		if cast {
			list = append(list, Ballot{int32(j), v})
		}
	}
	return list, nil
}

// vote reads a cell: the vote, whether there is one, whether it could be read.
func vote(cell string) (v opinion.Vote, cast, ok bool) {
	switch cell {
	case "1":
		return opinion.Agree, true, true
	case "-1":
		return opinion.Disagree, true, true
	case "0":
		return opinion.Pass, true, true
	}
	cell = strings.TrimSpace(cell)
	if absent(cell) {
		return 0, false, true
	}
	// A spreadsheet may have written 1.0, +1 or a typographic minus.
	value, err := sheet.Number(strings.Replace(cell, "−", "-", 1))
	if err != nil || value != math.Trunc(value) || math.Abs(value) > 1 {
		return 0, false, false
	}
	return opinion.Vote(value), true, true
}

func groupName(cell string) string {
	cell = strings.TrimSpace(cell)
	if absent(cell) {
		return ""
	}
	if value, err := sheet.Number(cell); err == nil && value == math.Trunc(value) && math.Abs(value) < 1e6 {
		if value < 0 {
			return ""
		}
		return strconv.Itoa(int(value)) // 1.0 is 1
	}
	return strings.Clone(cell)
}

// statementColumns tells statements from other columns. A column is a
// statement when comments.csv lists it or its name is a whole number. Others
// are, when there is no comments.csv to know better, if most of their cells
// are votes.
func (r *reader) statementColumns(s *sheet.Sheet) (columns []int, err error) {
	listed := map[string]bool{}
	for _, c := range r.rows {
		listed[c.ID] = true
	}
	var found, doubtful []int
	lists := false
	for at, head := range s.Header {
		_, number := whole(head)
		switch {
		case slices.Contains(known, plain(head)):
		case listed[head]:
			lists = true
			found = append(found, at)
		case number:
			found = append(found, at)
		default:
			doubtful = append(doubtful, at)
		}
	}
	if !lists && len(doubtful) > 0 {
		var votes []int
		if votes, doubtful, err = mostlyVotes(s, doubtful); err != nil {
			return nil, err
		}
		found = append(found, votes...)
	}
	for _, at := range doubtful {
		r.note("%s: column %d (%s) is not a statement, left out", s.Name, at+1, sheet.Quote(s.Header[at]))
	}
	if len(found) == 0 {
		return nil, &sheet.Error{File: s.Name, Line: 1, Text: "no column of a statement; expected one column for each statement, named by its id"}
	}
	if len(found) > opinion.MaxStatements {
		return nil, &sheet.Error{File: s.Name, Line: 1, Text: "more than " + strconv.Itoa(opinion.MaxStatements) + " columns of statements; a map holds no more"}
	}
	slices.SortFunc(found, func(a, b int) int { return Compare(s.Header[a], s.Header[b]) })
	ids := make([]string, len(found))
	for j, at := range found {
		ids[j] = s.Header[at]
	}
	r.addStatements(ids)
	columns = make([]int, len(r.conversation.Statements))
	for j := range columns {
		columns[j] = -1
	}
	for j, at := range found {
		columns[r.index[ids[j]]] = at
	}
	return slices.DeleteFunc(columns, func(at int) bool { return at < 0 }), nil
}

// mostlyVotes parts the columns whose cells are votes from the others.
func mostlyVotes(s *sheet.Sheet, doubtful []int) (votes, others []int, err error) {
	good, bad := make([]int, len(doubtful)), make([]int, len(doubtful))
	for row, err := range s.Rows() {
		if err != nil {
			return nil, nil, err
		}
		for n, at := range doubtful {
			if _, cast, ok := vote(row.Cells[at]); !ok {
				bad[n]++
			} else if cast {
				good[n]++
			}
		}
	}
	for n, at := range doubtful {
		if good[n] > 0 && good[n] >= bad[n] {
			votes = append(votes, at)
		} else {
			others = append(others, at)
		}
	}
	return votes, others, nil
}

// addStatements makes the statements that have votes, with what comments.csv
// says of them. Those without votes come behind: they are no part of a map.
func (r *reader) addStatements(ids []string) {
	details := map[string]Statement{}
	for _, c := range r.rows {
		details[c.ID] = c
	}
	r.index = map[string]int{}
	for _, id := range ids {
		c := details[id]
		c.ID, c.HasVotes = id, true
		r.index[id] = len(r.conversation.Statements)
		r.conversation.Statements = append(r.conversation.Statements, c)
	}
	for _, c := range r.rows {
		if _, there := r.index[c.ID]; !there {
			r.index[c.ID] = len(r.conversation.Statements)
			r.conversation.Statements = append(r.conversation.Statements, c)
		}
	}
	if len(r.rows) > 0 {
		unknown := 0
		for _, id := range ids {
			if _, there := details[id]; !there {
				unknown++
			}
		}
		if unknown > 0 {
			r.note("%d statements with votes are not in %s: taken as open", unknown, commentsFile)
		}
	}
}

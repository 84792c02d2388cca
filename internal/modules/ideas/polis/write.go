package polis

import (
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/science/opinion"
)

// Write writes the four files of an export into a folder, which it makes when
// it is not there. Files of these names are replaced, each at once.
func (c *Conversation) Write(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for _, file := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{participantsFile, c.WriteParticipants},
		{commentsFile, c.WriteComments},
		{votesFile, c.WriteVotes},
		{summaryFile, c.WriteSummary},
	} {
		if err := replace(filepath.Join(folder, file.name), file.write); err != nil {
			return err
		}
	}
	return nil
}

func replace(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".export-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already when all went well
	err = write(f)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	if err := os.Chmod(f.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// WriteParticipants writes a row for each person and a column for each
// statement that has votes.
func (c *Conversation) WriteParticipants(w io.Writer) error {
	out := sheet.Exchange(w)
	statements := c.Voted()
	head := []string{"participant", "xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"}
	fixed := len(head)
	for _, s := range statements {
		head = append(head, s.ID)
	}
	if err := out.Write(head); err != nil {
		return err
	}
	for _, p := range c.Participants {
		row := make([]string, len(head))
		agree, disagree := 0, 0
		for _, b := range p.Ballots {
			row[fixed+int(b.Statement)] = strconv.Itoa(int(b.Vote))
			switch b.Vote {
			case opinion.Agree:
				agree++
			case opinion.Disagree:
				disagree++
			}
		}
		for at, n := range []int{p.Wrote, len(p.Ballots), agree, disagree} {
			row[3+at] = strconv.Itoa(n)
		}
		row[0], row[1], row[2] = p.ID, p.XID, p.Group
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// WriteComments writes a row for each statement, with the counts of last votes.
func (c *Conversation) WriteComments(w io.Writer) error {
	out := sheet.Exchange(w)
	if err := out.Write([]string{"timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "is-meta", "is-seed", "comment-body"}); err != nil {
		return err
	}
	agrees, disagrees := make([]int, len(c.Statements)), make([]int, len(c.Statements))
	for _, p := range c.Participants {
		for _, b := range p.Ballots {
			switch b.Vote {
			case opinion.Agree:
				agrees[b.Statement]++
			case opinion.Disagree:
				disagrees[b.Statement]++
			}
		}
	}
	for j, s := range c.Statements {
		stamp, date := moments(s.Created)
		err := out.Write([]string{
			stamp, date, s.ID, s.Author, strconv.Itoa(agrees[j]), strconv.Itoa(disagrees[j]),
			strconv.Itoa(s.Moderated), strconv.FormatBool(s.Meta), strconv.FormatBool(s.Seed), s.Text,
		})
		if err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// WriteVotes writes every vote of the history; without one, the last votes
// without their moments.
func (c *Conversation) WriteVotes(w io.Writer) error {
	out := sheet.Exchange(w)
	if err := out.Write([]string{"timestamp", "datetime", "comment-id", "voter-id", "vote"}); err != nil {
		return err
	}
	line := func(at time.Time, statement, participant int, v opinion.Vote) error {
		stamp, date := moments(at)
		return out.Write([]string{stamp, date, c.Statements[statement].ID, c.Participants[participant].ID, strconv.Itoa(int(v))})
	}
	for _, e := range c.History {
		if err := line(e.At, e.Statement, e.Participant, e.Vote); err != nil {
			return err
		}
	}
	if len(c.History) == 0 {
		for i, p := range c.Participants {
			for _, b := range p.Ballots {
				if err := line(time.Time{}, int(b.Statement), i, b.Vote); err != nil {
					return err
				}
			}
		}
	}
	out.Flush()
	return out.Error()
}

// WriteSummary writes keys and values; the counts of people, votes and
// statements are always those of the conversation.
func (c *Conversation) WriteSummary(w io.Writer) error {
	out := sheet.Exchange(w)
	counts := []Entry{
		{"voters", strconv.Itoa(len(c.Participants))},
		{"comments", strconv.Itoa(len(c.Statements))},
	}
	for _, e := range c.Summary {
		if e.Key != "voters" && e.Key != "comments" {
			counts = append(counts, e)
		}
	}
	for _, e := range counts {
		if strings.TrimSpace(e.Key) == "" {
			continue
		}
		if err := out.Write([]string{e.Key, e.Value}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// moments gives milliseconds since 1970 and a date for people, both in UTC.
func moments(t time.Time) (stamp, date string) {
	if t.IsZero() {
		return "", ""
	}
	return strconv.FormatInt(t.UnixMilli(), 10), t.UTC().Format("Mon Jan 02 15:04:05 MST 2006")
}

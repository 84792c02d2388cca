package polis

import (
	"math"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/sheet"
)

// readComments reads the statements. Only their ids must be there.
func (r *reader) readComments(path string) error {
	s, err := open(path)
	if err != nil {
		return err
	}
	id := column(s, "comment-id", "statement-id", "commentid", "tid")
	if id < 0 {
		return missing(s, "comment-id")
	}
	at, author, text := column(s, "timestamp", "created"), column(s, "author-id", "authorid"), column(s, "comment-body", "comment", "text", "body")
	moderated, meta, seed := column(s, "moderated", "mod"), column(s, "is-meta", "meta"), column(s, "is-seed", "seed")
	lines := map[string]int{}
	for row, err := range s.Rows() {
		if err != nil {
			return err
		}
		c := Statement{ID: strings.TrimSpace(row.Cells[id])}
		if c.ID == "" {
			return row.Fail(id, "expected the id of a statement, found nothing")
		}
		if first := lines[c.ID]; first > 0 {
			return row.Fail(id, "statement %s stands in line %d already", sheet.Quote(c.ID), first)
		}
		lines[c.ID] = row.Line
		if author >= 0 {
			c.Author = strings.TrimSpace(row.Cells[author])
		}
		if text >= 0 {
			c.Text = row.Cells[text]
		}
		if c.Created, err = moment(row, at); err != nil {
			return err
		}
		if c.Moderated, err = moderation(row, moderated); err != nil {
			return err
		}
		if c.Meta, err = flag(row, meta); err != nil {
			return err
		}
		if c.Seed, err = flag(row, seed); err != nil {
			return err
		}
		r.rows = append(r.rows, c)
	}
	slices.SortFunc(r.rows, func(a, b Statement) int { return Compare(a.ID, b.ID) })
	return nil
}

// moment reads milliseconds since 1970; nothing where there is nothing.
func moment(row sheet.Row, column int) (time.Time, error) {
	if column < 0 {
		return time.Time{}, nil
	}
	cell := strings.TrimSpace(row.Cells[column])
	if absent(cell) {
		return time.Time{}, nil
	}
	value, err := sheet.Number(cell)
	if err != nil || value != math.Trunc(value) || math.Abs(value) > 1e15 {
		return time.Time{}, row.Fail(column, "expected milliseconds since 1970, found %s", sheet.Quote(cell))
	}
	return time.UnixMilli(int64(value)).UTC(), nil
}

func moderation(row sheet.Row, column int) (int, error) {
	if column < 0 {
		return 0, nil
	}
	cell := strings.TrimSpace(row.Cells[column])
	if absent(cell) {
		return 0, nil
	}
	value, err := sheet.Number(cell)
	if err != nil || value != -1 && value != 0 && value != 1 {
		return 0, row.Fail(column, "expected -1 (out), 0 or 1 (in), found %s", sheet.Quote(cell))
	}
	return int(value), nil
}

func flag(row sheet.Row, column int) (bool, error) {
	if column < 0 {
		return false, nil
	}
	cell := strings.TrimSpace(row.Cells[column])
	switch strings.ToLower(cell) {
	case "true", "t", "1", "1.0", "yes":
		return true, nil
	case "false", "f", "0", "0.0", "no", "":
		return false, nil
	}
	if absent(cell) {
		return false, nil
	}
	return false, row.Fail(column, "expected true or false, found %s", sheet.Quote(cell))
}

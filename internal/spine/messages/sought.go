package messages

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

// sought narrows the messages of a list; empty fields take all.
type sought struct {
	activity    storage.ID
	state, kind string
	named       bool         // only those to these persons
	persons     []storage.ID // at most mostSought
}

// found is a page of messages.
type found struct {
	rows       []message
	count, of  int // that fit, and that there are
	from       int // the place of the first, from 1
	prev, next bool
	counts     map[string]map[string]int // of each filter, by its value: what would fit if it were chosen
}

// statement is a query that is put together of fixed parts; values stand in it as
// placeholders alone.
type statement struct{ args []any }

func (q *statement) value(v any) string {
	q.args = append(q.args, v)
	return "$" + strconv.Itoa(len(q.args))
}

// where is the condition, but for one filter; "1 = 1" for none.
func (s sought) where(q *statement, but string) string {
	parts := []string{"1 = 1"}
	if !s.activity.IsZero() && but != byActivity {
		parts = append(parts, "activity_id = "+q.value(s.activity))
	}
	if s.state != "" && but != byState {
		parts = append(parts, "state = "+q.value(s.state))
	}
	if s.kind != "" && but != byKind {
		parts = append(parts, "kind = "+q.value(s.kind))
	}
	if s.named {
		marks := []string{}
		for _, id := range s.persons {
			marks = append(marks, q.value(id))
		}
		if len(marks) == 0 {
			parts = append(parts, "1 = 0")
		} else {
			parts = append(parts, "person_id IN ("+strings.Join(marks, ", ")+")")
		}
	}
	return strings.Join(parts, " AND ")
}

// key is a part of an order.
type key struct {
	column string
	down   bool
	of     func(m message) any
}

// orders are those in which messages may stand; the first has what needs somebody first.
func orderOf(v kit.View) []key {
	moved := key{"moved_at", false, func(m message) any { return storage.Micros(m.Moved) }}
	id := key{"id", false, func(m message) any { return m.ID }}
	by, down := v.Sort()
	keys := []key{moved, id}
	if by == sortNeed {
		moved.down, id.down = true, true
		keys = []key{{"CASE WHEN state IN ('failed', 'unsure') THEN 0 ELSE 1 END", false, func(m message) any {
			if m.State == Failed || m.State == Unsure {
				return 0
			}
			return 1
		}}, moved, id}
	}
	if down {
		keys = turned(keys)
	}
	return keys
}

func turned(keys []key) []key {
	keys = slices.Clone(keys)
	for i := range keys {
		keys[i].down = !keys[i].down
	}
	return keys
}

// beyond is the condition for what stands behind a message in an order.
func beyond(q *statement, keys []key, m message) string {
	var ways []string
	for i, k := range keys {
		var parts []string
		for _, same := range keys[:i] {
			parts = append(parts, same.column+" = "+q.value(same.of(m)))
		}
		sign := " > "
		if k.down {
			sign = " < "
		}
		ways = append(ways, strings.Join(append(parts, k.column+sign+q.value(k.of(m))), " AND "))
	}
	return "(" + strings.Join(ways, " OR ") + ")"
}

func orderBy(keys []key) string {
	var parts []string
	for _, k := range keys {
		if k.down {
			parts = append(parts, k.column+" DESC")
		} else {
			parts = append(parts, k.column)
		}
	}
	return " ORDER BY " + strings.Join(parts, ", ")
}

// page reads a page. A cursor that names no message leads to the first one.
func (s sought) page(ctx context.Context, tx *storage.Tx, v kit.View) (out found, err error) {
	if out.counts, out.count, out.of, err = s.tally(ctx, tx); err != nil {
		return out, err
	}
	order, back := orderOf(v), false
	at, there, err := cursor(ctx, tx, v.After())
	if err != nil {
		return out, err
	}
	if !there {
		if at, there, err = cursor(ctx, tx, v.Before()); err != nil {
			return out, err
		}
		if back = there; back {
			order = turned(order)
		}
	}
	rows, err := s.rows(ctx, tx, order, at, there)
	if err != nil {
		return out, err
	}
	if there && len(rows) == 0 { // behind the last, or before the first
		order, back, there = orderOf(v), false, false
		if rows, err = s.rows(ctx, tx, order, at, false); err != nil {
			return out, err
		}
	}
	more := len(rows) > perPage
	rows = rows[:min(len(rows), perPage)]
	if back {
		slices.Reverse(rows)
	}
	out.rows, out.next, out.prev = rows, more, there
	if back {
		out.prev, out.next = more, true
	}
	if len(rows) == 0 {
		return out, nil
	}
	var q statement
	before := "SELECT COUNT(*) FROM message WHERE " + s.where(&q, "") + " AND " + beyond(&q, turned(orderOf(v)), rows[0])
	if err := tx.QueryRow(ctx, before, q.args...).Scan(&out.from); err != nil {
		return out, err
	}
	out.from++
	return out, nil
}

func (s sought) rows(ctx context.Context, tx *storage.Tx, order []key, at message, there bool) ([]message, error) {
	var q statement
	query := "SELECT " + messageColumns + " FROM message WHERE " + s.where(&q, "")
	if there {
		query += " AND " + beyond(&q, order, at)
	}
	return storage.All(ctx, tx, scanMessage, query+orderBy(order)+" LIMIT "+q.value(perPage+1), q.args...)
}

// cursor is the message that an address names.
func cursor(ctx context.Context, tx *storage.Tx, text string) (m message, there bool, err error) {
	id, err := storage.ParseID(text)
	if err != nil {
		return m, false, nil
	}
	m, err = messageByID(ctx, tx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return m, false, nil
	}
	return m, err == nil, err
}

// tally counts what would fit for each value of each filter.
func (s sought) tally(ctx context.Context, tx *storage.Tx) (counts map[string]map[string]int, count, of int, err error) {
	counts = map[string]map[string]int{}
	type one struct {
		value string
		n     int
	}
	for filter, column := range map[string]string{byState: "state", byKind: "kind", byActivity: "activity_id"} {
		var q statement
		list, err := storage.All(ctx, tx, func(row storage.Scanner) (c one, err error) {
			if filter != byActivity {
				err = row.Scan(&c.value, &c.n)
				return c, err
			}
			var id storage.ID
			err = row.Scan(&id, &c.n)
			if !id.IsZero() {
				c.value = id.String()
			}
			return c, err
		}, "SELECT "+column+", COUNT(*) FROM message WHERE "+s.where(&q, filter)+" GROUP BY "+column, q.args...)
		if err != nil {
			return nil, 0, 0, err
		}
		counts[filter] = map[string]int{}
		for _, c := range list {
			counts[filter][c.value] += c.n
			if filter == byState && (s.state == "" || s.state == c.value) {
				count += c.n
			}
		}
	}
	var q statement
	err = tx.QueryRow(ctx, "SELECT COUNT(*) FROM message WHERE "+sought{activity: s.activity}.where(&q, ""), q.args...).Scan(&of)
	return counts, count, of, err
}

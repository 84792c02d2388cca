// Package audit notes who saw or changed whose personal data. Entries are only
// added, hold ids and keys of texts, never the data themselves, and are shown to
// the person they concern. What somebody wrote as a reason is sealed with that person's key.
package audit

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Entry is one look or change.
type Entry struct {
	ID     storage.ID
	At     time.Time
	Actor  storage.ID // who did it; zero for the system itself
	Person storage.ID // whose data; zero when many or nobody in particular
	Action string     // key of a text, "people.audit.viewed"
	Object storage.ID // what it was done in, an activity; may be zero
	Detail string     // a word for staff ("role facilitator"), never personal data
	Reason string     // why, as a code; empty where none is asked for
	Words  []byte     // what was said besides, sealed with the key of the person; nil for nothing
}

// Record adds an entry in the transaction; ID and At are set when they are empty.
func Record(ctx context.Context, tx *storage.Tx, e Entry) error {
	if e.ID.IsZero() {
		e.ID = tx.NewID()
	}
	if e.At.IsZero() {
		e.At = tx.Now
	}
	_, err := tx.Exec(ctx, `INSERT INTO audit_entry (id, at, actor_id, person_id, action, object_id, detail, reason, words)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		e.ID, storage.Micros(e.At), e.Actor, e.Person, e.Action, e.Object, e.Detail, e.Reason, e.Words)
	return err
}

// Filter narrows List; empty fields take everything.
type Filter struct {
	Person storage.ID
	Actor  storage.ID
	Before storage.ID // only entries older than this one, for the next page
	Limit  int        // 0 for 100
}

// List gives entries, the newest first.
func List(ctx context.Context, tx *storage.Tx, f Filter) ([]Entry, error) {
	if f.Limit <= 0 {
		f.Limit = 100
	}
	query, args := `SELECT `+columns+` FROM audit_entry`, []any{}
	word := ` WHERE `
	add := func(clause string, v any) {
		args = append(args, v)
		query += word + clause + string(rune('0'+len(args)))
		word = ` AND `
	}
	if !f.Person.IsZero() {
		add(`person_id = $`, f.Person)
	}
	if !f.Actor.IsZero() {
		add(`actor_id = $`, f.Actor)
	}
	if !f.Before.IsZero() {
		add(`id < $`, f.Before)
	}
	args = append(args, f.Limit)
	query += ` ORDER BY id DESC LIMIT $` + string(rune('0'+len(args)))
	return storage.All(ctx, tx, scan, query, args...)
}

const columns = `id, at, actor_id, person_id, action, object_id, detail, reason, words`

func scan(row storage.Scanner) (e Entry, err error) {
	var at int64
	err = row.Scan(&e.ID, &at, &e.Actor, &e.Person, &e.Action, &e.Object, &e.Detail, &e.Reason, &e.Words)
	e.At = storage.Instant(at)
	return e, err
}

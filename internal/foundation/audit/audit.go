// Package audit notes who saw or changed whose personal data. Entries are only
// added, hold ids and keys of texts, never the data themselves, and are shown to
// the person they concern. What somebody wrote as a reason is sealed with that person's key.
package audit

import (
	"context"
	"strconv"
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

// Seen narrows what Past and CountSeen tell: looks and changes of a person's data by others,
// not by herself and not by the house.
type Seen struct {
	Person  storage.ID
	All     bool         // in whatever it was; else only of Objects, and of none
	Objects []storage.ID // at most a few hundred
	But     storage.ID   // whose own are left out; zero for nobody's
}

func (s Seen) where(args ...any) (string, []any) {
	where := `person_id = $1 AND actor_id IS NOT NULL AND actor_id <> $1`
	args = append([]any{s.Person}, args...)
	if !s.But.IsZero() {
		args = append(args, s.But)
		where += ` AND actor_id <> $` + strconv.Itoa(len(args))
	}
	if s.All {
		return where, args
	}
	where += ` AND (object_id IS NULL`
	for _, id := range s.Objects {
		args = append(args, id)
		where += ` OR object_id = $` + strconv.Itoa(len(args))
	}
	return where + `)`, args
}

// CountSeen counts them.
func CountSeen(ctx context.Context, tx *storage.Tx, s Seen) (n int, err error) {
	where, args := s.where()
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM audit_entry WHERE `+where, args...).Scan(&n)
	return n, err
}

// Past gives at most so many of them before a moment, in microseconds, and at it with an id
// below another; the newest first.
func Past(ctx context.Context, tx *storage.Tx, s Seen, at int64, below storage.ID, most int) ([]Entry, error) {
	where, args := s.where(at, below[:], most)
	return storage.All(ctx, tx, scan, `SELECT `+columns+`
		FROM audit_entry
		WHERE `+where+` AND (at < $2 OR at = $2 AND id < $3)
		ORDER BY at DESC, id DESC
		LIMIT $4`, args...)
}

// SeenIn gives in what others looked at a person or changed her data, the latest first: at
// most so many.
func SeenIn(ctx context.Context, tx *storage.Tx, person storage.ID, most int) ([]storage.ID, error) {
	return storage.All(ctx, tx, func(row storage.Scanner) (id storage.ID, err error) {
		err = row.Scan(&id)
		return id, err
	}, `SELECT object_id
		FROM audit_entry
		WHERE person_id = $1 AND actor_id IS NOT NULL AND actor_id <> $1 AND object_id IS NOT NULL
		GROUP BY object_id
		ORDER BY MAX(at) DESC, object_id
		LIMIT $2`, person, most)
}

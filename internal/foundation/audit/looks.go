package audit

import (
	"context"
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Looks is a page, a list or an answer that shows personal data of several people.
type Looks struct {
	Reader  storage.ID // who reads: a person, or a phone that scans at the door
	Persons []storage.ID
	Action  string     // key of a text that each of them reads, "people.audit.in_list"
	Object  storage.ID // what they were shown in, an activity; may be zero
}

// looksAtOnce bounds the rows of one statement: eight values each.
const looksAtOnce = 200

// Looked notes for each person that the reader saw her: once for a reader, an
// action and an object on a local day, however often the page is opened. Who
// looks at herself is not noted. It belongs before the page is shown: what
// cannot be noted is not shown.
func Looked(ctx context.Context, tx *storage.Tx, l Looks) error {
	seen := map[storage.ID]bool{{}: true, l.Reader: true}
	persons := slices.DeleteFunc(slices.Clone(l.Persons), func(id storage.ID) bool {
		again := seen[id]
		seen[id] = true
		return again
	})
	at := storage.Micros(tx.Now)
	for part := range slices.Chunk(persons, looksAtOnce) {
		rows, args := make([]string, len(part)), []any{at, l.Reader, l.Action, l.Object}
		for i, person := range part {
			n := len(args)
			rows[i] = `($` + strconv.Itoa(n+1) + `, $1, $2, $` + strconv.Itoa(n+2) + `, $3, $4, '', $` + strconv.Itoa(n+3) + `)`
			args = append(args, tx.NewID(), person, onceADay(l, person, tx.Now))
		}
		if _, err := tx.Exec(ctx, `INSERT INTO audit_entry (id, at, actor_id, person_id, action, object_id, detail, once)
			VALUES `+strings.Join(rows, `, `)+`
			ON CONFLICT (once) WHERE once IS NOT NULL DO NOTHING`, args...); err != nil {
			return err
		}
	}
	return nil
}

// onceADay is the same for the same look on the same day in Bishkek. It names
// nobody to who has no list of all ids, and is deleted with the entry.
func onceADay(l Looks, person storage.ID, now time.Time) []byte {
	day := now.In(i18n.Bishkek()).Format(time.DateOnly)
	sum := sha256.Sum256([]byte(l.Reader.String() + person.String() + l.Object.String() + day + l.Action))
	return sum[:16]
}

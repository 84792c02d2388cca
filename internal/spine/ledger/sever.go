package ledger

import (
	"bytes"
	"context"
	"crypto/rand"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
)

// severed are the columns of a fact that stay as they are when its person is
// erased. The id, the subject and the moment become others.
const severed = `kind, activity_id, value, sex, age_band, city, person_group, level`

// Sever cuts the facts of an erased person off from all that is known of them
// elsewhere, in a backup from before or on paper: they are written again, under
// one new random subject, so that she still counts as one, and under new random
// ids, in the order of those. Of the moment the local day stays; within it the
// facts keep their order. Several subjects, of records that were merged, become one.
func Sever(ctx context.Context, tx *storage.Tx, subjects ...storage.ID) error {
	type fact struct{ was, now storage.ID }
	into, order := random(), map[storage.ID]int{}
	_, dayBegins := time.Time{}.In(i18n.Bishkek()).Zone() // seconds before midnight UTC
	for _, subject := range subjects {
		if subject.IsZero() {
			continue
		}
		facts, err := storage.All(ctx, tx, func(row storage.Scanner) (f fact, err error) {
			err = row.Scan(&f.was)
			f.now = random()
			return f, err
		}, `SELECT id FROM fact WHERE subject = $1 ORDER BY at, id`, subject)
		if err != nil {
			return err
		}
		for _, f := range facts {
			order[f.was] = len(order)
		}
		slices.SortFunc(facts, func(a, b fact) int { return bytes.Compare(a.now[:], b.now[:]) })
		for _, f := range facts {
			if _, err := tx.Exec(ctx, `INSERT INTO fact (id, subject, at, `+severed+`)
				SELECT $1, $2, at - (at + $3) % $4 + $5, `+severed+`
				FROM fact
				WHERE id = $6`, f.now, into, int64(dayBegins)*time.Second.Microseconds(), day.Microseconds(), order[f.was], f.was); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `DELETE FROM fact WHERE subject = $1`, subject); err != nil {
			return err
		}
	}
	return nil
}

const day = 24 * time.Hour

func random() (id storage.ID) {
	rand.Read(id[:]) // never fails, by its documentation
	return id
}

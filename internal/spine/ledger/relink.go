package ledger

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Relink makes the facts of one subject another's: two records turned out to be
// one person, who must be counted once. What happened is not changed. The facts
// get new ids and wait for the night as new ones do, since the rows that this
// writes show which transaction wrote them.
func Relink(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	if from == into {
		return nil
	}
	// On PostgreSQL a night beside it may have written rows anew that the
	// statement waited for, and then does not find: look until none is left.
	for left := 1; left > 0; {
		if _, err := tx.Exec(ctx, `UPDATE fact
			SET id = `+randomBytes(tx)+`, subject = $2, fresh = TRUE
			WHERE subject = $1`, from, into); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, `SELECT COUNT(*)
			FROM fact
			WHERE subject = $1`, from).Scan(&left); err != nil {
			return err
		}
	}
	return nil
}

// randomBytes is a term that gives 16 random bytes for each row.
func randomBytes(tx *storage.Tx) string {
	if tx.Dialect() == storage.PostgreSQL {
		return `decode(replace(gen_random_uuid()::text, '-', ''), 'hex')`
	}
	return `randomblob(16)`
}

package ledger

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Relink makes the facts of one subject another's: two records turned out to be
// one person, who must be counted once. What happened is not changed.
func Relink(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	_, err := tx.Exec(ctx, `UPDATE fact SET subject = $2 WHERE subject = $1`, from, into)
	return err
}

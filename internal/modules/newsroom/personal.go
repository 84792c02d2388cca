package newsroom

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
)

// erase leaves releases and their moves without her: what she wrote for the public is the
// organisation's. What she asked goes.
func erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	if _, err := tx.Exec(ctx, `UPDATE news_release SET by_id = NULL WHERE by_id = $1`, person); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE news_step SET by_id = NULL WHERE by_id = $1`, person); err != nil {
		return err
	}
	return eraseInquiries(ctx, tx, person)
}

// merge makes what one record wrote another's.
func merge(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	if _, err := tx.Exec(ctx, `UPDATE news_release SET by_id = $2 WHERE by_id = $1`, from, into); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE news_step SET by_id = $2 WHERE by_id = $1`, from, into); err != nil {
		return err
	}
	return mergeInquiries(ctx, tx, from, into)
}

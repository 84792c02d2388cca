package newsroom

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
)

// erase leaves releases and their moves without her: what she wrote is the organisation's.
func erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	if _, err := tx.Exec(ctx, `UPDATE news_release SET by_id = NULL WHERE by_id = $1`, person); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE news_step SET by_id = NULL WHERE by_id = $1`, person)
	return err
}

// merge makes what one record wrote another's.
func merge(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	if _, err := tx.Exec(ctx, `UPDATE news_release SET by_id = $2 WHERE by_id = $1`, from, into); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE news_step SET by_id = $2 WHERE by_id = $1`, from, into)
	return err
}

package newsroom

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
)

// erase leaves what she wrote for the public without her: it is the organisation's. What
// she asked goes.
func erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	for _, query := range []string{
		`UPDATE news_release SET by_id = NULL WHERE by_id = $1`,
		`UPDATE news_step SET by_id = NULL WHERE by_id = $1`,
		`UPDATE news_kit_item SET by_id = NULL WHERE by_id = $1`,
		`UPDATE news_mention SET by_id = NULL WHERE by_id = $1`,
	} {
		if _, err := tx.Exec(ctx, query, person); err != nil {
			return err
		}
	}
	if err := stepBack(ctx, tx, person); err != nil {
		return err
	}
	return eraseInquiries(ctx, tx, person)
}

// merge makes what one record wrote another's.
func merge(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	for _, query := range []string{
		`UPDATE news_release SET by_id = $2 WHERE by_id = $1`,
		`UPDATE news_step SET by_id = $2 WHERE by_id = $1`,
		`UPDATE news_kit_item SET by_id = $2 WHERE by_id = $1`,
		`UPDATE news_mention SET by_id = $2 WHERE by_id = $1`,
	} {
		if _, err := tx.Exec(ctx, query, from, into); err != nil {
			return err
		}
	}
	if err := stepBack(ctx, tx, from); err != nil {
		return err
	}
	return mergeInquiries(ctx, tx, from, into)
}

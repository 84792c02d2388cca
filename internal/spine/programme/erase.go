package programme

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Erase takes a person who is erased away from the activities that she leads. It counts as a
// change: who has read such an activity before, and writes it anew, would write her back.
func Erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	_, err := tx.Exec(ctx, `UPDATE activity SET facilitator_id = NULL, version = version + 1 WHERE facilitator_id = $1`, person)
	return err
}

// Merge lets the record that stays lead what the other led.
func Merge(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	_, err := tx.Exec(ctx, `UPDATE activity SET facilitator_id = $2, version = version + 1 WHERE facilitator_id = $1`, from, into)
	return err
}

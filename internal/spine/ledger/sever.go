package ledger

import (
	"context"
	"crypto/rand"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Sever cuts the facts of an erased person off from all that is known of them
// elsewhere, in a backup from before or on paper: they are written again under one
// new random subject, so that she still counts as one, and under new random ids, and
// wait for the night as new ones do. Several subjects, of records that were merged,
// become one.
func Sever(ctx context.Context, tx *storage.Tx, subjects ...storage.ID) error {
	into := random()
	for _, subject := range subjects {
		if subject.IsZero() {
			continue
		}
		if err := Relink(ctx, tx, subject, into); err != nil {
			return err
		}
	}
	return nil
}

func random() (id storage.ID) {
	rand.Read(id[:]) // never fails, by its documentation
	return id
}

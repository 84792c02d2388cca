package timetable

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Erase forgets who changed a message.
func Erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	for _, q := range []string{
		`UPDATE automatic_message SET by_person = NULL WHERE by_person = $1`,
		`UPDATE automatic_default SET by_person = NULL WHERE by_person = $1`,
	} {
		if _, err := tx.Exec(ctx, q, person); err != nil {
			return err
		}
	}
	return nil
}

// Merge gives what one record has changed to another of the same person.
func Merge(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	for _, q := range []string{
		`UPDATE automatic_message SET by_person = $2 WHERE by_person = $1`,
		`UPDATE automatic_default SET by_person = $2 WHERE by_person = $1`,
	} {
		if _, err := tx.Exec(ctx, q, from, into); err != nil {
			return err
		}
	}
	return nil
}

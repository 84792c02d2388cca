package runsheet

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// erase forgets who planned, leads and pressed; the plan and what was pressed stay.
func erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	return renamed(ctx, tx, person, storage.ID{}, "")
}

// merge names another record of the same person as who planned, leads and pressed.
func merge(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	return renamed(ctx, tx, from, into, seats.StaffDevice(into))
}

func renamed(ctx context.Context, tx *storage.Tx, from, into storage.ID, device string) error {
	for _, query := range []string{
		`UPDATE run_plan SET changed_by = $2 WHERE changed_by = $1`,
		`UPDATE run_step SET lead_person = $2 WHERE lead_person = $1`,
	} {
		if _, err := tx.Exec(ctx, query, from, into); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `UPDATE run_mark SET by_person = $2, device = $3 WHERE by_person = $1`, from, into, device)
	return err
}

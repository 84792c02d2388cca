package exports

import (
	"context"
	"encoding/json"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Cancel gives up a table, also while it is made; its job then finds nothing to do.
// NotFound when it is another's or over.
func Cancel(ctx context.Context, tx *storage.Tx, person, table storage.ID) error {
	n, err := tx.Exec(ctx, `DELETE FROM list_export WHERE id = $1 AND person_id = $2`, table, person)
	if err == nil && n == 0 {
		err = fault.New(fault.NotFound, "exports.fault.gone")
	}
	return err
}

// endAll is the job that removes tables whose day is over.
func endAll(ctx context.Context, store *storage.Store, _ json.RawMessage) error {
	return store.Write(ctx, over)
}

func over(ctx context.Context, tx *storage.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM list_export WHERE ends_at <= $1`, storage.Micros(tx.Now))
	return err
}

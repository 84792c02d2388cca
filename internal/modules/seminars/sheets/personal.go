package sheets

import (
	"context"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// eraseFares takes her fares away; the database does it with her record, too.
func eraseFares(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM sheet_fare WHERE person_id = $1`, person)
	return err
}

// mergeFares makes the fares of one record another's, which keeps those that it has.
func mergeFares(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	if _, err := tx.Exec(ctx, `UPDATE sheet_fare
		SET person_id = $2
		WHERE person_id = $1 AND NOT EXISTS (
			SELECT 1 FROM sheet_fare other WHERE other.activity_id = sheet_fare.activity_id AND other.person_id = $2
		)`, from, into); err != nil {
		return err
	}
	return eraseFares(ctx, tx, from)
}

// exportFares gives a person the fares that were set for her.
func (m *Module) exportFares(ctx context.Context, tx *storage.Tx, person storage.ID) (map[string]any, error) {
	type fare struct {
		Activity string
		Som      int64
	}
	type kept struct {
		activity storage.ID
		som      int64
	}
	list, err := storage.All(ctx, tx, func(row storage.Scanner) (k kept, err error) {
		err = row.Scan(&k.activity, &k.som)
		return k, err
	}, `SELECT activity_id, som
		FROM sheet_fare
		WHERE person_id = $1
		ORDER BY activity_id`, person)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var out []fare
	for _, k := range list {
		f := fare{Activity: k.activity.String(), Som: k.som}
		a, err := m.ActivityByID(ctx, tx, k.activity)
		if err == nil {
			f.Activity = a.Slug
		} else if !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		out = append(out, f)
	}
	return map[string]any{"fares": out}, nil
}

package next

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
)

// erase takes away what somebody asked for and was told of; the database does it with her
// record, too.
func erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	for _, q := range []string{`DELETE FROM next_wish WHERE person_id = $1`, `DELETE FROM next_told WHERE person_id = $1`} {
		if _, err := tx.Exec(ctx, q, person); err != nil {
			return err
		}
	}
	return nil
}

// merge makes the wishes of one record another's, which keeps those that it has; who was told
// on either is not told again.
func merge(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	for _, q := range []string{
		`UPDATE next_wish SET person_id = $2
		WHERE person_id = $1 AND NOT EXISTS (SELECT 1 FROM next_wish o WHERE o.person_id = $2 AND o.city = next_wish.city)`,
		`UPDATE next_told SET person_id = $2
		WHERE person_id = $1 AND NOT EXISTS (SELECT 1 FROM next_told o WHERE o.person_id = $2 AND o.activity_id = next_told.activity_id)`,
	} {
		if _, err := tx.Exec(ctx, q, from, into); err != nil {
			return err
		}
	}
	return erase(ctx, tx, from)
}

// export gives a person what she asked for.
func (m *Module) export(ctx context.Context, tx *storage.Tx, person storage.ID) (map[string]any, error) {
	type wish struct{ City, Kind, Made string }
	list, err := WishesOf(ctx, tx, person)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	out := make([]wish, len(list))
	for i, w := range list {
		out[i] = wish{w.City, w.Kind, storage.Instant(w.Made).Format("2006-01-02T15:04:05Z")}
	}
	return map[string]any{"next": out}, nil
}

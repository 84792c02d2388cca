package seats

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
)

// SetSigned notes whether the signed sheet of a day says that somebody was there.
func SetSigned(ctx context.Context, tx *storage.Tx, app storage.ID, day ledger.Day, signed bool) error {
	query, args := `DELETE FROM attendance_signed WHERE application_id = $1 AND day = $2`, []any{app, string(day)}
	if signed {
		query, args = `INSERT INTO attendance_signed (application_id, day, noted_at)
			VALUES ($1, $2, $3)
			ON CONFLICT (application_id, day) DO NOTHING`, append(args, storage.Micros(tx.Now))
	}
	_, err := tx.Exec(ctx, query, args...)
	return err
}

// SignedDays gives, by application of an activity, the days on which a signed sheet says that
// she was there, the earliest first. Who signed on none has no place.
func SignedDays(ctx context.Context, tx *storage.Tx, activity storage.ID) (map[storage.ID][]ledger.Day, error) {
	out := map[storage.ID][]ledger.Day{}
	_, err := storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
		var app storage.ID
		var day string
		err := row.Scan(&app, &day)
		out[app] = append(out[app], ledger.Day(day))
		return struct{}{}, err
	}, `SELECT s.application_id, s.day
		FROM attendance_signed s
		JOIN application a ON a.id = s.application_id
		WHERE a.activity_id = $1
		ORDER BY s.day`, activity)
	return out, err
}

// joinSigned hands the signed days of an application over to another of the same person.
func joinSigned(ctx context.Context, tx *storage.Tx, stays, goes storage.ID) error {
	if _, err := tx.Exec(ctx, `INSERT INTO attendance_signed (application_id, day, noted_at)
		SELECT $1, day, noted_at
		FROM attendance_signed
		WHERE application_id = $2
		ON CONFLICT (application_id, day) DO NOTHING`, stays, goes); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM attendance_signed WHERE application_id = $1`, goes)
	return err
}

package signed

import (
	"context"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/ledger"
)

// erase forgets who keyed in and who decided. What a sheet says of somebody goes with her
// applications.
func erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	return renamed(ctx, tx, person, storage.ID{})
}

// merge names another record of the same person as who keyed in and who decided.
func merge(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	return renamed(ctx, tx, from, into)
}

func renamed(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	for _, query := range []string{
		`UPDATE signed_reading SET reader = $2 WHERE reader = $1`,
		`UPDATE signed_day SET taken_by = $2 WHERE taken_by = $1`,
		`UPDATE signed_decision SET decided_by = $2 WHERE decided_by = $1`,
	} {
		if _, err := tx.Exec(ctx, query, from, into); err != nil {
			return err
		}
	}
	return nil
}

// joined hands over what readings and decisions say of an application that becomes one with
// another: who signed on either signed.
func joined(ctx context.Context, tx *storage.Tx, stays, goes storage.ID) error {
	for _, query := range []string{
		`INSERT INTO signed_mark (reading_id, application_id)
			SELECT reading_id, $1 FROM signed_mark WHERE application_id = $2
			ON CONFLICT (reading_id, application_id) DO NOTHING`,
		`DELETE FROM signed_mark WHERE application_id <> $1 AND application_id = $2`,
		`INSERT INTO signed_decision (activity_id, day, application_id, signed, decided_at, decided_by)
			SELECT activity_id, day, $1, signed, decided_at, decided_by FROM signed_decision WHERE application_id = $2
			ON CONFLICT (activity_id, day, application_id) DO NOTHING`,
		`DELETE FROM signed_decision WHERE application_id <> $1 AND application_id = $2`,
	} {
		if _, err := tx.Exec(ctx, query, stays, goes); err != nil {
			return err
		}
	}
	return nil
}

// export gives a person the days on which a signed sheet says that she was there, by activity.
func (m *Module) export(ctx context.Context, tx *storage.Tx, person storage.ID) (map[string]any, error) {
	type signedOn struct {
		Activity string
		Days     []ledger.Day
	}
	apps, err := seats.ApplicationsBy(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	var out []signedOn
	for _, app := range apps {
		days, err := seats.SignedDays(ctx, tx, app.Activity)
		if err != nil {
			return nil, err
		}
		if len(days[app.ID]) == 0 {
			continue
		}
		one := signedOn{Activity: app.Activity.String(), Days: days[app.ID]}
		a, err := m.ActivityByID(ctx, tx, app.Activity)
		if err == nil {
			one.Activity = a.Slug
		} else if !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		out = append(out, one)
	}
	if len(out) == 0 {
		return nil, nil
	}
	return map[string]any{"signed": out}, nil
}

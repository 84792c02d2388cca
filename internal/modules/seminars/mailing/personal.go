package mailing

import (
	"context"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Erase forgets who wrote a mailing. That it went to somebody goes with her applications, and
// what she read with her messages.
func Erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	for _, q := range []string{
		`UPDATE mailing SET by_person = NULL WHERE by_person = $1`,
		`DELETE FROM mailing_tried WHERE by_person = $1`,
		`DELETE FROM mailing_recipient WHERE application_id IN (SELECT id FROM application WHERE person_id = $1)`,
	} {
		if _, err := tx.Exec(ctx, q, person); err != nil {
			return err
		}
	}
	return nil
}

// Merge gives what one record has written to another of the same person.
func Merge(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	if _, err := tx.Exec(ctx, `UPDATE mailing SET by_person = $2 WHERE by_person = $1`, from, into); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM mailing_tried WHERE by_person = $1`, from)
	return err
}

// joined keeps whom a mailing is to when two of her applications become one: what is done is
// done once.
func joined(ctx context.Context, tx *storage.Tx, stays, goes storage.ID) error {
	for _, q := range []string{
		`DELETE FROM mailing_recipient
		WHERE application_id = $1 AND state <> 'made'
			AND EXISTS (SELECT 1 FROM mailing_recipient o
				WHERE o.mailing_id = mailing_recipient.mailing_id AND o.application_id = $2 AND o.state = 'made')`,
		`UPDATE mailing_recipient SET application_id = $1
		WHERE application_id = $2
			AND NOT EXISTS (SELECT 1 FROM mailing_recipient o
				WHERE o.mailing_id = mailing_recipient.mailing_id AND o.application_id = $1)`,
	} {
		if _, err := tx.Exec(ctx, q, stays, goes); err != nil {
			return err
		}
	}
	return nil
}

// Export gives a person which mailings were to her; what they said is among her messages.
func (m *Service) Export(ctx context.Context, tx *storage.Tx, person storage.ID) (map[string]any, error) {
	apps, err := seats.ApplicationsBy(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	type kept struct {
		Activity string
		State    string
		At       string
	}
	var out []kept
	for _, app := range apps {
		name := app.Activity.String()
		if a, err := m.ActivityByID(ctx, tx, app.Activity); err == nil {
			name = a.Slug
		} else if !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		list, err := storage.All(ctx, tx, func(row storage.Scanner) (k kept, err error) {
			var due int64
			err = row.Scan(&k.State, &due)
			k.Activity, k.At = name, storage.Instant(due).Format("2006-01-02T15:04:05Z")
			return k, err
		}, `SELECT r.state, m.due_at
			FROM mailing_recipient r
			JOIN mailing m ON m.id = r.mailing_id
			WHERE r.application_id = $1
			ORDER BY m.due_at, m.id`, app.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	if len(out) == 0 {
		return nil, nil
	}
	return map[string]any{"mailings": out}, nil
}

// Reads tells how the codes of Export are read (module.Manifest.Reads).
func Reads() map[string]string {
	return map[string]string{"mailings:": "seminars.kept.mailings", "mailings.State": "seminars.mailing.recipient."}
}

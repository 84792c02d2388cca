package conflicts

import (
	"context"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// erase forgets that she decided. What was decided about her goes with her applications.
func erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	_, err := tx.Exec(ctx, `UPDATE door_decision SET by_person = NULL WHERE by_person = $1`, person)
	return err
}

// merge names another record of the same person as who decided.
func merge(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	_, err := tx.Exec(ctx, `UPDATE door_decision SET by_person = $2 WHERE by_person = $1`, from, into)
	return err
}

// joined hands over what was decided about an application that becomes one with another.
func joined(ctx context.Context, tx *storage.Tx, stays, goes storage.ID) error {
	for _, query := range []string{
		`UPDATE door_decision SET application_id = $1 WHERE application_id = $2`,
		`UPDATE door_decision SET other = $1 WHERE other = $2`,
	} {
		if _, err := tx.Exec(ctx, query, stays, goes); err != nil {
			return err
		}
	}
	return nil
}

// export gives a person what was decided about her at doors, with the reasons that were written.
func (m *Module) export(ctx context.Context, tx *storage.Tx, person storage.ID) (map[string]any, error) {
	type decided struct {
		Activity, At string
		Kind         Kind
		Decided      string // kind and choice
		Why          string `json:",omitempty"`
		Back         string `json:",omitempty"` // when it was taken back
	}
	const moment = "2006-01-02T15:04:05Z"
	var out []decided
	apps, err := seats.ApplicationsBy(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	for _, app := range apps {
		list, err := storage.All(ctx, tx, scanDecision, `SELECT `+decisionColumns+`
			WHERE application_id = $1
			ORDER BY at, id`, app.ID)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			one := decided{Activity: d.Activity.String(), Kind: d.Kind, Decided: string(d.Kind) + "." + string(d.Choice), At: d.At.Format(moment)}
			if a, err := m.ActivityByID(ctx, tx, d.Activity); err == nil {
				one.Activity = a.Slug
			} else if !fault.Is(err, fault.NotFound) {
				return nil, err
			}
			if one.Why, err = m.Reason(ctx, tx, d, app.Person); err != nil {
				return nil, err
			}
			if !d.Back.IsZero() {
				one.Back = d.Back.Format(moment)
			}
			out = append(out, one)
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	return map[string]any{"decided_at_doors": out}, nil
}

// reads tells how the codes of the export are read.
func reads() map[string]string {
	return map[string]string{
		"decided_at_doors:": "conflicts.kept", "decided_at_doors.Kind": "conflicts.kind.", "decided_at_doors.Kind:": "conflicts.kept.kind",
		"decided_at_doors.Decided": "conflicts.done.", "decided_at_doors.Decided:": "conflicts.kept.decided",
		"decided_at_doors.Why": "", "decided_at_doors.Why:": "conflicts.why", "decided_at_doors.Back:": "conflicts.kept.back",
	}
}

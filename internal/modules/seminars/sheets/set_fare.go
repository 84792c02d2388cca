package sheets

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// SetFare sets the fare of one person in place of that of her city.
type SetFare struct {
	Actor       access.Actor
	Activity    storage.ID
	Application storage.ID
	Som         string // as it was typed; empty: that of her city again
}

// SetFare keeps it.
//
// Faults: Forbidden; NotFound; Invalid, with faults at "person" (nobody who holds a seat
// here) and "som".
func (m *Module) SetFare(ctx context.Context, tx *storage.Tx, cmd SetFare) error {
	a, err := m.Schedule().Held(ctx, tx, cmd.Activity)
	if err != nil {
		return err
	}
	if !cmd.Actor.May(seats.MaySetUp, seats.ScopeOf(a)) {
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	var form fault.Form
	app, there, err := seats.ApplicationIfThere(ctx, tx, cmd.Application)
	if err != nil {
		return err
	}
	form.Check(there && app.Activity == a.ID && app.State.HoldsSeat(), "person", "fault.not_a_choice")
	som, ok := readSom(cmd.Som)
	if !ok && cmd.Som != "" {
		wrongSom(&form, "som")
	}
	if err := form.Err(); err != nil {
		return err
	}
	q, args := `DELETE FROM sheet_fare WHERE activity_id = $1 AND person_id = $2`, []any{a.ID, app.Person}
	if cmd.Som != "" {
		q = `INSERT INTO sheet_fare (activity_id, person_id, som) VALUES ($1, $2, $3)
			ON CONFLICT (activity_id, person_id) DO UPDATE SET som = excluded.som`
		args = append(args, som)
	}
	if _, err := tx.Exec(ctx, q, args...); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Person: app.Person, Action: "sheets.audit.fare", Object: a.ID})
}

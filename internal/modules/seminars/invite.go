package seminars

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// Invite invites somebody by name.
type Invite struct {
	Activity Activity
	Actor    access.Actor
	Details  people.Details
	Demo     bool
}

// Invite finds or makes the person, takes a seat for her and sends her the
// link. Inviting again who is invited or comes already changes nothing.
//
// Faults: those of the fields; Full when no seat is left; Gone when cancelled.
func (m *Module) Invite(ctx context.Context, tx *storage.Tx, cmd Invite) (Application, error) {
	a := cmd.Activity
	if !cmd.Actor.May(MaySelect, scopeOf(a)) {
		return Application{}, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	if a.State == "cancelled" {
		return Application{}, fault.New(fault.Gone, "seminars.fault.cancelled")
	}
	if !a.Ends.IsZero() && tx.Now.After(a.Ends) {
		return Application{}, fault.New(fault.TooLate, "seminars.fault.over")
	}
	if cmd.Details.Phone == "" && cmd.Details.Email == "" {
		return Application{}, fault.At("q_email", "seminars.fault.contact")
	}
	d := cmd.Details
	if d.Group == "" {
		d.Group = a.Group
	}
	d.Demo = cmd.Demo
	p, _, err := m.People.Register(ctx, tx, d)
	if err != nil {
		return Application{}, fields(err)
	}
	if err := openSeminar(ctx, tx, a.ID, a.Capacity); err != nil {
		return Application{}, err
	}
	app, _, err := m.beginWith(ctx, tx, p, Application{Activity: a.ID, Person: p.ID}, cmd.Actor.Person, "seminars.why.by_name")
	if err != nil {
		return app, err
	}
	if app.State.HoldsSeat() {
		return app, nil
	}
	return m.move(ctx, tx, app, Invited, cmd.Actor.Person, "seminars.why.by_name")
}

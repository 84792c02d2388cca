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

// Invite takes a seat for somebody and sends her the link. Inviting again who is
// invited or comes already changes nothing.
//
// She is matched only with whom the inviter may see: those who have an
// application here, and the people of her own cities. Of everybody else it is
// not told whether they are known: she gets a record with what the inviter
// typed, and nothing of another one is read.
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
	p, err := m.invitee(ctx, tx, cmd.Actor, a, d)
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

// invitee gives the record of who is invited.
func (m *Module) invitee(ctx context.Context, tx *storage.Tx, actor access.Actor, a Activity, d people.Details) (people.Person, error) {
	apps, err := applicationsOf(ctx, tx, a.ID)
	if err != nil {
		return people.Person{}, err
	}
	ids := make([]storage.ID, len(apps))
	for i, app := range apps {
		ids[i] = app.Person
	}
	if p, ok, err := m.People.Among(ctx, tx, ids, d); err != nil || ok {
		return p, err
	}
	p, _, err := m.People.RegisterSeen(ctx, tx, d, func(p people.Person) bool { return people.Sees(actor, p) })
	return p, err
}

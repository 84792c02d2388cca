package seats

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/people"
)

// Invite invites somebody by name.
type Invite struct {
	Activity storage.ID
	Actor    access.Actor
	Details  people.Details
	Person   storage.ID // a record that is known to be hers; zero: Details make a new one
	Demo     bool
}

// Invite makes a record, takes a seat for it and sends the link. Nobody is looked up
// beyond the applicants of this activity: inviting again whom it has already, by name
// and contact, moves that application on, where
// that needs no reason.
//
// Faults: those of the fields; Full when no seat is left; Gone when cancelled; TooLate
// once it has begun; Conflict while a selection is about to be told, and for whom a draw has
// put in the line.
func (m *Service) Invite(ctx context.Context, tx *storage.Tx, cmd Invite) (Application, error) {
	a, err := m.Schedule().Held(ctx, tx, cmd.Activity)
	if err != nil {
		return Application{}, err
	}
	if !cmd.Actor.May(MaySelect, ScopeOf(a)) {
		return Application{}, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	if err := MayInvite(a, tx.Now); err != nil {
		return Application{}, err
	}
	// Who presses twice in one moment waits here for the first.
	if err := m.decidable(ctx, tx, a); err != nil {
		return Application{}, err
	}
	if !cmd.Person.IsZero() {
		p, err := m.People.ByID(ctx, tx, cmd.Person)
		if err != nil {
			return Application{}, err
		}
		return m.inviteRecord(ctx, tx, a, cmd.Actor, p)
	}
	if cmd.Details.Phone == "" && cmd.Details.Email == "" {
		return Application{}, fault.At("q_email", "forms.fault.contact")
	}
	d := cmd.Details
	if d.Group == "" {
		d.Group = a.Group
	}
	d.Demo = cmd.Demo
	if d, err := people.Tidy(m.People.Lists(), d, tx.Now); err != nil {
		return Application{}, forms.AtQuestions(err)
	} else if app, there, err := m.alreadyHere(ctx, tx, a, d); err != nil || there {
		if err != nil || app.State.HoldsSeat() {
			return app, err
		}
		rulings, err := m.Rulings(ctx, tx, a)
		if err != nil {
			return app, err
		}
		if NeedsReason(app.State, Invited, rulings[app.ID]) {
			return app, fault.New(fault.Conflict, "seminars.fault.by_draw")
		}
		return m.Move(ctx, tx, app, Invited, cmd.Actor.Person, "seminars.why.by_name")
	}
	p, err := m.People.Register(ctx, tx, d)
	if err != nil {
		return Application{}, forms.AtQuestions(err)
	}
	return m.inviteRecord(ctx, tx, a, cmd.Actor, p)
}

// inviteRecord takes the seat.
func (m *Service) inviteRecord(ctx context.Context, tx *storage.Tx, a Activity, actor access.Actor, p people.Person) (Application, error) {
	if err := OpenSeminar(ctx, tx, a.ID, a.Capacity); err != nil {
		return Application{}, err
	}
	app, _, err := m.BeginWith(ctx, tx, p, Application{Activity: a.ID, Person: p.ID}, actor.Person, "seminars.why.by_name")
	if err != nil {
		return app, err
	}
	if app.State.HoldsSeat() {
		return app, nil
	}
	return m.Move(ctx, tx, app, Invited, actor.Person, "seminars.why.by_name")
}

// alreadyHere finds the application to an activity of a person with the same name and
// contact; the oldest when there are several.
func (m *Service) alreadyHere(ctx context.Context, tx *storage.Tx, a Activity, d people.Details) (Application, bool, error) {
	var app Application
	there := false
	var wrong error
	_, _, err := m.People.Same(ctx, tx, d, func(p people.Person) bool {
		if wrong == nil && !there {
			app, there, wrong = ApplicationOf(ctx, tx, a.ID, p.ID)
		}
		return there
	})
	if err == nil {
		err = wrong
	}
	return app, there, err
}

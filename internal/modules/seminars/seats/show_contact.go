package seats

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// ShowContact is the wish of who selects for an activity to read one contact of an applicant,
// who may live in a city that is not hers.
type ShowContact struct {
	Activity, Application, Contact storage.ID
	Actor                          access.Actor
	Reason, Words                  string // see people.ShowContact
}

// ShowContact gives a contact of an applicant whole and writes the look into her log.
//
// Faults: Forbidden for who may not select there, NotFound for an application of another
// activity, and those of people.ShowContact.
func (m *Service) ShowContact(ctx context.Context, tx *storage.Tx, cmd ShowContact) (people.Contact, error) {
	a, err := m.Schedule().Held(ctx, tx, cmd.Activity)
	if err != nil {
		return people.Contact{}, err
	}
	if !cmd.Actor.May(MaySelect, ScopeOf(a)) {
		return people.Contact{}, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	app, err := ApplicationByID(ctx, tx, cmd.Application)
	if err == nil && app.Activity != a.ID {
		err = fault.New(fault.NotFound, "seminars.fault.application")
	}
	if err != nil {
		return people.Contact{}, err
	}
	return m.People.ShowContactAbout(ctx, tx, people.ShowContact{
		By: cmd.Actor, Person: app.Person, Contact: cmd.Contact, Reason: cmd.Reason, Words: cmd.Words,
	}, a.ID)
}

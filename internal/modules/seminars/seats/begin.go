package seats

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// Begin makes the application of a person to an activity; see BeginWith.
func (m *Service) Begin(ctx context.Context, tx *storage.Tx, activity, person, by storage.ID, why string) (app Application, made bool, err error) {
	p, err := m.People.ByID(ctx, tx, person)
	if err != nil {
		return app, false, err
	}
	return m.BeginWith(ctx, tx, p, Application{Activity: activity, Person: person}, by, why)
}

// BeginWith makes an application with the activity, person, answers and form
// that app names, and its id unless that is zero, in the state Applied with its
// move, and its fact when it counts. When she has one already, that one is given
// and made is false: a second tap never makes a second application.
func (m *Service) BeginWith(ctx context.Context, tx *storage.Tx, p people.Person, app Application, by storage.ID, why string) (_ Application, made bool, err error) {
	if app.ID.IsZero() {
		app.ID = tx.NewID()
	}
	app.State = Applied
	app.Version, app.Made, app.Changed, app.facts = 1, tx.Now, tx.Now, 0
	// Somebody else makes it, staff at a desk or at the door: it counts at once.
	counts := !app.Proven.IsZero() || !by.IsZero() && by != app.Person
	if counts {
		_, app.facts = Applied.fact()
	}
	if made, err = insertApplication(ctx, tx, app); err != nil {
		return app, false, err
	}
	if !made {
		app, _, err = ApplicationOf(ctx, tx, app.Activity, app.Person)
		return app, false, err
	}
	if err := insertMove(ctx, tx, Move{Application: app.ID, From: Applied, To: Applied, By: by, Why: why}); err != nil {
		return app, false, err
	}
	if !counts {
		return app, true, nil
	}
	return app, true, m.recordOf(ctx, tx, FactApplied, app, p, tx.Now)
}

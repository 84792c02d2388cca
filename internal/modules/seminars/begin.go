package seminars

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
)

// begin makes the application of a person to an activity, in the state
// Applied with its move and fact. When she has one already, that one is given
// and made is false: a second tap never makes a second application.
func (m *Module) begin(ctx context.Context, tx *storage.Tx, activity, person, by storage.ID, why string) (app Application, made bool, err error) {
	app = Application{
		ID: tx.NewID(), Activity: activity, Person: person, State: Applied,
		Version: 1, Made: tx.Now, Changed: tx.Now, facts: 1,
	}
	if made, err = insertApplication(ctx, tx, app); err != nil {
		return app, false, err
	}
	if !made {
		app, _, err = applicationOf(ctx, tx, activity, person)
		return app, false, err
	}
	if err := insertMove(ctx, tx, Move{Application: app.ID, From: Applied, To: Applied, By: by, Why: why}); err != nil {
		return app, false, err
	}
	return app, true, m.record(ctx, tx, FactApplied, app, 1)
}

package seminars

import (
	"context"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// Panel is what the module adds to the public page of an activity: places left
// in words, until when one may apply, and the way in. Where nobody has to
// apply it says so until the end. Nil when there is nothing to say.
func (m *Module) Panel(ctx context.Context, tx *storage.Tx, r *web.Request, a Activity) (templ.Component, error) {
	s, err := seatsOf(ctx, tx, a)
	if err != nil {
		return nil, err
	}
	d := panelData{Activity: a, Seats: s, Admission: admission(a, s, tx.Now)}
	if d.Admission == Hidden || d.Admission == NotHere && a.Past(tx.Now) {
		return nil, nil
	}
	if d.Waiting, err = waiting(ctx, tx, a.ID); err != nil {
		return nil, err
	}
	return panel(r, d), nil
}

package pages

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Panel is what the module adds to the public page of an activity: places left
// in words, until when one may apply, and the way in. Where nobody has to
// apply it says so until the end. Nil when there is nothing to say.
func (m *Module) Panel(ctx context.Context, tx *storage.Tx, r *web.Request, a seats.Activity) (templ.Component, error) {
	s, err := seats.SeatsOf(ctx, tx, a)
	if err != nil {
		return nil, err
	}
	d := panelData{Activity: a, Seats: s, Admission: seats.AdmissionOf(a, s, tx.Now), Together: mayPair(a, s, tx.Now)}
	if d.Admission == seats.Hidden || d.Admission == seats.NotHere && a.Past(tx.Now) {
		return nil, nil
	}
	return panel(r, d), nil
}

// mayPair reports whether who applies now may come with a companion.
func mayPair(a seats.Activity, s seats.Seminar, now time.Time) bool {
	return seats.MayCompanion(a, s, seats.Application{State: seats.Applied}, now)
}

package seats

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// linkReadable is how long the page behind a link of a letter can be read after
// the activity. It counts from the day that the activity has now, also when the
// letter was written before it moved.
const linkReadable = 30 * 24 * time.Hour

// LinkKept is how long a link itself is kept: longer than its page can be read,
// wherever the activity moves.
const LinkKept = 365 * 24 * time.Hour

// LinkStays is until when a link that is made now is kept.
func LinkStays(a Activity, now time.Time) time.Time {
	if a.Ends.After(now) {
		now = a.Ends
	}
	return now.Add(LinkKept)
}

// LinkEnds is until when the page behind a link can be read; zero for an
// activity without a day, whose links end by themselves.
func LinkEnds(a Activity) time.Time {
	switch {
	case !a.Ends.IsZero():
		return a.Ends.Add(linkReadable)
	case !a.Starts.IsZero():
		return a.Starts.Add(linkReadable)
	}
	return time.Time{}
}

// LinkHolds tells whether what stands behind a link of a letter may be read now,
// or answered. Whoever was forwarded the letter can answer with it as she can,
// so that it answers until the activity begins and never after; signed in she
// still can.
//
// Faults: Gone once it cannot be read any more, TooLate once it cannot be answered.
func (m *Service) LinkHolds(ctx context.Context, tx *storage.Tx, id storage.ID, answers bool) error {
	app, err := ApplicationByID(ctx, tx, id)
	if err != nil {
		return err
	}
	a, err := m.ActivityByID(ctx, tx, app.Activity)
	if err != nil {
		return err
	}
	if ends := LinkEnds(a); !ends.IsZero() && !tx.Now.Before(ends) {
		return fault.New(fault.Gone, "people.fault.link_gone")
	}
	if answers && !a.Starts.IsZero() && !tx.Now.Before(a.Starts) {
		return fault.New(fault.TooLate, "seminars.fault.link_late")
	}
	return nil
}

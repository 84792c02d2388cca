package selection

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Everybody who applies reads that it is chosen after the deadline. Until then a draw is a
// rehearsal: it is computed and looked at, nothing of it is told, sent or shown outside. Who
// must choose earlier ends the applications first, by CloseApplications.

// stillOpen refuses to tell of a selection while people may still apply.
func stillOpen(a seats.Activity, now time.Time) error {
	if a.TakesApplications(now) {
		return fault.New(fault.TooEarly, "seminars.selection.fault.open", fault.Args{"until": a.Deadline})
	}
	return nil
}

// CloseApplications ends the time of applications before its deadline. Those who applied keep
// what they have; nobody is moved or written to. Doing it again changes nothing.
//
// Faults: Forbidden; those of seats.MayInvite; Conflict
// before anybody could apply.
func (m *Service) CloseApplications(ctx context.Context, tx *storage.Tx, actor may, activity storage.ID) error {
	a, err := m.held(ctx, tx, actor, activity)
	if err != nil {
		return err
	}
	if !a.TakesApplications(tx.Now) {
		return nil
	}
	if !a.Opens.Before(tx.Now) {
		return fault.New(fault.Conflict, "seminars.selection.fault.not_open")
	}
	if err := m.Schedule().EndApplications(ctx, tx, a.ID); err != nil {
		return err
	}
	m.News(tx, a.ID)
	return audit.Record(ctx, tx, audit.Entry{Actor: actor.Person, Action: "seminars.audit.closed_early", Object: a.ID})
}

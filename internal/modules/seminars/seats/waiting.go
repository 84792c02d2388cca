package seats

import (
	"context"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Reasons that the house itself gives for a move.
const (
	whyOffer      = "seminars.why.offer"
	ReasonExpired = "seminars.why.expired"
	ReasonSilent  = "seminars.why.silent"
)

// PassOn offers free seats to those who wait, in the order of the draw or of the list, until no seat is
// free or nobody waits. An offer is an invitation: it holds its seat until it
// expires. Nothing is offered once the activity has begun.
func (m *Service) PassOn(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
	a, err := m.Schedule().Held(ctx, tx, activity)
	if err != nil {
		return err
	}
	if MayInvite(a, tx.Now) != nil {
		return nil
	}
	for {
		first, ok, err := m.nextAsked(ctx, tx, activity)
		if err != nil || !ok {
			return err
		}
		_, err = m.Move(ctx, tx, first, Invited, storage.ID{}, whyOffer)
		switch {
		case fault.Is(err, fault.Full):
			return nil
		case fault.Is(err, fault.Conflict):
			// She left the list in this very moment; the sweep looks again.
			return m.sweepSoon(ctx, tx, activity)
		case err != nil:
			return err
		}
	}
}

// PositionOf gives the place on the waiting list, 1 for the next.
func PositionOf(ctx context.Context, tx *storage.Tx, app Application) (int, error) {
	var n int
	err := tx.QueryRow(ctx, `SELECT COUNT(*)
		FROM application
		WHERE activity_id = $1 AND state = 'waitlisted' AND (place < $2 OR place = $2 AND id <= $3)`,
		app.Activity, app.Place, app.ID).Scan(&n)
	return n, err
}

// WaitingAt counts those who wait, or waited to the end.
func WaitingAt(ctx context.Context, tx *storage.Tx, activity storage.ID) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT
			(SELECT COUNT(*) FROM application WHERE activity_id = $1 AND state = 'waitlisted')
				+ (SELECT COUNT(*) FROM application_shell WHERE activity_id = $1 AND state = 'waitlisted')`, activity).Scan(&n)
	return n, err
}

package seats

import (
	"context"
	"database/sql"
	"errors"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// TakeSeat takes one seat of the activity, or answers Full. The condition is in
// the UPDATE, and the constraint seminar_seats stands behind it.
func TakeSeat(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
	n, err := tx.Exec(ctx, `UPDATE seminar
		SET taken = taken + 1
		WHERE activity_id = $1 AND taken < capacity`, activity)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Full, "seminars.fault.full")
	}
	return nil
}

// freeSeat gives a seat back.
func freeSeat(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
	_, err := tx.Exec(ctx, `UPDATE seminar
		SET taken = taken - 1
		WHERE activity_id = $1 AND taken > 0`, activity)
	return err
}

// nextAsked gives whom a free seat is offered to: whom the draw names, else the first of the
// waiting list.
func (m *Service) nextAsked(ctx context.Context, tx *storage.Tx, activity storage.ID) (a Application, ok bool, err error) {
	if m.Reserve != nil {
		id, named, err := m.Reserve(ctx, tx, activity)
		if err != nil {
			return a, false, err
		}
		if named {
			a, err = ApplicationByID(ctx, tx, id)
			return a, err == nil, err
		}
	}
	return nextWaiting(ctx, tx, activity)
}

// nextWaiting gives the first of the waiting list who may be offered a seat; ok is
// false when nobody waits. Whose seat was held in vain is passed over until proven.
func nextWaiting(ctx context.Context, tx *storage.Tx, activity storage.ID) (a Application, ok bool, err error) {
	a, err = storage.One(ctx, tx, ScanApplication, `SELECT `+ApplicationColumns+`
		FROM application
		WHERE activity_id = $1 AND state = 'waitlisted' AND held_until >= 0
		ORDER BY place, id
		LIMIT 1`, activity)
	if errors.Is(err, sql.ErrNoRows) {
		return a, false, nil
	}
	return a, err == nil, err
}

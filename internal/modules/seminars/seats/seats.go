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

// fits says of an application, in SQL with the activity as $1, that a free seat is of use to
// it: of two who come only together none is offered the one seat that is left; they wait and
// keep their place, and the next who comes alone is asked.
const fits = `NOT EXISTS (SELECT 1
		FROM companion c
		JOIN companion o ON o.pair_id = c.pair_id AND o.side <> c.side
		JOIN application w ON w.id = o.application_id
		WHERE c.application_id = application.id AND c.agreed_at > 0 AND o.agreed_at > 0
			AND (w.state <> 'waitlisted' OR (SELECT capacity - taken FROM seminar WHERE activity_id = $1) < 2))`

// nextWaiting gives the first of the waiting list who may be offered a seat; ok is
// false when nobody waits. Whose seat was held in vain is passed over until proven.
func nextWaiting(ctx context.Context, tx *storage.Tx, activity storage.ID) (a Application, ok bool, err error) {
	a, err = storage.One(ctx, tx, ScanApplication, `SELECT `+ApplicationColumns+`
		FROM application
		WHERE activity_id = $1 AND state = 'waitlisted' AND held_until >= 0 AND `+fits+`
		ORDER BY place, id
		LIMIT 1`, activity)
	if errors.Is(err, sql.ErrNoRows) {
		return a, false, nil
	}
	return a, err == nil, err
}

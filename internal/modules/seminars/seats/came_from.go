package seats

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// The reasons of a move that an undo at the door makes.
const (
	whyUndone       = "seminars.why.undone"
	whyWalkIn       = "seminars.why.walk_in"
	whyWalkInUndone = "seminars.why.walk_in_undone"
)

// keepCameFrom remembers where an application stands that is about to be attended.
func keepCameFrom(ctx context.Context, tx *storage.Tx, app Application) error {
	_, err := tx.Exec(ctx, `INSERT INTO came_from (application_id, state, place, expires_at, reconfirm)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (application_id) DO UPDATE
		SET state = excluded.state, place = excluded.place, expires_at = excluded.expires_at, reconfirm = excluded.reconfirm`,
		app.ID, string(app.State), app.Place, storage.Micros(app.Expires), app.Reconfirm)
	return err
}

func dropCameFrom(ctx context.Context, tx *storage.Tx, app storage.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM came_from
		WHERE application_id = $1`, app)
	return err
}

// cameFrom reads where an application stood before she came; there is false for one that was
// attended before that was remembered.
func cameFrom(ctx context.Context, tx *storage.Tx, app storage.ID) (was Application, there bool, err error) {
	var expires int64
	err = tx.QueryRow(ctx, `SELECT state, place, expires_at, reconfirm
		FROM came_from
		WHERE application_id = $1`, app).Scan(&was.State, &was.Place, &expires, &was.Reconfirm)
	if errors.Is(err, sql.ErrNoRows) {
		return was, false, nil
	}
	was.Expires = storage.Instant(expires)
	return was, err == nil, err
}

// GiveBack makes an attended application what it was before she came, when nothing says any
// more that she did: its state, its place on the waiting list, the end of its invitation. A
// seat that she took is free again, an extra one is gone, a ticket that she got by coming is
// taken back. Nobody is told, and nothing is offered to others by it; a free seat is looked at
// by the next sweep of the waiting list. app.Came is when she came, as the ledger has it.
//
// Faults: Conflict when the application is no longer attended, or not as it was read.
func (m *Service) GiveBack(ctx context.Context, tx *storage.Tx, app Application, by storage.ID) (Application, error) {
	if app.State != Attended {
		return app, fault.New(fault.Conflict, "seminars.fault.changed")
	}
	was, there, err := cameFrom(ctx, tx, app.ID)
	if err != nil {
		return app, err
	}
	extra, err := OnExtraSeat(ctx, tx, app.ID)
	if err != nil {
		return app, err
	}
	if !there || extra && was.State.HoldsSeat() {
		if was = (Application{State: Confirmed}); extra {
			was.State = Applied
		}
	}
	// The activity is always locked before the seminar, and that before applications.
	if _, err := m.Schedule().Held(ctx, tx, app.Activity); err != nil {
		return app, err
	}
	freed := !extra && !was.State.HoldsSeat()
	switch {
	case extra:
		err = dropExtraSeat(ctx, tx, app.ID)
	case freed:
		err = freeSeat(ctx, tx, app.Activity)
	}
	if err != nil {
		return app, err
	}
	_, bit := Attended.fact()
	next := app
	next.State, next.Place, next.Expires, next.Reconfirm = was.State, was.Place, was.Expires, was.Reconfirm
	next.Changed, next.facts = tx.Now, app.facts&^bit
	next.Version++
	n, err := tx.Exec(ctx, `UPDATE application
		SET state = $1, place = $2, expires_at = $3, reconfirm = $4, facts = $5, version = $6, changed_at = $7
		WHERE id = $8 AND version = $9`,
		string(next.State), next.Place, storage.Micros(next.Expires), next.Reconfirm, next.facts, next.Version,
		storage.Micros(next.Changed), app.ID, app.Version)
	if err != nil {
		return app, err
	}
	if n == 0 { // the caller ends the transaction, and with it the change of the seats
		return app, fault.New(fault.Conflict, "seminars.fault.changed")
	}
	if err := dropCameFrom(ctx, tx, app.ID); err != nil {
		return app, err
	}
	if app.facts&bit != 0 {
		if err := m.retract(ctx, tx, FactAttended, app, app.Came); err != nil {
			return app, err
		}
	}
	if next.State != Confirmed && next.State != NoShow {
		if err := m.revokeTicket(ctx, tx, next); err != nil {
			return app, err
		}
	}
	why, err := undoneAs(ctx, tx, next)
	if err != nil {
		return app, err
	}
	if err := insertMove(ctx, tx, Move{Application: app.ID, From: Attended, To: next.State, By: by, Why: why}); err != nil {
		return app, err
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: by, Person: app.Person, Action: "seminars.audit." + string(next.State), Object: app.Activity}); err != nil {
		return app, err
	}
	if err := m.plan(ctx, tx, next); err != nil {
		return app, err
	}
	m.News(tx, app.Activity)
	if freed {
		return next, m.sweepSoon(ctx, tx, app.Activity)
	}
	return next, nil
}

// undoneAs is the reason of the move back: of who came without an application it says so, for
// she has not applied.
func undoneAs(ctx context.Context, tx *storage.Tx, next Application) (string, error) {
	if next.State != Applied {
		return whyUndone, nil
	}
	moves, err := MovesOf(ctx, tx, next.ID)
	begun := slices.DeleteFunc(moves, func(v Move) bool { return v.From != v.To }) // it begins from applied to applied
	if len(begun) == 1 && begun[0].Why == whyWalkIn {
		return whyWalkInUndone, err
	}
	return whyUndone, err
}

// joinCameFrom is for two applications of one person that become one and of which at least the
// one that stays is attended: undone, she is the livelier of what she was by either.
func joinCameFrom(ctx context.Context, tx *storage.Tx, stays, goes Application) error {
	if stays.State != Attended {
		return nil
	}
	own, there, err := cameFrom(ctx, tx, stays.ID)
	if err != nil || !there {
		return err
	}
	other := goes
	if goes.State == Attended {
		if other, there, err = cameFrom(ctx, tx, goes.ID); err != nil || !there {
			return err
		}
	}
	own.Made, other.Made = time.Time{}, time.Time{}
	if !livelier(other, own) {
		return nil
	}
	other.ID = stays.ID
	return keepCameFrom(ctx, tx, other)
}

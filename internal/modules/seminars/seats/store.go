package seats

import (
	"context"
	"database/sql"
	"errors"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// ApplicationColumns are what ScanApplication reads, in its order.
const ApplicationColumns = `id, activity_id, person_id, state, place, expires_at, reconfirm,
	answers, form_version_id, facts, version, made_at, changed_at, proven_at, held_until`

// ScanApplication reads a row of ApplicationColumns.
func ScanApplication(row storage.Scanner) (Application, error) {
	var a Application
	var state string
	var expires, made, changed, proven, held int64
	err := row.Scan(&a.ID, &a.Activity, &a.Person, &state, &a.Place, &expires, &a.Reconfirm,
		&a.Answers, &a.Form, &a.facts, &a.Version, &made, &changed, &proven, &held)
	a.Proven = storage.Instant(proven)
	if a.lapsed = held < 0; held > 0 {
		a.Held = storage.Instant(held)
	}
	a.State = State(state)
	a.Expires, a.Made, a.Changed = storage.Instant(expires), storage.Instant(made), storage.Instant(changed)
	return a, err
}

// ApplicationByID reads an application; NotFound when there is none.
func ApplicationByID(ctx context.Context, tx *storage.Tx, id storage.ID) (Application, error) {
	a, err := storage.One(ctx, tx, ScanApplication, `SELECT `+ApplicationColumns+`
		FROM application
		WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return a, fault.New(fault.NotFound, "seminars.fault.application")
	}
	return a, err
}

// ApplicationIfThere is ApplicationByID for who does not mind when there is none.
func ApplicationIfThere(ctx context.Context, tx *storage.Tx, id storage.ID) (a Application, there bool, err error) {
	if id.IsZero() {
		return a, false, nil
	}
	a, err = ApplicationByID(ctx, tx, id)
	if fault.Is(err, fault.NotFound) {
		return a, false, nil
	}
	return a, err == nil, err
}

// ApplicationOf reads the application of a person to an activity; ok is false when there is none.
func ApplicationOf(ctx context.Context, tx *storage.Tx, activity, person storage.ID) (a Application, ok bool, err error) {
	a, err = storage.One(ctx, tx, ScanApplication, `SELECT `+ApplicationColumns+`
		FROM application
		WHERE activity_id = $1 AND person_id = $2`, activity, person)
	if errors.Is(err, sql.ErrNoRows) {
		return a, false, nil
	}
	return a, err == nil, err
}

// ApplicationsOf lists the applications to an activity, oldest first.
func ApplicationsOf(ctx context.Context, tx *storage.Tx, activity storage.ID) ([]Application, error) {
	return storage.All(ctx, tx, ScanApplication, `SELECT `+ApplicationColumns+`
		FROM application
		WHERE activity_id = $1
		ORDER BY made_at, id`, activity)
}

// insertApplication adds an application in the state Applied, without the
// fact; begin does that. ok is false when the person has one already.
func insertApplication(ctx context.Context, tx *storage.Tx, a Application) (ok bool, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO application (`+ApplicationColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (activity_id, person_id) DO NOTHING`,
		a.ID, a.Activity, a.Person, string(a.State), a.Place, storage.Micros(a.Expires), a.Reconfirm,
		a.Answers, a.Form, a.facts, a.Version, storage.Micros(a.Made), storage.Micros(a.Changed),
		storage.Micros(a.Proven), storage.Micros(a.Held))
	return n == 1, err
}

func scanMove(row storage.Scanner) (Move, error) {
	var v Move
	var from, to string
	var at int64
	err := row.Scan(&v.ID, &v.Application, &from, &to, &v.By, &v.Why, &at)
	v.From, v.To, v.At = State(from), State(to), storage.Instant(at)
	return v, err
}

func insertMove(ctx context.Context, tx *storage.Tx, v Move) error {
	_, err := tx.Exec(ctx, `INSERT INTO application_move (id, application_id, from_state, to_state, by_person, why, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		tx.NewID(), v.Application, string(v.From), string(v.To), v.By, v.Why, storage.Micros(tx.Now))
	return err
}

// MovesOf lists the moves of an application, oldest first.
func MovesOf(ctx context.Context, tx *storage.Tx, application storage.ID) ([]Move, error) {
	return storage.All(ctx, tx, scanMove, `SELECT id, application_id, from_state, to_state, by_person, why, at
		FROM application_move
		WHERE application_id = $1
		ORDER BY at, id`, application)
}

// applicationsIn lists the applications to an activity in one state, in the
// order of the waiting list, then oldest first.
func applicationsIn(ctx context.Context, tx *storage.Tx, activity storage.ID, state State) ([]Application, error) {
	return storage.All(ctx, tx, ScanApplication, `SELECT `+ApplicationColumns+`
		FROM application
		WHERE activity_id = $1 AND state = $2
		ORDER BY place, made_at, id`, activity, string(state))
}

// ApplicationsBy lists the applications of a person, newest first.
func ApplicationsBy(ctx context.Context, tx *storage.Tx, person storage.ID) ([]Application, error) {
	return storage.All(ctx, tx, ScanApplication, `SELECT `+ApplicationColumns+`
		FROM application
		WHERE person_id = $1
		ORDER BY made_at DESC, id`, person)
}

package seats

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// An extra seat is a chair that was found at the door for somebody who stands
// there though no seat is left. It is never among the seats: the guard and all
// that is promised to applicants know nothing of it.

// OverReason checks who lets somebody in beyond the seats, and why. Forbidden
// for those who only stand at the door; Invalid without a reason.
func OverReason(actor access.Actor, a Activity, words string) (string, error) {
	if !actor.May(MayOverfill, ScopeOf(a)) {
		return "", fault.New(fault.Forbidden, "seminars.fault.overfill")
	}
	why, err := ownWords("over", words)
	if err == nil && len([]rune(why)) < 3 {
		err = fault.At("over", "seminars.fault.over_reason")
	}
	return why, err
}

// LetIn makes an application attended: on a seat while one is left, else on an
// extra one when somebody who may has given a reason. Full without one.
func (m *Service) LetIn(ctx context.Context, tx *storage.Tx, app Application, by storage.ID, over string) (_ Application, extra bool, err error) {
	next, err := m.Move(ctx, tx, app, Attended, by, ReasonDoor)
	if over == "" || !fault.Is(err, fault.Full) {
		return next, false, err
	}
	next, err = m.moveWith(ctx, tx, app, Attended, by, over, true)
	return next, err == nil, err
}

func addExtraSeat(ctx context.Context, tx *storage.Tx, app Application) error {
	_, err := tx.Exec(ctx, `INSERT INTO extra_seat (application_id, activity_id, at)
		VALUES ($1, $2, $3)
		ON CONFLICT (application_id) DO NOTHING`, app.ID, app.Activity, storage.Micros(tx.Now))
	return err
}

func dropExtraSeat(ctx context.Context, tx *storage.Tx, app storage.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM extra_seat
		WHERE application_id = $1`, app)
	return err
}

// OnExtraSeat reports whether she was let in beyond the seats.
func OnExtraSeat(ctx context.Context, tx *storage.Tx, app storage.ID) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, `SELECT COUNT(*)
		FROM extra_seat
		WHERE application_id = $1`, app).Scan(&n)
	return n > 0, err
}

// extraSeatsOf gives the applications of an activity that are on extra seats.
func extraSeatsOf(ctx context.Context, tx *storage.Tx, activity storage.ID) (map[storage.ID]bool, error) {
	list, err := storage.All(ctx, tx, func(row storage.Scanner) (id storage.ID, err error) {
		err = row.Scan(&id)
		return id, err
	}, `SELECT application_id
		FROM extra_seat
		WHERE activity_id = $1
		ORDER BY application_id`, activity)
	out := map[storage.ID]bool{}
	for _, id := range list {
		out[id] = true
	}
	return out, err
}

// ReasonDoor is the reason of moves that a scan makes.
const ReasonDoor = "seminars.why.door"

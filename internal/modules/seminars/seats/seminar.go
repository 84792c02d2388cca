package seats

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Seminar is the seats of one activity and the rules by which they are given.
type Seminar struct {
	Activity         storage.ID
	Capacity, Taken  int
	FirstCome        bool // a seat at once, as long as there are any
	LateWaiting      bool // after the deadline one may still join the waiting list
	InvitationHours  int  // an invitation holds its seat so long
	OfferHours       int  // an offer from the waiting list holds its seat so long
	ReconfirmDays    int  // before the start; 0 for no reconfirmation
	ReconfirmRelease bool // silence gives the seat away
	Companions       bool // applicants may come only together with another
	Targets          Targets

	open bool // the row is there
}

// Targets are the wished shares in percent: "sex" to "female" to 60.
type Targets map[string]map[string]int

// usual are the seats of an activity whose rules nobody has set up. The table's own
// defaults are of its first version, and nothing leaves them to it.
func usual(activity storage.ID, capacity int) Seminar {
	return Seminar{
		Activity: activity, Capacity: capacity, LateWaiting: true,
		InvitationHours: 72, OfferHours: 24, ReconfirmDays: 2, Targets: Targets{},
	}
}

// Left is the number of free seats.
func (s Seminar) Left() int { return max(0, s.Capacity-s.Taken) }

const seminarColumns = `activity_id, capacity, taken, first_come, late_waiting, invitation_hours,
	offer_hours, reconfirm_days, reconfirm_release, companions, targets`

func scanSeminar(row storage.Scanner) (Seminar, error) {
	s := Seminar{open: true}
	var targets string
	err := row.Scan(&s.Activity, &s.Capacity, &s.Taken, &s.FirstCome, &s.LateWaiting, &s.InvitationHours,
		&s.OfferHours, &s.ReconfirmDays, &s.ReconfirmRelease, &s.Companions, &targets)
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(targets), &s.Targets)
}

// SeminarOf reads the seats of an activity; ok is false when none were set up.
func SeminarOf(ctx context.Context, tx *storage.Tx, activity storage.ID) (s Seminar, ok bool, err error) {
	s, err = storage.One(ctx, tx, scanSeminar, `SELECT `+seminarColumns+`
		FROM seminar
		WHERE activity_id = $1`, activity)
	if errors.Is(err, sql.ErrNoRows) {
		return Seminar{Activity: activity}, false, nil
	}
	return s, err == nil, err
}

// OpenSeminar makes the seats of an activity unless they are there. A write
// that needs a seat calls it first with the capacity of the activity.
func OpenSeminar(ctx context.Context, tx *storage.Tx, activity storage.ID, capacity int) error {
	s := usual(activity, capacity)
	_, err := tx.Exec(ctx, `INSERT INTO seminar (activity_id, capacity, late_waiting, invitation_hours, offer_hours, reconfirm_days, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (activity_id) DO NOTHING`, s.Activity, s.Capacity, s.LateWaiting, s.InvitationHours, s.OfferHours, s.ReconfirmDays, storage.Micros(tx.Now))
	return err
}

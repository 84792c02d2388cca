package seats

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Admission is what somebody who comes now may do.
type Admission string

// The admissions.
const (
	Open     Admission = "open"     // apply
	LateList Admission = "late"     // the deadline has passed; join the waiting list
	Early    Admission = "early"    // not open yet
	Over     Admission = "over"     // closed for good
	ByName   Admission = "by_name"  // only who is invited by name
	Off      Admission = "off"      // cancelled
	Hidden   Admission = "hidden"   // not published
	NotHere  Admission = "not_here" // nothing to apply for
)

// AdmissionOf tells what is possible at an instant.
func AdmissionOf(a Activity, s Seminar, now time.Time) Admission {
	switch {
	case a.State == "cancelled":
		return Off
	case a.State != "published":
		return Hidden
	case a.InvitationOnly:
		return ByName
	case s.Capacity == 0 && a.Capacity == 0:
		return NotHere
	case !a.Starts.IsZero() && !now.Before(a.Starts):
		return Over
	case !a.Opens.IsZero() && now.Before(a.Opens):
		return Early
	case !a.Deadline.IsZero() && now.After(a.Deadline):
		if s.LateWaiting {
			return LateList
		}
		return Over
	}
	return Open
}

// Fault tells a person why she cannot apply, nil when she can.
func (d Admission) Fault(a Activity) error {
	switch d {
	case Open, LateList:
		return nil
	case Early:
		return fault.New(fault.TooEarly, "seminars.fault.too_early", fault.Args{"when": a.Opens})
	case Over:
		return fault.New(fault.TooLate, "seminars.fault.too_late")
	case ByName:
		return fault.New(fault.Forbidden, "seminars.fault.by_name")
	case Off:
		return fault.New(fault.Gone, "seminars.fault.cancelled")
	}
	return fault.New(fault.NotFound, "seminars.fault.activity")
}

// SeatsOf reads the seats of an activity, those of the programme's plan when
// nobody set them up yet.
func SeatsOf(ctx context.Context, tx *storage.Tx, a Activity) (Seminar, error) {
	s, ok, err := SeminarOf(ctx, tx, a.ID)
	if err != nil || ok {
		return s, err
	}
	return usual(a.ID, a.Capacity), nil
}

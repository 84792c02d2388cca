package seats

import (
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/programme"
)

// Nobody is called to what does not take place: once an activity is cancelled or over,
// no application to it is decided on and no letter about one goes out. What remains is
// to note who came, to mend that, and for staff to note that she stepped back; she herself
// can no longer (Answer).

// NothingAhead reports whether the activity is cancelled or over.
func NothingAhead(a Activity, now time.Time) bool {
	return a.State == programme.Cancelled || a.Past(now)
}

// StillAhead refuses what makes sense only while the activity is to come or goes on.
//
// Faults: Gone when it is cancelled; TooLate when it is over.
func StillAhead(a Activity, now time.Time) error {
	switch {
	case a.State == programme.Cancelled:
		return fault.New(fault.Gone, "seminars.fault.cancelled")
	case a.Past(now):
		return fault.New(fault.TooLate, "seminars.fault.over")
	}
	return nil
}

// MayInvite is StillAhead for an invitation, which holds its seat until the start at
// most: once the activity has begun it would be over in the moment in which it is sent.
//
// Faults: those of StillAhead; TooLate when the activity has begun.
func MayInvite(a Activity, now time.Time) error {
	if err := StillAhead(a, now); err != nil {
		return err
	}
	if !a.Starts.IsZero() && !now.Before(a.Starts) {
		return fault.New(fault.TooLate, "seminars.fault.begun")
	}
	return nil
}

// mayMove refuses a move that calls somebody, or decides on her, too late. That she
// came, did not come or steps back is noted at any time, and so is what mends that.
func mayMove(a Activity, from, to State, now time.Time) error {
	switch {
	case to == Attended, to == NoShow, to == Withdrawn, from == Attended, from == NoShow:
		return nil
	case to == Invited:
		return MayInvite(a, now)
	}
	return StillAhead(a, now)
}

// RefusedHere is web.Invalid for staff, who are told on the page where they stand that
// the activity was cancelled.
func RefusedHere(err error) (*fault.Error, error) {
	if f := fault.Of(err); f != nil && f.Code == fault.Gone {
		return f, nil
	}
	return web.Invalid(err)
}

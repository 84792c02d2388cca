package seats

import "slices"

// State is where an application stands.
type State string

// The states. Declined is the organiser's no, Withdrawn the person's own (or
// her silence to an invitation, told by the reason of the move).
const (
	Applied     State = "applied"
	Shortlisted State = "shortlisted"
	Invited     State = "invited"
	Confirmed   State = "confirmed"
	Attended    State = "attended"
	NoShow      State = "no_show"
	Waitlisted  State = "waitlisted"
	Declined    State = "declined"
	Withdrawn   State = "withdrawn"
)

// States lists all in the order in which an application passes them.
var States = [...]State{Applied, Shortlisted, Invited, Confirmed, Attended, NoShow, Waitlisted, Declined, Withdrawn}

// HoldsSeat reports whether an application in the state counts against the
// capacity. An invitation holds its seat until it expires, so that nobody who
// confirms in time is told that the seminar is full.
func (s State) HoldsSeat() bool {
	switch s {
	case Invited, Confirmed, Attended, NoShow:
		return true
	}
	return false
}

// Holding is HoldsSeat for SQL.
const Holding = `('invited', 'confirmed', 'attended', 'no_show')`

// Next gives the states that may follow. Attended follows almost any: a person
// who stands at the door may be let in as long as there is a seat.
func (s State) Next() []State {
	switch s {
	case Applied:
		return []State{Shortlisted, Invited, Confirmed, Waitlisted, Declined, Withdrawn, Attended}
	case Shortlisted:
		return []State{Applied, Invited, Waitlisted, Declined, Withdrawn, Attended}
	case Invited:
		return []State{Confirmed, Waitlisted, Declined, Withdrawn, Attended}
	case Confirmed:
		return []State{Attended, NoShow, Waitlisted, Declined, Withdrawn}
	case Attended:
		return []State{Confirmed, NoShow}
	case NoShow:
		return []State{Confirmed, Attended}
	case Waitlisted:
		return []State{Applied, Shortlisted, Invited, Confirmed, Declined, Withdrawn, Attended}
	case Declined:
		return []State{Applied, Shortlisted, Invited, Waitlisted, Withdrawn, Attended}
	case Withdrawn:
		return []State{Applied, Shortlisted, Invited, Confirmed, Waitlisted, Attended}
	}
	return nil
}

// MayBecome reports whether an application may go from s to t.
func (s State) MayBecome(t State) bool { return slices.Contains(s.Next(), t) }

package programme

import "time"

// The night, in minutes of the day in the zone of the activities.
const (
	NightFrom  = 21 * 60
	NightUntil = 8 * 60
)

// Near is how long before its start all that is said about an activity is urgent.
const Near = 24 * time.Hour

// Night judges when a message goes that nobody asked for in that minute: what staff or the house
// decided, or what another did. What she caused herself, as a receipt, a code or a ticket, and
// what one person writes to another goes at once and is not judged here. Its zero value is the
// rule.
type Night struct {
	// AnyHour lets everything go at once, in a demo that is tried at any hour.
	AnyHour bool
}

// Goes is when a message goes that is ready at a moment: then, or when the night in which that
// lies is over. It goes at night about what begins within Near, or answers what is due so soon,
// and about what has begun, until it ends. starts and ends are zero for a message about nothing
// that has a day.
func (n Night) Goes(at, starts, ends time.Time) time.Time {
	if n.AnyHour || !starts.IsZero() && starts.Sub(at) <= Near && (at.Before(starts) || at.Before(ends)) {
		return at
	}
	local := at.In(Bishkek)
	days := 0
	switch minute := local.Hour()*60 + local.Minute(); {
	case minute >= NightFrom:
		days = 1
	case minute >= NightUntil:
		return at
	}
	return time.Date(local.Year(), local.Month(), local.Day()+days, NightUntil/60, NightUntil%60, 0, 0, Bishkek)
}

// Holds is until when the night holds a message of a moment back, zero when it goes at once:
// Goes, for pages that say when what is done on them is told.
func (n Night) Holds(at, starts, ends time.Time) time.Time {
	if goes := n.Goes(at, starts, ends); !goes.Equal(at) {
		return goes
	}
	return time.Time{}
}

// Is reports whether a moment lies in the night, so that something may be waiting for its end.
func (n Night) Is(at time.Time) bool { return !n.Holds(at, time.Time{}, time.Time{}).IsZero() }

package recurrence

import (
	"iter"
	"time"
)

// All gives the instances of a rule in order, one after the other as they are
// asked for; they end with COUNT, UNTIL or the year 9999. The start is an
// instance only if the rule says so. Dates and floating times come as readings
// of a clock in UTC, others in the zone of the start, where a reading that the
// zone skips moves forward by the gap and of one that occurs twice the first is
// meant. The sequence may be walked again, and by several goroutines.
//
// The error, an *Error, says what is wrong with the rule or the start.
func (r Rule) All(start Moment) (iter.Seq[time.Time], error) {
	return r.From(start, time.Time{})
}

// From is All without the instances before an instant. What lies before is
// stepped over; where COUNT makes each instance matter, whole days and periods
// are counted at once, which takes some hundredths of a second at most.
func (r Rule) From(start Moment, from time.Time) (iter.Seq[time.Time], error) {
	if err := r.fits(start); err != nil {
		return nil, err
	}
	first := -never
	if !from.IsZero() {
		first = instantOf(from)
	}
	zone := start.zone
	if zone == nil {
		zone = time.UTC
	}
	return func(yield func(time.Time) bool) {
		r.expand(start, first, never).each(func(_, instant int) bool {
			return yield(time.Unix(int64(instant), 0).In(zone))
		})
	}, nil
}

// instantOf gives the first whole second that is not before a time.
func instantOf(t time.Time) int {
	seconds := int(t.Unix())
	if t.Nanosecond() > 0 {
		seconds++
	}
	return seconds
}

// fits checks the rule, and whether it can begin at start.
func (r Rule) fits(start Moment) error {
	if err := r.check(); err != nil {
		return err
	}
	if start.IsZero() || !start.inRange() {
		return &Error{Part: "DTSTART", Text: "a start in the years 0001 to 9999 is needed"}
	}
	if start.date && r.Frequency < Daily {
		return &Error{Part: "FREQ", Text: r.Frequency.String() + " needs a start with a time of day; this one is a date"}
	}
	return nil
}

// expansion is one walk over the instances.
type expansion struct {
	plan    *plan
	start   Moment
	low     int // the reading from which to look
	first   int // the first instant that is wanted
	until   int // the last reading
	instant int // the last instant
}

// expand begins the work of From for a rule that fits its start: the instants
// from first on. It may end after the instant to.
func (r Rule) expand(start Moment, first, to int) *expansion {
	e := &expansion{start: start, low: start.reading, first: first}
	e.bound(r.Until)
	e.plan = newPlan(&r, start, min(e.until, to+2*secondsPerDay))
	e.skip(first)
	if r.Count == 0 {
		e.low = e.plan.from
	}
	return e
}

// skip passes over the instances before an instant. It may be called again
// during the walk.
func (e *expansion) skip(instant int) {
	reading := instant
	if zone := e.start.zone; zone != nil && zone != time.UTC {
		reading -= 2 * secondsPerDay // no clock is that far behind
		if reading < e.plan.from || reading > lastDay*secondsPerDay {
			e.plan.from = max(e.plan.from, min(reading, never))
			return
		}
		reading = earliest(zone, instant)
	}
	e.plan.from = max(e.plan.from, reading)
}

// bound turns UNTIL into the last reading, or the last instant.
func (e *expansion) bound(until Moment) {
	e.until, e.instant = never, never
	switch {
	case until.IsZero():
	case e.start.date: // the day of UNTIL is the last one
		e.until = floorDiv(until.reading, secondsPerDay) * secondsPerDay
	case e.start.zone != nil && until.zone != nil:
		e.instant = int(until.Time().Unix())
		e.until = e.instant + 2*secondsPerDay
	default:
		e.until = until.reading
	}
}

// each calls yield with each instance, as the reading that the rule gives and as
// seconds since 1970 UTC.
func (e *expansion) each(yield func(reading, instant int) bool) {
	if zone := e.start.zone; zone != nil && zone != time.UTC {
		e.zoned(yield)
		return
	}
	e.plan.run(e.low, func(reading int) bool {
		return reading <= e.until && reading <= e.instant && (reading < e.first || yield(reading, reading))
	})
}

// zoned puts instants in order: those that a zone skips move behind others, and
// may coincide with them.
func (e *expansion) zoned(yield func(reading, instant int) bool) {
	c := clock{zone: e.start.zone}
	var moved [][2]int // readings and their instants, ascending
	give := func(reading, instant int) bool {
		return instant < e.first || instant > e.instant || yield(reading, instant)
	}
	flush := func(before int) bool {
		for len(moved) > 0 && moved[0][1] < before {
			m := moved[0]
			moved = moved[1:]
			if !give(m[0], m[1]) {
				return false
			}
		}
		return true
	}
	stopped := false
	e.plan.run(e.low, func(reading int) bool {
		if reading > e.until {
			return false
		}
		instant, skipped := c.instant(reading)
		if skipped {
			moved = append(moved, [2]int{reading, instant})
			return true
		}
		if !flush(instant) {
			stopped = true
			return false
		}
		if len(moved) > 0 && moved[0][1] == instant {
			moved = moved[1:]
		}
		if instant > e.instant {
			return false
		}
		if !give(reading, instant) {
			stopped = true
			return false
		}
		return true
	})
	if !stopped {
		flush(never)
	}
}

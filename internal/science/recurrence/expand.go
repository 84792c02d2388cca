package recurrence

import (
	"iter"
	"math"
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

// From is All without the instances before an instant. Whole periods are
// stepped over, except where COUNT makes each instance matter.
func (r Rule) From(start Moment, from time.Time) (iter.Seq[time.Time], error) {
	readings, err := r.instants(start, from, never)
	if err != nil {
		return nil, err
	}
	zone := start.zone
	if zone == nil {
		zone = time.UTC
	}
	return func(yield func(time.Time) bool) {
		readings(func(_, instant int) bool {
			return yield(time.Unix(int64(instant), 0).In(zone))
		})
	}, nil
}

// instants is the work of From: each instance as the reading that the rule
// gives, and as seconds since 1970 UTC. It may end after the instant to.
func (r Rule) instants(start Moment, from time.Time, to int) (func(yield func(reading, instant int) bool), error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	if start.IsZero() || !start.inRange() {
		return nil, &Error{Part: "DTSTART", Text: "a start in the years 0001 to 9999 is needed"}
	}
	if start.date && r.Frequency < Daily {
		return nil, &Error{Part: "FREQ", Text: r.Frequency.String() + " needs a start with a time of day; this one is a date"}
	}
	first := math.MinInt / 4
	if !from.IsZero() {
		first = int(from.Unix())
		if from.Nanosecond() > 0 {
			first++
		}
	}
	return func(yield func(reading, instant int) bool) {
		e := expansion{start: start, first: first, left: r.Count, yield: yield}
		e.bound(r.Until)
		e.plan = newPlan(&r, start, min(e.until, to+2*secondsPerDay))
		low := start.reading
		if r.Count == 0 {
			low = max(low, first)
			if start.zone != nil {
				low = max(start.reading, first-2*secondsPerDay)
			}
		}
		e.run(low)
	}, nil
}

// expansion is one walk over the instances.
type expansion struct {
	plan    *plan
	start   Moment
	first   int // the first instant that is wanted
	until   int // the last reading
	instant int // the last instant
	left    int // of COUNT; 0 without
	yield   func(reading, instant int) bool
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

func (e *expansion) run(low int) {
	if zone := e.start.zone; zone != nil && zone != time.UTC {
		e.zoned(low)
		return
	}
	e.plan.run(low, func(reading int) bool {
		if reading > e.until || reading > e.instant {
			return false
		}
		if reading >= e.first && !e.yield(reading, reading) {
			return false
		}
		return e.more()
	})
}

// more counts an instance and reports whether others may follow.
func (e *expansion) more() bool {
	if e.left == 0 {
		return true
	}
	e.left--
	return e.left > 0
}

// zoned puts instants in order: those that a zone skips move behind others, and
// may coincide with them.
func (e *expansion) zoned(low int) {
	c := clock{zone: e.start.zone}
	var moved [][2]int // readings and their instants, ascending
	give := func(reading, instant int) bool {
		return instant < e.first || instant > e.instant || e.yield(reading, instant)
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
	e.plan.run(low, func(reading int) bool {
		if reading > e.until {
			return false
		}
		instant, skipped := c.instant(reading)
		if skipped {
			moved = append(moved, [2]int{reading, instant})
			return e.more()
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
		return e.more()
	})
	if !stopped {
		flush(never)
	}
}

package recurrence

import (
	"math"
	"time"
)

// clock turns readings of a wall clock into instants, fast for readings that
// follow each other.
//
// At a change of offset from a to b at the instant s, readings before
// s + max(a, b) belong to the old offset: those that the change skips (RFC 5545:
// "using the UTC offset before the gap") as well as those that occur twice (the
// first is meant).
type clock struct {
	zone     *time.Location
	ready    bool
	from, to int // readings that belong to offset, [from, to)
	end      int // the instant at which offset ends
	offset   int
}

// earliest gives a reading before which none means the instant or a later one:
// one with the least offset of the day and a bit before it, because readings that
// a change skips belong to the offset before the change.
func earliest(zone *time.Location, instant int) int {
	at := time.Unix(int64(instant), 0).In(zone)
	_, least := at.Zone()
	for range 10 {
		start, _ := at.ZoneBounds()
		if start.IsZero() || int(start.Unix()) < instant-26*3600 {
			return instant + least
		}
		if start.After(at) {
			break
		}
		at = start.Add(-time.Second)
		_, offset := at.Zone()
		least = min(least, offset)
	}
	return instant - 2*secondsPerDay
}

const never = math.MaxInt / 4

// instant gives seconds since 1970 UTC, and whether the zone skips the reading.
func (c *clock) instant(reading int) (instant int, skipped bool) {
	if !c.ready || reading < c.from || reading >= c.to {
		c.find(reading)
	}
	return reading - c.offset, reading-c.offset >= c.end
}

func (c *clock) find(reading int) {
	// Two days before, by any offset, lies before the reading.
	c.ready = true
	at := time.Unix(int64(reading-2*secondsPerDay), 0).In(c.zone)
	_, c.offset = at.Zone()
	c.from = reading
	for {
		_, end := at.ZoneBounds()
		if end.IsZero() {
			c.to, c.end = never, never
			return
		}
		if !end.After(at) {
			// On the last day of leap years beyond its table the standard library
			// (Go 1.26) says that a zone's offset ends before that day.
			end = at.Add(24 * time.Hour)
		}
		_, next := end.Zone()
		c.end = int(end.Unix())
		c.to = c.end + max(c.offset, next)
		if reading < c.to {
			return
		}
		c.from = c.to
		c.offset, at = next, end
	}
}

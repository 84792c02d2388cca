package recurrence

import (
	"fmt"
	"strings"
	"time"
)

// Moment is a DATE or DATE-TIME value: what a calendar and a clock on the wall
// show, and where that clock hangs. A moment without a zone floats: it is the
// same reading everywhere. The zero value is no moment.
type Moment struct {
	reading int // seconds on the wall clock since 1970-01-01T00:00:00
	date    bool
	set     bool
	zone    *time.Location
}

// DateOf gives a DATE. A day that the month does not have flows over, as in
// time.Date.
func DateOf(year int, month time.Month, day int) Moment {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return Moment{reading: int(t.Unix()), date: true, set: true}
}

// TimeOf gives a DATE-TIME as a clock in the zone shows it; zone nil means
// floating. The reading may be one that the zone never shows.
func TimeOf(year int, month time.Month, day, hour, minute, second int, zone *time.Location) Moment {
	t := time.Date(year, month, day, hour, minute, second, 0, time.UTC)
	return Moment{reading: int(t.Unix()), set: true, zone: zone}
}

// MomentOf gives the DATE-TIME of an instant in its location, without the
// fraction of the second.
func MomentOf(t time.Time) Moment {
	_, offset := t.Zone()
	return Moment{reading: int(t.Unix()) + offset, set: true, zone: t.Location()}
}

// IsZero reports whether there is no moment.
func (m Moment) IsZero() bool { return !m.set }

// IsDate reports whether the moment is a day without a time.
func (m Moment) IsDate() bool { return m.date }

// Zone gives the zone, nil when the moment floats or is a date.
func (m Moment) Zone() *time.Location { return m.zone }

// Time gives the instant. A reading that the zone skips is taken with the
// offset before the gap, and of a reading that occurs twice the first is meant
// (RFC 5545, 3.3.5). Dates and floating times are read in UTC.
func (m Moment) Time() time.Time {
	if m.zone == nil {
		return time.Unix(int64(m.reading), 0).UTC()
	}
	c := clock{zone: m.zone}
	instant, _ := c.instant(m.reading)
	return time.Unix(int64(instant), 0).In(m.zone)
}

func (m Moment) isUTC() bool { return m.zone == time.UTC }

// inRange reports whether the year has four digits and is not 0000.
func (m Moment) inRange() bool {
	day := floorDiv(m.reading, secondsPerDay)
	return day >= firstDay && day <= lastDay
}

// String gives the value as in iCalendar: 20260105, 20260105T090000 and, in UTC,
// 20260105T090000Z. Other zones do not show: they stand in a parameter.
func (m Moment) String() string {
	if !m.set {
		return ""
	}
	day := floorDiv(m.reading, secondsPerDay)
	year, month, dom := dateOf(day)
	if m.date {
		return fmt.Sprintf("%04d%02d%02d", year, month, dom)
	}
	s := m.reading - day*secondsPerDay
	z := ""
	if m.isUTC() {
		z = "Z"
	}
	return fmt.Sprintf("%04d%02d%02dT%02d%02d%02d%s", year, month, dom, s/3600, s/60%60, s%60, z)
}

// ParseMoment reads 20260105, 20260105T090000 and 20260105T090000Z, and the
// same with hyphens and colons (2026-01-05T09:00, seconds may be absent). A
// time without Z hangs in the zone, and floats when that is nil.
func ParseMoment(text string, zone *time.Location) (Moment, error) {
	plain, utc := strings.CutSuffix(strings.ToUpper(text), "Z")
	date, clock, timed := strings.Cut(plain, "T")
	fail := func(why string) (Moment, error) {
		return Moment{}, &Error{Text: fmt.Sprintf("%s is not a date or time: %s", quote(text), why)}
	}
	if extended := strings.Count(date, "-"); extended == 2 && len(date) == 10 && date[4] == '-' && date[7] == '-' {
		date = date[:4] + date[5:7] + date[8:]
	}
	y, ok1 := digits(date, 0, 4)
	mo, ok2 := digits(date, 4, 2)
	d, ok3 := digits(date, 6, 2)
	if !ok1 || !ok2 || !ok3 || len(date) != 8 {
		return fail("write 20260105 or 20260105T090000")
	}
	if y < firstYear || mo < 1 || mo > 12 || d < 1 || d > daysInMonth(mo, isLeap(y)) {
		return fail("there is no such day")
	}
	m := Moment{reading: dayOf(y, mo, d) * secondsPerDay, set: true}
	if !timed {
		if utc {
			return fail("a date has no zone")
		}
		m.date = true
		return m, nil
	}
	if len(clock) == 5 && clock[2] == ':' {
		clock += ":00"
	}
	if len(clock) == 8 && clock[2] == ':' && clock[5] == ':' {
		clock = clock[:2] + clock[3:5] + clock[6:]
	}
	h, ok1 := digits(clock, 0, 2)
	mi, ok2 := digits(clock, 2, 2)
	s, ok3 := digits(clock, 4, 2)
	if !ok1 || !ok2 || !ok3 || len(clock) != 6 {
		return fail("write 20260105T090000 or 2026-01-05T09:00")
	}
	if h > 23 || mi > 59 || s > 60 {
		return fail("there is no such time of day")
	}
	m.reading += h*3600 + mi*60 + min(s, 59) // 60 is a leap second, which counts as 59
	m.zone = zone
	if utc {
		m.zone = time.UTC
	}
	return m, nil
}

// digits reads n digits at from.
func digits(text string, from, n int) (value int, ok bool) {
	if len(text) < from+n {
		return 0, false
	}
	for _, c := range []byte(text[from : from+n]) {
		if c < '0' || c > '9' {
			return 0, false
		}
		value = value*10 + int(c-'0')
	}
	return value, true
}

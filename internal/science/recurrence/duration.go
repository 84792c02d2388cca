package recurrence

import (
	"fmt"
	"strings"
	"time"
)

// Duration is how long an occurrence lasts: days on the calendar, which a change
// of the clock may make longer or shorter, and exact time after them.
type Duration struct {
	Days int
	Time time.Duration // whole seconds
}

// String gives the value as in iCalendar, P1DT2H30M.
func (d Duration) String() string {
	var b strings.Builder
	b.WriteByte('P')
	if d.Days != 0 {
		fmt.Fprintf(&b, "%dD", d.Days)
	}
	if s := int(d.Time / time.Second); s != 0 {
		b.WriteByte('T')
		if s >= 3600 {
			fmt.Fprintf(&b, "%dH", s/3600)
		}
		if s%3600 >= 60 || s >= 3600 && s%60 != 0 { // no hole between hours and seconds
			fmt.Fprintf(&b, "%dM", s/60%60)
		}
		if s%60 != 0 {
			fmt.Fprintf(&b, "%dS", s%60)
		}
	}
	if b.Len() == 1 {
		return "PT0S"
	}
	return b.String()
}

const (
	maxDays    = 3_700_000     // all the days that there are
	maxSeconds = 9_000_000_000 // 285 years; a time.Duration holds 292
)

// ParseDuration reads P1W, P2DT3H and PT15M30S. Negative durations, which an
// event cannot have, are refused.
func ParseDuration(text string) (Duration, error) {
	bad := &Error{Text: quote(text) + " is not a duration such as PT1H30M, P1D or P2W"}
	rest, ok := strings.CutPrefix(strings.TrimPrefix(strings.ToUpper(text), "+"), "P")
	date, clock, timed := strings.Cut(rest, "T")
	if !ok || rest == "" || timed && clock == "" {
		return Duration{}, bad
	}
	weeks, date := amount(date, 'W')
	days, date := amount(date, 'D')
	hours, clock := amount(clock, 'H')
	minutes, clock := amount(clock, 'M')
	seconds, clock := amount(clock, 'S')
	if date != "" || clock != "" {
		return Duration{}, bad
	}
	days += 7 * weeks
	seconds += 60*minutes + 3600*hours
	if days > maxDays || seconds > maxSeconds {
		return Duration{}, &Error{Text: quote(text) + " is too long; at most 3,700,000 days and 9,000,000,000 seconds are read"}
	}
	return Duration{Days: days, Time: time.Duration(seconds) * time.Second}, nil
}

// amount takes a number of at most twelve digits and its unit from the front of
// a text, if they are there.
func amount(text string, unit byte) (n int, rest string) {
	i := 0
	for i < len(text) && i < 12 && text[i] >= '0' && text[i] <= '9' {
		n = n*10 + int(text[i]-'0')
		i++
	}
	if i == 0 || i == len(text) || text[i] != unit {
		return 0, text
	}
	return n, text[i+1:]
}

package recurrence

import (
	"fmt"
	"slices"
)

// Validate reports what in the rule RFC 5545 forbids, as an *Error that names
// the part. A rule from Parse is valid.
func (r Rule) Validate() error {
	if err := r.check(); err != nil {
		return err
	}
	return nil
}

func (r Rule) check() *Error {
	bad := func(part, format string, args ...any) *Error {
		return &Error{Part: part, Text: fmt.Sprintf(format, args...)}
	}
	if r.Frequency < Secondly || r.Frequency > Yearly {
		return bad("FREQ", "it is missing")
	}
	if r.Interval < 0 || r.Interval > maxNumber {
		return bad("INTERVAL", "%d is not a whole number from 1 to %d", r.Interval, maxNumber)
	}
	if r.Count < 0 || r.Count > maxNumber {
		return bad("COUNT", "%d is not a whole number from 1 to %d", r.Count, maxNumber)
	}
	if r.Count > 0 && !r.Until.IsZero() {
		return bad("COUNT", "COUNT and UNTIL exclude each other")
	}
	if !r.Until.IsZero() && !r.Until.inRange() {
		return bad("UNTIL", "years go from 0001 to 9999")
	}
	if r.WeekStart > Sunday {
		return bad("WKST", "%d is not a weekday", r.WeekStart)
	}
	for _, l := range lists {
		for _, n := range *l.of(&r) {
			if !l.holds(n) {
				return bad(l.name, "%d is not %s; expected %s", n, l.meaning, l.bounds())
			}
		}
	}
	for _, d := range r.ByDay {
		if d.Weekday > Sunday || d.Ordinal < -53 || d.Ordinal > 53 {
			return bad("BYDAY", "%d of weekday %d does not exist", d.Ordinal, d.Weekday)
		}
	}
	return r.combinations()
}

// combinations checks which parts may stand together (RFC 5545, 3.3.10).
func (r Rule) combinations() *Error {
	f := r.Frequency
	forbid := func(part, why string) *Error { return &Error{Part: part, Text: why} }
	switch {
	case len(r.ByWeekNo) > 0 && f != Yearly:
		return forbid("BYWEEKNO", "it is allowed with FREQ=YEARLY only")
	case len(r.ByYearDay) > 0 && (f == Daily || f == Weekly || f == Monthly):
		return forbid("BYYEARDAY", "it is not allowed with FREQ=DAILY, WEEKLY and MONTHLY")
	case len(r.ByMonthDay) > 0 && f == Weekly:
		return forbid("BYMONTHDAY", "it is not allowed with FREQ=WEEKLY")
	}
	if slices.ContainsFunc(r.ByDay, func(d Day) bool { return d.Ordinal != 0 }) {
		if f != Monthly && f != Yearly {
			return forbid("BYDAY", "a weekday with a number is allowed with FREQ=MONTHLY and YEARLY only")
		}
		if len(r.ByWeekNo) > 0 {
			return forbid("BYDAY", "a weekday with a number is not allowed beside BYWEEKNO")
		}
	}
	if len(r.BySetPos) > 0 && len(r.BySecond)+len(r.ByMinute)+len(r.ByHour)+len(r.ByDay)+
		len(r.ByMonthDay)+len(r.ByYearDay)+len(r.ByWeekNo)+len(r.ByMonth) == 0 {
		return forbid("BYSETPOS", "it chooses among the instances of another BY part, and there is none")
	}
	return nil
}

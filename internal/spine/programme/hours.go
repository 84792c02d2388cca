package programme

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Bishkek is the zone of the programme; Kyrgyzstan keeps UTC+6 all year since 2005.
var Bishkek = time.FixedZone("Asia/Bishkek", 6*60*60)

// MostDays is how many days an activity may go on.
const MostDays = 14

// Span reads hours like 09:30-17:00 on a day; 20:00-02:00+1 end on the next day, and
// 09:30-17:00+2 two days after the first. What lies between the days is up to the agenda.
func Span(day time.Time, hours string) (starts, ends time.Time, err error) {
	from, to, more, err := Hours(hours)
	f, err1 := time.Parse("15:04", from)
	t, err2 := time.Parse("15:04", to)
	if err != nil || err1 != nil || err2 != nil {
		return starts, ends, fmt.Errorf("hours: \"09:30-17:00\" is expected, found %q", hours)
	}
	at := func(clock time.Time) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day(), clock.Hour(), clock.Minute(), 0, 0, Bishkek)
	}
	starts, ends = at(f), at(t).AddDate(0, 0, more)
	if !ends.After(starts) {
		return starts, ends, fmt.Errorf("hours: %q end before they begin; what goes on after midnight is written like \"20:00-02:00+1\"", hours)
	}
	return starts, ends, nil
}

// Hours takes hours apart as Span reads them: when they begin and end by the clock, and
// how many days after the first they end.
func Hours(hours string) (from, to string, more int, err error) {
	from, to, ok := strings.Cut(hours, "-")
	to, days, has := strings.Cut(strings.TrimSpace(to), "+")
	if has {
		if more, err = strconv.Atoi(days); err == nil && (more < 1 || more > MostDays || days[0] == '+') {
			err = fmt.Errorf("hours: %q", hours)
		}
	}
	if !ok && err == nil {
		err = fmt.Errorf("hours: %q", hours)
	}
	return strings.TrimSpace(from), to, more, err
}

// WriteHours puts hours together that Hours takes apart.
func WriteHours(from, to string, more int) string {
	hours := from + "-" + to
	if more > 0 {
		hours += "+" + strconv.Itoa(more)
	}
	return hours
}

// HoursOf writes the hours of an activity as Span reads them.
func HoursOf(starts, ends time.Time) string {
	return WriteHours(Stamp(starts, "15:04"), Stamp(ends, "15:04"), daysBetween(starts, ends))
}

// daysBetween is how many midnights lie between two instants: 0 on one day.
func daysBetween(starts, ends time.Time) int {
	return int(Midnight(ends).Sub(Midnight(starts)) / (24 * time.Hour))
}

// DaysOf is how many days an activity goes on that begins and ends then: 1 to the end of the
// midnight after its first day.
func DaysOf(starts, ends time.Time) int { return daysBetween(starts, ends.Add(-time.Nanosecond)) + 1 }

// SeveralDays reports whether an activity goes on longer than from one day into the next
// night: its sessions are then told by their days.
func SeveralDays(starts, ends time.Time) bool { return ends.Sub(starts) > 24*time.Hour }

// Midnight is the beginning of the day in Bishkek.
func Midnight(t time.Time) time.Time {
	t = t.In(Bishkek)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, Bishkek)
}

// ClockOf is how long after midnight an instant is in Bishkek.
func ClockOf(t time.Time) time.Duration { return t.Sub(Midnight(t)) }

// Stamp writes an instant as Bishkek has it, nothing for none.
func Stamp(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.In(Bishkek).Format(layout)
}

// Clock is the form of a time of day, 09:30.
var Clock = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)

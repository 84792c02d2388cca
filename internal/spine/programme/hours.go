package programme

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Bishkek is the zone of the programme; Kyrgyzstan keeps UTC+6 all year since 2005.
var Bishkek = time.FixedZone("Asia/Bishkek", 6*60*60)

// NextDay ends hours that go on after midnight, 20:00-02:00+1.
const NextDay = "+1"

// Span reads hours like 09:30-17:00 on a day; 20:00-02:00+1 end on the next day.
func Span(day time.Time, hours string) (starts, ends time.Time, err error) {
	from, to, ok := strings.Cut(hours, "-")
	to, night := strings.CutSuffix(strings.TrimSpace(to), NextDay)
	f, err1 := time.Parse("15:04", strings.TrimSpace(from))
	t, err2 := time.Parse("15:04", strings.TrimSpace(to))
	if !ok || err1 != nil || err2 != nil {
		return starts, ends, fmt.Errorf("hours: \"09:30-17:00\" is expected, found %q", hours)
	}
	at := func(clock time.Time) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day(), clock.Hour(), clock.Minute(), 0, 0, Bishkek)
	}
	starts, ends = at(f), at(t)
	if night {
		ends = ends.AddDate(0, 0, 1)
	}
	if !ends.After(starts) {
		return starts, ends, fmt.Errorf("hours: %q end before they begin; what goes on after midnight is written like \"20:00-02:00+1\"", hours)
	}
	return starts, ends, nil
}

// HoursOf writes the hours of an activity as Span reads them.
func HoursOf(starts, ends time.Time) string {
	hours := Stamp(starts, "15:04") + "-" + Stamp(ends, "15:04")
	if Midnight(ends).After(Midnight(starts)) {
		hours += NextDay
	}
	return hours
}

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

package programme

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// moveAlong lets what hangs on the day of an activity follow it: the agenda its hour,
// opening and deadline its day, as those of a template's copies do. What was changed
// beside the day stays as it was written. An opening that has passed stays passed, so
// that nobody who could apply no longer can; applications close at the start at the
// latest. moved names the parts that followed.
func moveAlong(before, after Activity, now time.Time) (_ Activity, moved []string) {
	if before.Starts.IsZero() || after.Starts.IsZero() || before.Starts.Equal(after.Starts) {
		return after, nil
	}
	if by := clockOf(after.Starts) - clockOf(before.Starts); by != 0 && len(before.Agenda) > 0 && sameTimes(before.Agenda, after.Agenda) {
		after.Agenda = laterBy(after.Agenda, by)
		moved = append(moved, "agenda")
	}
	days := int(midnight(after.Starts).Sub(midnight(before.Starts)).Round(24*time.Hour) / (24 * time.Hour))
	follow := func(was time.Time) time.Time {
		if was.Equal(before.Starts) {
			return after.Starts
		}
		return was.In(Bishkek).AddDate(0, 0, days)
	}
	applications := false
	if was := before.Deadline; !was.IsZero() && was.Equal(after.Deadline) {
		will := follow(was)
		if !was.Before(now) && will.Before(now) { // it would shut the door at once
			will = was
		}
		if will.After(after.Starts) {
			will = after.Starts
		}
		after.Deadline = will
		applications = applications || !will.Equal(was)
	}
	if was := before.Opens; !was.IsZero() && was.Equal(after.Opens) {
		if will := follow(was); was.After(now) || !will.After(now) {
			after.Opens = will
			applications = applications || !will.Equal(was)
		}
	}
	if applications {
		moved = append(moved, "applications")
	}
	return after, moved
}

// sameTimes reports whether two agendas have their sessions at the same times,
// whatever they are called.
func sameTimes(a, b []Session) bool {
	times := func(list []Session) (out []string) {
		for _, s := range list {
			out = append(out, fmt.Sprint(s.At, " ", s.Minutes))
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(times(a), times(b))
}

// clockOf is how long after midnight an instant is in Bishkek.
func clockOf(t time.Time) time.Duration { return t.Sub(midnight(t)) }

// movedKey is the text that says what has followed the day.
func movedKey(moved []string) string {
	if len(moved) == 0 {
		return "programme.plan.saved"
	}
	return "programme.plan.saved." + strings.Join(moved, "_")
}

package programme

import (
	"time"
)

// MoveAlong lets what hangs on the day of an activity follow it: the agenda its hour,
// opening and deadline its day, as those of a template's copies do. What was changed
// beside the day stays as it was written. An opening that has passed stays passed, so
// that nobody who could apply no longer can; applications close at the start at the
// latest, and what has closed stays so: see ChangeActivity.Reopen. moved names the parts
// that followed.
func MoveAlong(before, after Activity, now time.Time) (_ Activity, moved []string) {
	if before.Starts.IsZero() || after.Starts.IsZero() || before.Starts.Equal(after.Starts) {
		return after, nil
	}
	if by := ClockOf(after.Starts) - ClockOf(before.Starts); by != 0 && len(before.Agenda) > 0 && SameTimes(before.Agenda, after.Agenda) {
		after.Agenda = LaterBy(after.Agenda, by)
		moved = append(moved, "agenda")
	}
	days := int(Midnight(after.Starts).Sub(Midnight(before.Starts)).Round(24*time.Hour) / (24 * time.Hour))
	follow := func(was time.Time) time.Time {
		if was.Equal(before.Starts) {
			return after.Starts
		}
		return was.In(Bishkek).AddDate(0, 0, days)
	}
	if before.State == Published && before.Closed(now) { // a draft was never open
		after.stayClosed(before, now)
		return after, moved
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

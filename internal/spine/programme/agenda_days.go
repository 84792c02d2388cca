package programme

import (
	"slices"
	"time"
)

// AgendaDay is what an agenda holds on one day.
type AgendaDay struct {
	Date     time.Time // midnight in Bishkek; zero where the activity is told as one day
	Sessions []Session
}

// AgendaTitle is the key of what an agenda is called: that of a day, or that of several.
func AgendaTitle(starts, ends time.Time) string {
	if !starts.IsZero() && SeveralDays(starts, ends) {
		return "programme.activity.agenda_days"
	}
	return "programme.activity.agenda"
}

// AgendaDays tells an agenda by its days, in the order in which its sessions begin. What goes
// on for a day at most, through midnight too, is one day without a date.
func AgendaDays(agenda []Session, starts, ends time.Time) []AgendaDay {
	if len(agenda) == 0 {
		return nil
	}
	if starts.IsZero() || !SeveralDays(starts, ends) {
		return []AgendaDay{{Sessions: agenda}}
	}
	sorted := slices.Clone(agenda)
	slices.SortStableFunc(sorted, func(a, b Session) int {
		x, _ := a.After(starts)
		y, _ := b.After(starts)
		return int(x - y)
	})
	var out []AgendaDay
	for _, s := range sorted {
		after, _ := s.After(starts)
		day := Midnight(starts.Add(after))
		if n := len(out); n == 0 || !out[n-1].Date.Equal(day) {
			out = append(out, AgendaDay{Date: day})
		}
		last := &out[len(out)-1]
		last.Sessions = append(last.Sessions, s)
	}
	return out
}

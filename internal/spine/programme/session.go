package programme

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// Session is a part of an agenda.
type Session struct {
	Day     int       `json:"day,omitempty" yaml:"day"` // of an activity of several days, the first is 1; 0: the first time that the clock says At
	At      string    `json:"at" yaml:"at"`             // 15:04, local time
	Minutes int       `json:"minutes" yaml:"minutes"`
	Title   i18n.Text `json:"title" yaml:"title"`
	Speaker i18n.Text `json:"speaker,omitzero" yaml:"speaker"`
}

// Ends is the time of day at which the session ends, 15:04.
func (s Session) Ends() string {
	t, err := time.Parse("15:04", s.At)
	if err != nil {
		return ""
	}
	return t.Add(time.Duration(s.Minutes) * time.Minute).Format("15:04")
}

// When is the day of the session, where it has one, and its time: "2, 09:30".
func (s Session) When() string {
	if s.Day > 0 {
		return strconv.Itoa(s.Day) + ", " + s.At
	}
	return s.At
}

// MaxSessions is how many sessions an agenda may have.
const MaxSessions = 60

// AgendaPrefix begins the names of all texts of an agenda, "agenda_2_title".
const AgendaPrefix = "agenda_"

// SessionTexts are the texts of a session.
var SessionTexts = []string{"title", "speaker"}

func (s *Session) text(part string) *i18n.Text {
	if part == "speaker" {
		return &s.Speaker
	}
	return &s.Title
}

// SessionField names the input of a part of the session i, "agenda_2_title".
func SessionField(i int, part string) string { return "agenda_" + strconv.Itoa(i) + "_" + part }

// Within keeps of an agenda what lies in the hours: a session that begins at their end or
// later is left out, one that goes on beyond it ends there. cut tells that something was.
func Within(agenda []Session, starts, ends time.Time) (kept []Session, cut bool) {
	for _, s := range agenda {
		after, ok := s.After(starts)
		left := int(ends.Sub(starts.Add(after)) / time.Minute)
		switch {
		case ok && (left <= 0 || after < 0):
			cut = true
			continue
		case ok && s.Minutes > left:
			s.Minutes, cut = left, true
		}
		kept = append(kept, s)
	}
	return kept, cut
}

// After tells how long after the start a session begins. Without a day of its own, what is
// earlier by the clock is after midnight; with one, it is what the day and the clock say,
// before the start too. ok is false when its time cannot be read.
func (s Session) After(starts time.Time) (time.Duration, bool) {
	at, err := time.Parse("15:04", s.At)
	if err != nil {
		return 0, false
	}
	starts = starts.In(Bishkek)
	minutes := (at.Hour()-starts.Hour())*60 + at.Minute() - starts.Minute()
	if s.Day > 0 {
		return time.Duration((s.Day-1)*24*60+minutes) * time.Minute, true
	}
	return time.Duration((minutes+24*60)%(24*60)) * time.Minute, true
}

// LaterBy moves all sessions by less than a day, as the start moves by the clock, across
// midnight where it comes to that.
func LaterBy(agenda []Session, by time.Duration) []Session {
	if by%(24*time.Hour) == 0 {
		return agenda
	}
	out := make([]Session, len(agenda))
	for i, s := range agenda {
		out[i] = s
		if at, err := time.Parse("15:04", s.At); err == nil {
			moved := at.Add(by)
			out[i].At = moved.Format("15:04")
			if s.Day > 0 {
				out[i].Day = max(1, s.Day+int(moved.Truncate(24*time.Hour).Sub(at.Truncate(24*time.Hour))/(24*time.Hour)))
			}
		}
	}
	return out
}

// SameTimes reports whether two agendas have their sessions at the same times,
// whatever they are called.
func SameTimes(a, b []Session) bool {
	times := func(list []Session) (out []string) {
		for _, s := range list {
			out = append(out, fmt.Sprint(s.When(), " ", s.Minutes))
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(times(a), times(b))
}

package programme

import (
	"strconv"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
)

// The years in which an activity may lie, and its applications be open.
const (
	firstYear = 2000
	lastYear  = 2100
)

// longest is how long an activity may last. What takes several days is several activities.
const longest = 24 * time.Hour

// bound is something of an activity that cannot be, at a field of the form; words say
// it to who writes a programme file.
type bound struct {
	field, key string
	args       fault.Args
	words      string
}

// bounds finds what cannot be of the days and hours of an activity.
func (a Activity) bounds() (out []bound) {
	years := fault.Args{"min": firstYear, "max": lastYear}
	far := false
	for _, v := range []struct {
		field string
		at    time.Time
	}{{"date", a.Starts}, {"opens", a.Opens}, {"deadline", a.Deadline}} {
		if year := v.at.In(Bishkek).Year(); !v.at.IsZero() && (year < firstYear || year > lastYear) {
			out = append(out, bound{v.field, "programme.fault.year", years, v.field + ": a year from 2000 to 2100 is expected, found " + strconv.Itoa(year)})
			far = true
		}
	}
	if far {
		return out // what follows from them says nothing more
	}
	if !a.Starts.IsZero() {
		switch {
		case !a.Ends.After(a.Starts):
			out = append(out, bound{"to", "programme.fault.ends", nil, "hours: the end must be after the start"})
		case a.Ends.Sub(a.Starts) > longest:
			out = append(out, bound{"to", "programme.fault.longest", nil, "hours: an activity lasts 24 hours at most"})
		default:
			out = append(out, outside(a.Agenda, a.Starts, a.Ends)...)
		}
		if a.Deadline.After(a.Starts) {
			out = append(out, bound{"deadline", "programme.fault.deadline", fault.Args{"when": a.Starts}, "apply: applications must close before the start, " + a.Starts.In(Bishkek).Format("2006-01-02 15:04")})
		}
		if a.Deadline.IsZero() && !a.Opens.Before(a.Starts) {
			out = append(out, bound{"opens", "programme.fault.opens_start", fault.Args{"when": a.Starts}, "apply: applications must open before the start"})
		}
	}
	if !a.Opens.IsZero() && !a.Deadline.IsZero() && !a.Opens.Before(a.Deadline) {
		out = append(out, bound{"opens", "programme.fault.opens", nil, "apply: applications must open before they close"})
	}
	return out
}

// bounds finds what cannot be of the hours of a template.
func (t Template) bounds() (out []bound) {
	if t.Hours == "" {
		return nil
	}
	day := time.Date(firstYear, 1, 1, 0, 0, 0, 0, Bishkek)
	starts, ends, err := span(day, t.Hours)
	switch {
	case err != nil && starts.IsZero():
		return append(out, bound{"from", "programme.fault.hours", nil, err.Error()})
	case err != nil:
		return append(out, bound{"to", "programme.fault.ends", nil, err.Error()})
	case ends.Sub(starts) > longest:
		return append(out, bound{"to", "programme.fault.longest", nil, "hours: an activity lasts 24 hours at most"})
	}
	return outside(t.Agenda, starts, ends)
}

// outside finds the sessions that are not within the hours, each at its field.
func outside(agenda []Session, starts, ends time.Time) (out []bound) {
	for i, s := range agenda {
		after, ok := s.after(starts)
		if !ok {
			continue // said elsewhere
		}
		args := fault.Args{"from": stamp(starts, "15:04"), "to": stamp(ends, "15:04")}
		words := "agenda: the session at " + s.At + " is outside of the hours " + hoursOf(starts, ends)
		switch {
		case starts.Add(after).After(ends):
			out = append(out, bound{sessionField(i, "at"), "programme.fault.session_outside", args, words})
		case starts.Add(after + time.Duration(s.Minutes)*time.Minute).After(ends):
			out = append(out, bound{sessionField(i, "minutes"), "programme.fault.session_outside", args, words})
		}
	}
	return out
}

// within keeps of an agenda what lies in the hours: a session that begins at their end or
// later is left out, one that goes on beyond it ends there. cut tells that something was.
func within(agenda []Session, starts, ends time.Time) (kept []Session, cut bool) {
	for _, s := range agenda {
		after, ok := s.after(starts)
		left := int(ends.Sub(starts.Add(after)) / time.Minute)
		switch {
		case ok && left <= 0:
			cut = true
			continue
		case ok && s.Minutes > left:
			s.Minutes, cut = left, true
		}
		kept = append(kept, s)
	}
	return kept, cut
}

// after tells how long after the start a session begins: what is earlier by the clock
// is after midnight. ok is false when its time cannot be read.
func (s Session) after(starts time.Time) (time.Duration, bool) {
	at, err := time.Parse("15:04", s.At)
	if err != nil {
		return 0, false
	}
	starts = starts.In(Bishkek)
	minutes := (at.Hour()-starts.Hour())*60 + at.Minute() - starts.Minute()
	return time.Duration((minutes+24*60)%(24*60)) * time.Minute, true
}

// laterBy moves all sessions by the clock, across midnight where it comes to that.
func laterBy(agenda []Session, by time.Duration) []Session {
	if by%(24*time.Hour) == 0 {
		return agenda
	}
	out := make([]Session, len(agenda))
	for i, s := range agenda {
		out[i] = s
		if at, err := time.Parse("15:04", s.At); err == nil {
			out[i].At = at.Add(by).Format("15:04")
		}
	}
	return out
}

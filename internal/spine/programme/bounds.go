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

// longest is how long an activity may last.
const longest = MostDays * 24 * time.Hour

// Bound is something of an activity that cannot be, at a field of the form; words say
// it to who writes a programme file.
type Bound struct {
	Field, Key string
	Args       fault.Args
	Words      string
}

// Bounds finds what cannot be of the days and hours of an activity.
func (a Activity) Bounds() (out []Bound) {
	years := fault.Args{"min": firstYear, "max": lastYear}
	far := false
	for _, v := range []struct {
		field string
		at    time.Time
	}{{"date", a.Starts}, {"opens", a.Opens}, {"deadline", a.Deadline}} {
		if year := v.at.In(Bishkek).Year(); !v.at.IsZero() && (year < firstYear || year > lastYear) {
			out = append(out, Bound{v.field, "programme.fault.year", years, v.field + ": a year from 2000 to 2100 is expected, found " + strconv.Itoa(year)})
			far = true
		}
	}
	if far {
		return out // what follows from them says nothing more
	}
	if !a.Starts.IsZero() {
		switch {
		case !a.Ends.After(a.Starts):
			out = append(out, Bound{"to", "programme.fault.ends", nil, "hours: the end must be after the start"})
		case a.Ends.Sub(a.Starts) > longest:
			out = append(out, Bound{"to", "programme.fault.longest", fault.Args{"count": MostDays}, "hours: an activity lasts " + strconv.Itoa(MostDays) + " days at most"})
		default:
			out = append(out, outside(a.Agenda, a.Starts, a.Ends)...)
		}
		if a.Deadline.After(a.Starts) {
			out = append(out, Bound{"deadline", "programme.fault.deadline", fault.Args{"when": a.Starts}, "apply: applications must close before the start, " + a.Starts.In(Bishkek).Format("2006-01-02 15:04")})
		}
		if a.Deadline.IsZero() && !a.Opens.Before(a.Starts) {
			out = append(out, Bound{"opens", "programme.fault.opens_start", fault.Args{"when": a.Starts}, "apply: applications must open before the start"})
		}
	}
	if !a.Opens.IsZero() && !a.Deadline.IsZero() && !a.Opens.Before(a.Deadline) {
		out = append(out, Bound{"opens", "programme.fault.opens", nil, "apply: applications must open before they close"})
	}
	return out
}

// Bounds finds what cannot be of the hours of a template.
func (t Template) Bounds() (out []Bound) {
	if t.Hours == "" {
		return nil
	}
	day := time.Date(firstYear, 1, 1, 0, 0, 0, 0, Bishkek)
	starts, ends, err := Span(day, t.Hours)
	switch {
	case err != nil && starts.IsZero():
		return append(out, Bound{"from", "programme.fault.hours", nil, err.Error()})
	case err != nil:
		return append(out, Bound{"to", "programme.fault.ends", nil, err.Error()})
	case ends.Sub(starts) > longest:
		return append(out, Bound{"to", "programme.fault.longest", fault.Args{"count": MostDays}, "hours: an activity lasts " + strconv.Itoa(MostDays) + " days at most"})
	}
	return outside(t.Agenda, starts, ends)
}

// outside finds the sessions that are not within the hours, each at its field.
func outside(agenda []Session, starts, ends time.Time) (out []Bound) {
	for i, s := range agenda {
		after, ok := s.After(starts)
		if !ok {
			continue // said elsewhere
		}
		args := fault.Args{"number": i + 1, "from": Stamp(starts, "15:04"), "to": Stamp(ends, "15:04")}
		key := "programme.fault.session_outside"
		if SeveralDays(starts, ends) {
			args, key = fault.Args{"number": i + 1, "from": starts, "to": ends}, "programme.fault.session_outside_days"
		}
		words := "agenda: the session at " + s.When() + " is outside of the hours " + HoursOf(starts, ends)
		switch {
		case s.Day > daysBetween(starts, ends)+1:
			out = append(out, Bound{SessionField(i, "day"), key, args, words})
		case after < 0 || starts.Add(after).After(ends):
			out = append(out, Bound{SessionField(i, "at"), key, args, words})
		case starts.Add(after + time.Duration(s.Minutes)*time.Minute).After(ends):
			out = append(out, Bound{SessionField(i, "minutes"), key, args, words})
		}
	}
	return out
}

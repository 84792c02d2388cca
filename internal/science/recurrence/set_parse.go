package recurrence

import (
	"fmt"
	"strings"
	"time"
)

// maxSetText bounds the text of a set.
const maxSetText = 1 << 20

// ParseSet reads the recurrence set of one event from content lines: DTSTART
// with DTEND or DURATION, RRULE, RDATE and EXDATE. With BEGIN and END around
// them, components that have a RECURRENCE-ID are its overrides; time zone
// definitions, alarms and other properties are passed over. The start is part of
// the set, as RFC 5545 says. zone gives the location for a TZID; nil knows UTC
// only. Errors are of type *Error and name the line.
func ParseSet(text string, zone func(name string) (*time.Location, error)) (Set, error) {
	if len(text) > maxSetText {
		return Set{}, &Error{Text: fmt.Sprintf("the text has %d bytes; at most %d are read", len(text), maxSetText)}
	}
	p := setParser{zone: zone}
	for line := range contentLines(text) {
		if err := p.line(line); err != nil {
			if err.Line == 0 {
				err.Line = line.number
			}
			return Set{}, err
		}
	}
	if len(p.open) > 0 {
		return Set{}, &Error{Part: "BEGIN", Text: p.open[len(p.open)-1] + " has no END"}
	}
	if p.inside.begun { // lines without BEGIN and END
		if err := p.close(); err != nil {
			return Set{}, err
		}
	}
	return p.join()
}

// setParser reads components one after the other.
type setParser struct {
	zone   func(string) (*time.Location, error)
	open   []string // names of components that are open
	skip   int      // depth of components that are passed over
	inside component
	uid    string
	master *component
	others []component
}

// component is what an event says about recurrence.
type component struct {
	number           int // its first line
	start, end, id   Moment
	duration         Duration
	lasts, following bool
	uid              string
	rules            []Rule
	dates, except    []Moment
	periods          []Period
	begun            bool
}

var events = map[string]bool{"VEVENT": true, "VTODO": true, "VJOURNAL": true}

func (p *setParser) line(l contentLine) *Error {
	switch l.name {
	case "BEGIN":
		name := strings.ToUpper(l.value)
		p.open = append(p.open, name)
		switch {
		case p.skip > 0 || name != "VCALENDAR" && !events[name]:
			p.skip++
		case events[name] && p.inside.begun:
			return &Error{Part: "BEGIN", Text: "a component inside another one, or after loose lines"}
		}
		return nil
	case "END":
		name := strings.ToUpper(l.value)
		if len(p.open) == 0 || p.open[len(p.open)-1] != name {
			return &Error{Part: "END", Text: quote(l.value) + " closes nothing"}
		}
		p.open = p.open[:len(p.open)-1]
		if p.skip > 0 {
			p.skip--
			return nil
		}
		if events[name] && p.inside.begun {
			return p.close()
		}
		return nil
	}
	if p.skip > 0 || len(p.open) > 0 && !events[p.open[len(p.open)-1]] {
		return nil
	}
	return p.property(l)
}

// close ends a component.
func (p *setParser) close() *Error {
	c := p.inside
	p.inside = component{}
	fail := func(part, text string) *Error { return &Error{Line: c.number, Part: part, Text: text} }
	if c.start.IsZero() {
		return fail("DTSTART", "it is missing")
	}
	if !c.end.IsZero() {
		if c.lasts {
			return fail("DTEND", "DTEND and DURATION exclude each other")
		}
		d, err := between(c.start, c.end)
		if err != nil {
			return fail("DTEND", err.Text)
		}
		c.duration, c.lasts = d, true
	}
	if !c.lasts && c.start.date {
		c.duration, c.lasts = Duration{Days: 1}, true // RFC 5545, 3.6.1
	}
	if p.master == nil && len(p.others) == 0 {
		p.uid = c.uid
	}
	if c.uid != p.uid {
		return fail("UID", "a second event; a set is one event and its overrides")
	}
	if !c.id.IsZero() {
		p.others = append(p.others, c)
		return nil
	}
	if p.master != nil {
		return fail("RECURRENCE-ID", "a second event without it; a set is one event and its overrides")
	}
	p.master = &c
	return nil
}

// between gives the exact duration of an event that says when it ends.
func between(start, end Moment) (Duration, *Error) {
	if start.date != end.date || (start.zone == nil) != (end.zone == nil) {
		return Duration{}, &Error{Text: fmt.Sprintf("the end %s and the start %s must be alike", end, start)}
	}
	seconds := int(end.Time().Unix() - start.Time().Unix())
	if seconds < 0 {
		return Duration{}, &Error{Text: fmt.Sprintf("the end %s lies before the start %s", end, start)}
	}
	if start.date {
		return Duration{Days: seconds / secondsPerDay}, nil
	}
	if seconds > maxSeconds {
		return Duration{}, &Error{Text: fmt.Sprintf("from %s to %s is longer than 285 years", start, end)}
	}
	return Duration{Time: time.Duration(seconds) * time.Second}, nil
}

// join makes the set of the components.
func (p *setParser) join() (Set, error) {
	m := p.master
	if m == nil {
		return Set{}, &Error{Part: "DTSTART", Text: "it is missing"}
	}
	s := Set{Start: m.start, Duration: m.duration, Rules: m.rules, Dates: m.dates, Periods: m.periods, Except: m.except}
	for _, c := range p.others {
		o := Override{ID: c.id, Following: c.following, Start: c.start, Duration: m.duration}
		if c.lasts {
			o.Duration = c.duration
		}
		s.Overrides = append(s.Overrides, o)
	}
	if err := s.check(); err != nil {
		return Set{}, err
	}
	return s, nil
}

package recurrence

import (
	"strings"
	"time"
)

// property reads one line that is not BEGIN or END.
func (p *setParser) property(l contentLine) *Error {
	c := &p.inside
	if !c.begun {
		c.begun, c.number = true, l.number
	}
	once := func(seen bool) *Error {
		if seen {
			return &Error{Part: l.name, Text: "it stands twice"}
		}
		return nil
	}
	var err *Error
	switch l.name {
	case "UID":
		c.uid = l.value
	case "DTSTART":
		if err = once(!c.start.IsZero()); err == nil {
			c.start, err = p.moment(l, l.value)
		}
	case "DTEND", "DUE":
		if err = once(!c.end.IsZero()); err == nil {
			c.end, err = p.moment(l, l.value)
		}
	case "RECURRENCE-ID":
		if err = once(!c.id.IsZero()); err == nil {
			c.id, err = p.moment(l, l.value)
			c.following = strings.EqualFold(l.parameter("RANGE"), "THISANDFUTURE")
		}
	case "DURATION":
		if err = once(c.lasts); err == nil {
			c.lasts = true
			d, e := ParseDuration(l.value)
			c.duration, err = d, asError(e)
		}
	case "RRULE":
		r, e := Parse(l.value)
		if err = asError(e); err == nil {
			c.rules = append(c.rules, r)
		} else if err.Part != "" {
			err.Text = err.Part + ": " + err.Text
		}
	case "EXRULE":
		return &Error{Part: l.name, Text: "RFC 5545 has removed it; name the dates with EXDATE"}
	case "EXDATE":
		err = p.each(l, func(value string) *Error {
			m, err := p.moment(l, value)
			c.except = append(c.except, m)
			return err
		})
	case "RDATE":
		err = p.each(l, func(value string) *Error { return p.added(l, value) })
	}
	if err != nil {
		err.Part = l.name
	}
	return err
}

// added reads one value of RDATE.
func (p *setParser) added(l contentLine, value string) *Error {
	c := &p.inside
	begin, end, period := strings.Cut(value, "/")
	if period != strings.EqualFold(l.parameter("VALUE"), "PERIOD") {
		return &Error{Text: "VALUE=PERIOD and " + quote(value) + " do not go together"}
	}
	m, err := p.moment(l, begin)
	if err != nil {
		return err
	}
	if !period {
		c.dates = append(c.dates, m)
		return nil
	}
	var d Duration
	if strings.HasPrefix(strings.ToUpper(end), "P") || strings.HasPrefix(end, "+") {
		var e error
		d, e = ParseDuration(end)
		err = asError(e)
	} else {
		var until Moment
		if until, err = p.moment(l, end); err == nil {
			d, err = between(m, until)
		}
	}
	c.periods = append(c.periods, Period{Start: m, Duration: d})
	return err
}

func (p *setParser) each(l contentLine, read func(string) *Error) *Error {
	for value := range strings.SplitSeq(l.value, ",") {
		if err := read(value); err != nil {
			return err
		}
	}
	return nil
}

// moment reads a date or time with the parameters of its line.
func (p *setParser) moment(l contentLine, value string) (Moment, *Error) {
	var zone *time.Location
	if name := l.parameter("TZID"); name != "" && !strings.HasSuffix(strings.ToUpper(value), "Z") {
		if p.zone == nil {
			return Moment{}, &Error{Text: "the zone " + quote(name) + " is not known"}
		}
		z, err := p.zone(name)
		if err != nil || z == nil {
			return Moment{}, &Error{Text: "the zone " + quote(name) + " is not known"}
		}
		zone = z
	}
	m, err := ParseMoment(value, zone)
	if err != nil {
		return Moment{}, asError(err)
	}
	kind := strings.ToUpper(l.parameter("VALUE"))
	if m.date != (kind == "DATE") && (kind == "DATE" || kind == "DATE-TIME") {
		return Moment{}, &Error{Text: "VALUE=" + kind + " and " + quote(value) + " do not go together"}
	}
	return m, nil
}

func asError(err error) *Error {
	if e, ok := err.(*Error); ok {
		return e
	}
	return nil
}

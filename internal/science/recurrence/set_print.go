package recurrence

import (
	"strings"
	"time"
)

// String writes the set as content lines that ParseSet reads again, folded and
// ended as RFC 5545 wants. With overrides each component stands between BEGIN
// and END; they lack the UID and stamp that an event in a calendar needs.
func (s Set) String() string {
	var b strings.Builder
	line := func(text string) {
		for most := 75; len(text) > most; most = 74 { // only ASCII is written, so a fold cuts no letter
			b.WriteString(text[:most] + "\r\n ")
			text = text[most:]
		}
		b.WriteString(text + "\r\n")
	}
	event := func(body func()) {
		if len(s.Overrides) == 0 {
			body()
			return
		}
		line("BEGIN:VEVENT")
		body()
		line("END:VEVENT")
	}
	event(func() {
		line("DTSTART" + written(s.Start))
		if s.Duration != (Duration{}) || s.Start.date { // a date lasts a day when nothing is said
			line("DURATION:" + s.Duration.String())
		}
		for _, r := range s.Rules {
			line("RRULE:" + r.String())
		}
		dates("RDATE", s.Dates, line)
		for _, p := range s.Periods {
			line("RDATE;VALUE=PERIOD" + written(p.Start) + "/" + p.Duration.String())
		}
		dates("EXDATE", s.Except, line)
	})
	for _, o := range s.Overrides {
		event(func() {
			name := "RECURRENCE-ID"
			if o.Following {
				name += ";RANGE=THISANDFUTURE"
			}
			line(name + written(o.ID))
			line("DTSTART" + written(o.Start))
			line("DURATION:" + o.Duration.String())
		})
	}
	return b.String()
}

// written gives what follows the name of a property: parameters, colon, value.
func written(m Moment) string { return form(m) + ":" + m.String() }

func form(m Moment) string {
	switch {
	case m.date:
		return ";VALUE=DATE"
	case m.zone == nil || m.zone == time.UTC:
		return ""
	}
	name := m.zone.String()
	if strings.ContainsAny(name, ":;,") {
		name = `"` + name + `"`
	}
	return ";TZID=" + name
}

// dates writes moments of one form on one line.
func dates(name string, moments []Moment, line func(string)) {
	for i := 0; i < len(moments); {
		kind := form(moments[i])
		values := []string{}
		for ; i < len(moments) && form(moments[i]) == kind; i++ {
			values = append(values, moments[i].String())
		}
		line(name + kind + ":" + strings.Join(values, ","))
	}
}

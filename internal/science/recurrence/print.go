package recurrence

import (
	"strconv"
	"strings"
)

// String writes the rule so that Parse reads the same one: FREQ first, then the
// parts in the order in which the RFC lists them. Defaults are left out.
func (r Rule) String() string {
	var b strings.Builder
	b.WriteString("FREQ=" + r.Frequency.String())
	if until := r.Until; !until.IsZero() {
		if until.zone != nil { // only UTC can be written here
			until = MomentOf(until.Time().UTC())
		}
		b.WriteString(";UNTIL=" + until.String())
	}
	if r.Count > 0 {
		b.WriteString(";COUNT=" + strconv.Itoa(r.Count))
	}
	if r.Interval > 1 {
		b.WriteString(";INTERVAL=" + strconv.Itoa(r.Interval))
	}
	for _, l := range lists {
		if values := *l.of(&r); len(values) > 0 {
			b.WriteString(";" + l.name + "=")
			for i, v := range values {
				if i > 0 {
					b.WriteByte(',')
				}
				b.WriteString(strconv.Itoa(v))
			}
		}
		if l.name == "BYHOUR" && len(r.ByDay) > 0 {
			b.WriteString(";BYDAY=")
			for i, d := range r.ByDay {
				if i > 0 {
					b.WriteByte(',')
				}
				if d.Ordinal != 0 {
					b.WriteString(strconv.Itoa(d.Ordinal))
				}
				b.WriteString(d.Weekday.String())
			}
		}
	}
	if r.WeekStart != Monday {
		b.WriteString(";WKST=" + r.WeekStart.String())
	}
	return b.String()
}

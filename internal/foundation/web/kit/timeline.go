package kit

import (
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
)

// TimelineStyle is the sheet of pages with a timeline; name it in Meta.Styles.
const TimelineStyle = "timeline"

// MostEvents bounds what one page of a timeline shows; the others come by its cursor.
const MostEvents = 200

// Event is one thing that happened.
type Event struct {
	At   time.Time
	Day  bool   // only the day is known
	What string // a sentence: "Applied", "Was invited"
	Who  string // who did it, empty when that says nothing
	Why  string // the reason that was given, or none
	Kind string // of the mark, as of Tag
	More Link   // a page that says more; no path for none
}

// Timeline is what happened, day by day.
type Timeline struct {
	Title   string // says what it is, for who cannot see it
	Events  []Event
	Oldest  bool   // the oldest first, as one reads a story; else the latest
	Months  bool   // by months, each event with its day; else by days
	Open    int    // so many stand open and the others fold behind "before that"; 0: all
	Earlier string // path to those before these, with the cursor; empty for none
}

// eventDay is the events of one local day, or month.
type eventDay struct {
	Day    time.Time
	Events []Event
}

// together reports whether two moments stand under one heading.
func (t Timeline) together(a, b time.Time) bool {
	if t.Months {
		a, b = a.In(i18n.Bishkek()), b.In(i18n.Bishkek())
		return a.Year() == b.Year() && a.Month() == b.Month()
	}
	return i18n.SameDay(a, b)
}

// sorted is the events in the order of the timeline, those of one moment as they came, and
// no more than it bears: the latest of them.
func (t Timeline) sorted() []Event {
	list := slices.Clone(t.Events)
	slices.SortStableFunc(list, func(a, b Event) int { return b.At.Compare(a.At) })
	if len(list) > MostEvents {
		list = list[:MostEvents]
	}
	if t.Oldest {
		slices.SortStableFunc(list, func(a, b Event) int { return a.At.Compare(b.At) })
	}
	return list
}

// parts are the days that stand open, and those that fold away. A day is never torn apart:
// what belongs to the last open one stands open with it.
func (t Timeline) parts() (open, folded []eventDay) {
	list := t.sorted()
	if t.Open <= 0 || t.Open >= len(list) {
		return t.days(list), nil
	}
	if t.Oldest {
		at := len(list) - t.Open
		for at > 0 && i18n.SameDay(list[at].At, list[at-1].At) {
			at--
		}
		return t.days(list[at:]), t.days(list[:at])
	}
	at := t.Open
	for at < len(list) && i18n.SameDay(list[at].At, list[at-1].At) {
		at++
	}
	return t.days(list[:at]), t.days(list[at:])
}

// days groups events that follow each other by their day, or month, in Bishkek.
func (t Timeline) days(list []Event) (out []eventDay) {
	for _, e := range list {
		if n := len(out); n == 0 || !t.together(out[n-1].Day, e.At) {
			out = append(out, eventDay{Day: e.At})
		}
		last := &out[len(out)-1]
		last.Events = append(last.Events, e)
	}
	return out
}

func eventsOf(list []eventDay) (n int) {
	for _, d := range list {
		n += len(d.Events)
	}
	return n
}

// heading names the day, or the month, above events.
func (t Timeline) heading(r *web.Request, at time.Time) string {
	if t.Months {
		return i18n.Capital(Unbroken(i18n.Month(r.Lang, at)))
	}
	return dayName(r, at)
}

// machineHeading is the same for machines.
func (t Timeline) machineHeading(at time.Time) string {
	if t.Months {
		return machineDay(at)[:len("2006-01")]
	}
	return machineDay(at)
}

// moment says when an event was, below its heading; empty where the heading says it.
func (t Timeline) moment(r *web.Request, e Event) string {
	switch {
	case t.Months && e.Day:
		return Unbroken(i18n.DayMonth(r.Lang, e.At))
	case t.Months:
		return Unbroken(i18n.DayMonth(r.Lang, e.At)) + ", " + i18n.Time(r.Lang, e.At)
	case e.Day:
		return ""
	}
	return i18n.Time(r.Lang, e.At)
}

func dayName(r *web.Request, t time.Time) string { return Unbroken(i18n.DateLong(r.Lang, t)) }

// Step is a part of something that is done in several.
type Step struct {
	Label string
	Path  string // leads back to it while it is done; empty: there is no way back
}

// stepNow bounds where one is: one of the steps.
func stepNow(steps []Step, current int) int { return max(0, min(current, len(steps)-1)) }

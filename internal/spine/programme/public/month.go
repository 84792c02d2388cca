package public

import (
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/programme"
)

// monthStyle is the sheet of the page of a month.
const monthStyle = "month"

// month is a month laid out, and where one may turn to. A zero time leads nowhere.
type month struct {
	First time.Time // its first day
	Weeks [][]day   // from Monday to Sunday
	Empty bool      // nothing is on in it

	Before, After time.Time // the months beside it, while there is something that way
	Last, Next    time.Time // of an empty month: those with something before and after it
}

// day is one cell of the month.
type day struct {
	Date       time.Time
	In         bool // belongs to the month
	Today      bool
	Activities []Activity
}

// The years that the calendar knows; no link leads beyond what is planned, and no typed
// address either.
const firstYear, lastYear = 2000, 2100

// monthAsked gives the first day of the month that s names (2026-11), else of now.
func monthAsked(s string, now time.Time) time.Time {
	if t, err := time.ParseInLocation("2006-01", s, programme.Bishkek); err == nil && t.Year() >= firstYear && t.Year() <= lastYear {
		return t
	}
	return monthOfDay(now)
}

func monthOfDay(t time.Time) time.Time {
	t = t.In(programme.Bishkek)
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, programme.Bishkek)
}

// monthOf lays a month out, and finds the months to turn to: one by one from the first
// with something to the last, this month among them.
func monthOf(first, now time.Time, all []Activity) month {
	m := month{First: first, Empty: true, Weeks: weeks(first, now, all)}
	earliest, latest := monthOfDay(now), monthOfDay(now)
	for _, a := range all {
		for _, d := range daysOf(a) {
			at := monthOfDay(d)
			switch {
			case at.Equal(first):
				m.Empty = false
			case at.Before(first) && at.After(m.Last):
				m.Last = at
			case at.After(first) && (m.Next.IsZero() || at.Before(m.Next)):
				m.Next = at
			}
			if at.Before(earliest) {
				earliest = at
			}
			if at.After(latest) {
				latest = at
			}
		}
	}
	if first.After(earliest) {
		m.Before = first.AddDate(0, -1, 0)
		if m.Before.After(latest) {
			m.Before = latest
		}
	}
	if first.Before(latest) {
		m.After = first.AddDate(0, 1, 0)
		if m.After.Before(earliest) {
			m.After = earliest
		}
	}
	if !m.Empty {
		m.Last, m.Next = time.Time{}, time.Time{}
	}
	return m
}

// daysOf are the local days on which an activity is on. One of less than a day is on the
// day of its beginning, also when it ends after midnight.
func daysOf(a Activity) []time.Time {
	first := programme.Midnight(a.Starts)
	if a.Starts.IsZero() {
		return nil
	}
	out := []time.Time{first}
	if a.Ends.Sub(a.Starts) < 24*time.Hour {
		return out
	}
	for d := first.AddDate(0, 0, 1); d.Before(a.Ends) && len(out) < mostDays; d = d.AddDate(0, 0, 1) {
		out = append(out, d)
	}
	return out
}

// mostDays bounds how long an activity may fill the calendar.
const mostDays = 62

// weeks lays a month out by weeks from Monday to Sunday.
func weeks(first, now time.Time, all []Activity) [][]day {
	on := map[string][]Activity{}
	for _, a := range all {
		for _, d := range daysOf(a) {
			on[dateKey(d)] = append(on[dateKey(d)], a)
		}
	}
	start := first.AddDate(0, 0, -(int(first.Weekday())+6)%7)
	var out [][]day
	for w := start; w.Before(first.AddDate(0, 1, 0)); w = w.AddDate(0, 0, 7) {
		var week []day
		for i := range 7 {
			date := w.AddDate(0, 0, i)
			d := day{Date: date, In: date.Month() == first.Month(), Today: i18n.SameDay(date, now)}
			if d.In { // what is on in the next month stands there
				d.Activities = on[dateKey(date)]
			}
			week = append(week, d)
		}
		out = append(out, week)
	}
	return out
}

func dateKey(t time.Time) string { return t.In(programme.Bishkek).Format(time.DateOnly) }

// words names a day, as readers hear it and as it stands in a list.
func (d day) words(r *web.Request) string {
	return kit.Unbroken(i18n.DayMonth(r.Lang, d.Date)) + ", " + i18n.Weekday(r.Lang, d.Date)
}

// turned is the address of another month.
func (p calendar) turned(to time.Time) string {
	return p.Choice.path("/events/month", "month", to.Format("2006-01"))
}

// clock says from when to when on a day: of what goes on for days, nothing.
func clock(r *web.Request, a Activity) string {
	if !i18n.SameDay(a.Starts, a.Ends) && a.Ends.Sub(a.Starts) >= 24*time.Hour {
		return ""
	}
	return kit.Unbroken(i18n.Time(r.Lang, a.Starts) + "–" + i18n.Time(r.Lang, a.Ends))
}

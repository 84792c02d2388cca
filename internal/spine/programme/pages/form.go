package pages

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
	"platforma.kg/ashar/internal/spine/programme/writing"
)

// freeSessions is how many empty lines an agenda offers beside those it has.
const freeSessions = 3

// moreField is the button that asks for more empty lines of the agenda; nothing is saved.
const moreField = "more_sessions"

// withMore is what was typed, with more empty lines of the agenda.
func withMore(typed url.Values, stale programme.Stale) writing.Form {
	f := writing.Form{Values: typed, Stale: stale}
	n := sessionsOf(f)
	for i := n; i < min(n+freeSessions, programme.MaxSessions); i++ {
		f.Set(programme.SessionField(i, "at"), "")
	}
	return f
}

const localTime = "2006-01-02T15:04"

func digits(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func sessionsOf(f writing.Form) int {
	n := 0
	for f.Has(programme.SessionField(n, "at")) {
		n++
	}
	return n
}

func putCommon(f writing.Form, capacity int, group string, languages []string, online, invitation bool, agenda []programme.Session) {
	f.Set("capacity", digits(capacity))
	f.Set("group", group)
	f.Values["languages"] = languages
	if online {
		f.Set("online", "on")
	}
	if invitation {
		f.Set("invitation_only", "on")
	}
	for i := range min(len(agenda)+freeSessions, programme.MaxSessions) {
		s := programme.Session{}
		if i < len(agenda) {
			s = agenda[i]
		}
		f.Set(programme.SessionField(i, "day"), digits(s.Day))
		f.Set(programme.SessionField(i, "at"), s.At)
		f.Set(programme.SessionField(i, "minutes"), digits(s.Minutes))
		f.PutText(programme.SessionField(i, "title"), s.Title)
		f.PutText(programme.SessionField(i, "speaker"), s.Speaker)
	}
}

func formOfTemplate(t programme.Template) writing.Form {
	f := writing.Form{Values: url.Values{}, Stale: t.Stale}
	f.Set("version", strconv.FormatInt(t.Version, 10))
	for _, name := range programme.TextNames {
		f.PutText(name, *t.Text(name))
	}
	if starts, ends, err := programme.Span(programme.Midnight(time.Unix(0, 0)), t.Hours); err == nil {
		putHours(f, starts, ends)
	} else {
		from, to, _, _ := programme.Hours(t.Hours)
		f.Set("from", from)
		f.Set("to", to)
	}
	f.Set("opens_before", digits(t.OpensBefore))
	f.Set("deadline_before", digits(t.DeadlineBefore))
	putCommon(f, t.Capacity, t.Group, t.Languages, t.Online, t.InvitationOnly, t.Agenda)
	return f
}

func formOfActivity(a programme.Activity) writing.Form {
	f := writing.Form{Values: url.Values{}, Stale: a.Stale}
	f.Set("version", strconv.FormatInt(a.Version, 10))
	for _, name := range append(append([]string{}, programme.TextNames...), programme.PlaceNames...) {
		f.PutText(name, *a.Text(name))
	}
	f.Set("city", a.City)
	f.Set("date", programme.Stamp(a.Starts, time.DateOnly))
	putHours(f, a.Starts, a.Ends)
	f.Set("opens", programme.Stamp(a.Opens, localTime))
	f.Set("deadline", programme.Stamp(a.Deadline, localTime))
	if !a.Facilitator.IsZero() {
		f.Set("facilitator", a.Facilitator.String())
	}
	putCommon(f, a.Capacity, a.Group, a.Languages, a.Online, a.InvitationOnly, a.Agenda)
	return f
}

// putHours writes hours as the form has them: by the clock, with the number of days they go
// on, or that they are after midnight, or whole days.
func putHours(f writing.Form, starts, ends time.Time) {
	f.Set("from", programme.Stamp(starts, "15:04"))
	f.Set("to", programme.Stamp(ends, "15:04"))
	_, _, more, _ := programme.Hours(programme.HoursOf(starts, ends))
	switch {
	case starts.IsZero():
	case i18n.AllDay(starts, ends):
		f.Set("all_day", "on")
		f.Set("days", digits(more))
	case programme.SeveralDays(starts, ends):
		f.Set("days", digits(more+1))
	case more > 0:
		f.Set("next_day", "on")
	}
	if f.Get("days") == "" {
		f.Set("days", "1")
	}
}

// readSpan reads hours that putHours writes, as programme.Span reads them.
func readSpan(v url.Values, wrong *fault.Form) (hours string, ok bool) {
	days := 1
	if s := strings.TrimSpace(v.Get("days")); s != "" {
		n, good := plan.Whole(s)
		good = good && n >= 1 && n <= programme.MostDays
		wrong.Check(good, "days", "programme.fault.several", fault.Args{"count": programme.MostDays})
		if good {
			days = n
		}
	}
	if v.Get("all_day") != "" {
		return programme.WriteHours("00:00", "00:00", days), true
	}
	from, to := v.Get("from"), v.Get("to")
	good := programme.Clock.MatchString(from) && programme.Clock.MatchString(to)
	wrong.Check(programme.Clock.MatchString(from), "from", "programme.fault.at")
	wrong.Check(programme.Clock.MatchString(to), "to", "programme.fault.at")
	more := days - 1
	if v.Get("next_day") != "" {
		more++
	}
	return programme.WriteHours(from, to, more), good
}

func readNumber(v url.Values, name string, wrong *fault.Form) int {
	n, ok := plan.Whole(v.Get(name))
	wrong.Check(ok, name, "programme.fault.number")
	return n
}

func readAgenda(v url.Values, wrong *fault.Form) []programme.Session {
	var out []programme.Session
	f := writing.Form{Values: v}
	for i := range min(sessionsOf(f), programme.MaxSessions) {
		s := programme.Session{
			Day: sessionDay(v.Get(programme.SessionField(i, "day"))), At: strings.TrimSpace(v.Get(programme.SessionField(i, "at"))), Title: writing.Read(v, programme.SessionField(i, "title")), Speaker: writing.Read(v, programme.SessionField(i, "speaker")),
		}
		minutes := strings.TrimSpace(v.Get(programme.SessionField(i, "minutes")))
		if s.At == "" && minutes == "" && s.Title == (i18n.Text{}) && s.Speaker == (i18n.Text{}) {
			continue
		}
		n, ok := plan.Whole(minutes)
		wrong.Check(ok && n > 0 && n <= 24*60, programme.SessionField(i, "minutes"), "programme.fault.minutes", fault.Args{"number": i + 1})
		wrong.Check(programme.Clock.MatchString(s.At), programme.SessionField(i, "at"), "programme.fault.session_at", fault.Args{"number": i + 1})
		wrong.Check(s.Day >= 0 && s.Day <= programme.MostDays, programme.SessionField(i, "day"), "programme.fault.session_day", fault.Args{"number": i + 1, "count": programme.MostDays})
		wrong.Check(s.Title != (i18n.Text{}), programme.SessionField(i, "title_ky"), "programme.fault.session", fault.Args{"number": i + 1})
		s.Minutes = n
		out = append(out, s)
	}
	// What is earlier than the start by the clock is after midnight.
	starts, err := time.ParseInLocation("15:04", v.Get("from"), programme.Bishkek)
	if err != nil || v.Get("next_day") == "" || v.Get("all_day") != "" {
		starts = programme.Midnight(starts)
	}
	slices.SortStableFunc(out, func(a, b programme.Session) int {
		x, _ := a.After(starts)
		y, _ := b.After(starts)
		return cmp.Compare(x, y)
	})
	return out
}

// sessionDay reads the day of a session, 0 for none and -1 for what is none.
func sessionDay(s string) int {
	n, ok := plan.Whole(strings.TrimSpace(s))
	if !ok {
		return -1
	}
	return n
}

// readTemplate puts a sent form into a template.
func readTemplate(v url.Values, t programme.Template) (programme.Template, error) {
	var wrong fault.Form
	for _, name := range programme.TextNames {
		*t.Text(name) = writing.Read(v, name)
	}
	t.Hours = ""
	if v.Get("from") != "" || v.Get("to") != "" || v.Get("all_day") != "" {
		t.Hours, _ = readSpan(v, &wrong)
	}
	t.OpensBefore = readNumber(v, "opens_before", &wrong)
	t.DeadlineBefore = readNumber(v, "deadline_before", &wrong)
	t.Capacity = readNumber(v, "capacity", &wrong)
	t.Group, t.Languages = v.Get("group"), v["languages"]
	t.Online, t.InvitationOnly = v.Get("online") != "", v.Get("invitation_only") != ""
	t.Agenda = readAgenda(v, &wrong)
	return t, wrong.Err()
}

// readActivity puts a sent form into an activity.
func readActivity(v url.Values, a programme.Activity) (programme.Activity, error) {
	var wrong fault.Form
	for _, name := range append(append([]string{}, programme.TextNames...), programme.PlaceNames...) {
		if v.Has(name + "_ky") {
			*a.Text(name) = writing.Read(v, name)
		}
	}
	a.City = v.Get("city")
	a.Starts, a.Ends = readHours(v, &wrong)
	a.Opens = readInstant(v, "opens", a.Opens, &wrong)
	a.Deadline = readDeadline(v, a.Deadline, &wrong)
	a.Capacity = readNumber(v, "capacity", &wrong)
	a.Group, a.Languages = v.Get("group"), v["languages"]
	a.Online, a.InvitationOnly = v.Get("online") != "", v.Get("invitation_only") != ""
	a.Agenda = readAgenda(v, &wrong)
	if chosen := v.Get("facilitator"); chosen != "" {
		id, err := storage.ParseID(chosen)
		wrong.Check(err == nil, "facilitator", "programme.fault.choice")
		a.Facilitator = id
	} else if v.Has("facilitator") {
		a.Facilitator = storage.ID{}
	}
	return a, wrong.Err()
}

func readHours(v url.Values, wrong *fault.Form) (starts, ends time.Time) {
	if v.Get("date") == "" {
		return starts, ends
	}
	day, err := time.ParseInLocation(time.DateOnly, v.Get("date"), programme.Bishkek)
	wrong.Check(err == nil, "date", "programme.fault.date")
	hours, _ := readSpan(v, wrong)
	if err != nil {
		return starts, ends
	}
	starts, ends, _ = programme.Span(day, hours) // whether they make sense, the use case judges
	return starts, ends
}

// readInstant reads a day and hour; what the form has as it was stays as it was.
func readInstant(v url.Values, name string, was time.Time, wrong *fault.Form) time.Time {
	s := v.Get(name)
	switch s {
	case "":
		return time.Time{}
	case programme.Stamp(was, localTime):
		return was
	}
	t, err := time.ParseInLocation(localTime, s, programme.Bishkek)
	wrong.Check(err == nil, name, "programme.fault.date")
	if err != nil {
		return time.Time{}
	}
	return t
}

// readDeadline reads until when one may apply. Midnight is the end of the day that was
// named, as people mean it, and not its beginning.
func readDeadline(v url.Values, was time.Time, wrong *fault.Form) time.Time {
	t := readInstant(v, "deadline", was, wrong)
	if !t.IsZero() && !t.Equal(was) && t.Equal(programme.Midnight(t)) {
		t = t.AddDate(0, 0, 1).Add(-time.Minute)
	}
	return t
}

// rowsOf reads the table of many activities.
func rowsOf(v url.Values, rows []plan.Row) []plan.Row {
	for i := range rows {
		row := &rows[i]
		get := func(column string) string { return strings.TrimSpace(v.Get(row.Field(column))) }
		row.Date, row.Days, row.From, row.To = get("date"), get("days"), get("from"), get("to")
		row.Venue, row.Subject = writing.Read(v, row.Field("venue")), writing.Read(v, row.Field("subject"))
		row.Facilitator, row.Capacity = get("facilitator"), get("capacity")
	}
	return rows
}

// onlineRows is how many online activities one table makes: a year of months.
const onlineRows = 12

// blankRows offers a table: a row for each city, or so many when it is online.
func blankRows(lists *profile.Lists, t programme.Template) []plan.Row {
	return tableOf(lists.Cities(), t)
}

// rowOf is what a template offers by itself: its hours, on so many days, and its seats.
func rowOf(t programme.Template) plan.Row {
	from, to, more, err := programme.Hours(t.Hours)
	if err != nil {
		return plan.Row{Capacity: digits(t.Capacity), Days: "1"}
	}
	days := more + 1
	if more > 0 && to <= from { // the last ends in the night after it
		days = more
	}
	return plan.Row{From: from, To: to, Days: digits(days), Capacity: digits(t.Capacity)}
}

// tableOf is blankRows for these cities.
func tableOf(cities []profile.Entry, t programme.Template) []plan.Row {
	row := rowOf(t)
	var out []plan.Row
	if t.Online {
		for i := range onlineRows {
			row.Key = strconv.Itoa(i + 1)
			out = append(out, row)
		}
		return out
	}
	for _, c := range cities {
		row.Key, row.City = c.Code, c.Code
		out = append(out, row)
	}
	return out
}

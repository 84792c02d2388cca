package programme

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
)

// freeSessions is how many empty lines an agenda offers beside those it has.
const freeSessions = 3

const localTime = "2006-01-02T15:04"

func digits(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func sessionsOf(f form) int {
	n := 0
	for f.Has(SessionField(n, "at")) {
		n++
	}
	return n
}

func putCommon(f form, capacity int, group string, languages []string, online, invitation bool, agenda []Session) {
	f.Set("capacity", digits(capacity))
	f.Set("group", group)
	f.Values["languages"] = languages
	if online {
		f.Set("online", "on")
	}
	if invitation {
		f.Set("invitation_only", "on")
	}
	for i := range min(len(agenda)+freeSessions, MaxSessions) {
		s := Session{}
		if i < len(agenda) {
			s = agenda[i]
		}
		f.Set(SessionField(i, "at"), s.At)
		f.Set(SessionField(i, "minutes"), digits(s.Minutes))
		f.putText(SessionField(i, "title"), s.Title)
		f.putText(SessionField(i, "speaker"), s.Speaker)
	}
}

func formOfTemplate(t Template) form {
	f := form{Values: url.Values{}, Stale: t.Stale}
	f.Set("version", strconv.FormatInt(t.Version, 10))
	for _, name := range TextNames {
		f.putText(name, *t.Text(name))
	}
	from, to, _ := strings.Cut(t.Hours, "-")
	to, night := strings.CutSuffix(strings.TrimSpace(to), NextDay)
	f.Set("from", strings.TrimSpace(from))
	f.Set("to", to)
	f.Set("next_day", ticked(night))
	f.Set("opens_before", digits(t.OpensBefore))
	f.Set("deadline_before", digits(t.DeadlineBefore))
	putCommon(f, t.Capacity, t.Group, t.Languages, t.Online, t.InvitationOnly, t.Agenda)
	return f
}

func formOfActivity(a Activity) form {
	f := form{Values: url.Values{}, Stale: a.Stale}
	f.Set("version", strconv.FormatInt(a.Version, 10))
	for _, name := range append(append([]string{}, TextNames...), PlaceNames...) {
		f.putText(name, *a.Text(name))
	}
	f.Set("city", a.City)
	f.Set("date", Stamp(a.Starts, time.DateOnly))
	f.Set("from", Stamp(a.Starts, "15:04"))
	f.Set("to", Stamp(a.Ends, "15:04"))
	f.Set("next_day", ticked(strings.HasSuffix(HoursOf(a.Starts, a.Ends), NextDay)))
	f.Set("opens", Stamp(a.Opens, localTime))
	f.Set("deadline", Stamp(a.Deadline, localTime))
	if !a.Facilitator.IsZero() {
		f.Set("facilitator", a.Facilitator.String())
	}
	putCommon(f, a.Capacity, a.Group, a.Languages, a.Online, a.InvitationOnly, a.Agenda)
	return f
}

func readNumber(v url.Values, name string, wrong *fault.Form) int {
	n, ok := whole(v.Get(name))
	wrong.Check(ok, name, "programme.fault.number")
	return n
}

func readAgenda(v url.Values, wrong *fault.Form) []Session {
	var out []Session
	f := form{Values: v}
	for i := range min(sessionsOf(f), MaxSessions) {
		s := Session{
			At: strings.TrimSpace(v.Get(SessionField(i, "at"))), Title: readText(v, SessionField(i, "title")), Speaker: readText(v, SessionField(i, "speaker")),
		}
		minutes := strings.TrimSpace(v.Get(SessionField(i, "minutes")))
		if s.At == "" && minutes == "" && s.Title == (i18n.Text{}) && s.Speaker == (i18n.Text{}) {
			continue
		}
		n, ok := whole(minutes)
		wrong.Check(ok && n > 0 && n <= 24*60, SessionField(i, "minutes"), "programme.fault.minutes")
		wrong.Check(Clock.MatchString(s.At), SessionField(i, "at"), "programme.fault.at")
		wrong.Check(s.Title != (i18n.Text{}), SessionField(i, "title_ky"), "programme.fault.session")
		s.Minutes = n
		out = append(out, s)
	}
	// What is earlier than the start by the clock is after midnight.
	starts, err := time.ParseInLocation("15:04", v.Get("from"), Bishkek)
	if err != nil || v.Get("next_day") == "" {
		starts = Midnight(starts)
	}
	slices.SortStableFunc(out, func(a, b Session) int {
		x, _ := a.After(starts)
		y, _ := b.After(starts)
		return cmp.Compare(x, y)
	})
	return out
}

// readTemplate puts a sent form into a template.
func readTemplate(v url.Values, t Template) (Template, error) {
	var wrong fault.Form
	for _, name := range TextNames {
		*t.Text(name) = readText(v, name)
	}
	from, to := v.Get("from"), v.Get("to")
	t.Hours = ""
	if from != "" || to != "" {
		wrong.Check(Clock.MatchString(from), "from", "programme.fault.at")
		wrong.Check(Clock.MatchString(to), "to", "programme.fault.at")
		t.Hours = from + "-" + to
		if v.Get("next_day") != "" {
			t.Hours += NextDay
		}
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
func readActivity(v url.Values, a Activity) (Activity, error) {
	var wrong fault.Form
	for _, name := range append(append([]string{}, TextNames...), PlaceNames...) {
		if v.Has(name + "_ky") {
			*a.Text(name) = readText(v, name)
		}
	}
	if city := v.Get("city"); city != a.City {
		// A point that somebody set by hand would be in the wrong city now.
		a.City, a.Lat, a.Lon = city, 0, 0
		if c, ok := CityOf(city); ok {
			a.Lat, a.Lon = c.Lat, c.Lon
		}
	}
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
	day, err := time.ParseInLocation(time.DateOnly, v.Get("date"), Bishkek)
	from, to := v.Get("from"), v.Get("to")
	wrong.Check(err == nil, "date", "programme.fault.date")
	wrong.Check(Clock.MatchString(from), "from", "programme.fault.at")
	wrong.Check(Clock.MatchString(to), "to", "programme.fault.at")
	if err != nil {
		return starts, ends
	}
	hours := from + "-" + to
	if v.Get("next_day") != "" {
		hours += NextDay
	}
	starts, ends, _ = Span(day, hours) // whether they make sense, the use case judges
	return starts, ends
}

// readInstant reads a day and hour; what the form has as it was stays as it was.
func readInstant(v url.Values, name string, was time.Time, wrong *fault.Form) time.Time {
	s := v.Get(name)
	switch s {
	case "":
		return time.Time{}
	case Stamp(was, localTime):
		return was
	}
	t, err := time.ParseInLocation(localTime, s, Bishkek)
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
	if !t.IsZero() && !t.Equal(was) && t.Equal(Midnight(t)) {
		t = t.AddDate(0, 0, 1).Add(-time.Minute)
	}
	return t
}

// rowsOf reads the table of many activities.
func rowsOf(v url.Values, rows []Row) []Row {
	for i := range rows {
		row := &rows[i]
		get := func(column string) string { return strings.TrimSpace(v.Get(row.Field(column))) }
		row.Date, row.From, row.To = get("date"), get("from"), get("to")
		row.Venue, row.Subject = readText(v, row.Field("venue")), readText(v, row.Field("subject"))
		row.Facilitator, row.Capacity = get("facilitator"), get("capacity")
	}
	return rows
}

// onlineRows is how many online activities one table makes: a year of months.
const onlineRows = 12

// blankRows offers a table: a row for each city, or so many when it is online.
func blankRows(t Template) []Row {
	from, to, _ := strings.Cut(t.Hours, "-")
	row := Row{From: strings.TrimSpace(from), To: strings.TrimSpace(to), Capacity: digits(t.Capacity)}
	var out []Row
	if t.Online {
		for i := range onlineRows {
			row.Key = strconv.Itoa(i + 1)
			out = append(out, row)
		}
		return out
	}
	for _, c := range AllCities() {
		row.Key, row.City = c.Key, c.Key
		out = append(out, row)
	}
	return out
}

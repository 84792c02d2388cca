package programme

import (
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
)

// on is an instant in Bishkek.
func on(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, Bishkek)
	if err != nil {
		panic(err)
	}
	return t
}

func dayInMay() Activity {
	return Activity{
		Title: i18n.Text{En: "A day"}, Starts: on("2026-05-20 09:30"), Ends: on("2026-05-20 17:00"),
		Opens: on("2026-04-20 00:00"), Deadline: on("2026-05-14 23:59"), Version: 3,
		Agenda: []Session{{At: "09:30", Minutes: 30, Title: i18n.Text{En: "Tea"}}, {At: "16:00", Minutes: 60, Title: i18n.Text{En: "End"}}},
	}
}

func said(a Activity) string {
	out := Stamp(a.Opens, "01-02 15:04") + " | " + Stamp(a.Deadline, "01-02 15:04") + " |"
	for _, s := range a.Agenda {
		out += " " + s.At
	}
	return out
}

func TestWhatHangsOnTheDayMovesWithIt(t *testing.T) {
	t.Parallel()
	now := on("2026-05-01 12:00")
	to := func(starts, ends string) func(*Activity) {
		return func(a *Activity) { a.Starts, a.Ends = on(starts), on(ends) }
	}
	for name, c := range map[string]struct {
		before, change func(*Activity)
		want           string
		moved          []string
	}{
		"another title": {nil, func(a *Activity) { a.Title.En = "Other" }, "04-20 00:00 | 05-14 23:59 | 09:30 16:00", nil},
		"hours":         {nil, to("2026-05-20 13:00", "2026-05-20 20:30"), "04-20 00:00 | 05-14 23:59 | 13:00 19:30", []string{"agenda"}},
		"a later day":   {nil, to("2026-05-30 09:30", "2026-05-30 17:00"), "04-30 00:00 | 05-24 23:59 | 09:30 16:00", []string{"applications"}},
		"across the end of a month, and hours": {
			nil, to("2026-06-03 08:00", "2026-06-03 15:30"), "04-20 00:00 | 05-28 23:59 | 08:00 14:30",
			[]string{"agenda", "applications"}, // who may apply already still can
		},
		"an earlier day":                {nil, to("2026-05-18 09:30", "2026-05-18 17:00"), "04-18 00:00 | 05-12 23:59 | 09:30 16:00", []string{"applications"}},
		"a deadline that would be past": {nil, to("2026-05-05 09:30", "2026-05-05 17:00"), "04-05 00:00 | 05-05 09:30 | 09:30 16:00", []string{"applications"}},
		"the agenda changed too": {nil, func(a *Activity) {
			to("2026-05-20 10:00", "2026-05-20 17:00")(a)
			a.Agenda = []Session{{At: "10:15", Minutes: 30}, a.Agenda[1]}
		}, "04-20 00:00 | 05-14 23:59 | 10:15 16:00", nil},
		"the words of the agenda changed too": {nil, func(a *Activity) {
			to("2026-05-20 10:00", "2026-05-20 17:30")(a)
			a.Agenda = slices.Clone(a.Agenda)
			a.Agenda[1].Title.En = "Last"
		}, "04-20 00:00 | 05-14 23:59 | 10:00 16:30", []string{"agenda"}},
		"the deadline changed too": {nil, func(a *Activity) {
			to("2026-05-30 09:30", "2026-05-30 17:00")(a)
			a.Deadline = on("2026-05-28 12:00")
		}, "04-30 00:00 | 05-28 12:00 | 09:30 16:00", []string{"applications"}},
		"a deadline at the start": {
			func(a *Activity) { a.Deadline = a.Starts },
			to("2026-05-21 08:00", "2026-05-21 15:30"), "04-21 00:00 | 05-21 08:00 | 08:00 14:30",
			[]string{"agenda", "applications"},
		},
		"a deadline on the morning": {
			func(a *Activity) { a.Deadline = on("2026-05-20 09:00") },
			to("2026-05-20 08:00", "2026-05-20 15:30"), "04-20 00:00 | 05-20 08:00 | 08:00 14:30",
			[]string{"agenda", "applications"},
		},
		"an opening to come": {
			func(a *Activity) { a.Opens = on("2026-05-02 09:00") },
			to("2026-05-30 09:30", "2026-05-30 17:00"), "05-12 09:00 | 05-24 23:59 | 09:30 16:00",
			[]string{"applications"},
		},
		"over midnight": {nil, to("2026-05-20 20:00", "2026-05-21 03:30"), "04-20 00:00 | 05-14 23:59 | 20:00 02:30", []string{"agenda"}},
		"no day any more": {
			nil, func(a *Activity) { a.Starts, a.Ends = time.Time{}, time.Time{} },
			"04-20 00:00 | 05-14 23:59 | 09:30 16:00", nil,
		},
	} {
		before := dayInMay()
		if c.before != nil {
			c.before(&before)
		}
		after := before
		c.change(&after)
		got, moved := MoveAlong(before, after, now)
		if said(got) != c.want || !slices.Equal(moved, c.moved) {
			t.Errorf("%s: %s, %v moved, want %s, %v", name, said(got), moved, c.want, c.moved)
		}
		if wrong := got.Bounds(); len(wrong) > 0 && name != "no day any more" {
			t.Errorf("%s: %+v", name, wrong)
		}
	}
}

// Each bound at its field, on both sides of it.
func TestWhatCannotBeOfDaysAndHoursIsSaidAtItsField(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*Activity)
		want   string
	}{
		"as it is": {func(*Activity) {}, ""},
		"the first year": {func(a *Activity) {
			*a = Activity{Title: a.Title, Starts: on("2000-01-01 00:00"), Ends: on("2000-01-01 01:00")}
		}, ""},
		"before it": {func(a *Activity) {
			*a = Activity{Title: a.Title, Starts: on("1999-12-31 22:00"), Ends: on("1999-12-31 23:00")}
		}, "date year"},
		"the last year":              {func(a *Activity) { a.Starts, a.Ends = on("2100-12-31 09:30"), on("2100-12-31 17:00") }, ""},
		"after it":                   {func(a *Activity) { a.Starts, a.Ends = on("2101-01-01 09:30"), on("2101-01-01 17:00") }, "date year"},
		"year one":                   {func(a *Activity) { a.Starts, a.Ends = on("0001-02-01 09:30"), on("0001-02-01 17:00") }, "date year"},
		"the opening of year one":    {func(a *Activity) { a.Opens = on("0001-02-01 09:30") }, "opens year"},
		"the deadline in 9999":       {func(a *Activity) { a.Deadline = on("9999-02-01 09:30") }, "deadline year"},
		"no time at all":             {func(a *Activity) { a.Agenda, a.Ends = nil, a.Starts }, "to ends"},
		"backwards":                  {func(a *Activity) { a.Agenda, a.Ends = nil, a.Starts.Add(-time.Minute) }, "to ends"},
		"24 hours":                   {func(a *Activity) { a.Ends = a.Starts.Add(24 * time.Hour) }, ""},
		"two weeks":                  {func(a *Activity) { a.Ends = a.Starts.Add(14 * 24 * time.Hour) }, ""},
		"a minute more":              {func(a *Activity) { a.Ends = a.Starts.Add(14*24*time.Hour + time.Minute) }, "to longest"},
		"a session on the last day":  {func(a *Activity) { a.Ends = a.Ends.AddDate(0, 0, 2); a.Agenda[0].Day = 3 }, ""},
		"one on the day after it":    {func(a *Activity) { a.Ends = a.Ends.AddDate(0, 0, 2); a.Agenda[0].Day = 4 }, "agenda_0_day session_outside_days"},
		"one after its end":          {func(a *Activity) { a.Ends = a.Ends.AddDate(0, 0, 2); a.Agenda[1].Day, a.Agenda[1].Minutes = 3, 61 }, "agenda_1_minutes session_outside_days"},
		"one before the first day":   {func(a *Activity) { a.Ends = a.Ends.AddDate(0, 0, 2); a.Agenda[0].Day, a.Agenda[0].At = 1, "09:29" }, "agenda_0_at session_outside_days"},
		"early on the second day":    {func(a *Activity) { a.Ends = a.Ends.AddDate(0, 0, 2); a.Agenda[0].Day, a.Agenda[0].At = 2, "07:00" }, ""},
		"a second day of one":        {func(a *Activity) { a.Agenda[0].Day = 2 }, "agenda_0_day session_outside"},
		"applications to the start":  {func(a *Activity) { a.Deadline = a.Starts }, ""},
		"a minute beyond it":         {func(a *Activity) { a.Deadline = a.Starts.Add(time.Minute) }, "deadline deadline"},
		"opening at the deadline":    {func(a *Activity) { a.Opens = a.Deadline }, "opens opens"},
		"a minute before it":         {func(a *Activity) { a.Opens = a.Deadline.Add(-time.Minute) }, ""},
		"opening at the start":       {func(a *Activity) { a.Deadline, a.Opens = time.Time{}, a.Starts }, "opens opens_start"},
		"a session to the end":       {func(a *Activity) { a.Agenda[1].Minutes = 60 }, ""},
		"a minute longer":            {func(a *Activity) { a.Agenda[1].Minutes = 61 }, "agenda_1_minutes session_outside"},
		"a session before the start": {func(a *Activity) { a.Agenda[0].At = "09:29" }, "agenda_0_at session_outside"},
		"a session after the end":    {func(a *Activity) { a.Agenda[0].At = "17:01" }, "agenda_0_at session_outside"},
		"a session after midnight": {func(a *Activity) {
			a.Starts, a.Ends, a.Agenda = on("2026-05-20 22:00"), on("2026-05-21 02:00"), []Session{{At: "01:00", Minutes: 60}}
		}, ""},
		"one that ends too late then": {func(a *Activity) {
			a.Starts, a.Ends, a.Agenda = on("2026-05-20 22:00"), on("2026-05-21 02:00"), []Session{{At: "01:00", Minutes: 61}}
		}, "agenda_0_minutes session_outside"},
	} {
		a := dayInMay()
		c.change(&a)
		got := ""
		if f := fault.Of(a.Check(nil)); f != nil {
			for _, one := range f.Fields {
				got += one.Field + " " + strings.TrimPrefix(one.Key, "programme.fault.")
			}
			if len(f.Fields) == 0 {
				got = f.Field + " " + strings.TrimPrefix(f.Key, "programme.fault.")
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestATemplateSaysWhatCannotBeOfItsHours(t *testing.T) {
	t.Parallel()
	for hours, want := range map[string]string{
		"09:30-17:00": "", "20:00-03:30+1": "agenda_0_at agenda_1_at", "17:00-09:30": "to", "09:30-09:30": "to", "09:30-09:31+1": "", "09:30-09:31+14": "to", "09:30-17:00+15": "from", "09:30-17:00++1": "from", "09:30-17:00+": "from", "00:00-00:00+1": "", "half": "from", "09:30-16:59": "agenda_1_minutes",
	} {
		tpl := Template{Title: i18n.Text{En: "X"}, Hours: hours, Agenda: dayInMay().Agenda}
		got := ""
		if f := fault.Of(tpl.check(nil)); f != nil {
			got = strings.Join(f.FieldNames(), " ")
		}
		if got != want {
			t.Errorf("%s: %q, want %q", hours, got, want)
		}
	}
	old := Template{Hours: "09:30-17:00", Agenda: dayInMay().Agenda}
	now := Template{Hours: "20:00-03:30+1", Agenda: dayInMay().Agenda}
	if got := now.hoursMoved(old).Agenda; got[0].At != "20:00" || got[1].At != "02:30" {
		t.Errorf("%+v", got)
	}
}

package pages

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/programme"
)

func TestAFormSaysANightAndReadsMidnightAsTheEndOfTheDay(t *testing.T) {
	t.Parallel()
	before := mayDay()
	send := func(change ...string) (programme.Activity, error) {
		f := formOfActivity(before)
		v := url.Values{}
		for k := range f.Values {
			v[k] = f.Values[k]
		}
		for i := 0; i+1 < len(change); i += 2 {
			v.Set(change[i], change[i+1])
		}
		a, err := readActivity(v, before)
		if err == nil {
			err = a.Check(nil)
		}
		return a, err
	}
	field := func(err error) string {
		f := fault.Of(err)
		if f == nil {
			return fmt.Sprint(err)
		}
		return strings.Join(f.FieldNames(), " ")
	}
	if a, err := send(); err != nil || says(a) != says(before) || !a.Starts.Equal(before.Starts) || !a.Ends.Equal(before.Ends) {
		t.Errorf("nothing changed: %s, %v", says(a), err)
	}
	for deadline, want := range map[string]string{
		"2026-05-12T00:00": "2026-05-12 23:59", "2026-05-12T00:01": "2026-05-12 00:01", "2026-05-12T23:59": "2026-05-12 23:59",
		"2026-05-20T09:30": "2026-05-20 09:30", "": "",
	} {
		if a, err := send("deadline", deadline); err != nil || programme.Stamp(a.Deadline, "2006-01-02 15:04") != want {
			t.Errorf("%s is read as %s, %v", deadline, a.Deadline, err)
		}
	}
	for _, deadline := range []string{"2026-05-20T00:00", "2026-05-20T12:00", "20022-05-20T12:00", "0001-05-20T12:00"} {
		if _, err := send("deadline", deadline); field(err) != "deadline" {
			t.Errorf("%s: %v", deadline, err)
		}
	}
	// What stood at midnight before stays there.
	before.Deadline = onDay("2026-05-12 00:00")
	if a, err := send("capacity", "12"); err != nil || !a.Deadline.Equal(before.Deadline) {
		t.Errorf("it was %s, now %s, %v", before.Deadline, a.Deadline, err)
	}
	before = mayDay()
	before.Agenda = nil
	if _, err := send("from", "17:00", "to", "09:30"); field(err) != "to" {
		t.Errorf("backwards: %v", err)
	}
	a, err := send("from", "20:00", "to", "02:00", "next_day", "on")
	if err != nil || a.Ends.Sub(a.Starts) != 6*time.Hour || formOfActivity(a).Get("next_day") != "on" {
		t.Errorf("a night: %s to %s, %v", a.Starts, a.Ends, err)
	}
	a, err = send("from", "17:00", "to", "09:30", "all_day", "on")
	if err != nil || !a.Starts.Equal(onDay("2026-05-20 00:00")) || !a.Ends.Equal(onDay("2026-05-21 00:00")) || formOfActivity(a).Get("all_day") != "on" {
		t.Errorf("a whole day: %s to %s, %v", a.Starts, a.Ends, err)
	}
	for _, one := range []struct{ days, from, to, night, whole, ends, says string }{
		{"3", "09:30", "17:00", "", "", "2026-05-22 17:00", "3  "},
		{"14", "09:30", "17:00", "", "", "2026-06-02 17:00", "14  "},
		{"3", "09:30", "02:00", "on", "", "2026-05-23 02:00", "4  "},
		{"1", "09:30", "09:30", "on", "", "2026-05-21 09:30", "1 on "},
		{"2", "", "", "", "on", "2026-05-22 00:00", "2  on"},
		{"1", "", "", "", "on", "2026-05-21 00:00", "1  on"},
		{"", "09:30", "17:00", "", "", "2026-05-20 17:00", "1  "},
	} {
		a, err := send("days", one.days, "from", one.from, "to", one.to, "next_day", one.night, "all_day", one.whole)
		f := formOfActivity(a)
		if got := strings.Join([]string{f.Get("days"), f.Get("next_day"), f.Get("all_day")}, " "); err != nil || !a.Ends.Equal(onDay(one.ends)) || got != one.says {
			t.Errorf("%+v: it ends %s, the form says %q, %v", one, a.Ends, got, err)
		}
	}
	for _, days := range []string{"0", "15", "-1", "many", "99999999999999999999"} {
		if _, err := send("days", days); field(err) != "days" {
			t.Errorf("%s days: %v", days, err)
		}
	}
	for hours, says := range map[string]string{"09:30-17:00+2": "3  ", "00:00-00:00+1": "1  on", "20:00-02:00+1": "1 on ", "09:30-17:00": "1  "} {
		f := formOfTemplate(programme.Template{Hours: hours})
		back, err := readTemplate(f.Values, programme.Template{})
		if got := strings.Join([]string{f.Get("days"), f.Get("next_day"), f.Get("all_day")}, " "); err != nil || back.Hours != hours || got != says {
			t.Errorf("a template of %s is written as %q and read as %s, %v", hours, got, back.Hours, err)
		}
	}
	for _, date := range []string{"0001-02-01", "1999-12-31", "2101-01-01", "9999-01-01", "20022-05-20", "2026-02-30"} {
		if _, err := send("date", date); field(err) != "date" {
			t.Errorf("%s: %v", date, err)
		}
	}
}

// onDay is an instant in Bishkek.
func onDay(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, programme.Bishkek)
	if err != nil {
		panic(err)
	}
	return t
}

func mayDay() programme.Activity {
	return programme.Activity{
		Title: i18n.Text{En: "A day"}, Starts: onDay("2026-05-20 09:30"), Ends: onDay("2026-05-20 17:00"),
		Opens: onDay("2026-04-20 00:00"), Deadline: onDay("2026-05-14 23:59"), Version: 3,
		Agenda: []programme.Session{{At: "09:30", Minutes: 30, Title: i18n.Text{En: "Tea"}}, {At: "16:00", Minutes: 60, Title: i18n.Text{En: "End"}}},
	}
}

func says(a programme.Activity) string {
	out := programme.Stamp(a.Opens, "01-02 15:04") + " | " + programme.Stamp(a.Deadline, "01-02 15:04") + " |"
	for _, s := range a.Agenda {
		out += " " + s.At
	}
	return out
}

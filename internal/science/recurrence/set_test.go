package recurrence_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/science/recurrence"
)

// occurrences gives up to most occurrences of a set: where each starts, and the
// length of those that differ from an hour.
func occurrences(t testing.TB, text string, most int) []string {
	t.Helper()
	set, err := recurrence.ParseSet(text, time.LoadLocation)
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	all, err := set.All()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for o := range all {
		form := "20060102T150405"
		if set.Start.IsDate() {
			form = "20060102"
		}
		at := o.Start.Format(form)
		if d := o.End.Sub(o.Start); d != time.Hour {
			at += "+" + d.String()
		}
		if out = append(out, at); len(out) == most {
			break
		}
	}
	return out
}

func TestWhatASetHolds(t *testing.T) {
	t.Parallel()
	hour := "DURATION:PT1H\n"
	daily := "DTSTART;TZID=Asia/Bishkek:20260105T090000\n" + hour + "RRULE:FREQ=DAILY;COUNT=5\n"
	changed := func(master, override string) string {
		return "BEGIN:VEVENT\n" + master + "END:VEVENT\nBEGIN:VEVENT\n" + override + "END:VEVENT\n"
	}
	for _, c := range []struct{ name, text, want string }{
		{"a start alone", "DTSTART:20260105T090000\n" + hour, "20260105T090000"},
		{
			"every Friday the 13th, but not the start (an example of RFC 5545)",
			"DTSTART;TZID=America/New_York:19970902T090000\nEXDATE;TZID=America/New_York:19970902T090000\n" + hour + "RRULE:FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13\n",
			"19980213T090000 19980313T090000 19981113T090000 19990813T090000 20001013T090000 20010413T090000",
		},
		{"the start belongs to the set", "DTSTART:20260106T090000\n" + hour + "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2\n", "20260106T090000 20260112T090000 20260119T090000"},
		{"taken away", daily + "EXDATE;TZID=Asia/Bishkek:20260106T090000,20260108T090000\n", "20260105T090000 20260107T090000 20260109T090000"},
		{"taken away by the instant, in another zone", daily + "EXDATE:20260106T030000Z\nEXDATE;TZID=Europe/Berlin:20260107T040000\n", "20260105T090000 20260108T090000 20260109T090000"},
		{"a whole day taken away", daily + "EXDATE;VALUE=DATE:20260106\n", "20260105T090000 20260107T090000 20260108T090000 20260109T090000"},
		{"added, and what is there already counts once", daily + "RDATE;TZID=Asia/Bishkek:20260106T090000,20260106T150000,20251231T090000\n", "20251231T090000 20260105T090000 20260106T090000 20260106T150000 20260107T090000 20260108T090000"},
		{"added with a length of its own", daily + "RDATE;VALUE=PERIOD;TZID=Asia/Bishkek:20260106T090000/PT3H,20260106T200000/20260106T203000\n", "20260105T090000 20260106T090000+3h0m0s 20260106T200000+30m0s 20260107T090000 20260108T090000 20260109T090000"},
		{"added and taken away: gone", daily + "RDATE:20260106T120000Z\nEXDATE:20260106T120000Z\nRDATE:20260110T030000Z\n", "20260105T090000 20260106T090000 20260107T090000 20260108T090000 20260109T090000 20260110T090000"},
		{"two rules", daily + "RRULE:FREQ=HOURLY;INTERVAL=12;COUNT=4\n", "20260105T090000 20260105T210000 20260106T090000 20260106T210000 20260107T090000 20260108T090000"},
		{"dates last a day", "DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=WEEKLY;COUNT=2\nRDATE;VALUE=DATE:20260107\n", "20260105+24h0m0s 20260107+24h0m0s 20260112+24h0m0s"},
		{"dates with an end", "DTSTART;VALUE=DATE:20260105\nDTEND;VALUE=DATE:20260107\nRRULE:FREQ=WEEKLY;COUNT=2\n", "20260105+48h0m0s 20260112+48h0m0s"},
		{"an exact length over a change of the clock", "DTSTART;TZID=Europe/Berlin:20250328T120000\nDTEND;TZID=Europe/Berlin:20250329T120000\nRRULE:FREQ=DAILY;COUNT=2\n", "20250328T120000+24h0m0s 20250329T120000+24h0m0s"},
		{"a day on the calendar over a change of the clock", "DTSTART;TZID=Europe/Berlin:20250328T120000\nDURATION:P1D\nRRULE:FREQ=DAILY;COUNT=2\n", "20250328T120000+24h0m0s 20250329T120000+23h0m0s"},
		{"one moved", changed(daily, "RECURRENCE-ID;TZID=Asia/Bishkek:20260106T090000\nDTSTART;TZID=Asia/Bishkek:20260106T140000\nDURATION:PT2H\n"), "20260105T090000 20260106T140000+2h0m0s 20260107T090000 20260108T090000 20260109T090000"},
		{"one moved before the first", changed(daily, "RECURRENCE-ID:20260109T030000Z\nDTSTART;TZID=Asia/Bishkek:20260101T140000\n"), "20260101T140000 20260105T090000 20260106T090000 20260107T090000 20260108T090000"},
		{"one moved behind the last", changed(daily, "RECURRENCE-ID;TZID=Asia/Bishkek:20260105T090000\nDTSTART;TZID=Asia/Bishkek:20260201T140000\n"), "20260106T090000 20260107T090000 20260108T090000 20260109T090000 20260201T140000"},
		{"a change of what is not there", changed(daily, "RECURRENCE-ID;TZID=Asia/Bishkek:20260106T100000\nDTSTART;TZID=Asia/Bishkek:20260106T140000\n"), "20260105T090000 20260106T090000 20260107T090000 20260108T090000 20260109T090000"},
		{"a change of what is taken away", changed(daily+"EXDATE:20260106T030000Z\n", "RECURRENCE-ID;TZID=Asia/Bishkek:20260106T090000\nDTSTART;TZID=Asia/Bishkek:20260106T140000\n"), "20260105T090000 20260107T090000 20260108T090000 20260109T090000"},
		{"all that follows moved", changed(daily, "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Asia/Bishkek:20260107T090000\nDTSTART;TZID=Asia/Bishkek:20260107T133000\nDURATION:PT2H\n"), "20260105T090000 20260106T090000 20260107T133000+2h0m0s 20260108T133000+2h0m0s 20260109T133000+2h0m0s"},
		{"all that follows moved to before the others", changed(daily, "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Asia/Bishkek:20260108T090000\nDTSTART;TZID=Asia/Bishkek:20260105T080000\n"), "20260105T080000 20260105T090000 20260106T080000 20260106T090000 20260107T090000"},
		{"endless, one moved", changed("DTSTART:20260105T090000\n"+hour+"RRULE:FREQ=DAILY\n", "RECURRENCE-ID:20260107T090000\nDTSTART:20260105T100000\n"), "20260105T090000 20260105T100000 20260106T090000 20260108T090000 20260109T090000 20260110T090000"},
		{"on the clock across a change of it, all that follows moved", changed("DTSTART;TZID=Europe/Berlin:20250328T010000\n"+hour+"RRULE:FREQ=DAILY;COUNT=4\n", "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20250329T010000\nDTSTART;TZID=Europe/Berlin:20250329T023000\n"), "20250328T010000 20250329T023000 20250330T033000 20250331T023000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := strings.Join(occurrences(t, c.text, 6), " "); got != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
			}
			set, err := recurrence.ParseSet(c.text, time.LoadLocation)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(occurrences(t, set.String(), 6), " "); got != c.want {
				t.Errorf("printed as\n%s\n got %s\nwant %s", set, got, c.want)
			}
		})
	}
}

const meeting = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" +
	"BEGIN:VTIMEZONE\r\nTZID:Asia/Bishkek\r\nBEGIN:STANDARD\r\nDTSTART:20050812T000000\r\nRRULE:FREQ=YEARLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n" +
	"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY;LANGUAGE=ky:Жолугушуу\r\nDTSTART;TZID=\"Asia/Bishkek\":20260105T090000\r\nDTEND;TZID=Asia/Bishkek:20260105T103000\r\n" +
	"RRULE:FREQ=WEEKLY;\r\n BYDAY=MO,\r\n\tWE;COUNT=6\r\nEXDATE;TZID=Asia/Bishkek:20260107T090000\r\n" +
	"BEGIN:VALARM\r\nTRIGGER:-PT15M\r\nDURATION:PT5M\r\nEND:VALARM\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID;TZID=Asia/Bishkek:20260112T090000\r\nDTSTART;TZID=Asia/Bishkek:20260113T110000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

func TestASetIsReadFromACalendarWithAllThatStandsInIt(t *testing.T) {
	t.Parallel()
	got := occurrences(t, "\ufeff"+meeting, 9)
	want := []string{"20260105T090000+1h30m0s", "20260113T110000+1h30m0s", "20260114T090000+1h30m0s", "20260119T090000+1h30m0s", "20260121T090000+1h30m0s"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAnOccurrenceKnowsItsPlaceInTheSeries(t *testing.T) {
	t.Parallel()
	set, err := recurrence.ParseSet(meeting, time.LoadLocation)
	if err != nil {
		t.Fatal(err)
	}
	from, err := set.From(time.Date(2026, 1, 13, 5, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for o := range from {
		if o.ID.String() != "20260112T090000" || o.Override != 0 || !o.Start.Equal(time.Date(2026, 1, 13, 5, 0, 0, 0, time.UTC)) {
			t.Errorf("first is %+v", o)
		}
		return
	}
	t.Error("nothing")
}

func TestErrorsOfASetNameTheLine(t *testing.T) {
	t.Parallel()
	start := "DTSTART:20260105T090000\n"
	for _, c := range []struct {
		text, part string
		line       int
	}{
		{"", "DTSTART", 0},
		{"RRULE:FREQ=DAILY", "DTSTART", 1},
		{start + "RRULE:FREQ=DAILY;BYHOUR=25", "RRULE", 2},
		{start + start, "DTSTART", 2},
		{start + "\n\nEXDATE:2026", "EXDATE", 4},
		{start + "EXRULE:FREQ=DAILY", "EXRULE", 2},
		{start + "RDATE:20260106T090000/PT1H", "RDATE", 2},
		{start + "RDATE;VALUE=PERIOD:20260106T090000/20260105T090000", "RDATE", 2},
		{start + "RDATE;VALUE=DATE:20260106", "RDATE", 0},
		{start + "RDATE:20260106T090000Z", "RDATE", 0},
		{start + "DURATION:-PT1H", "DURATION", 2},
		{start + "DURATION:PT1H\nDTEND:20260105T100000", "DTEND", 1},
		{start + "DTEND:20260105T080000", "DTEND", 1},
		{start + "DTEND;VALUE=DATE:20260105", "DTEND", 1},
		{start + "DTEND:99991231T000000", "DTEND", 1},
		{"DTSTART;TZID=Mars/Olympus:20260105T090000", "DTSTART", 1},
		{"DTSTART;VALUE=DATE:20260105T090000", "DTSTART", 1},
		{"DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=HOURLY", "RRULE", 0},
		{"BEGIN:VEVENT\n" + start, "BEGIN", 0},
		{"END:VEVENT", "END", 1},
		{"BEGIN:VEVENT\n" + start + "BEGIN:VTODO\n", "BEGIN", 3},
		{"BEGIN:VEVENT\n" + start + "END:VEVENT\nBEGIN:VEVENT\n" + start + "END:VEVENT\n", "RECURRENCE-ID", 5},
		{"BEGIN:VEVENT\n" + start + "END:VEVENT\nBEGIN:VEVENT\nUID:2\n" + start + "END:VEVENT\n", "UID", 5},
		{"BEGIN:VEVENT\nRECURRENCE-ID:20260105T090000\n" + start + "END:VEVENT\n", "DTSTART", 0},
		{"BEGIN:VEVENT\n" + start + "END:VEVENT\nBEGIN:VEVENT\nRECURRENCE-ID;VALUE=DATE:20260105\n" + start + "END:VEVENT\n", "RECURRENCE-ID", 0},
		{strings.Repeat("X:1\n", 1<<19), "", 0},
	} {
		_, err := recurrence.ParseSet(c.text, time.LoadLocation)
		var e *recurrence.Error
		if !errors.As(err, &e) || e.Part != c.part || e.Line != c.line {
			t.Errorf("%.80q: %v", c.text, err)
		}
	}
}

func TestDurationsArePrintedAsTheyWereRead(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"PT0S", "PT0S"},
		{"P2W", "P14D"},
		{"P1DT2H3M4S", "P1DT2H3M4S"},
		{"PT90M", "PT1H30M"},
		{"PT1H5S", "PT1H0M5S"},
		{"+PT5S", "PT5S"},
	} {
		d, err := recurrence.ParseDuration(c[0])
		if err != nil || d.String() != c[1] {
			t.Errorf("%s: %s, %v", c[0], d, err)
		}
	}
	for _, bad := range []string{"", "P", "PT", "1H", "-PT1H", "P1H", "PT1D", "PT1S1H", "P1DT", "PTT1H", "P1", "P99999999999D", "PT999999999999H", "P1D1D", "PT9000000001S", "P3700001D"} {
		if d, err := recurrence.ParseDuration(bad); err == nil {
			t.Errorf("%q was read as %s", bad, d)
		}
	}
}

// A set of two endless rules and one of seconds would never end; it is walked as
// far as one looks.
func TestEndlessSetsAreWalkedAsFarAsOneLooks(t *testing.T) {
	t.Parallel()
	set, err := recurrence.ParseSet("DTSTART:20260105T090000\nRRULE:FREQ=SECONDLY\nRRULE:FREQ=YEARLY\nEXDATE:20260105T090001\n", nil)
	if err != nil {
		t.Fatal(err)
	}
	far, err := set.From(time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for o := range far {
		if n++; n == 1 && o.ID.String() != "90000101T000000" || n > 1000 {
			break
		}
	}
	if n != 1001 {
		t.Errorf("stopped after %d", n)
	}
}

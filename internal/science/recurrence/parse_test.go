package recurrence_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/science/recurrence"
)

func TestRulesArePrintedAsTheyWereRead(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"FREQ=DAILY", "FREQ=DAILY"},
		{"RRULE:FREQ=DAILY;INTERVAL=1", "FREQ=DAILY"},
		{"rrule:freq=weekly;byday=mo,fr;wkst=su;", "FREQ=WEEKLY;BYDAY=MO,FR;WKST=SU"},
		{"BYDAY=-1FR,+2TU,WE;COUNT=3;FREQ=MONTHLY;INTERVAL=2", "FREQ=MONTHLY;COUNT=3;INTERVAL=2;BYDAY=-1FR,2TU,WE"},
		{
			"FREQ=YEARLY;UNTIL=20271231T235959Z;BYSETPOS=-1,1;BYMONTH=12;BYWEEKNO=+1,-53;BYYEARDAY=-366;BYMONTHDAY=-31,31;BYHOUR=0;BYMINUTE=59;BYSECOND=60",
			"FREQ=YEARLY;UNTIL=20271231T235959Z;BYSECOND=60;BYMINUTE=59;BYHOUR=0;BYMONTHDAY=-31,31;BYYEARDAY=-366;BYWEEKNO=1,-53;BYMONTH=12;BYSETPOS=-1,1",
		},
		{"FREQ=DAILY;UNTIL=20260107", "FREQ=DAILY;UNTIL=20260107"},
		{"FREQ=DAILY;UNTIL=20260107T090000", "FREQ=DAILY;UNTIL=20260107T090000"},
	} {
		r, err := recurrence.Parse(c[0])
		if err != nil {
			t.Errorf("%s: %v", c[0], err)
			continue
		}
		if got := r.String(); got != c[1] {
			t.Errorf("%s\n got %s\nwant %s", c[0], got, c[1])
		}
	}
}

func TestErrorsNameThePartAndThePosition(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule, part string
		position   int
		says       string
	}{
		{"", "", 1, "NAME=value"},
		{"COUNT=3", "FREQ", 0, "missing"},
		{"FREQ=DAILY;;COUNT=3", "", 12, "NAME=value"},
		{"FREQ=FORTNIGHTLY", "FREQ", 6, `"FORTNIGHTLY"`},
		{"FREQ=YEARLY;BYMONTH=1,13", "BYMONTH", 23, `"13" is not a month; expected 1 to 12`},
		{"FREQ=YEARLY;BYMONTH=+1", "BYMONTH", 21, `"+1"`},
		{"RRULE:FREQ=DAILY;BYHOUR=24", "BYHOUR", 25, "0 to 23"},
		{"FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY", 25, "-31 to -1"},
		{"FREQ=MONTHLY;BYDAY=MO,XX", "BYDAY", 23, `"XX"`},
		{"FREQ=MONTHLY;BYDAY=54MO", "BYDAY", 20, "54MO"},
		{"FREQ=MONTHLY;BYDAY=", "BYDAY", 20, `""`},
		{"FREQ=DAILY;COUNT=0", "COUNT", 18, "from 1"},
		{"FREQ=DAILY;INTERVAL=99999999999", "INTERVAL", 21, "from 1"},
		{"FREQ=DAILY;COUNT=2;UNTIL=20260101", "COUNT", 12, "exclude"},
		{"FREQ=DAILY;UNTIL=20260230", "UNTIL", 18, "no such day"},
		{"FREQ=DAILY;UNTIL=2026-13", "UNTIL", 18, "20260105"},
		{"FREQ=DAILY;FREQ=DAILY", "FREQ", 12, "twice"},
		{"FREQ=DAILY;WKST=1MO", "WKST", 17, "weekday"},
		{"FREQ=DAILY;BYEASTER=0", "BYEASTER", 21, "no such part"},
		{"FREQ=YEARLY;RSCALE=CHINESE", "RSCALE", 20, "RFC 7529"},
		{"FREQ=MONTHLY;SKIP=FORWARD", "SKIP", 19, "RFC 7529"},
		{"FREQ=MONTHLY;BYWEEKNO=3", "BYWEEKNO", 14, "YEARLY only"},
		{"FREQ=DAILY;BYYEARDAY=3", "BYYEARDAY", 12, "not allowed"},
		{"FREQ=WEEKLY;BYMONTHDAY=3", "BYMONTHDAY", 13, "not allowed"},
		{"FREQ=WEEKLY;BYDAY=2MO", "BYDAY", 13, "MONTHLY and YEARLY"},
		{"FREQ=YEARLY;BYWEEKNO=3;BYDAY=2MO", "BYDAY", 24, "BYWEEKNO"},
		{"FREQ=DAILY;BYSETPOS=1", "BYSETPOS", 12, "another BY part"},
		{"FREQ=DAILY;BYHOUR=" + strings.Repeat("1,", 10000) + "1", "", 0, "16384"},
	} {
		_, err := recurrence.Parse(c.rule)
		var e *recurrence.Error
		if !errors.As(err, &e) {
			t.Errorf("%q: error %v", c.rule, err)
			continue
		}
		if e.Part != c.part || e.Position != c.position || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %q at %d: %v", c.rule, e.Part, e.Position, err)
		}
	}
}

func TestStartsThatARuleCannotUse(t *testing.T) {
	t.Parallel()
	date := recurrence.DateOf(2026, time.January, 5)
	for _, c := range []struct {
		rule  recurrence.Rule
		start recurrence.Moment
		says  string
	}{
		{recurrence.Rule{Frequency: recurrence.Hourly}, date, "a time of day"},
		{recurrence.Rule{Frequency: recurrence.Daily}, recurrence.Moment{}, "DTSTART"},
		{recurrence.Rule{Frequency: recurrence.Daily}, recurrence.DateOf(10000, 1, 1), "0001 to 9999"},
		{recurrence.Rule{}, date, "FREQ"},
		{recurrence.Rule{Frequency: 9}, date, "FREQ"},
		{recurrence.Rule{Frequency: recurrence.Daily, ByMonth: []int{0}}, date, "BYMONTH: 0"},
		{recurrence.Rule{Frequency: recurrence.Daily, Count: -1}, date, "COUNT"},
		{recurrence.Rule{Frequency: recurrence.Daily, Interval: -1}, date, "INTERVAL"},
		{recurrence.Rule{Frequency: recurrence.Weekly, ByDay: []recurrence.Day{{Weekday: 7}}}, date, "BYDAY"},
		{recurrence.Rule{Frequency: recurrence.Weekly, WeekStart: 7}, date, "WKST"},
	} {
		if _, err := c.rule.All(c.start); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v from %v: %v", c.rule, c.start, err)
		}
	}
}

func TestTimePartsAreIgnoredForDates(t *testing.T) {
	t.Parallel()
	got := written(t, "FREQ=DAILY;BYHOUR=1,2;BYMINUTE=3,4;BYSECOND=5;COUNT=3", "20260105", 9)
	if want := "20260105 20260106 20260107"; strings.Join(got, " ") != want {
		t.Errorf("got %v", got)
	}
}

func TestALeapSecondCountsAsTheSecondBefore(t *testing.T) {
	t.Parallel()
	got := written(t, "FREQ=DAILY;BYSECOND=58,59,60;COUNT=3", "20260105T090000", 9)
	if want := "20260105T090058 20260105T090059 20260106T090058"; strings.Join(got, " ") != want {
		t.Errorf("got %v", got)
	}
}

func TestUntilOfAnotherKindThanTheStart(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"FREQ=DAILY;UNTIL=20260107", "20260105T090000", "20260105T090000 20260106T090000"},
		{"FREQ=DAILY;UNTIL=20260107T000000", "20260105", "20260105 20260106 20260107"},
		{"FREQ=DAILY;UNTIL=20260107T100000Z", "20260105", "20260105 20260106 20260107"},
		{"FREQ=DAILY;UNTIL=20260106T090000Z", "20260105T090000", "20260105T090000 20260106T090000"},
		{"FREQ=DAILY;UNTIL=20260106T090000", "20260105T090000Z", "20260105T090000Z 20260106T090000Z"},
		{"FREQ=DAILY;UNTIL=20251231", "20260105", ""},
	} {
		if got := strings.Join(written(t, c[0], c[1], 9), " "); got != c[2] {
			t.Errorf("%s from %s: got %s, want %s", c[0], c[1], got, c[2])
		}
	}
}

func TestMomentsAreReadInBothSpellings(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"20260105", "20260105"},
		{"2026-01-05", "20260105"},
		{"2026-01-05T09:00", "20260105T090000"},
		{"2026-01-05T09:00:30", "20260105T090030"},
		{"20260105T090000Z", "20260105T090000Z"},
		{"20260105t090000z", "20260105T090000Z"},
		{"2016-12-31T23:59:60Z", "20161231T235959Z"},
	} {
		m, err := recurrence.ParseMoment(c[0], nil)
		if err != nil || m.String() != c[1] {
			t.Errorf("%s: %s, %v", c[0], m, err)
		}
	}
	for _, bad := range []string{"", "2026", "20260229", "2026-1-5", "20260105Z", "20260105T", "20260105T2400", "20260105T240000", "20260105T096000", "00000101", "2026010５", "20260105T0900", "2026-01-05T09:00+06:00"} {
		if m, err := recurrence.ParseMoment(bad, nil); err == nil {
			t.Errorf("%q was read as %s", bad, m)
		}
	}
}

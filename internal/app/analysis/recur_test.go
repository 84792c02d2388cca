package analysis_test

import (
	"bytes"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/app/analysis"
)

func TestWhatARuleMeansIsPrintedAsTheClockShowsIt(t *testing.T) {
	t.Parallel()
	type o = analysis.RecurOptions
	for _, c := range []struct {
		name, rule string
		options    o
		want       string
	}{
		{"the example of the contract", "FREQ=DAILY;COUNT=2", o{Start: "2026-01-05T09:00", Zone: "Asia/Bishkek"}, "2026-01-05T09:00:00 2026-01-06T09:00:00"},
		{"a date gives dates", "FREQ=DAILY", o{Start: "2026-01-05", Max: 2}, "2026-01-05 2026-01-06"},
		{"a date in a zone is a date", "FREQ=DAILY", o{Start: "2026-01-05", Zone: "Asia/Bishkek", Until: "2026-01-06"}, "2026-01-05 2026-01-06"},
		{"the start only when the rule says so", "FREQ=WEEKLY;BYDAY=MO;COUNT=1", o{Start: "2026-01-06T09:00"}, "2026-01-12T09:00:00"},
		{"a skipped time", "FREQ=DAILY;COUNT=2", o{Start: "2007-03-11T02:30", Zone: "America/New_York"}, "2007-03-11T03:30:00 2007-03-12T02:30:00"},
		{"a start in UTC is shown in the zone", "FREQ=DAILY;COUNT=1", o{Start: "20260105T090000Z", Zone: "Asia/Bishkek"}, "2026-01-05T15:00:00"},
		{"until a day means all of it", "FREQ=HOURLY;INTERVAL=12", o{Start: "2026-01-05T09:00", Zone: "Asia/Bishkek", Until: "2026-01-06"}, "2026-01-05T09:00:00 2026-01-05T21:00:00 2026-01-06T09:00:00 2026-01-06T21:00:00"},
		{"until a time includes it", "FREQ=DAILY", o{Start: "2026-01-05T09:00", Zone: "Asia/Bishkek", Until: "2026-01-06T09:00"}, "2026-01-05T09:00:00 2026-01-06T09:00:00"},
		{"from a day", "FREQ=DAILY", o{Start: "2026-01-05T03:00", Zone: "Asia/Bishkek", From: "2027-01-05", Max: 1}, "2027-01-05T03:00:00"},
		{"days left out and added", "FREQ=DAILY;COUNT=3", o{Start: "2026-01-05T09:00", Except: []string{"2026-01-06T09:00"}, Added: []string{"2026-01-06T12:00"}}, "2026-01-05T09:00:00 2026-01-06T12:00:00 2026-01-07T09:00:00"},
		{"nothing is a result too", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", o{Start: "2026-01-05T09:00"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var out, messages bytes.Buffer
			if err := analysis.Recur(t.Context(), c.rule, c.options, &out, &messages); err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(strings.Fields(out.String()), " "); got != c.want || messages.Len() > 0 {
				t.Errorf("got %s, want %s; says %s", got, c.want, &messages)
			}
		})
	}
}

func TestAnEndlessRuleStopsAndSaysSo(t *testing.T) {
	t.Parallel()
	var out, messages bytes.Buffer
	if err := analysis.Recur(t.Context(), "FREQ=SECONDLY", analysis.RecurOptions{Start: "2026-01-05T09:00"}, &out, &messages); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(out.String(), "\n"); n != 1000 || !strings.Contains(messages.String(), "--max") {
		t.Errorf("%d lines; says %s", n, &messages)
	}
}

func TestALongRuleStopsAndSaysSo(t *testing.T) {
	t.Parallel()
	for _, rule := range []string{"FREQ=SECONDLY;COUNT=2147483647", "FREQ=SECONDLY;UNTIL=99991231T235959"} {
		var out, messages bytes.Buffer
		if err := analysis.Recur(t.Context(), rule, analysis.RecurOptions{Start: "2026-01-05T09:00"}, &out, &messages); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(out.String(), "\n"); n != 1_000_000 || !strings.Contains(messages.String(), "--max") {
			t.Errorf("%d lines; says %s", n, &messages)
		}
	}
}

func TestTheEndOfAnEnormousCountIsFound(t *testing.T) {
	t.Parallel()
	var out, messages bytes.Buffer
	options := analysis.RecurOptions{Start: "2026-01-01T00:00", Zone: "Asia/Bishkek", From: "2094-01-19T03:14:05"}
	if err := analysis.Recur(t.Context(), "FREQ=SECONDLY;COUNT=2147483647", options, &out, &messages); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(strings.Fields(out.String()), " "); got != "2094-01-19T03:14:05 2094-01-19T03:14:06" || messages.Len() > 0 {
		t.Errorf("got %s; says %s", got, &messages)
	}
}

func TestWhatIsWrongWithARuleIsSaid(t *testing.T) {
	t.Parallel()
	type o = analysis.RecurOptions
	for _, c := range []struct {
		rule    string
		options o
		says    string
	}{
		{"FREQ=DAILY;BYMONTH=13", o{Start: "2026-01-05"}, `position 20, BYMONTH: "13" is not a month; expected 1 to 12`},
		{"FREQ=DAILY", o{Start: "5 January"}, "--start"},
		{"FREQ=DAILY", o{}, "--start"},
		{"FREQ=DAILY", o{Start: "2026-01-05T09:00", Zone: "Mars/Olympus"}, "--zone"},
		{"FREQ=DAILY", o{Start: "2026-01-05T09:00", Zone: "Local"}, "--zone"},
		{"FREQ=DAILY", o{Start: "2026-01-05T09:00", Until: "soon"}, "--until"},
		{"FREQ=DAILY", o{Start: "2026-01-05T09:00", From: "2026-02-30"}, "no such day"},
		{"FREQ=HOURLY", o{Start: "2026-01-05"}, "a time of day"},
		{"FREQ=DAILY", o{Start: "2026-01-05", Except: []string{"2026-01-05T09:00"}}, "must be alike"},
		{"FREQ=DAILY", o{Start: "2026-01-05", Added: []string{"x"}}, "--rdate"},
	} {
		var out, messages bytes.Buffer
		err := analysis.Recur(t.Context(), c.rule, c.options, &out, &messages)
		if err == nil || !strings.Contains(err.Error(), c.says) || out.Len() > 0 {
			t.Errorf("%s %+v: %v, printed %s", c.rule, c.options, err, &out)
		}
	}
}

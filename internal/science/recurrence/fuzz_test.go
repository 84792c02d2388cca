package recurrence_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"platforma.kg/ashar/internal/science/recurrence"
)

// A rule that can be read is printed so that it reads the same, and whatever it
// means comes in order, not before the start, and fits the parts that limit it.
func FuzzParse(f *testing.F) {
	for _, rule := range []string{
		"FREQ=DAILY", "RRULE:FREQ=WEEKLY;BYDAY=MO,-1TU;WKST=SU;", "FREQ=YEARLY;BYWEEKNO=-1,53;BYSETPOS=-366,1;COUNT=3",
		"FREQ=SECONDLY;INTERVAL=2147483647;BYYEARDAY=-366;UNTIL=99991231T235960Z", "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2,4;INTERVAL=18",
		"FREQ=MINUTELY;BYHOUR=0,23;BYMINUTE=59;BYSECOND=60;INTERVAL=1439", "FREQ=HOURLY;UNTIL=20260105;BYDAY=SU",
	} {
		f.Add(rule, int64(1767603600), false)
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string, seconds int64, date bool) {
		r, err := recurrence.Parse(text)
		if err != nil {
			return
		}
		again, err := recurrence.Parse(r.String())
		if err != nil || !reflect.DeepEqual(r, again) {
			t.Fatalf("%s was read as %s: %v", text, again, err)
		}
		at := time.Unix(seconds%(1<<37), 0).In(zone)
		start := recurrence.MomentOf(at)
		if date {
			start = recurrence.DateOf(at.Year(), at.Month(), at.Day())
		}
		all, err := r.All(start)
		if err != nil {
			return
		}
		n, last := 0, start.Time().Add(-time.Nanosecond)
		for at := range all {
			if !at.After(last) {
				t.Fatalf("%s from %s: %v after %v", r, start, at, last)
			}
			last = at
			if len(r.ByMonth) > 0 && len(r.ByHour) == 0 && r.Frequency >= recurrence.Daily && !slices.Contains(r.ByMonth, int(at.Month())) {
				t.Fatalf("%s from %s: %v", r, start, at)
			}
			if n++; n > 50 {
				break
			}
		}
		if r.Count > 0 && n > r.Count {
			t.Fatalf("%s from %s: %d instances", r, start, n)
		}
	})
}

// A set that can be read is printed so that it reads the same, and its
// occurrences come in order.
func FuzzParseSet(f *testing.F) {
	f.Add(meeting)
	f.Add("DTSTART;VALUE=DATE:20260105\nRRULE:FREQ=WEEKLY;COUNT=2\nRDATE;VALUE=DATE:20260107\nEXDATE;VALUE=DATE:20260112\n")
	f.Add("DTSTART;TZID=\"Europe/Berlin\":20260105T090000\nDURATION:P1DT2H\nRDATE;VALUE=PERIOD:20260105T090000Z/PT1H,20260106T090000Z/20260107T090000Z\n")
	f.Add("BEGIN:VEVENT\nDTSTART:20260105T090000\nRRULE:FREQ=HOURLY\nEND:VEVENT\nBEGIN:VEVENT\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260106T090000\nDTSTART:20260105T093000\nDURATION:PT5M\nEND:VEVENT\n")
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		f.Fatal(err)
	}
	zones := func(name string) (*time.Location, error) {
		if name == "UTC" {
			return time.UTC, nil
		}
		return zone, nil
	}
	f.Fuzz(func(t *testing.T, text string) {
		set, err := recurrence.ParseSet(text, zones)
		if err != nil {
			return
		}
		again, err := recurrence.ParseSet(set.String(), zones)
		if err != nil || again.String() != set.String() {
			t.Fatalf("%s\nwas read as\n%s%v", set, again, err)
		}
		for _, r := range set.Rules {
			if r.Count > 1000 {
				return // counting takes its time
			}
		}
		all, err := set.All()
		if err != nil {
			t.Fatal(err)
		}
		n, last := 0, time.Time{}
		for o := range all {
			if n > 0 && o.Start.Before(last) {
				t.Fatalf("%s\n%v after %v", set, o.Start, last)
			}
			last = o.Start
			if n++; n > 50 {
				break
			}
		}
	})
}

package recurrence_test

import (
	"slices"
	"testing"
	"time"

	"platforma.kg/ashar/internal/science/recurrence"
)

func TestReadingsThatAZoneSkipsOrRepeats(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, zone, rule, start string
		want                    []string
	}{
		{
			"a skipped time moves forward by the gap", "America/New_York",
			"FREQ=DAILY;COUNT=3", "20070310T023000",
			[]string{"20070310T023000-0500", "20070311T033000-0400", "20070312T023000-0400"},
		},
		{
			"the start itself may be skipped, and its reading goes on", "America/New_York",
			"FREQ=DAILY;COUNT=2", "20070311T023000",
			[]string{"20070311T033000-0400", "20070312T023000-0400"},
		},
		{
			"of a repeated time the first is meant", "America/New_York",
			"FREQ=DAILY;COUNT=3", "20071103T013000",
			[]string{"20071103T013000-0400", "20071104T013000-0400", "20071105T013000-0500"},
		},
		{
			"moved instances keep the order and fall together", "Europe/Berlin",
			"FREQ=MINUTELY;INTERVAL=30;COUNT=8", "20250330T010000",
			[]string{
				"20250330T010000+0100", "20250330T013000+0100", // 02:00 and 02:30 move to 03:00 and 03:30
				"20250330T030000+0200", "20250330T033000+0200", "20250330T040000+0200", "20250330T043000+0200",
			},
		},
		{
			"moved instances mix with others", "Europe/Berlin",
			"FREQ=DAILY;BYHOUR=2,3;BYMINUTE=20,50;COUNT=6", "20250330T000000",
			[]string{
				"20250330T032000+0200", "20250330T035000+0200",
				"20250331T022000+0200", "20250331T025000+0200",
			},
		},
		{
			"moved instances may overtake", "Europe/Berlin",
			"FREQ=DAILY;BYHOUR=2,3;BYMINUTE=20,50;BYSETPOS=2,3;COUNT=4", "20250330T000000",
			[]string{"20250330T032000+0200", "20250330T035000+0200", "20250331T025000+0200", "20250331T032000+0200"},
		},
		{
			"Lord Howe moves by half an hour", "Australia/Lord_Howe",
			"FREQ=DAILY;COUNT=3", "20251004T021500",
			[]string{"20251004T021500+1030", "20251005T024500+1100", "20251006T021500+1100"},
		},
		{
			"Samoa left out a whole day", "Pacific/Apia",
			"FREQ=DAILY;COUNT=4", "20111229T120000",
			[]string{"20111229T120000-1000", "20111231T120000+1400", "20120101T120000+1400"},
		},
		{
			"Bishkek has one offset since 2005", "Asia/Bishkek",
			"FREQ=MONTHLY;INTERVAL=6;COUNT=4", "20050101T090000",
			[]string{"20050101T090000+0500", "20050701T090000+0600", "20060101T090000+0600", "20060701T090000+0600"},
		},
		{
			"UNTIL in UTC is an instant", "Asia/Bishkek",
			"FREQ=DAILY;UNTIL=20260107T030000Z", "20260105T090000",
			[]string{"20260105T090000+0600", "20260106T090000+0600", "20260107T090000+0600"},
		},
		{
			"UNTIL one second before ends a day earlier", "Asia/Bishkek",
			"FREQ=DAILY;UNTIL=20260107T025959Z", "20260105T090000",
			[]string{"20260105T090000+0600", "20260106T090000+0600"},
		},
		{
			"UNTIL without a zone is a reading of the same clock", "Asia/Bishkek",
			"FREQ=DAILY;UNTIL=20260107T090000", "20260105T090000",
			[]string{"20260105T090000+0600", "20260106T090000+0600", "20260107T090000+0600"},
		},
		{
			"a far future keeps the last rule of the zone", "America/New_York",
			"FREQ=YEARLY;INTERVAL=3000;BYMONTH=7,12;COUNT=3", "20260705T090000",
			[]string{"20260705T090000-0400", "20261205T090000-0500", "50260705T090000-0400"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := inZone(t, c.rule, c.start, location(t, c.zone), 12); !slices.Equal(got, c.want) {
				t.Errorf("%s from %s\n got %v\nwant %v", c.rule, c.start, got, c.want)
			}
		})
	}
}

// Each second of two days around a change of the clock, against the standard
// library's own answer read backwards.
func TestEveryReadingAroundAChangeIsTheFirstInstantThatShowsIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone string
		day  time.Time
	}{
		{"America/New_York", time.Date(2025, 3, 9, 0, 0, 0, 0, time.UTC)},
		{"America/New_York", time.Date(2025, 11, 2, 0, 0, 0, 0, time.UTC)},
		{"Australia/Lord_Howe", time.Date(2025, 4, 6, 0, 0, 0, 0, time.UTC)},
		{"Asia/Bishkek", time.Date(2005, 8, 12, 0, 0, 0, 0, time.UTC)},
		{"Pacific/Apia", time.Date(2011, 12, 30, 0, 0, 0, 0, time.UTC)},
	} {
		zone := location(t, c.zone)
		first := map[string]time.Time{}
		for at := c.day.AddDate(0, 0, -2); at.Before(c.day.AddDate(0, 0, 3)); at = at.Add(time.Minute) {
			reading := at.In(zone).Format("20060102T150405")
			if _, seen := first[reading]; !seen {
				first[reading] = at
			}
		}
		for at := c.day; at.Before(c.day.AddDate(0, 0, 1)); at = at.Add(time.Minute) {
			reading := at.Format("20060102T150405")
			m, err := recurrence.ParseMoment(reading, zone)
			if err != nil {
				t.Fatal(err)
			}
			if want, shown := first[reading]; shown && !m.Time().Equal(want) {
				t.Errorf("%s in %s is %v, want %v", reading, c.zone, m.Time(), want)
			}
		}
	}
}

func TestFromGivesTheTailOfAll(t *testing.T) {
	t.Parallel()
	zone := location(t, "Europe/Berlin")
	from := time.Date(2025, 3, 30, 1, 10, 0, 0, time.UTC)
	for _, rule := range []string{
		"FREQ=YEARLY;BYWEEKNO=13,14;BYDAY=SU,MO", "FREQ=YEARLY;INTERVAL=5", "FREQ=MONTHLY;INTERVAL=7;BYMONTHDAY=30,-1",
		"FREQ=WEEKLY;INTERVAL=3;BYDAY=SU,TU", "FREQ=DAILY;INTERVAL=11", "FREQ=HOURLY;INTERVAL=31;BYDAY=SU,MO",
		"FREQ=MINUTELY;INTERVAL=7;BYHOUR=2,3", "FREQ=SECONDLY;INTERVAL=90001", "FREQ=HOURLY;INTERVAL=5;BYMINUTE=1,2,3;BYSETPOS=-1",
		"FREQ=DAILY;COUNT=9600", "FREQ=HOURLY;INTERVAL=9;UNTIL=20250401T000000Z",
	} {
		start, err := recurrence.ParseMoment("19990131T023000", zone)
		if err != nil {
			t.Fatal(err)
		}
		r, err := recurrence.Parse(rule)
		if err != nil {
			t.Fatal(err)
		}
		all, err := r.All(start)
		if err != nil {
			t.Fatal(err)
		}
		tail, err := r.From(start, from)
		if err != nil {
			t.Fatal(err)
		}
		var want, got []time.Time
		for at := range all {
			if at.Before(from) {
				continue
			}
			if want = append(want, at); len(want) == 20 {
				break
			}
		}
		for at := range tail {
			if got = append(got, at); len(got) == 20 {
				break
			}
		}
		if len(want) == 0 || !slices.Equal(got, want) {
			t.Errorf("%s\n got %v\nwant %v", rule, got, want)
		}
	}
}

func TestZonesGoOnToTheEndOfTheCalendar(t *testing.T) {
	t.Parallel()
	r, err := recurrence.Parse("FREQ=DAILY")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"Europe/Berlin", "Australia/Sydney", "America/New_York", "Africa/Casablanca", "Asia/Bishkek"} {
		zone := location(t, name)
		all, err := r.All(recurrence.TimeOf(2026, 1, 1, 12, 0, 0, zone))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for at := range all {
			if want := time.Date(2026, 1, 1+n, 12, 0, 0, 0, zone); n%7 == 0 && !at.Equal(want) {
				t.Fatalf("%v, want %v", at, want)
			}
			if n++; at.Year() == 2600 {
				break
			}
		}
		if n != 209650 {
			t.Errorf("%s: %d days", name, n)
		}
	}
}

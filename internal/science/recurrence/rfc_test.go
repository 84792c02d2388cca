package recurrence_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/science/recurrence"
)

func location(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// inZone gives up to most instances as local time with offset.
func inZone(t testing.TB, rule, start string, zone *time.Location, most int) []string {
	t.Helper()
	r, err := recurrence.Parse(rule)
	if err != nil {
		t.Fatal(err)
	}
	m, err := recurrence.ParseMoment(start, zone)
	if err != nil {
		t.Fatal(err)
	}
	all, err := r.All(m)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for at := range all {
		out = append(out, at.Format("20060102T150405-0700"))
		if len(out) == most {
			break
		}
	}
	return out
}

func TestEveryExampleOfRFC5545GivesItsInstances(t *testing.T) {
	t.Parallel()
	newYork := location(t, "America/New_York")
	lines(t, "rfc5545.tsv", func(cells []string) {
		want := strings.Fields(cells[2])
		r, err := recurrence.Parse(cells[0])
		if err != nil {
			t.Fatal(err)
		}
		endless := r.Count == 0 && r.Until.IsZero()
		most := len(want)
		if !endless {
			most++ // one more would show
		}
		got := inZone(t, cells[0], cells[1], newYork, most)
		for i := range got {
			got[i] = got[i][:15]
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s from %s:\n got %v\nwant %v", cells[0], cells[1], got, want)
		}
	})
}

// The list beside this example in the RFC goes on to 15:00, which is 19:00 in
// UTC and after UNTIL; its errata correct the rule to 21:00 UTC, as in
// testdata/rfc5545.tsv.
func TestUntilOfTheHourlyExampleOfRFC5545IsTakenAsWritten(t *testing.T) {
	t.Parallel()
	got := inZone(t, "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z", "19970902T090000", location(t, "America/New_York"), 9)
	if want := []string{"19970902T090000-0400", "19970902T120000-0400"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

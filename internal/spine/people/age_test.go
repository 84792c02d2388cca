package people_test

import (
	"testing"
	"time"

	"platforma.kg/ashar/internal/spine/people"
)

func TestTheAgeBandIsThatOfTheYearOnACalendarInBishkek(t *testing.T) {
	t.Parallel()
	midnight := time.Date(2026, 12, 31, 18, 0, 0, 0, time.UTC)
	born := people.Details{BirthYear: 1992}
	for at, want := range map[time.Time]string{
		midnight.Add(-time.Minute): "25-34", midnight: "35-44", midnight.Add(7 * time.Hour): "35-44",
	} {
		if got := born.Age(nil, at); got != want {
			t.Errorf("at %s she is %s, want %s", at, got, want)
		}
		if _, profile := (people.Person{Details: born}).Snapshot(nil, at); profile.AgeBand != want {
			t.Errorf("a fact of %s says %s, want %s", at, profile.AgeBand, want)
		}
	}
	if got := (people.Details{AgeBand: "60+"}).Age(nil, midnight); got != "60+" {
		t.Errorf("who told a band alone is %s", got)
	}
}

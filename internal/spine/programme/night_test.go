package programme

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// Whatever the moment, and in whatever zone the clock counts: nothing goes at night but what is
// near or going on, nothing goes before it is ready or later than the next morning, and what is
// ready by day goes at once.
func TestNothingGoesAtNightButWhatIsNear(t *testing.T) {
	t.Parallel()
	first := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	asleep := func(at time.Time) bool {
		hour := at.UTC().Add(6 * time.Hour).Hour()
		return hour >= 21 || hour < 8
	}
	rapid.Check(t, func(t *rapid.T) {
		zone := time.FixedZone("", rapid.IntRange(-12*3600, 14*3600).Draw(t, "zone"))
		at := first.Add(time.Duration(rapid.Int64Range(0, 400*24*3600).Draw(t, "at")) * time.Second).In(zone)
		var starts, ends time.Time
		if rapid.Bool().Draw(t, "has a day") {
			starts = at.Add(time.Duration(rapid.Int64Range(-96*3600, 96*3600).Draw(t, "starts")) * time.Second)
			if rapid.Bool().Draw(t, "has an end") {
				ends = starts.Add(time.Duration(rapid.Int64Range(1, 72*3600).Draw(t, "lasts")) * time.Second)
			}
		}
		goes := Night{}.Goes(at, starts, ends)
		ahead := at.Before(starts) && !at.Before(starts.AddDate(0, 0, -1))
		under := !starts.IsZero() && !at.Before(starts) && at.Before(ends)
		switch {
		case ahead || under:
			if !goes.Equal(at) {
				t.Fatalf("of what begins at %s and ends at %s it is told at %s, and waits until %s", starts, ends, at, goes)
			}
		case asleep(goes):
			t.Fatalf("ready at %s it goes at night, at %s", at.In(Bishkek), goes)
		case goes.Before(at), goes.Sub(at) > 11*time.Hour:
			t.Fatalf("ready at %s it goes at %s", at.In(Bishkek), goes)
		case !asleep(at) && !goes.Equal(at):
			t.Fatalf("ready by day, at %s, it goes at %s", at.In(Bishkek), goes)
		}
		if (Night{}).Is(at) != asleep(at) {
			t.Fatalf("%s is taken for the other half of the day", at.In(Bishkek))
		}
		if rule := (Night{AnyHour: true}); !rule.Goes(at, starts, ends).Equal(at) || rule.Is(at) {
			t.Fatal("without the rule something waits")
		}
	})
}

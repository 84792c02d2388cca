package plan

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/spine/programme"
)

func TestAnActivityOfNowStaysWithinOnePlausibleDay(t *testing.T) {
	t.Parallel()
	for clock, want := range map[string]string{
		"00:00": "08:00-15:30", "07:59": "08:00-15:30", "08:00": "08:00-15:30", "10:40": "08:30-16:00", "12:00": "10:00-17:30",
		"18:29": "16:00-23:30", "19:59": "16:29-23:59", "20:30": "16:29-23:59", "23:58": "16:29-23:59",
	} {
		now, err := time.ParseInLocation("2006-01-02 15:04", "2026-11-23 "+clock, programme.Bishkek)
		if err != nil {
			t.Fatal(err)
		}
		if day, hours := around(now.UTC()); hours != want || day.Format(time.DateOnly) != "2026-11-23" {
			t.Errorf("at %s: %s on %s, want %s", clock, hours, day.Format(time.DateOnly), want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(rapid.Int64Range(1_600_000_000, 2_000_000_000).Draw(t, "now"), 0)
		day, hours := around(now)
		starts, ends, err := programme.Span(day, hours)
		if err != nil || !programme.Midnight(starts).Equal(programme.Midnight(now)) || !programme.Midnight(ends).Equal(programme.Midnight(now)) {
			t.Fatalf("%s gives %s to %s: %v", now.In(programme.Bishkek), starts, ends, err)
		}
		if at := programme.ClockOf(now); at >= 8*time.Hour && at < 24*time.Hour-time.Minute && (now.Before(starts) || !now.Before(ends)) {
			t.Fatalf("%s is not between %s and %s", now.In(programme.Bishkek), starts, ends)
		}
	})
}

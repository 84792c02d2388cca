package programme

import (
	"math/rand/v2"
	"strconv"
	"testing"
	"time"
)

// However an activity of several days is moved by the clock, its sessions begin as long after
// its start as before; its agenda told by days has each session once, on the day it begins.
func TestSessionsOfSeveralDaysStayAsLongAfterTheStart(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 3))
	for range 2_000 {
		starts := on("2026-05-20 00:00").Add(time.Duration(random.IntN(24*60)) * time.Minute)
		ends := starts.Add(24*time.Hour + time.Duration(1+random.IntN(13*24*60))*time.Minute)
		var agenda []Session
		for i := range 1 + random.IntN(12) {
			begins := starts.Add(time.Duration(random.Int64N(int64(ends.Sub(starts)/time.Minute))) * time.Minute)
			agenda = append(agenda, Session{Day: daysBetween(starts, begins) + 1, At: Stamp(begins, "15:04"), Minutes: i + 1})
		}
		moved := Midnight(starts).AddDate(0, 0, random.IntN(9)).Add(time.Duration(random.IntN(24*60)) * time.Minute)
		later := LaterBy(agenda, ClockOf(moved)-ClockOf(starts))
		for i := range agenda {
			was, _ := agenda[i].After(starts)
			if is, ok := later[i].After(moved); !ok || is != was {
				t.Fatalf("seed %d: %s begins %s after %s, moved to %s: %s, %s", seed, agenda[i].When(), was, starts, moved, later[i].When(), is)
			}
		}
		told, last := 0, time.Time{}
		for _, day := range AgendaDays(agenda, starts, ends) {
			if !day.Date.After(last) || len(day.Sessions) == 0 {
				t.Fatalf("seed %d: %s after %s", seed, day.Date, last)
			}
			last = day.Date
			for _, s := range day.Sessions {
				told++
				if want := Midnight(starts).AddDate(0, 0, s.Day-1); !want.Equal(day.Date) {
					t.Fatalf("seed %d: %s is told on %s", seed, s.When(), day.Date)
				}
			}
		}
		if told != len(agenda) {
			t.Fatalf("seed %d: %d of %d are told", seed, told, len(agenda))
		}
		if got, _, err := Span(starts, HoursOf(starts, ends)); err != nil || !got.Equal(starts) {
			t.Fatalf("%s: %s, %v", HoursOf(starts, ends), got, err)
		}
	}
	if days := AgendaDays([]Session{{At: "23:00"}, {At: "01:00"}}, on("2026-05-20 22:00"), on("2026-05-21 02:00")); len(days) != 1 || !days[0].Date.IsZero() {
		t.Errorf("a night is told as %d days", len(days))
	}
	for n := range 20 {
		hours := "09:30-17:00+" + strconv.Itoa(n)
		if _, _, _, err := Hours(hours); (err == nil) != (n >= 1 && n <= MostDays) {
			t.Errorf("%s: %v", hours, err)
		}
	}
}

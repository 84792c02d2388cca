package programme

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// Whatever the hours were and wherever they go, also over midnight and for a whole day: what
// followed lies within the new hours where it lay within the old ones and these are as long,
// applications close before the start, and the hours that are written are read back.
func TestWhatFollowsRandomHoursStaysWithinThem(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := on("2026-01-01 00:00").AddDate(0, 0, rapid.IntRange(0, 700).Draw(t, "day"))
		minutes := rapid.IntRange(1, 24*60).Draw(t, "minutes")
		before := Activity{Title: i18n.Text{En: "X"}, Starts: day.Add(time.Duration(rapid.IntRange(0, 24*60-1).Draw(t, "from")) * time.Minute)}
		if rapid.IntRange(0, 9).Draw(t, "whole") == 0 {
			before.Starts, minutes = day, 24*60
		}
		before.Ends = before.Starts.Add(time.Duration(minutes) * time.Minute)
		before.Deadline = before.Starts.Add(-time.Duration(rapid.IntRange(0, 60*24*60).Draw(t, "deadline")) * time.Minute)
		before.Opens = before.Deadline.Add(-time.Duration(rapid.IntRange(1, 60*24*60).Draw(t, "opens")) * time.Minute)
		for range rapid.IntRange(0, 5).Draw(t, "sessions") {
			at := rapid.IntRange(0, minutes-1).Draw(t, "at")
			before.Agenda = append(before.Agenda, Session{
				At: Stamp(before.Starts.Add(time.Duration(at)*time.Minute), "15:04"), Minutes: rapid.IntRange(1, minutes-at).Draw(t, "long"), Title: i18n.Text{En: "S"},
			})
		}
		if wrong := before.Bounds(); len(wrong) > 0 {
			t.Fatalf("before: %+v", wrong)
		}
		after := before
		by := time.Duration(rapid.IntRange(-400*24*60, 400*24*60).Draw(t, "by")) * time.Minute
		after.Starts, after.Ends = before.Starts.Add(by), before.Ends.Add(by)
		now := before.Starts.Add(time.Duration(rapid.IntRange(-90*24*60, 90*24*60).Draw(t, "now")) * time.Minute)
		got, _ := MoveAlong(before, after, now)
		for _, b := range got.Bounds() {
			// An opening or a deadline that stays where it was, since else it would shut the
			// door at once or open it in the past, is said at its field before it is saved.
			if b.Field != "opens" && b.Field != "deadline" {
				t.Fatalf("by %s: %+v", by, b)
			}
		}
		if got.Deadline.After(got.Starts) {
			t.Fatalf("applications close at %s, it begins at %s", got.Deadline, got.Starts)
		}
		for i, s := range got.Agenda {
			was, _ := before.Agenda[i].After(before.Starts)
			if is, _ := s.After(got.Starts); is != was || s.Minutes != before.Agenda[i].Minutes {
				t.Fatalf("session %d began %s after the start, now %s", i, was, is)
			}
		}
		starts, ends, err := Span(got.Starts.In(Bishkek), HoursOf(got.Starts, got.Ends))
		if err != nil || !starts.Equal(got.Starts) || !ends.Equal(got.Ends) {
			t.Fatalf("%s reads as %s to %s, %v", HoursOf(got.Starts, got.Ends), starts, ends, err)
		}
		if _, _, err := Span(got.Starts.In(Bishkek), Stamp(got.Ends, "15:04")+"-"+Stamp(got.Starts, "15:04")); (err == nil) != (ClockOf(got.Ends) < ClockOf(got.Starts)) {
			t.Fatalf("swapped: %v", err)
		}
	})
}

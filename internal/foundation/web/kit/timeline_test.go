package kit

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// Events stand by their days in Bishkek, each once, in the order asked for; a day that
// stands open stands open whole.
func TestATimelineHasEachEventOnItsDayOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		line := Timeline{Oldest: rapid.Bool().Draw(t, "oldest"), Open: rapid.IntRange(0, 20).Draw(t, "open")}
		start := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
		for i := range rapid.IntRange(0, MostEvents+20).Draw(t, "events") {
			at := start.Add(time.Duration(rapid.IntRange(0, 240).Draw(t, "hours")) * time.Hour)
			line.Events = append(line.Events, Event{At: at, What: strconv.Itoa(i)})
		}
		open, folded := line.parts()
		all := append(slices.Clone(open), folded...)
		if line.Oldest {
			all = append(slices.Clone(folded), open...)
		}
		seen, last := map[string]bool{}, time.Time{}
		for i, d := range all {
			if i > 0 && i18n.SameDay(all[i-1].Day, d.Day) {
				t.Fatal("a day stands twice")
			}
			for _, e := range d.Events {
				if !i18n.SameDay(d.Day, e.At) || seen[e.What] {
					t.Fatalf("%v stands twice, or on %v", e, d.Day)
				}
				seen[e.What] = true
				if !last.IsZero() && (line.Oldest && e.At.Before(last) || !line.Oldest && e.At.After(last)) {
					t.Fatal("out of order")
				}
				last = e.At
			}
		}
		if want := min(len(line.Events), MostEvents); len(seen) != want {
			t.Fatalf("%d of %d events", len(seen), want)
		}
		if n := eventsOf(open); line.Open > 0 && n < min(line.Open, len(seen)) {
			t.Fatalf("%d stand open of %d that should", n, line.Open)
		}
	})
}

// The latest stay when there are too many, and the page says so.
func TestATimelineOfTooMuchShowsTheLatest(t *testing.T) {
	t.Parallel()
	r := reader(t, i18n.English)
	for _, n := range []int{MostEvents, MostEvents + 1} {
		line := Timeline{Title: "T", Oldest: true}
		for i := range n {
			line.Events = append(line.Events, Event{At: time.Unix(int64(i)*3600, 0), What: "event " + strconv.Itoa(i) + "."})
		}
		page := drawn(t, ShowTimeline(r, line))
		if got := strings.Contains(page, "event 0."); got != (n == MostEvents) {
			t.Errorf("of %d the first is shown: %v", n, got)
		}
		if got := strings.Contains(page, "The latest 200 entries are shown."); got != (n > MostEvents) {
			t.Errorf("of %d it is said: %v", n, got)
		}
		if !strings.Contains(page, "event "+strconv.Itoa(n-1)+".") {
			t.Error("the latest is missing")
		}
	}
}

// Steps that are done lead back, those to come do not, and where one is stands in words.
func TestAStepperLeadsBackAndNeverAhead(t *testing.T) {
	t.Parallel()
	r := reader(t, i18n.English)
	steps := []Step{{"One", "/one"}, {"Two", "/two"}, {"Three", "/three"}, {"Four", ""}}
	for now := -1; now <= len(steps); now++ {
		page := drawn(t, Stepper(r, steps, now))
		at := max(0, min(now, len(steps)-1))
		if !strings.Contains(page, "Step "+strconv.Itoa(at+1)+" of 4") || strings.Count(page, `aria-current="step"`) != 1 {
			t.Errorf("at %d: %s", now, page)
		}
		for i, s := range steps {
			if got, want := s.Path != "" && strings.Contains(page, `href="/en`+s.Path+`"`), i < at && s.Path != ""; got != want {
				t.Errorf("at %d, %s is a link: %v", now, s.Label, got)
			}
		}
	}
}

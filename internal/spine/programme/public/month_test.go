package public

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// onDay is something from an hour of a local day, for so many hours.
func onDay(day time.Time, hour, hours int) activity {
	starts := programme.Midnight(day).Add(time.Duration(hour) * time.Hour)
	return activity{Starts: starts, Ends: starts.Add(time.Duration(hours) * time.Hour), State: programme.Published}
}

// all gives activities as strangers see them.
func all(list ...activity) []Activity {
	out := make([]Activity, len(list))
	for i := range list {
		out[i].activity = list[i]
	}
	return out
}

// A month begins with a Monday and ends with a Sunday, holds each of its days once, and
// each activity on the days on which it is on.
func TestAMonthIsWholeWeeksWithEachActivityOnItsDays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		first := time.Date(rapid.IntRange(firstYear, lastYear).Draw(t, "year"), time.Month(rapid.IntRange(1, 12).Draw(t, "month")), 1, 0, 0, 0, 0, programme.Bishkek)
		var list []activity
		want := map[string]int{}
		for range rapid.IntRange(0, 8).Draw(t, "activities") {
			a := onDay(first.AddDate(0, 0, rapid.IntRange(-40, 70).Draw(t, "day")), rapid.IntRange(0, 23).Draw(t, "hour"), rapid.IntRange(1, 100).Draw(t, "hours"))
			list = append(list, a)
			if a.Ends.Sub(a.Starts) < 24*time.Hour {
				want[dateKey(a.Starts)]++
				continue
			}
			for at := a.Starts; at.Before(a.Ends); at = programme.Midnight(at).AddDate(0, 0, 1) {
				want[dateKey(at)]++
			}
		}
		now := first.AddDate(0, 0, rapid.IntRange(-60, 60).Draw(t, "now"))
		days, today := 0, 0
		for _, week := range weeks(first, now, all(list...)) {
			if len(week) != 7 || week[0].Date.Weekday() != time.Monday || week[6].Date.Weekday() != time.Sunday {
				t.Fatalf("a week from %s to %s", week[0].Date, week[len(week)-1].Date)
			}
			for _, d := range week {
				if d.Today {
					today++
				}
				if !d.In {
					if len(d.Activities) > 0 {
						t.Fatalf("something is on on %s, which is of another month", d.Date)
					}
					continue
				}
				if days++; d.Date.Day() != days {
					t.Fatalf("%s is day %d", d.Date, days)
				}
				if len(d.Activities) != want[dateKey(d.Date)] {
					t.Fatalf("%d on %s, want %d", len(d.Activities), d.Date, want[dateKey(d.Date)])
				}
			}
		}
		if days != first.AddDate(0, 1, -1).Day() || today > 1 {
			t.Fatalf("%d days, %d of them today", days, today)
		}
	})
}

// One may turn from month to month between the first and the last with something, this
// one among them, and never beyond; an empty one leads to those with something.
func TestMonthsLeadToThoseWithSomethingAndNowhereElse(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time {
		day, err := time.ParseInLocation("2006-01", s, programme.Bishkek)
		if err != nil {
			t.Fatal(err)
		}
		return day
	}
	show := func(day time.Time) string {
		if day.IsZero() {
			return ""
		}
		return day.Format("2006-01")
	}
	now := at("2026-11").AddDate(0, 0, 27)
	list := all(onDay(at("2026-09").AddDate(0, 0, 4), 10, 5), onDay(at("2026-12").AddDate(0, 0, 30), 22, 30), onDay(at("2027-03").AddDate(0, 0, 1), 10, 5))
	for _, tc := range []struct{ month, before, after, last, next string }{
		{"2026-09", "", "2026-10", "", ""},
		{"2026-10", "2026-09", "2026-11", "2026-09", "2026-12"},
		{"2026-12", "2026-11", "2027-01", "", ""},
		{"2027-01", "2026-12", "2027-02", "", ""}, // what begins on the 31st at 22 is on into January
		{"2027-02", "2027-01", "2027-03", "2027-01", "2027-03"},
		{"2027-03", "2027-02", "", "", ""},
		{"2031-05", "2027-03", "", "2027-03", ""},
		{"2001-01", "", "2026-09", "", "2026-09"},
	} {
		m := monthOf(at(tc.month), now, list)
		if got := [...]string{show(m.Before), show(m.After), show(m.Last), show(m.Next)}; got != [...]string{tc.before, tc.after, tc.last, tc.next} {
			t.Errorf("%s leads to %q, want %q", tc.month, got, [...]string{tc.before, tc.after, tc.last, tc.next})
		}
		if m.Empty != (tc.last+tc.next != "") {
			t.Errorf("%s is empty: %v", tc.month, m.Empty)
		}
	}
	// With nothing at all there is nowhere to go.
	if m := monthOf(at("2026-11"), now, nil); !m.Empty || !m.Before.IsZero() || !m.After.IsZero() || !m.Next.IsZero() || !m.Last.IsZero() {
		t.Errorf("%+v", m)
	}
	for asked, want := range map[string]string{"": "2026-11", "2027-02": "2027-02", "9999-12": "2026-11", "0001-01": "2026-11", "1999-12": "2026-11", "2026-13": "2026-11", "x": "2026-11", "2026-02-01": "2026-11"} {
		if got := show(monthAsked(asked, now)); got != want {
			t.Errorf("%q shows %s", asked, got)
		}
	}
}

// Each city is in the region that its code names, or as near to its border as the drawing
// is simplified.
func TestEachCityLiesInItsRegion(t *testing.T) {
	t.Parallel()
	for _, c := range (*profile.Lists)(nil).Cities() {
		found := 0
		for _, g := range regions {
			if !g.holds(c.ISO) {
				continue
			}
			found++
			if line := ring(g.around); !inside(line, c.Lon, c.Lat) && away(line, c.Lon, c.Lat) > .05 {
				t.Errorf("%s is not in %s", c.Code, g.Code)
			}
		}
		if found != 1 {
			t.Errorf("%s is in %d regions", c.Code, found)
		}
	}
}

// The regions are the country: their borders within it are walked twice, once each way,
// those with abroad once, and what is walked ends where it began.
func TestTheRegionsMakeTheCountry(t *testing.T) {
	t.Parallel()
	walked := map[int]int{}
	for _, g := range append([]region{{Code: "abroad", around: abroad}}, regions...) {
		for i, n := range g.around {
			here, next := stretch(n), stretch(g.around[(i+1)%len(g.around)])
			if here[len(here)-1] != next[0] {
				t.Errorf("%s is torn after stretch %d", g.Code, i)
			}
			if g.Code != "abroad" {
				walked[n]++
			}
		}
	}
	for n := range stretches {
		once := 0
		for _, a := range abroad {
			if a == n {
				once++
			}
		}
		for _, b := range between {
			if b == n {
				once += 2
			}
		}
		if once != walked[n]+walked[^n] || walked[n] != 1 {
			t.Errorf("stretch %d is walked %d and %d times", n, walked[n], walked[^n])
		}
	}
}

func inside(line [][2]float64, x, y float64) (in bool) {
	for i, a := range line {
		b := line[(i+1)%len(line)]
		if (a[1] > y) != (b[1] > y) && x < (b[0]-a[0])*(y-a[1])/(b[1]-a[1])+a[0] {
			in = !in
		}
	}
	return in
}

// away is how far a point is from a line, in degrees.
func away(line [][2]float64, x, y float64) float64 {
	least := 1e9
	for i, a := range line {
		b := line[(i+1)%len(line)]
		dx, dy := b[0]-a[0], b[1]-a[1]
		along := max(0, min(1, ((x-a[0])*dx+(y-a[1])*dy)/(dx*dx+dy*dy)))
		px, py := x-a[0]-along*dx, y-a[1]-along*dy
		least = min(least, px*px+py*py)
	}
	return math.Sqrt(least)
}

// What is on in a region is the most that is on in one of its cities; what was cancelled
// is not on, and a ninth city counts in its region.
func TestARegionShowsTheMostThatIsOnInIt(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 28, 6, 0, 0, 0, time.UTC)
	in := func(city string, days int) activity {
		a := onDay(now.AddDate(0, 0, days), 10, 5)
		a.City = city
		return a
	}
	cancelled := in("talas", 3)
	cancelled.State = programme.Cancelled
	named := i18n.Text{Ky: "Кара-Балта", Ru: "Кара-Балта", En: "Kara-Balta"}
	lists := (*profile.Lists)(nil).With(profile.Entry{List: profile.City, Code: "kara-balta", Place: 900, ISO: "KG-C", Lat: 42.8142, Lon: 73.8481, Names: []profile.Named{{Name: named}}})
	list := pins(lists, i18n.English, all(in("osh", 0), in("osh", -3), in("tokmok", -5), in("naryn", 4), in("naryn", 5), in("kara-balta", 9), cancelled), now)
	got := map[string]string{}
	for _, p := range list {
		got[p.City.Code] = p.State
	}
	for city, want := range map[string]string{"osh": "now", "tokmok": "past", "naryn": "coming", "kara-balta": "coming", "talas": "none", "bishkek": "none"} {
		if got[city] != want {
			t.Errorf("%s is %q, want %q", city, got[city], want)
		}
	}
	grounds := groundsOf(list)
	if len(grounds) != 3 {
		t.Fatalf("%d regions have something on", len(grounds))
	}
	want := map[string]string{closed(ring(regions[1].around)): "coming", closed(ring(regions[4].around)): "coming", closed(ring(regions[6].around)): "now"}
	for _, g := range grounds {
		if want[g.D] != g.State {
			t.Errorf("a region is %q, want %q", g.State, want[g.D])
		}
	}
	for _, p := range list {
		if p.City.Code == "osh" && (p.Now != 1 || p.Past != 1 || p.Coming != 0) || p.City.Code == "naryn" && p.Coming != 2 {
			t.Errorf("%s: %d now, %d coming, %d past", p.City.Code, p.Now, p.Coming, p.Past)
		}
	}
}

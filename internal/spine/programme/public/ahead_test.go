package public

import (
	"testing"
	"time"

	"platforma.kg/ashar/internal/spine/programme"
)

func TestACityWhereAllIsOverLeadsToWhatWas(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 28, 6, 0, 0, 0, time.UTC)
	in := func(city string, days int) Activity {
		at := now.AddDate(0, 0, days)
		return Activity{programme.Activity{City: city, State: programme.Published, Starts: at, Ends: at.Add(time.Hour)}}
	}
	want := map[string]string{"osh": "/events?city=osh&when=past", "naryn": "/events?city=naryn", "talas": "/events?city=talas"}
	for _, p := range pins(nil, "ky", []Activity{in("osh", -3), in("naryn", -3), in("naryn", 3), in("talas", 0)}, now) {
		if path := want[p.City.Code]; path != "" && p.path() != path {
			t.Errorf("%s leads to %s, want %s", p.City.Code, p.path(), path)
		}
	}
}

func TestOnlyWhatCanStillBeJoinedIsNotOver(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 28, 6, 0, 0, 0, time.UTC)
	seminar := programme.Activity{
		Kind: programme.Seminar, State: programme.Published, Capacity: 20,
		Opens: now.AddDate(0, 0, -5), Deadline: now.AddDate(0, 0, 5), Starts: now.AddDate(0, 0, 9), Ends: now.AddDate(0, 0, 9).Add(time.Hour),
	}
	with := func(change func(a *programme.Activity)) programme.Activity { a := seminar; change(&a); return a }
	for name, c := range map[string]struct {
		a                 programme.Activity
		over, open, ahead bool
	}{
		"open":                    {seminar, false, true, true},
		"opens later":             {with(func(a *programme.Activity) { a.Opens = now.AddDate(0, 0, 1) }), false, false, true},
		"the deadline has passed": {with(func(a *programme.Activity) { a.Deadline = now.Add(-time.Microsecond) }), true, false, true},
		"at the very deadline":    {with(func(a *programme.Activity) { a.Deadline = now }), false, true, true},
		"no deadline":             {with(func(a *programme.Activity) { a.Deadline = time.Time{} }), false, true, true},
		"no deadline, and it goes on": {with(func(a *programme.Activity) {
			a.Deadline, a.Starts, a.Ends = time.Time{}, now, now.Add(time.Hour)
		}), true, false, true},
		"cancelled":                 {with(func(a *programme.Activity) { a.State = programme.Cancelled }), true, false, false},
		"over":                      {with(func(a *programme.Activity) { a.Starts, a.Ends = now.AddDate(0, 0, -1), now.AddDate(0, 0, -1) }), true, false, false},
		"without application":       {with(func(a *programme.Activity) { a.Capacity, a.Deadline = 0, time.Time{} }), false, false, true},
		"a publication on its day":  {with(func(a *programme.Activity) { a.Kind, a.Capacity, a.Deadline = programme.Publication, 0, time.Time{} }), false, false, false},
		"a draft nobody knows of":   {with(func(a *programme.Activity) { a.State = programme.Draft }), false, false, false},
		"a day that is not set yet": {with(func(a *programme.Activity) { a.Starts, a.Ends = time.Time{}, time.Time{} }), false, true, false},
	} {
		if over, open, ahead := isOver(c.a, now), isOpen(c.a, now), isAhead(c.a, now); over != c.over || open != c.open || ahead != c.ahead {
			t.Errorf("%s: over %t, open %t, ahead %t", name, over, open, ahead)
		}
	}
}

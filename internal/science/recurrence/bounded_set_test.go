package recurrence_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/science/recurrence"
)

// Each of these sets asks for as much work as it can. They are all here so that
// one that hangs makes the test hang.
func TestNoSetHangs(t *testing.T) {
	t.Parallel()
	berlin := location(t, "Europe/Berlin")
	start := recurrence.TimeOf(2026, 1, 1, 0, 0, 0, berlin)
	rule := func(text string) recurrence.Rule {
		r, err := recurrence.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	numbers := func(n int) string {
		var list []string
		for i := range n {
			list = append(list, strconv.Itoa(i))
		}
		return strings.Join(list, ",")
	}
	day := func(n int) recurrence.Moment { return recurrence.DateOf(2026, 1, 1+n) }
	at := func(n int) recurrence.Moment { return recurrence.TimeOf(2026, 1, 1+n, 12, 0, 0, berlin) }
	many := func(n int, make func(int) recurrence.Moment) (list []recurrence.Moment) {
		for i := range n {
			list = append(list, make(i))
		}
		return list
	}
	changes := func(n, apart int, following bool) (list []recurrence.Override) {
		for i := range n {
			id := at(i * apart)
			moved := recurrence.TimeOf(2026, 1, 1+i*apart, 12, 30, 0, berlin)
			list = append(list, recurrence.Override{ID: id, Start: moved, Following: following})
		}
		return list
	}
	for _, c := range []struct {
		name string
		set  recurrence.Set
		from time.Time
		want int // occurrences, at most 1000
	}{
		{"every day of every second is taken away", recurrence.Set{Rules: []recurrence.Rule{rule("FREQ=SECONDLY")}, Except: many(100_000, day), OmitStart: true}, time.Time{}, 1000},
		{"and COUNT ends before", recurrence.Set{Rules: []recurrence.Rule{rule("FREQ=SECONDLY;COUNT=2147483647")}, Except: many(100_000, day), OmitStart: true}, time.Time{}, 0},
		{"every second of every day is named, and every day taken away", recurrence.Set{Rules: []recurrence.Rule{rule("FREQ=DAILY;BYHOUR=" + numbers(24) + ";BYMINUTE=" + numbers(60) + ";BYSECOND=" + numbers(60))}, Except: many(100_000, day), OmitStart: true}, time.Time{}, 1000},
		{"a hundred thousand dates are added", recurrence.Set{Dates: many(100_000, at), Rules: []recurrence.Rule{rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")}, OmitStart: true}, time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC), 1000},
		{"and taken away", recurrence.Set{Dates: many(100_000, at), Except: many(100_000, at), OmitStart: true}, time.Time{}, 0},
		{"and the days are", recurrence.Set{Dates: many(100_000, at), Except: many(100_000, day), OmitStart: true}, time.Time{}, 0},
		{"all that follows is moved two hundred times", recurrence.Set{Rules: []recurrence.Rule{rule("FREQ=SECONDLY;COUNT=2147483647")}, Overrides: changes(200, 120, true)}, time.Date(2093, 12, 1, 0, 0, 0, 0, time.UTC), 1000},
		{"ten thousand seconds are moved", recurrence.Set{Rules: []recurrence.Rule{rule("FREQ=SECONDLY;COUNT=2147483647")}, Overrides: changes(10_000, 2, false)}, time.Date(2094, 1, 19, 3, 0, 0, 0, berlin), 847},
		{"a hundred rules never meet", recurrence.Set{Rules: slices.Repeat([]recurrence.Rule{rule("FREQ=SECONDLY;INTERVAL=7;BYHOUR=0;BYMINUTE=0;BYSECOND=0;BYMONTH=2;BYMONTHDAY=30")}, 100), OmitStart: true}, time.Time{}, 0},
	} {
		c.set.Start = start
		all, err := c.set.From(c.from)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		n := 0
		for range all {
			if n++; n == 1000 {
				break
			}
		}
		if n != c.want {
			t.Errorf("%s: %d occurrences, want %d", c.name, n, c.want)
		}
	}
	if _, err := (recurrence.Set{Start: start, Rules: slices.Repeat([]recurrence.Rule{rule("FREQ=DAILY")}, 101)}).All(); err == nil {
		t.Error("101 rules are walked side by side")
	}
}

// The parts of a set between changes of all that follows share what they count.
func TestChangesOfAllThatFollowsKeepTheCount(t *testing.T) {
	t.Parallel()
	start := recurrence.TimeOf(2026, 1, 1, 9, 0, 0, time.UTC)
	r, err := recurrence.Parse("FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,30;COUNT=1003")
	if err != nil {
		t.Fatal(err)
	}
	set := recurrence.Set{Start: start, Rules: []recurrence.Rule{r}}
	for _, n := range []int{200, 10, 249, 100} {
		id := recurrence.TimeOf(2026, 1, 1+n, 10, 0, 0, time.UTC)
		set.Overrides = append(set.Overrides, recurrence.Override{ID: id, Following: true, Start: recurrence.TimeOf(2026, 1, 1+n, 10, 5, 0, time.UTC)})
	}
	for _, from := range []time.Time{{}, start.Time().AddDate(0, 0, 50), start.Time().AddDate(0, 0, 240), start.Time().AddDate(0, 0, 260)} {
		all, err := set.From(from)
		if err != nil {
			t.Fatal(err)
		}
		n, want := 0, 0
		for range all {
			n++
		}
		plain, err := r.From(start, from)
		if err != nil {
			t.Fatal(err)
		}
		for range plain {
			want++
		}
		if n != want {
			t.Errorf("from %v: %d occurrences, want %d", from, n, want)
		}
	}
}

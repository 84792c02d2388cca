package recurrence_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/science/recurrence"
)

// tail gives up to most instances from an instant on.
func tail(t *testing.T, rule string, start recurrence.Moment, from time.Time, most int) []time.Time {
	t.Helper()
	r, err := recurrence.Parse(rule)
	if err != nil {
		t.Fatal(err)
	}
	all, err := r.From(start, from)
	if err != nil {
		t.Fatal(err)
	}
	var out []time.Time
	for at := range all {
		if len(out) == most {
			break
		}
		out = append(out, at)
	}
	return out
}

// Before the first instance that is wanted, whole days and periods are counted at
// once. The same rules, counted one by one.
func TestCountingWholePeriodsIsCountingOneByOne(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5545, 2))
	zones := []*time.Location{nil, time.UTC, location(t, "Europe/Berlin"), location(t, "America/New_York"), location(t, "Australia/Lord_Howe")}
	compared := 0
	for _, name := range []string{"agreed.tsv", "agreed-weeks.tsv"} {
		lines(t, name, func(cells []string) {
			if strings.Contains(cells[0], "COUNT") || strings.Contains(cells[0], "UNTIL") {
				return
			}
			start, err := recurrence.ParseMoment(cells[1], zones[random.IntN(len(zones))])
			if err != nil {
				t.Fatal(err)
			}
			all := tail(t, cells[0], start, time.Time{}, 3000)
			for range 3 {
				count := 1 + random.IntN(len(all))
				at := random.IntN(count)
				rule := fmt.Sprintf("%s;COUNT=%d", cells[0], count)
				want := all[at:count]
				if got := tail(t, rule, start, all[at], -1); !slices.EqualFunc(got, want, time.Time.Equal) {
					// A reading that a zone skips may fall together with another: two for
					// COUNT, and one instance. The tail is then shorter.
					if n := len(got); start.Zone() != nil && n < len(want) && slices.EqualFunc(got, want[:n], time.Time.Equal) {
						continue
					}
					t.Fatalf("%s from %s in %v, after %v:\n got %v\nwant %v", rule, start, start.Zone(), all[at], got, want)
				}
				compared++
			}
		})
	}
	if compared < 3000 {
		t.Errorf("only %d compared", compared)
	}
}

func TestAnEnormousCountEndsWhereItMust(t *testing.T) {
	t.Parallel()
	start := recurrence.TimeOf(2026, 1, 1, 0, 0, 0, nil)
	for _, c := range []struct {
		rule string
		last string // the COUNT-th instance, by arithmetic
	}{
		{"FREQ=SECONDLY;COUNT=2147483647", "20940119T031406"},                                          // 2^31-2 seconds later
		{"FREQ=SECONDLY;INTERVAL=7;COUNT=2000000000", "24690823T005313"},                               // 13,999,999,993 seconds
		{"FREQ=MINUTELY;COUNT=2147483647", "61090124T020600"},                                          // 2^31-2 minutes
		{"FREQ=SECONDLY;BYSECOND=0,30;COUNT=2147483647", "40670714T010300"},                            // (2^31-2)/2 minutes
		{"FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,30;BYSECOND=0;COUNT=1000001", "27100625T090000"},           // 250,000 days
		{"FREQ=HOURLY;BYMINUTE=0,1,2,3,4,5,6,7,8,9;COUNT=20000011", "22540228T090000"},                 // 2,000,001 hours
		{"FREQ=WEEKLY;BYDAY=TH,FR,SA,SU;COUNT=400001", "39420716T000000"},                              // 100,000 weeks
		{"FREQ=YEARLY;INTERVAL=3;BYMONTH=1,2,3,4;BYMONTHDAY=5;BYHOUR=0;COUNT=4001", "50260105T000000"}, // 1000 times 3 years
	} {
		r, err := recurrence.Parse(c.rule)
		if err != nil {
			t.Fatal(err)
		}
		last, err := recurrence.ParseMoment(c.last, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := tail(t, c.rule, start, last.Time(), 5)
		if len(got) != 1 || !got[0].Equal(last.Time()) {
			t.Errorf("%s: got %v, want %s as the last", r, got, c.last)
		}
		if got := tail(t, c.rule, start, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), 5); len(got) > 0 {
			t.Errorf("%s: got %v at the end of the calendar", r, got)
		}
	}
}

package recurrence_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The standard library knows ISO weeks.
func TestWeeksOfTheYearAreThoseOfISO8601(t *testing.T) {
	t.Parallel()
	for week := 1; week <= 53; week++ {
		var want []string
		for day := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2100; day = day.AddDate(0, 0, 1) {
			if _, w := day.ISOWeek(); w == week {
				want = append(want, day.Format("20060102"))
			}
		}
		rule := fmt.Sprintf("FREQ=YEARLY;UNTIL=20991231;BYWEEKNO=%d;BYDAY=MO,TU,WE,TH,FR,SA,SU", week)
		if got := written(t, rule, "19000101", -1); !slices.Equal(got, want) {
			t.Errorf("week %d: %d days, want %d", week, len(got), len(want))
		}
		// The same weeks, counted from the end.
		var back []string
		for day := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2100; day = day.AddDate(0, 0, 1) {
			year, w := day.ISOWeek()
			_, weeks := time.Date(year, 12, 28, 0, 0, 0, 0, time.UTC).ISOWeek()
			if weeks-w+1 == week && year <= day.Year() { // not into week 1 of the next year
				back = append(back, day.Format("20060102"))
			}
		}
		rule = fmt.Sprintf("FREQ=YEARLY;UNTIL=20991231;BYWEEKNO=-%d;BYDAY=MO,TU,WE,TH,FR,SA,SU", week)
		if got := written(t, rule, "19000101", -1); !slices.Equal(got, back) {
			t.Errorf("week -%d: %d days, want %d", week, len(got), len(back))
		}
	}
}

// Week numbers by their definition alone: the fourth day of a week says to which
// year it belongs, and the how manieth such day of the year it is, is its number.
func TestRulesOfWeeksFollowTheDefinition(t *testing.T) {
	t.Parallel()
	lines(t, "agreed-weeks.tsv", func(cells []string) {
		rule := cells[0]
		part := map[string]string{"WKST": "MO", "INTERVAL": "1"}
		for p := range strings.SplitSeq(rule, ";") {
			name, value, _ := strings.Cut(p, "=")
			part[name] = value
		}
		has := func(name string, n int) bool {
			return slices.Contains(strings.Split(part[name], ","), fmt.Sprint(n))
		}
		interval, err := strconv.Atoi(part["INTERVAL"])
		if err != nil {
			t.Fatal(err)
		}
		names := []string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}
		first := slices.Index(names, part["WKST"])
		start, err := time.Parse("20060102T150405", cells[1])
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for day := start; len(want) < 30 && day.Year() < 2500; day = day.AddDate(0, 0, 1) {
			fourth := day.AddDate(0, 0, 3-(int(day.Weekday())-first+7)%7)
			week := (fourth.YearDay()-1)/7 + 1
			left := time.Date(fourth.Year(), 12, 31, 0, 0, 0, 0, time.UTC).YearDay() - fourth.YearDay()
			back := -(left/7 + 1)
			if fourth.Year() > day.Year() {
				back = 0
			}
			if part["BYMONTH"] != "" && !has("BYMONTH", int(day.Month())) {
				continue
			}
			if (day.Year()-start.Year())%interval == 0 && (has("BYWEEKNO", week) || has("BYWEEKNO", back)) &&
				slices.Contains(strings.Split(part["BYDAY"], ","), names[day.Weekday()]) {
				want = append(want, day.Format("20060102T150405"))
			}
		}
		if got := written(t, rule, cells[1], len(want)); !slices.Equal(got, want) {
			t.Errorf("%s from %s\n got %v\nwant %v", rule, cells[1], got, want)
		}
	})
}

// Rules that only limit days mean the same whatever their frequency.
func TestLimitsMeanTheSameInEachFrequency(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5545, 0))
	for range 200 {
		var limits []string
		if random.IntN(2) == 0 {
			limits = append(limits, fmt.Sprintf("BYMONTH=%d,%d", 1+random.IntN(12), 1+random.IntN(12)))
		} else {
			limits = append(limits, "BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12")
		}
		limits = append(limits, fmt.Sprintf("BYMONTHDAY=%d,-%d,%d", 1+random.IntN(31), 1+random.IntN(31), 1+random.IntN(31)))
		if random.IntN(2) == 0 {
			limits = append(limits, "BYDAY=MO,WE,SU")
		}
		rest := strings.Join(limits, ";") + ";BYHOUR=5,17;BYMINUTE=30;BYSECOND=0,59"
		want := written(t, "FREQ=YEARLY;"+rest, "19990228T060000", 40)
		for _, f := range []string{"MONTHLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"} {
			if got := written(t, "FREQ="+f+";"+rest, "19990228T060000", 40); !slices.Equal(got, want) {
				t.Errorf("%s;%s\n got %v\nwant %v", f, rest, got, want)
			}
		}
	}
}

// Steps of the shorter frequencies, found one by one.
func TestStepsOfShortRulesAreFoundOneByOne(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5545, 1))
	start := time.Date(2026, 2, 27, 21, 34, 56, 0, time.UTC)
	for _, unit := range []struct {
		name   string
		length time.Duration
		most   int
	}{{"SECONDLY", time.Second, 100_000}, {"MINUTELY", time.Minute, 2000}, {"HOURLY", time.Hour, 60}} {
		for range 60 {
			interval := 1 + random.IntN(unit.most)
			hours := map[int]bool{random.IntN(24): true, random.IntN(24): true, random.IntN(24): true}
			minutes := map[int]bool{}
			for range 6 {
				minutes[random.IntN(60)] = true
			}
			if unit.name == "HOURLY" {
				minutes = map[int]bool{34: true}
			}
			list := func(set map[int]bool) string {
				var out []string
				for n := range 60 {
					if set[n] {
						out = append(out, fmt.Sprint(n))
					}
				}
				return strings.Join(out, ",")
			}
			end := start.AddDate(0, 2, 0)
			rule := fmt.Sprintf("FREQ=%s;INTERVAL=%d;BYHOUR=%s;BYMINUTE=%s;BYDAY=SA,SU,MO;UNTIL=%s",
				unit.name, interval, list(hours), list(minutes), end.Format("20060102T150405"))
			var want []string
			for at := start; !at.After(end); at = at.Add(time.Duration(interval) * unit.length) {
				day := at.Weekday()
				if hours[at.Hour()] && minutes[at.Minute()] && (day == time.Saturday || day <= time.Monday) {
					want = append(want, at.Format("20060102T150405"))
				}
			}
			if got := written(t, rule, start.Format("20060102T150405"), -1); !slices.Equal(got, want) && len(got)+len(want) > 0 {
				t.Errorf("%s\n got %d, want %d", rule, len(got), len(want))
			}
		}
	}
}

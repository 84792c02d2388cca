package recurrence_test

import (
	"testing"
	"time"

	"platforma.kg/ashar/internal/science/recurrence"
)

// BenchmarkInstances walks through rules of each kind and reports how many
// instances a second come out.
func BenchmarkInstances(b *testing.B) {
	for _, c := range []struct{ name, rule, zone string }{
		{"daily", "FREQ=DAILY", "UTC"},
		{"daily in a zone", "FREQ=DAILY", "Europe/Berlin"},
		{"working days", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Asia/Bishkek"},
		{"last Friday", "FREQ=MONTHLY;BYDAY=-1FR", "Asia/Bishkek"},
		{"last working day", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "Asia/Bishkek"},
		{"weeks of the year", "FREQ=YEARLY;BYWEEKNO=1,20,53;BYDAY=MO,TH", "Asia/Bishkek"},
		{"every quarter of an hour in the day", "FREQ=MINUTELY;INTERVAL=15;BYHOUR=9,10,11,12,13,14,15,16,17", "Asia/Bishkek"},
		{"seconds", "FREQ=SECONDLY", "Asia/Bishkek"},
		{"seconds of one minute a year", "FREQ=SECONDLY;BYMONTH=1;BYMONTHDAY=1;BYHOUR=0;BYMINUTE=0", "UTC"},
	} {
		b.Run(c.name, func(b *testing.B) {
			zone := location(b, c.zone)
			r, err := recurrence.Parse(c.rule)
			if err != nil {
				b.Fatal(err)
			}
			start := recurrence.TimeOf(2026, 1, 1, 0, 0, 0, zone)
			b.ReportAllocs()
			n := 0
			for n < b.N { // again from the start when the calendar is through
				all, err := r.All(start)
				if err != nil {
					b.Fatal(err)
				}
				for range all {
					if n++; n >= b.N {
						break
					}
				}
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "instances/s")
		})
	}
}

// BenchmarkSet walks through a set with all that it can hold.
func BenchmarkSet(b *testing.B) {
	zone := location(b, "Asia/Bishkek")
	set, err := recurrence.ParseSet(meeting, func(string) (*time.Location, error) { return zone, nil })
	if err != nil {
		b.Fatal(err)
	}
	for i := range set.Rules {
		set.Rules[i].Count = 0
	}
	n := 0
	for n < b.N {
		all, err := set.All()
		if err != nil {
			b.Fatal(err)
		}
		for range all {
			if n++; n >= b.N {
				break
			}
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "instances/s")
}

// BenchmarkWindow asks for a week far from the start, as a calendar page does.
func BenchmarkWindow(b *testing.B) {
	zone := location(b, "Asia/Bishkek")
	r, err := recurrence.Parse("FREQ=WEEKLY;BYDAY=MO,WE,FR")
	if err != nil {
		b.Fatal(err)
	}
	start := recurrence.TimeOf(2006, 1, 2, 9, 0, 0, zone)
	week := time.Date(2026, 1, 5, 0, 0, 0, 0, zone)
	for b.Loop() {
		all, err := r.From(start, week)
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for at := range all {
			if at.After(week.AddDate(0, 0, 7)) {
				break
			}
			n++
		}
		if n != 3 {
			b.Fatal(n)
		}
	}
}

// BenchmarkNothing searches the whole calendar for a day that does not exist.
func BenchmarkNothing(b *testing.B) {
	for _, rule := range []string{
		"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
		"FREQ=SECONDLY;INTERVAL=7;BYHOUR=0;BYMINUTE=0;BYSECOND=0;BYDAY=MO", "FREQ=SECONDLY;INTERVAL=86400;BYHOUR=5",
	} {
		b.Run(rule, func(b *testing.B) {
			r, err := recurrence.Parse(rule)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				all, err := r.All(recurrence.TimeOf(2026, 1, 6, 0, 0, 0, nil))
				if err != nil {
					b.Fatal(err)
				}
				for at := range all {
					b.Fatal(at)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms/search")
		})
	}
}

// BenchmarkCounting looks for the end of an enormous COUNT, far from the start.
func BenchmarkCounting(b *testing.B) {
	for _, rule := range []string{
		"FREQ=SECONDLY;COUNT=2147483647", "FREQ=SECONDLY;BYSECOND=0,1,2,3,4,5,6,7,8;BYDAY=MO;COUNT=2147483647",
		"FREQ=DAILY;BYHOUR=1,2,3,4;BYMINUTE=1,2,3,4;COUNT=2147483647", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1,-1;COUNT=2147483647",
	} {
		b.Run(rule, func(b *testing.B) {
			r, err := recurrence.Parse(rule)
			if err != nil {
				b.Fatal(err)
			}
			from := time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
			for b.Loop() {
				all, err := r.From(recurrence.TimeOf(1, 1, 1, 0, 0, 0, nil), from)
				if err != nil {
					b.Fatal(err)
				}
				for range all {
					break
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()*1000/float64(b.N), "ms/search")
		})
	}
}

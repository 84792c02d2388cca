package recurrence_test

import (
	"fmt"
	"time"

	"platforma.kg/ashar/internal/science/recurrence"
)

func ExampleRule_All() {
	bishkek, err := time.LoadLocation("Asia/Bishkek")
	if err != nil {
		fmt.Println(err)
		return
	}
	rule, err := recurrence.Parse("FREQ=MONTHLY;BYDAY=-1FR;COUNT=3")
	if err != nil {
		fmt.Println(err)
		return
	}
	instances, err := rule.All(recurrence.TimeOf(2026, time.January, 5, 9, 0, 0, bishkek))
	if err != nil {
		fmt.Println(err)
		return
	}
	for at := range instances {
		fmt.Println(at.Format("Mon 2 January 2006 15:04"))
	}
	// Output:
	// Fri 30 January 2026 09:00
	// Fri 27 February 2026 09:00
	// Fri 27 March 2026 09:00
}

func ExampleParseSet() {
	set, err := recurrence.ParseSet(`DTSTART;TZID=Asia/Bishkek:20260310T180000
DURATION:PT2H
RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=5
EXDATE;TZID=Asia/Bishkek:20260505T180000
RDATE;TZID=Asia/Bishkek:20260506T180000
`, time.LoadLocation)
	if err != nil {
		fmt.Println(err)
		return
	}
	from := time.Date(2026, time.April, 1, 0, 0, 0, 0, time.UTC)
	occurrences, err := set.From(from)
	if err != nil {
		fmt.Println(err)
		return
	}
	for o := range occurrences {
		fmt.Println(o.Start.Format("2 January 15:04"), "to", o.End.Format("15:04"))
	}
	// Output:
	// 7 April 18:00 to 20:00
	// 21 April 18:00 to 20:00
	// 6 May 18:00 to 20:00
}

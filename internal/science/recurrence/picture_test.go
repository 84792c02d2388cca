package recurrence_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/science/recurrence"
)

var update = flag.Bool("update", false, "write the picture of docs/recurrence.md again")

// The picture shows the example of the page: what it marks comes from the rules.
func TestThePictureOfThePageShowsWhatItsRulesMean(t *testing.T) {
	t.Parallel()
	const path = "../../../docs/pictures/recurrence.svg"
	got := picture(t)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Error("the picture is stale: go test ./internal/science/recurrence -run Picture -update")
	}
}

func picture(t *testing.T) string {
	t.Helper()
	marked := func(text string) map[string]bool {
		set, err := recurrence.ParseSet(text, time.LoadLocation)
		if err != nil {
			t.Fatal(err)
		}
		all, err := set.All()
		if err != nil {
			t.Fatal(err)
		}
		days := map[string]bool{}
		for o := range all {
			if o.Start.Year() > 2026 {
				break
			}
			days[o.Start.Format(time.DateOnly)] = true
		}
		return days
	}
	const rule = "DTSTART;TZID=Asia/Bishkek:20260310T180000\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH\n"
	plain := marked(rule)
	evenings := marked(rule + "EXDATE;TZID=Asia/Bishkek:20260505T180000\nRDATE;TZID=Asia/Bishkek:20260506T180000\n")
	fridays := marked("DTSTART;TZID=Asia/Bishkek:20260327T100000\nRRULE:FREQ=MONTHLY;BYDAY=-1FR\n")

	var b strings.Builder
	const month, cell, left = 190, 25, 18
	const width, height = 4*month + 2*left - 12, 268
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-labelledby="t d" font-family="system-ui, sans-serif" font-size="13" fill="#1E1B18">
<title id="t">Two rules in the calendar of March to June 2026</title>
<desc id="d">Every second week on Tuesday and Thursday from 10 March; 5 May is left out and 6 May added. The last Friday of each month.</desc>
<rect width="%d" height="%d" fill="#fff"/>
`, width, height, width, height)
	for m := range 4 {
		first := time.Date(2026, time.March+time.Month(m), 1, 0, 0, 0, 0, time.UTC)
		x0 := left + m*month
		fmt.Fprintf(&b, "<g text-anchor=\"middle\">\n<text x=\"%d\" y=\"24\" font-weight=\"600\" text-anchor=\"start\">%s</text>\n", x0+4, first.Format("January 2006"))
		for d, name := range []string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"} {
			fmt.Fprintf(&b, `<text x="%d" y="46" font-size="11" fill="#5F574E">%s</text>`, x0+d*cell+12, name)
		}
		b.WriteByte('\n')
		before := (int(first.Weekday()) + 6) % 7
		for day := first; day.Month() == first.Month(); day = day.AddDate(0, 0, 1) {
			at := before + day.Day() - 1
			x, y := x0+at%7*cell+12, 68+at/7*cell
			key, colour := day.Format(time.DateOnly), "#1E1B18"
			switch {
			case evenings[key]:
				fmt.Fprintf(&b, `<circle cx="%d" cy="%d" r="11" fill="#14537A"/>`, x, y-4)
				colour = "#fff"
			case plain[key]:
				fmt.Fprintf(&b, `<circle cx="%d" cy="%d" r="10.5" fill="none" stroke="#A32B22" stroke-width="1.5" stroke-dasharray="3 2"/>`, x, y-4)
				colour = "#A32B22"
			case fridays[key]:
				fmt.Fprintf(&b, `<rect x="%d" y="%d" width="21" height="21" rx="4" fill="none" stroke="#2E6B3A" stroke-width="2"/>`, x-10, y-15)
			}
			fmt.Fprintf(&b, `<text x="%d" y="%d" fill="%s">%d</text>`+"\n", x, y, colour, day.Day())
		}
		b.WriteString("</g>\n")
	}
	legend := func(x int, mark, text string) {
		fmt.Fprintf(&b, "<g transform=\"translate(%d 240)\">%s<text x=\"18\" y=\"4\">%s</text></g>\n", x, mark, text)
	}
	legend(left+14, `<circle r="9" fill="#14537A"/>`, "every second week, on Tue and Thu")
	legend(left+290, `<circle r="8.5" fill="none" stroke="#A32B22" stroke-width="1.5" stroke-dasharray="3 2"/>`, "left out: a holiday; held on the 6th")
	legend(left+566, `<rect x="-9" y="-9" width="18" height="18" rx="4" fill="none" stroke="#2E6B3A" stroke-width="2"/>`, "last Friday of the month")
	b.WriteString("</svg>\n")
	return b.String()
}

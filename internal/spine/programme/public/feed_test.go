package public

import (
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/programme"
)

// Calendar files carry any hours as they are, over midnight too, and a whole day as a date,
// without a clock that another zone would shift.
func TestACalendarFileCarriesTheHoursAsTheyAre(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(2026, 1, 1, 0, 0, 0, 0, programme.Bishkek).AddDate(0, 0, rapid.IntRange(0, 700).Draw(t, "day"))
		a := programme.Activity{Title: i18n.Text{En: "X"}, Slug: "x", Version: 3, Starts: day, Ends: day.AddDate(0, 0, 1)}
		whole := rapid.Bool().Draw(t, "whole")
		if !whole {
			a.Starts = day.Add(time.Duration(rapid.IntRange(1, 24*60-1).Draw(t, "from")) * time.Minute)
			a.Ends = a.Starts.Add(time.Duration(rapid.IntRange(1, 24*60).Draw(t, "long")) * time.Minute)
		}
		text := Calendar(i18n.English, "Y", "https://ashar.example", []programme.Activity{a})
		c, err := ics.ParseCalendar(strings.NewReader(text))
		if err != nil || len(c.Events()) != 1 {
			t.Fatalf("%v: %s", err, text)
		}
		e := c.Events()[0]
		if whole {
			for _, line := range []string{"DTSTART;VALUE=DATE:" + day.Format("20060102"), "DTEND;VALUE=DATE:" + day.AddDate(0, 0, 1).Format("20060102")} {
				if !strings.Contains(text, line+"\r\n") {
					t.Fatalf("%s is missing: %s", line, text)
				}
			}
			return
		}
		starts, err1 := e.GetStartAt()
		ends, err2 := e.GetEndAt()
		if err1 != nil || err2 != nil || !starts.Equal(a.Starts) || !ends.Equal(a.Ends) {
			t.Fatalf("%s to %s became %s to %s (%v, %v)", a.Starts, a.Ends, starts, ends, err1, err2)
		}
	})
}

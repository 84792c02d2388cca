package i18n

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestTheFormOfADateMakesTheDate(t *testing.T) {
	t.Parallel()
	for _, l := range Languages {
		form, months, days := DateForm(l)
		for i := range 800 {
			at := time.Date(2026, 1, 1, 12, 0, 0, 0, Bishkek()).AddDate(0, 0, i)
			got := strings.NewReplacer(
				"{weekday}", days[at.Weekday()], "{day}", strconv.Itoa(at.Day()), "{month}", months[at.Month()-1], "{year}", strconv.Itoa(at.Year()),
			).Replace(form)
			if want := DateLong(l, at); got != want {
				t.Fatalf("%s: %q, want %q", l, got, want)
			}
		}
	}
}

// What goes on over midnight, over several days or all day names its first day in full, and
// the last where it is another.
func TestAStretchOfSeveralDaysNamesTheFirstAndTheLast(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time {
		out, err := time.ParseInLocation("2006-01-02 15:04", s, Bishkek())
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for _, c := range [][4]string{
		{"2026-05-20 09:30", "2026-05-20 17:00", "Wednesday, 20 May 2026, 09:30–17:00", "20 May 2026, 09:30–17:00"},
		{"2026-05-20 20:00", "2026-05-21 02:00", "Wednesday, 20 May 2026, 20:00 – 21 May, 02:00", "20 May 2026, 20:00 – 21 May 2026, 02:00"},
		{"2026-05-20 09:30", "2026-05-22 17:00", "Wednesday, 20 May 2026, 09:30 – 22 May, 17:00", "20 May 2026, 09:30 – 22 May 2026, 17:00"},
		{"2026-05-20 00:00", "2026-05-21 00:00", "Wednesday, 20 May 2026, all day", "20 May 2026, all day"},
		{"2026-05-20 00:00", "2026-05-23 00:00", "Wednesday, 20 May 2026 – 22 May, all day", "20 May 2026 – 22 May 2026, all day"},
	} {
		if got := DateLongRange(English, at(c[0]), at(c[1])); got != c[2] {
			t.Errorf("%s", got)
		}
		if got := DateTimeRange(English, at(c[0]), at(c[1])); got != c[3] {
			t.Errorf("%s", got)
		}
		for _, l := range Languages {
			if got := DateLongRange(l, at(c[0]), at(c[1])); !strings.HasPrefix(got, DateLong(l, at(c[0]))) {
				t.Errorf("%s: %s", l, got)
			}
		}
	}
}

// An instant in a text is read as people write one, whoever put it there.
func TestAnInstantInATextIsWrittenForPeople(t *testing.T) {
	t.Parallel()
	at := time.Date(2027, 1, 20, 9, 30, 0, 0, Bishkek())
	for _, l := range Languages {
		if got, want := (&Printer{Lang: l}).value(at.UTC()), DateTime(l, at); got != want {
			t.Errorf("%s: %q, want %q", l, got, want)
		}
	}
}

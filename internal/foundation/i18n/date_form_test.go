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

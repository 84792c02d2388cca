package plan_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
)

func TestAFileSaysInWhichLineADayCannotBe(t *testing.T) {
	t.Parallel()
	const file = `
programme: {slug: x, starts: 2026-01-01, name: {en: X}}
cities: [osh]
templates:
  - {key: a, kind: seminar, title: {en: A}, hours: "17:00-09:30"}
  - {key: b, kind: seminar, title: {en: B}, hours: "09:30-17:00", apply: {opens: 3, deadline: 6}, copies: [
      {city: osh, day: 2026-03-01}]}
  - {key: c, kind: seminar, title: {en: C}, hours: "09:30-17:00", agenda: [{at: "18:00", minutes: 30, title: {en: T}}]}
  - {key: d, kind: seminar, title: {en: D}, hours: "09:30-17:00", apply: {opens: 400}, copies: [
      {city: osh, day: 0001-03-01},
      {city: osh, key: e, day: 9999-03-01},
      {city: osh, key: f, day: 2026-03-01, hours: "17:00-09:30"}]}
activities:
  - {slug: g, kind: discussion, title: {en: G}, day: 2026-03-01, hours: "18:00-19:00", agenda: [{at: "17:30", minutes: 10, title: {en: T}}]}
`
	_, err := plan.Load([]byte(file), time.Date(2026, 1, 1, 0, 0, 0, 0, programme.Bishkek))
	for _, want := range []string{
		"line 5: template a: hours", "line 7: copies: apply: applications must open before", "line 8: template c: agenda",
		"line 9: template d: apply: opens: 0 to 365", "line 10: copies: date: a year", "line 11: copies: date: a year", "line 12: copies: hours", "line 14: activity g: agenda",
	} {
		if !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("it does not say %q:\n%v", want, err)
		}
	}
}

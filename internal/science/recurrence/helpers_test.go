package recurrence_test

import (
	"testing"
	"time"

	"platforma.kg/ashar/internal/science/recurrence"
)

// written gives instances as in iCalendar, without zones.
func written(t *testing.T, rule, start string, most int) []string {
	t.Helper()
	out, err := expand(rule, start, most)
	if err != nil {
		t.Fatalf("%s from %s: %v", rule, start, err)
	}
	return out
}

func expand(rule, start string, most int) ([]string, error) {
	r, err := recurrence.Parse(rule)
	if err != nil {
		return nil, err
	}
	m, err := recurrence.ParseMoment(start, nil)
	if err != nil {
		return nil, err
	}
	all, err := r.All(m)
	if err != nil {
		return nil, err
	}
	form := "20060102T150405"
	switch {
	case m.IsDate():
		form = "20060102"
	case m.Zone() == time.UTC:
		form += "Z"
	}
	out := []string{}
	if most == 0 {
		return out, nil
	}
	for at := range all {
		out = append(out, at.Format(form))
		if len(out) == most {
			break
		}
	}
	return out, nil
}

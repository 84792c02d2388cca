package pages

import (
	"slices"
	"strconv"
	"time"

	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/profile"
)

// targetField is a share that an organiser may wish.
type targetField struct{ by, value string }

// targetFields are all of them: of the parts whose values are known beforehand, those that
// somebody can have told.
func targetFields(lists *profile.Lists) (out []targetField) {
	for _, by := range profile.Parts() {
		f, _ := profile.Counted(by)
		for _, v := range f.Values(lists) {
			if !f.Open && v != profile.Undisclosed {
				out = append(out, targetField{by, v})
			}
		}
	}
	return out
}

// shownTargets leaves of them what is offered on the day of the activity, and what has a target already.
func shownTargets(lists *profile.Lists, day time.Time, have seats.Targets) []targetField {
	if !day.IsZero() {
		lists = lists.On(day)
	}
	return slices.DeleteFunc(targetFields(lists), func(t targetField) bool {
		f, _ := profile.Counted(t.by)
		_, has := have[t.by][t.value]
		return !has && !slices.Contains(f.Offered(lists), t.value)
	})
}

func targetText(t seats.Targets, by, value string) string {
	if n, ok := t[by][value]; ok {
		return strconv.Itoa(n)
	}
	return ""
}

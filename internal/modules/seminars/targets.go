package seminars

import (
	"slices"
	"strconv"

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

// shownTargets leaves of them what is offered, and what has a target already.
func shownTargets(lists *profile.Lists, have Targets) []targetField {
	return slices.DeleteFunc(targetFields(lists), func(t targetField) bool {
		f, _ := profile.Counted(t.by)
		_, has := have[t.by][t.value]
		return !has && !slices.Contains(f.Offered(lists), t.value)
	})
}

func targetText(t Targets, by, value string) string {
	if n, ok := t[by][value]; ok {
		return strconv.Itoa(n)
	}
	return ""
}

package seminars

import (
	"slices"
	"strconv"

	"platforma.kg/ashar/internal/spine/profile"
)

// targetField is a share that an organiser may wish.
type targetField struct{ by, value string }

// targetFields are all of them: of the parts whose values are known beforehand, those that
// are offered and that somebody can have told, and what has a target already.
func targetFields(lists *profile.Lists, have Targets) (out []targetField) {
	for _, by := range profile.Parts() {
		f, _ := profile.Counted(by)
		offered := f.Offered(lists)
		for _, v := range f.Values(lists) {
			_, has := have[by][v]
			if !f.Open && v != profile.Undisclosed && (has || slices.Contains(offered, v)) {
				out = append(out, targetField{by, v})
			}
		}
	}
	return out
}

func targetText(t Targets, by, value string) string {
	if n, ok := t[by][value]; ok {
		return strconv.Itoa(n)
	}
	return ""
}

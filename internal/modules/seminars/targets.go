package seminars

import (
	"strconv"

	"platforma.kg/ashar/internal/spine/profile"
)

// targetField is a share that an organiser may wish.
type targetField struct{ by, value string }

// targetFields are all of them: of the parts whose values are known beforehand, those that
// somebody told.
var targetFields = targets()

func targets() (out []targetField) {
	for _, by := range profile.Parts() {
		f, _ := profile.Counted(by)
		for _, v := range f.Values() {
			if !f.Open && v != profile.Undisclosed {
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

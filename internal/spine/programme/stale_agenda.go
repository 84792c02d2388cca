package programme

import (
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// NoteAgenda gives what is stale after a change of the agenda. Sessions move,
// come and go: each is compared with the one that it was.
func (s Stale) NoteAgenda(before, after []Session, now time.Time) Stale {
	out := Stale{}
	for name, lag := range s {
		if !strings.HasPrefix(name, AgendaPrefix) {
			out[name] = lag
		}
	}
	for i, j := range formerly(before, after) {
		if j < 0 {
			continue // it is new: nothing can lag behind
		}
		for _, part := range SessionTexts {
			name := SessionField(i, part)
			one := Stale{}
			if lag := s[SessionField(j, part)]; lag != nil {
				one[name] = lag
			}
			if lag := one.Note(name, *before[j].text(part), *after[i].text(part), now)[name]; lag != nil {
				out[name] = lag
			}
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// formerly finds for each session the place it had before: by its title in any
// language, else by its hour; -1 for a new one.
func formerly(before, after []Session) []int {
	taken := make([]bool, len(before))
	out := make([]int, len(after))
	for i := range out {
		out[i] = -1
	}
	for _, alike := range []func(a, b Session) bool{
		func(a, b Session) bool { return a.Title == b.Title && a.At == b.At },
		func(a, b Session) bool {
			for _, l := range i18n.Languages {
				if t := a.Title.Exactly(l); t != "" && t == b.Title.Exactly(l) {
					return true
				}
			}
			return false
		},
		func(a, b Session) bool { return a.At == b.At },
	} {
		for i := range after {
			for j := range before {
				if out[i] < 0 && !taken[j] && alike(before[j], after[i]) {
					out[i], taken[j] = j, true
				}
			}
		}
	}
	return out
}

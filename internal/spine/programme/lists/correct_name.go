package lists

import (
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/profile"
)

// The fields at which somebody says what she means by a change of names that reach back.
const (
	TypoField    = "typo"    // a name that has held was written wrongly
	EarlierField = "earlier" // it was called so before today, too
)

// mostCorrections is how many corrections an entry keeps, the latest.
const mostCorrections = 200

// checkPast looks at what a change does to names that have held before today: past events
// are called by them. A former name is only corrected, as a typing error. The name of now
// may also be said to have been another all along. Neither happens unsaid, nor does a new
// name from a day that is over. It gives what was written otherwise.
func checkPast(form *fault.Form, e, old profile.Entry, typo, earlier bool, now time.Time) (done []profile.Correction) {
	today := profile.Day(now)
	current := namedOn(old.Names, today)
	for i, n := range e.Names {
		at := slices.IndexFunc(old.Names, func(was profile.Named) bool { return was.From == n.From })
		if at < 0 {
			form.Check(n.From >= today || earlier, EarlierField, "programme.lists.fault.earlier", fault.Args{"name": n.Name, "day": dayInWords(n.From)})
			continue
		}
		was := old.Names[at]
		if was.From >= today { // nothing that is over is called so
			continue
		}
		changed := rewritten(was, n)
		if len(changed) == 0 {
			continue
		}
		close := !slices.ContainsFunc(changed, func(c profile.Correction) bool { return !isTypo(c.Was, c.Is) })
		switch {
		case typo && close:
			for j := range changed {
				changed[j].Typo = true
			}
		case was.From == current.From && earlier:
		case typo:
			form.Add(NameField(i)+"_"+string(changed[0].Lang), "programme.lists.fault.not_a_typo", fault.Args{"name": was.Name})
		case was.From == current.From:
			form.Add(TypoField, "programme.lists.fault.now_or_before", fault.Args{"name": was.Name})
		default:
			form.Add(TypoField, "programme.lists.fault.former", fault.Args{"name": was.Name})
		}
		for _, c := range changed {
			c.Day = today
			done = append(done, c)
		}
	}
	return done
}

// namedOn is the name of a list of names that holds on a day.
func namedOn(names []profile.Named, day string) (now profile.Named) {
	for i, n := range names {
		if i == 0 || n.From <= day {
			now = n
		}
	}
	return now
}

// rewritten are the texts of a name that are written otherwise, each in its language.
func rewritten(was, is profile.Named) (out []profile.Correction) {
	for _, pair := range [][2]i18n.Text{{was.Name, is.Name}, {was.In, is.In}, {was.Many, is.Many}} {
		for _, l := range i18n.Languages {
			if a, b := pair[0].Exactly(l), pair[1].Exactly(l); a != b {
				out = append(out, profile.Correction{Lang: l, Was: a, Is: b})
			}
		}
	}
	return out
}

// isTypo reports whether two spellings differ as little as a slip of the finger: by at
// most a third of the letters, and by one at least. What was missing may be added.
func isTypo(was, is string) bool {
	if was == "" {
		return true
	}
	a, b := []rune(strings.ToLower(was)), []rune(strings.ToLower(is))
	return len(b) > 0 && distance(a, b) <= max(1, min(len(a), len(b))/3)
}

// distance is the number of letters that are put in, left out, exchanged for another or
// swapped with their neighbour between two words (optimal string alignment).
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			other := 1
			if a[i-1] == b[j-1] {
				other = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+other)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

// kept adds corrections to those of an entry, and lets the oldest go beyond the bound.
func kept(have, more []profile.Correction) []profile.Correction {
	out := slices.Concat(have, more)
	return out[max(0, len(out)-mostCorrections):]
}

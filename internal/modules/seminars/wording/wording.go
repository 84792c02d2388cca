package wording

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
)

// Variables are the places that a text may have, each standing alone.
var Variables = []string{"name", "activity", "day", "place", "link"}

// Set writes a text in one language.
func Set(t *i18n.Text, l i18n.Language, s string) {
	switch l {
	case i18n.Kyrgyz:
		t.Ky = s
	case i18n.Russian:
		t.Ru = s
	default:
		t.En = s
	}
}

// Tidy gives a text of several lines without spaces and line ends that say nothing.
func Tidy(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"))
}

// Known is what fills the places of an activity; {name} and {link} are filled when the letter
// is written.
type Known struct {
	Title  i18n.Text
	Starts time.Time // zero when the day is not fixed
	Venue  i18n.Text
}

// In fills the places of a text of a language.
func (k Known) In(l i18n.Language, text string) string {
	day := ""
	if !k.Starts.IsZero() {
		day = i18n.DateTime(l, k.Starts)
	}
	return strings.NewReplacer("{activity}", plain(k.Title.In(l)), "{day}", day, "{place}", plain(k.Venue.In(l))).Replace(text)
}

// Lacks gives the first place of some texts for which there is nothing.
func (k Known) Lacks(texts ...string) (variable string, ok bool) {
	for _, v := range []struct {
		name  string
		there bool
	}{{"{day}", !k.Starts.IsZero()}, {"{place}", k.Venue != (i18n.Text{})}} {
		if !v.there && slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, v.name) }) {
			return v.name, true
		}
	}
	return "", false
}

// plain keeps braces of a title from being read as places.
func plain(s string) string { return strings.NewReplacer("{", "(", "}", ")").Replace(s) }

// CheckPlaces refuses the first place of a text that is unknown, is not closed, or has an
// ending hung on it: a language bends a word that is not there yet by no rule. It names the
// line, from 1.
func CheckPlaces(form *fault.Form, field, text string, known []string) {
	for i, line := range strings.Split(text, "\n") {
		wrong := func(key, variable string) {
			form.Add(field, key, fault.Args{"line": i + 1, "variable": variable})
		}
		at := 0
		for at < len(line) {
			open := strings.IndexAny(line[at:], "{}")
			if open < 0 {
				break
			}
			open += at
			end := strings.IndexByte(line[open:], '}')
			if line[open] == '}' || end < 0 {
				wrong("seminars.mailing.fault.brace", line[open:min(len(line), open+1)])
				return
			}
			end += open + 1
			name := line[open:end]
			switch {
			case !slices.Contains(known, name[1:len(name)-1]):
				wrong("seminars.mailing.fault.variable", name)
				return
			case glued(line[:open], line[end:]):
				wrong("seminars.mailing.fault.glued", name)
				return
			}
			at = end
		}
	}
}

// glued reports whether a letter touches a place, or hangs on it by a hyphen or an apostrophe.
func glued(before, after string) bool {
	if r, _ := utf8.DecodeLastRuneInString(before); joins(r) {
		return true
	}
	r, n := utf8.DecodeRuneInString(after)
	if joins(r) {
		return true
	}
	if !hangs(r) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(after[n:])
	return unicode.IsLetter(next)
}

func joins(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '{')
}

// hangs are hyphens and apostrophes in all their shapes.
func hangs(r rune) bool { return strings.ContainsRune("-‐‑‒–—−'’‘ʼ`´", r) }

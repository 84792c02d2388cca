package legible

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"platforma.kg/ashar/internal/foundation/fault"
)

// Text gives a text of any number of lines as it is kept: in NFC, lines ended by
// LF, without characters that have no visible meaning. It is refused when it is
// not UTF-8 (fault.not_text) and when a word in it is turned around
// (fault.turned, with the character as "code" and the word as "word"); the fault
// has no field.
func Text(s string) (string, *fault.Error) {
	if ordinary(s) {
		return s, nil
	}
	return clean(s, true)
}

// Line is Text for a field of one line: line breaks, tabs and spaces of every
// kind become one space, and there is none at either end.
func Line(s string) (string, *fault.Error) {
	if !ordinary(s) {
		var wrong *fault.Error
		if s, wrong = clean(s, true); wrong != nil {
			return s, wrong
		}
	}
	return strings.Join(strings.Fields(s), " "), nil
}

// Seen gives of any string what is seen of it, in NFC; nothing is refused. It is
// for comparing and finding.
func Seen(s string) string {
	if ordinary(s) {
		return s
	}
	s, _ = clean(strings.ToValidUTF8(s, "\ufffd"), false)
	return s
}

// ordinary tells the text that most of all text is: printable ASCII, and the letters of
// Kyrgyz and Russian, each one character. No mark stands among them that could join one
// to another, so such a text is in NFC.
func ordinary(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c < utf8.RuneSelf:
			if c == 0x7f || c < ' ' && c != '\n' && c != '\t' {
				return false
			}
		case i+1 < len(s) && letter(c, s[i+1]):
			i++
		default:
			return false
		}
	}
	return true
}

// letter reports whether two bytes of UTF-8 are a letter of Kyrgyz or Russian.
func letter(a, b byte) bool {
	switch a {
	case 0xd0: // Ё, А to п
		return b == 0x81 || b >= 0x90 && b <= 0xbf
	case 0xd1: // р to я, ё
		return b >= 0x80 && b <= 0x8f || b == 0x91
	case 0xd2: // Ң ң, Ү ү
		return b == 0xa2 || b == 0xa3 || b == 0xae || b == 0xaf
	case 0xd3: // Ө ө
		return b == 0xa8 || b == 0xa9
	}
	return false
}

func clean(s string, refuse bool) (string, *fault.Error) {
	if !utf8.ValidString(s) {
		return s, fault.New(fault.Invalid, "fault.not_text")
	}
	in := []rune(s)
	next := seenBehind(in)
	after := func(i int) []rune { return in[next[i+1]:] }
	out := make([]rune, 0, len(in))
	for i := 0; i < len(in); i++ {
		switch r := in[i]; {
		case r == '\r' && i+1 < len(in) && in[i+1] == '\n':
		case breaks(r):
			out = append(out, '\n')
		case r == '\u2800': // a Braille cell without dots
			out = append(out, ' ')
		case turns(r):
			if refuse && insideWord(out, after(i)) {
				return s, fault.New(fault.Invalid, "fault.turned", fault.Args{"code": fmt.Sprintf("U+%04X", r), "word": around(in, i)})
			}
		case r == blackFlag:
			tags := flagTags(in[i+1:])
			out = append(append(out, r), tags...)
			i += len(tags)
		case r == nonJoiner, r == joiner:
			if joins(out, r, after(i)) {
				out = append(out, r)
			}
		case unicode.Is(unicode.Variation_Selector, r):
			if selects(out, r, after(i)) {
				out = append(out, r)
			}
		case unseen(r):
		default:
			out = append(out, r)
		}
	}
	return norm.NFC.String(string(out)), nil
}

// breaks tells what ends a line: CR, vertical tab, form feed, next line, and the
// separators of lines and paragraphs.
func breaks(r rune) bool {
	switch r {
	case '\r', '\v', '\f', 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

// turns tells embeddings, overrides and isolates: what changes the order in which
// the characters behind it are shown.
func turns(r rune) bool { return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 }

// unseen tells what has no visible form: control and format characters, those
// that Unicode tells programs to ignore, what stands for an object that is not
// there (telephones write it while they listen), and values that are no characters.
func unseen(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return false
	case unicode.IsControl(r), r == '\ufffc', r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
		return true
	case unicode.Is(unicode.Prepended_Concatenation_Mark, r), unicode.Is(unicode.Egyptian_Hieroglyphs, r):
		return false // of class Cf, and seen
	}
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) || unicode.Is(unicode.Variation_Selector, r)
}

// seenBehind gives for each place, with the end, the first place from there on at
// which something is seen.
func seenBehind(in []rune) []int {
	next := make([]int, len(in)+1)
	next[len(in)] = len(in)
	for i := len(in) - 1; i >= 0; i-- {
		if next[i] = i; unseen(in[i]) {
			next[i] = next[i+1]
		}
	}
	return next
}

// insideWord tells whether a place has a word on both sides: letters, marks or
// digits, or on one side a sign that goes through words, such as the point of a
// file's name, with a letter behind it.
func insideWord(before, behind []rune) bool {
	before = slices.Clone(before[max(0, len(before)-2):])
	slices.Reverse(before)
	near, far := word(before, 0), word(behind, 0)
	switch {
	case near && far:
		return true
	case near && unicode.IsLetter(before[0]):
		return through(behind) && word(behind, 1)
	case far && unicode.IsLetter(behind[0]):
		return through(before) && word(before, 1)
	}
	return false
}

func word(text []rune, at int) bool {
	return at < len(text) && (unicode.IsLetter(text[at]) || unicode.IsMark(text[at]) || unicode.IsDigit(text[at]))
}

func through(text []rune) bool { return len(text) > 0 && strings.ContainsRune(".-_@'’", text[0]) }

// around gives the word around a place, as far as it is seen and fits a message.
func around(in []rune, i int) string {
	const most = 30
	from, to := i, i+1
	for from > 0 && i-from < most && !unicode.IsSpace(in[from-1]) {
		from--
	}
	for to < len(in) && to-i < most && !unicode.IsSpace(in[to]) {
		to++
	}
	return Seen(string(in[from:to]))
}

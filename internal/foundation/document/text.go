package document

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// unseen are characters that draw nothing: they are left out.
var unseen = strings.NewReplacer(
	"\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\t", " ",
	"\u00AD", "", "\u034F", "", "\u061C", "", "\u180E", "", "\uFEFF", "",
	"\u200B", "", "\u200C", "", "\u200D", "", "\u200E", "", "\u200F", "",
	"\u202A", "", "\u202B", "", "\u202C", "", "\u202D", "", "\u202E", "",
	"\u2060", "", "\u2061", "", "\u2062", "", "\u2063", "", "\u2064", "",
	"\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "",
	"\uFE0E", "", "\uFE0F", "",
)

// clean gives text as it is set: letters with their marks as one, nothing that draws nothing.
func clean(text string) string { return norm.NFC.String(unseen.Replace(text)) }

// Drawable gives text in which each letter that no paper can hold stands as "□", for
// names and words of people, which must not keep a list from being printed.
func Drawable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || able(r) {
			return r
		}
		return '□'
	}, clean(text))
}

// able tells whether both faces have a letter.
func able(r rune) bool {
	_, light := plain().advance[r]
	_, strong := bold().advance[r]
	return light && strong
}

package sheet

import (
	"strings"
	"unicode"

	"platforma.kg/ashar/internal/foundation/legible"
)

const mostBefore = 10 // rows among which the header is looked for

// Key is what makes two names of columns one: capitals, spaces, full stops and
// other signs do not matter, nor whether ё is written е.
func Key(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'ё':
			return 'е'
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			return r
		}
		return -1
	}, strings.ToLower(legible.Seen(name)))
}

// headerOf finds among the first rows of a table the one with the names of its
// columns, from 0: the first of those that are surest. Where none is known, it is
// the first row that is no title: a title is one text alone above rows of several.
func headerOf(rows [][]string, known func([]string) int) (at int, sure int) {
	for i, cells := range rows {
		if n := known(cells); n > sure {
			at, sure = i, n
		}
	}
	if sure > 0 {
		return at, sure
	}
	for i, cells := range rows {
		if values(cells) > 1 {
			return i, 0
		}
	}
	return 0, 0
}

// values counts the different texts of a row, to two.
func values(cells []string) int {
	one := ""
	for _, c := range cells {
		switch c = strings.TrimSpace(c); {
		case c == "" || c == one:
		case one != "":
			return 2
		default:
			one = c
		}
	}
	if one == "" {
		return 0
	}
	return 1
}

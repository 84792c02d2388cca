package analysis

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"platforma.kg/ashar/internal/foundation/legible"
	"platforma.kg/ashar/internal/foundation/sheet"
)

// spellings are the ways in which the words of one column are written. Words that
// differ only in capitals, spaces, ё and е, or in what nobody sees are one word.
// Codes, which hold a digit, are told apart by their capitals: xB7 is not Xb7.
type spellings map[string]map[string]int

// wordKey is what makes two words one.
func wordKey(word string) string {
	word = tidyWord(word)
	if strings.ContainsFunc(word, unicode.IsDigit) {
		return word
	}
	return strings.ReplaceAll(strings.ToLower(word), "ё", "е")
}

// tidyWord is a word without what nobody sees, with single spaces.
func tidyWord(word string) string { return strings.Join(strings.Fields(legible.Seen(word)), " ") }

// add notes a word and gives its key.
func (s spellings) add(word string) string {
	key := wordKey(word)
	if s[key] == nil {
		s[key] = map[string]int{}
	}
	s[key][tidyWord(word)]++
	return key
}

// word gives a word as it is written most often, of equals the first in the order
// of the alphabet, so that the order of rows does not matter.
func (s spellings) word(key string) string {
	var best string
	most := 0
	for w, n := range s[key] {
		if n > most || n == most && w < best {
			best, most = w, n
		}
	}
	return best
}

// notes say which words were taken for one, a line each, in order.
func (s spellings) notes(in *sheet.Sheet, column int) []string {
	var lines []string
	for key, words := range s {
		if len(words) < 2 {
			continue
		}
		var list []string
		for w := range words {
			list = append(list, w)
		}
		slices.Sort(list)
		for i, w := range list {
			list[i] = sheet.Quote(w)
		}
		lines = append(lines, fmt.Sprintf("%s, column %d (%s): %s are taken for one word, %s", in.Name, column+1, in.Header[column], strings.Join(list, " and "), sheet.Quote(s.word(key))))
	}
	slices.SortFunc(lines, cmp.Compare)
	return lines
}

// sayer takes messages that are no results; nil takes none.
type sayer func(line string)

func (s sayer) all(lines []string) {
	if s == nil {
		return
	}
	for _, l := range lines {
		s(l)
	}
}

// file says what of a table is not read.
func (s sayer) file(t *sheet.Sheet) {
	for _, l := range t.Notes() {
		s.all([]string{t.Name + ": " + l})
	}
}

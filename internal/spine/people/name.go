package people

import (
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// nameKey is the folded name with its words sorted, since the order of given
// name and father's name varies.
func nameKey(name string) string {
	words := strings.Fields(i18n.FoldKey(name))
	slices.Sort(words)
	return strings.Join(words, " ")
}

// part is what of a folded word goes into the search index: its first three letters.
func part(word string) string {
	n := 0
	for i := range word {
		if n == 3 {
			return word[:i]
		}
		n++
	}
	return word
}

// matches reports whether each word of the folded query begins a word of the folded name.
func matches(name, query string) bool {
	words := strings.Fields(name)
	for _, q := range strings.Fields(query) {
		found := false
		for _, w := range words {
			if strings.HasPrefix(w, q) {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

func splitWords(name string) []string { return strings.Fields(i18n.FoldKey(name)) }

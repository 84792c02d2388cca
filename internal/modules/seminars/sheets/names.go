package sheets

import (
	"strings"

	"platforma.kg/ashar/internal/spine/people"
)

// onBadge gives the two lines of a badge: what she is called in large letters, and the rest
// of her name. What she asked to be called comes first; else the given name, where the
// endings of her name tell which it is; else her whole name in one.
func onBadge(d people.Details) (large, small string) {
	full := strings.Join(strings.Fields(d.FullName), " ")
	if called := strings.Join(strings.Fields(d.AddressAs), " "); called != "" {
		if strings.EqualFold(called, full) {
			return full, ""
		}
		rest := without(full, called)
		return called, rest
	}
	given, family := splitName(full)
	return given, family
}

// without gives a name without the words by which she is called, when they stand in it.
func without(full, called string) string {
	words := strings.Fields(full)
	var rest []string
	for _, w := range words {
		found := false
		for _, c := range strings.Fields(called) {
			found = found || strings.EqualFold(w, c)
		}
		if !found {
			rest = append(rest, w)
		}
	}
	if len(rest) == len(words) || len(rest) == 0 { // another name, or the same in another order
		return full
	}
	return strings.Join(rest, " ")
}

// familyEndings and fatherEndings are how names of families and of fathers end in Kyrgyzstan.
var (
	familyEndings = []string{"ова", "ева", "ёва", "ов", "ев", "ёв", "ская", "ский", "цкая", "цкий", "енко", "ova", "eva", "ov", "ev", "skaya", "skiy"}
	fatherEndings = []string{"овна", "евна", "ович", "евич", "ична", "ovna", "evna", "ovich", "evich"}
	fatherWords   = []string{"кызы", "уулу", "kyzy", "uulu"}
)

func ends(word string, endings []string) bool {
	word = strings.ToLower(word)
	for _, e := range endings {
		if len(word) > len(e)+2 && strings.HasSuffix(word, e) {
			return true
		}
	}
	return false
}

// splitName tells the given name from the rest, by endings: "Асанова Айгүл Токтогуловна" is
// Айгүл, "Бакыт Асан уулу" is Бакыт. A name that does not tell stays whole.
func splitName(full string) (given, rest string) {
	words := strings.Fields(full)
	if len(words) < 2 {
		return full, ""
	}
	for i, w := range words {
		for _, of := range fatherWords {
			if !strings.EqualFold(w, of) || i == 0 {
				continue
			}
			if i+1 < len(words) { // Асан уулу Бакыт
				return strings.Join(words[i+1:], " "), strings.Join(words[:i+1], " ")
			}
			if i >= 2 { // Бакыт Асан уулу
				return strings.Join(words[:i-1], " "), strings.Join(words[i-1:], " ")
			}
			return full, ""
		}
	}
	if n := len(words); n == 3 && ends(words[2], fatherEndings) { // family, given, father's
		return words[1], words[0] + " " + words[2]
	} else if n == 3 && ends(words[1], fatherEndings) { // given, father's, family
		return words[0], words[1] + " " + words[2]
	} else if n > 2 {
		return full, ""
	}
	first, last := ends(words[0], familyEndings), ends(words[1], familyEndings)
	switch {
	case first && !last:
		return words[1], words[0]
	case last && !first:
		return words[0], words[1]
	}
	return full, ""
}

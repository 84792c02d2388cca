package i18n

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode"
)

// pluralForms are the forms that whole numbers choose between. Russian may
// also have "other", for numbers with decimals.
var pluralForms = map[Language][]string{
	Kyrgyz:  {"one", "other"},
	Russian: {"few", "many", "one"},
	English: {"one", "other"},
}

var argument = regexp.MustCompile(`\{([a-z][a-zA-Z0-9_]*)\}`)

// ending in brackets after a word, "согласен(на)": two genders at once, read by nobody aloud.
var bracketed = regexp.MustCompile(`\p{Cyrillic}\(\p{Cyrillic}{1,4}\)`)

// Check reads texts as Load does and names what is wrong with them, sorted: a
// key that a language lacks, an empty text, plural forms that are not the
// language's, arguments that differ between languages, braces that hold no
// argument, words that mix Latin letters with Cyrillic ones that look alike, and
// endings in brackets.
func Check(sources ...fs.FS) []string {
	c, err := Load(sources...)
	if err != nil {
		return []string{err.Error()}
	}
	var wrong []string
	keys := map[string]bool{}
	for _, l := range Languages {
		for key := range c.texts[l] {
			keys[key] = true
		}
	}
	for key := range keys {
		wrong = append(wrong, c.check(key)...)
	}
	sort.Strings(wrong)
	return wrong
}

func (c *Catalogue) check(key string) (wrong []string) {
	var first string // arguments of the first language that has the key
	var firstIn Language
	for _, l := range Languages {
		forms, ok := c.texts[l][key]
		if !ok {
			wrong = append(wrong, fmt.Sprintf("%s: there is no %s text", key, l))
			continue
		}
		wrong = append(wrong, checkForms(key, l, forms)...)
		arguments := strings.Join(argumentsOf(forms), ", ")
		switch {
		case firstIn == "":
			first, firstIn = arguments, l
		case arguments != first:
			wrong = append(wrong, fmt.Sprintf("%s: %s has the arguments (%s), %s (%s)", key, firstIn, first, l, arguments))
		}
		for _, text := range forms {
			if strings.TrimSpace(text) == "" {
				wrong = append(wrong, fmt.Sprintf("%s: the %s text is empty", key, l))
			}
			if strings.ContainsAny(argument.ReplaceAllString(text, ""), "{}") {
				wrong = append(wrong, fmt.Sprintf("%s: the %s text has a brace that holds no argument", key, l))
			}
			if word := bracketed.FindString(text); word != "" {
				wrong = append(wrong, fmt.Sprintf("%s: the %s text has an ending in brackets, %q", key, l, word))
			}
			if word := mixedWord(argument.ReplaceAllString(text, " ")); word != "" {
				wrong = append(wrong, fmt.Sprintf("%s: the %s text has %q, Latin and Cyrillic letters in one word", key, l, word))
			}
		}
	}
	return wrong
}

func checkForms(key string, l Language, forms message) []string {
	if len(forms) == 1 {
		if _, plain := forms["other"]; plain {
			return nil
		}
	}
	got := slices.Sorted(maps.Keys(forms))
	if l == Russian {
		got = slices.DeleteFunc(got, func(f string) bool { return f == "other" })
	}
	if slices.Equal(got, pluralForms[l]) {
		return nil
	}
	return []string{fmt.Sprintf("%s: %s has the plural forms %v, it needs %v", key, l, got, pluralForms[l])}
}

// argumentsOf gives the names that any form of a text uses; one form may do
// without the number itself ("One thing needs mending").
func argumentsOf(forms message) []string {
	seen := map[string]bool{}
	for _, text := range forms {
		for _, m := range argument.FindAllStringSubmatch(text, -1) {
			seen[m[1]] = true
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// lookalikes are the Latin letters that a Cyrillic keyboard's owner mistakes for her own.
const lookalikes = "aceikopxyABCEHIKMOPTXY"

// mixedWord finds a word of Cyrillic letters with Latin look-alikes among
// them. "QRды" is right: Q and R have no double.
func mixedWord(text string) string {
	words := strings.FieldsFunc(text, func(c rune) bool { return !unicode.IsLetter(c) })
	for _, w := range words {
		cyrillic, latin, other := false, false, false
		for _, c := range w {
			switch {
			case unicode.Is(unicode.Cyrillic, c):
				cyrillic = true
			case strings.ContainsRune(lookalikes, c):
				latin = true
			default:
				other = true
			}
		}
		if cyrillic && latin && !other {
			return w
		}
	}
	return ""
}

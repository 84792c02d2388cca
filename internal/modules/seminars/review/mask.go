package review

import (
	"regexp"
	"strings"
	"unicode"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// blot stands for what a reviewer may not read.
const blot = "▒▒▒"

// contacts are addresses, links to accounts, names of accounts and numbers of a telephone,
// whosever they are.
var contacts = regexp.MustCompile(`(?i)[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}.-]+|(?:https?://|www\.|t\.me/|wa\.me/|instagram\.com/|facebook\.com/|vk\.com/|ok\.ru/|tiktok\.com/)[^\s,;]+|@[\p{L}\p{N}_.]{3,}|\+?\p{Nd}(?:[\s().-]*\p{Nd}){6,}`)

// shortestName is in letters: what is shorter is masked only where it stands alone.
const shortestName = 3

// longestEnding is how many letters may follow a name in a word: the endings of Kyrgyz and
// Russian.
const longestEnding = 8

// masked gives what somebody wrote without her name, however it is spelt and whatever ending
// it has, and without any contact.
func masked(words string, names ...string) string {
	words = contacts.ReplaceAllString(words, blot)
	var parts []string
	for _, name := range names {
		for _, part := range strings.FieldsFunc(name, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.Is(unicode.M, c) }) {
			if key := i18n.FoldKey(part); key != "" {
				parts = append(parts, key)
			}
		}
	}
	var out, word strings.Builder
	flush := func() {
		if word.Len() == 0 {
			return
		}
		if hers(i18n.FoldKey(word.String()), parts) {
			out.WriteString(blot)
		} else {
			out.WriteString(word.String())
		}
		word.Reset()
	}
	for _, c := range words {
		if unicode.IsLetter(c) || unicode.Is(unicode.M, c) {
			word.WriteRune(c)
			continue
		}
		flush()
		out.WriteRune(c)
	}
	flush()
	return out.String()
}

// hers reports whether a word is one of the parts of a name, with an ending or without.
func hers(word string, parts []string) bool {
	for _, p := range parts {
		if word == p {
			return true
		}
		// A last vowel of a name is another one before many endings: Айгүля, Айгүле.
		stem := p
		if letters := []rune(p); len(letters) > shortestName+1 && strings.ContainsRune("aeiouy", letters[len(letters)-1]) {
			stem = string(letters[:len(letters)-1])
		}
		if len([]rune(p)) >= shortestName && strings.HasPrefix(word, stem) && len([]rune(word))-len([]rune(stem)) <= longestEnding {
			return true
		}
	}
	return false
}

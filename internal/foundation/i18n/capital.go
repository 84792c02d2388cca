package i18n

import (
	"unicode"
	"unicode/utf8"
)

// Capital writes the first letter large, for words that begin a line.
func Capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 || first == utf8.RuneError {
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

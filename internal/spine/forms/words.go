package forms

import (
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// Word gives the words of a chosen value.
func (q Question) Word(say *i18n.Printer, v string) string {
	for _, c := range q.Choices {
		if c.Value == v {
			return c.Label.In(say.Lang)
		}
	}
	if word := natures[q.Kind].word; word != nil {
		return word(say, v)
	}
	return v // of an option that is gone
}

// Words joins the values of an answer, those that were chosen in their words.
func (q Question) Words(say *i18n.Printer, values []string) string {
	words := make([]string, len(values))
	for i, v := range values {
		if words[i] = v; q.Kind.Chosen() {
			words[i] = q.Word(say, v)
		}
	}
	return strings.Join(words, ", ")
}

package bank

import (
	"crypto/sha256"
	"encoding/hex"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// Words is a text in up to three languages. One of them is the source, which its question
// names; of each translation it is kept which words of the source it was made from.
type Words struct {
	i18n.Text
	From i18n.Text `json:"from,omitzero"` // the trace of those words
}

// Say gives words in one language.
func Say(l i18n.Language, text string) Words {
	var w Words
	*at(&w.Text, l) = text
	return w
}

// Reworded gives the words with the text of the source changed. The translations stay, and
// are stale unless the text is as they were made from.
func (w Words) Reworded(source i18n.Language, text string) Words {
	*at(&w.Text, source) = text
	return w
}

// Translated gives the words with a translation made from the source as it is now.
func (w Words) Translated(source, l i18n.Language, text string) Words {
	*at(&w.Text, l) = text
	*at(&w.From, l) = ""
	if text != "" {
		*at(&w.From, l) = trace(w.Exactly(source))
	}
	return w
}

// Stale reports whether the translation into a language was made from other words than
// the source has now, or is missing where the source has a text.
func (w Words) Stale(source, l i18n.Language) bool {
	now := w.Exactly(source)
	if l == source || now == "" && w.Exactly(l) == "" {
		return false
	}
	return w.Exactly(l) == "" || w.From.Exactly(l) != trace(now)
}

// trace tells words apart: half of their SHA-256, in hexadecimal.
func trace(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

func at(t *i18n.Text, l i18n.Language) *string {
	switch l {
	case i18n.Kyrgyz:
		return &t.Ky
	case i18n.Russian:
		return &t.Ru
	}
	return &t.En
}

package i18n

// Language is one of the three languages of the programme.
type Language string

// The languages.
const (
	Kyrgyz  Language = "ky"
	Russian Language = "ru"
	English Language = "en"
)

// Languages lists them in the order in which they are offered.
var Languages = [...]Language{Kyrgyz, Russian, English}

// Parse reads a language code; ok is false for any other.
func Parse(s string) (l Language, ok bool) {
	switch Language(s) {
	case Kyrgyz, Russian, English:
		return Language(s), true
	}
	return Kyrgyz, false
}

// Text is content that people write, in up to three languages.
type Text struct {
	Ky string `json:"ky,omitempty" yaml:"ky,omitempty"`
	Ru string `json:"ru,omitempty" yaml:"ru,omitempty"`
	En string `json:"en,omitempty" yaml:"en,omitempty"`
}

// In gives the text in l, or, when it is not written yet, in the first
// language that has it, in the order ky, ru, en.
func (t Text) In(l Language) string {
	if s := t.Exactly(l); s != "" {
		return s
	}
	for _, s := range []string{t.Ky, t.Ru, t.En} {
		if s != "" {
			return s
		}
	}
	return ""
}

// Exactly gives the text in l, empty when it is not written.
func (t Text) Exactly(l Language) string {
	switch l {
	case Kyrgyz:
		return t.Ky
	case Russian:
		return t.Ru
	}
	return t.En
}

// Written tells the language that In answers with, for the lang attribute.
func (t Text) Written(l Language) Language {
	if t.Exactly(l) != "" {
		return l
	}
	for _, o := range Languages {
		if t.Exactly(o) != "" {
			return o
		}
	}
	return l
}

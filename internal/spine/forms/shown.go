package forms

import (
	"maps"
	"slices"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/profile"
)

// An answer is shown with the words that were answered: those of the version of the form
// that is kept beside it, in the language of who reads as far as there are texts.

// Shown is one answer as a person reads it.
type Shown struct {
	Key   string
	Label string
	Words string // in words; of a file its name
	File  bool
}

// Shown gives what was answered, in the order of the form. An answer to a question that
// the form does not hold comes last: what is known of every person with the words of that
// question, else as it was given.
func (f Form) Shown(say *i18n.Printer, a Answers) (out []Shown) {
	for _, q := range f.Questions {
		if words := q.shownWords(say, a.Values[q.Key]); words != "" {
			out = append(out, Shown{Key: q.Key, Label: q.Title(say), Words: words})
		}
		if up, ok := a.Files[q.Key]; ok {
			out = append(out, Shown{Key: q.Key, Label: q.Title(say), Words: up.Name, File: true})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(a.Values)) {
		if _, there := f.Question(key); there || len(a.Values[key]) == 0 {
			continue
		}
		if q, is := ofPerson(key); is {
			if words := q.shownWords(say, a.Values[key]); words != "" {
				out = append(out, Shown{Key: key, Label: q.Title(say), Words: words})
			}
		} else {
			out = append(out, Shown{Key: key, Label: say.T("forms.answers.former"), Words: Question{}.Words(say, a.Values[key])})
		}
	}
	return out
}

// ofPerson is the question that asks for a field of the person, by its key: such a key means
// the same in every form. ok is false for all other keys.
func ofPerson(key string) (q Question, ok bool) {
	ok = slices.ContainsFunc(profile.Fields, func(f profile.Field) bool { return f.Asks != "" && f.Asks == key })
	return Question{Key: key, Kind: QuestionKind(key)}, ok
}

// shownWords gives an answer as a page shows it: a day as it is written in the language.
func (q Question) shownWords(say *i18n.Printer, values []string) string {
	if shown := natures[q.Kind].shown; shown != nil && len(values) > 0 {
		return shown(say, values[0])
	}
	return q.Words(say, values)
}

// InWords is a question with the words that were answered, beside its machine values, as
// the export of a person's data holds it.
type InWords struct {
	Key      string       `json:"key"`
	Kind     QuestionKind `json:"kind,omitempty"`
	Question i18n.Text    `json:"question,omitzero"`
	Given    []Given      `json:"given,omitempty"`
	File     string       `json:"file,omitempty"` // its name
}

// Given is one value of an answer; Label says it in words where it was chosen.
type Given struct {
	Value string    `json:"value"`
	Label i18n.Text `json:"label,omitzero"`
}

// InWords gives each question that was answered with its wording and the words of what
// was chosen, in the three languages as far as there are texts.
func (f Form) InWords(a Answers) []InWords {
	var out []InWords
	known := map[string]bool{}
	add := func(q Question) {
		known[q.Key] = true
		one := InWords{Key: q.Key, Kind: q.Kind, File: a.Files[q.Key].Name}
		if q.Kind != "" {
			one.Question = q.Wording()
		}
		for _, v := range a.Values[q.Key] {
			g := Given{Value: v}
			if q.Kind.Chosen() {
				g.Label = q.chosenWords(v)
			}
			one.Given = append(one.Given, g)
		}
		if len(one.Given) > 0 || one.File != "" {
			out = append(out, one)
		}
	}
	for _, q := range f.Questions {
		add(q)
	}
	for _, key := range slices.Sorted(maps.Keys(a.Values)) {
		if known[key] {
			continue
		}
		q, is := ofPerson(key) // the form does not hold it
		if !is {
			q = Question{Key: key}
		}
		add(q)
	}
	return out
}

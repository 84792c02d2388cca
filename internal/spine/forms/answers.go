package forms

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/legible"
	"platforma.kg/ashar/internal/spine/profile"
)

// Answers are what a person wrote, by the key of the question. They are stored as they
// stand here, sealed under her key by whoever keeps them.
type Answers struct {
	Values map[string][]string `json:"values"`
	Files  map[string]Upload   `json:"files,omitempty"`
	// Asked tells of what form the page was on which a question was answered, by Form.Ref.
	// Only a draft has it: what was handed in answers one form.
	Asked map[string]string `json:"asked,omitempty"`
}

// First gives the single answer, empty when there is none.
func (a Answers) First(key string) string {
	if v := a.Values[key]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Has reports whether a question was answered.
func (a Answers) Has(key string) bool {
	_, file := a.Files[key]
	return file || len(a.Values[key]) > 0
}

// Empty reports whether nothing was answered.
func (a Answers) Empty() bool {
	for _, values := range a.Values {
		if len(values) > 0 {
			return false
		}
	}
	return len(a.Files) == 0
}

// Clone gives answers that share nothing with these and may be written into; of the zero
// Answers empty ones.
func (a Answers) Clone() Answers {
	out := Answers{Values: map[string][]string{}, Files: map[string]Upload{}, Asked: map[string]string{}}
	maps.Copy(out.Asked, a.Asked)
	for k, v := range a.Values {
		out.Values[k] = slices.Clone(v)
	}
	for k, v := range a.Files {
		out.Files[k] = v
	}
	return out
}

// Encode gives the answers as they are sealed and stored.
func (a Answers) Encode() ([]byte, error) { return json.Marshal(a) }

// Decode reads what Encode wrote.
func Decode(plain []byte) (a Answers, err error) {
	err = json.Unmarshal(plain, &a)
	if a.Values == nil {
		a.Values = map[string][]string{}
	}
	return a, err
}

// Sources tells where the choices come from that no form holds.
type Sources struct {
	Cities []string       // codes, without profile.Other
	Lists  *profile.Lists // of groups, age bands and levels; nil: those with which a house begins
}

// Same reports whether there is the same to choose from.
func (s Sources) Same(other Sources) bool {
	return slices.Equal(s.Cities, other.Cities) && s.Lists.Mark() == other.Lists.Mark()
}

// choices gives the values that may be chosen.
func (q Question) choices(s Sources) []string {
	if values := natures[q.Kind].values; values != nil {
		return values(q, s)
	}
	return nil
}

// Read takes the answers to the questions from what came with a page and puts them into
// a, whose maps are written: given by Question.Field, files by key. What is wrong is noted
// in form at its field; the words are kept, so that the page can show them again. strict
// is off when a draft is saved: then an empty field is no fault.
//
// Read is a courtesy to who fills in a page. What is handed in is judged by Form.Validate.
func Read(a Answers, questions []Question, given map[string][]string, files map[string]Upload, s Sources, strict bool, form *fault.Form) {
	for _, q := range questions {
		if q.Kind == AskFile {
			if up, ok := files[q.Key]; ok {
				a.Files[q.Key] = up
			} else if len(given[removal(q)]) > 0 && !q.Required {
				delete(a.Files, q.Key)
			}
			_, there := a.Files[q.Key]
			form.Check(there || !q.Required || !strict || form.Has(q.Field()), q.Field(), "forms.fault.required")
			continue
		}
		values := given[q.Field()]
		if len(values) > 50 {
			values = values[:50]
		}
		var clean []string
		for _, v := range values {
			if seen, turned := legible.Text(v); turned == nil { // Fix tells what is turned
				v = strings.TrimSpace(seen)
			}
			if v != "" && !slices.Contains(clean, v) {
				clean = append(clean, v)
			}
		}
		if !natures[q.Kind].several && len(clean) > 1 {
			clean = clean[:1]
		}
		if len(clean) == 0 {
			delete(a.Values, q.Key)
			key := "forms.fault.required"
			if q.Kind == AskConsent {
				key = "forms.fault.consent"
			}
			form.Check(!q.Required || !strict, q.Field(), key)
			continue
		}
		a.Values[q.Key] = clean
		for i, v := range clean {
			fixed, key, args := q.Fix(v, s)
			if key != "" {
				form.Add(q.Field(), key, args)
				break
			}
			clean[i] = fixed
		}
	}
}

// removal names the box that takes a kept file away.
func removal(q Question) string { return "remove_" + q.Field() }

// Fix checks one value and gives it as it is kept, or the text key of what is wrong.
func (q Question) Fix(v string, s Sources) (fixed, wrong string, args fault.Args) {
	n := natures[q.Kind]
	read := legible.Line
	if n.lines {
		read = legible.Text
	}
	v, turned := read(v)
	if turned != nil {
		return v, turned.Key, turned.Args
	}
	switch have, most := utf8.RuneCountInString(v), q.length(); {
	case n.values != nil:
		if !slices.Contains(n.values(q, s), v) {
			return v, "forms.fault.choice", nil
		}
	case have > most:
		return v, "forms.fault.too_long", fault.Args{"count": most, "have": have}
	case n.fix != nil:
		return n.fix(q, v)
	}
	return v, "", nil
}

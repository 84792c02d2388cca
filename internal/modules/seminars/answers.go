package seminars

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/legible"
	"platforma.kg/ashar/internal/spine/profile"
)

// Answers are what a person wrote, by the key of the question.
type Answers struct {
	Values map[string][]string `json:"values"`
	Files  map[string]Upload   `json:"files,omitempty"`
	// Asked tells of what form the page was on which a question was answered, by Form.ref.
	// Only a draft has it: what was handed in answers one form.
	Asked map[string]string `json:"asked,omitempty"`
}

// Upload is a file given as an answer, checked and without metadata.
type Upload struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Data []byte `json:"data"`
}

// First gives the single answer, empty when there is none.
func (a Answers) First(key string) string {
	if v := a.Values[key]; len(v) > 0 {
		return v[0]
	}
	return ""
}

func (a Answers) clone() Answers {
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

func (a Answers) encode() ([]byte, error) { return json.Marshal(a) }

func decodeAnswers(plain []byte) (a Answers, err error) {
	err = json.Unmarshal(plain, &a)
	if a.Values == nil {
		a.Values = map[string][]string{}
	}
	return a, err
}

// Sources tells where the choices of the person's own fields come from.
type Sources struct {
	Cities []string // keys, without profile.Other
}

// same reports whether there is the same to choose from.
func (s Sources) same(other Sources) bool { return slices.Equal(s.Cities, other.Cities) }

// choices gives the values that may be chosen.
func (q Question) choices(s Sources) []string {
	switch q.Kind {
	case AskCity:
		return append(slices.Clone(s.Cities), profile.Of(profile.City).Values()...)
	case AskConsent:
		return []string{"on"}
	}
	if f, own := q.Kind.field(); own {
		if f.Open {
			return append(slices.Clone(s.Cities), f.Values()...)
		}
		return f.Values()
	}
	out := make([]string, len(q.Choices))
	for i, c := range q.Choices {
		out[i] = c.Value
	}
	return out
}

// read takes the answers to the questions from what came with the page and puts
// them into a. What is wrong is noted at its field; the words are kept, so that
// the page can show them again. strict is off when a draft is saved: then an
// empty field is no fault.
func read(a Answers, questions []Question, given map[string][]string, files map[string]Upload, s Sources, strict bool, form *fault.Form) {
	for _, q := range questions {
		if q.Kind == AskFile {
			if up, ok := files[q.Key]; ok {
				a.Files[q.Key] = up
			}
			_, there := a.Files[q.Key]
			form.Check(there || !q.Required || !strict, q.field(), "seminars.fault.required")
			continue
		}
		values := given[q.field()]
		if len(values) > 50 {
			values = values[:50]
		}
		var clean []string
		for _, v := range values {
			if seen, turned := legible.Text(v); turned == nil { // fix tells what is turned
				v = strings.TrimSpace(seen)
			}
			if v != "" && !slices.Contains(clean, v) {
				clean = append(clean, v)
			}
		}
		if !q.Kind.many() && len(clean) > 1 {
			clean = clean[:1]
		}
		if len(clean) == 0 {
			delete(a.Values, q.Key)
			key := "seminars.fault.required"
			if q.Kind == AskConsent {
				key = "seminars.fault.consent"
			}
			form.Check(!q.Required || !strict, q.field(), key)
			continue
		}
		a.Values[q.Key] = clean
		for i, v := range clean {
			fixed, key, args := q.fix(v, s)
			if key != "" {
				form.Add(q.field(), key, args)
				break
			}
			clean[i] = fixed
		}
	}
}

// fix checks one answer and gives it as it is kept, or the key of what is wrong.
func (q Question) fix(v string, s Sources) (fixed, wrong string, args fault.Args) {
	read := legible.Line
	if q.Kind.lines() {
		read = legible.Text
	}
	v, turned := read(v)
	if turned != nil {
		return v, turned.Key, turned.Args
	}
	if n, most := utf8.RuneCountInString(v), q.length(); !q.Kind.chosen() && n > most {
		return v, "seminars.fault.too_long", fault.Args{"count": most, "have": n}
	}
	switch {
	case q.Kind.chosen():
		if !slices.Contains(q.choices(s), v) {
			return v, "seminars.fault.choice", nil
		}
	case q.Kind == AskNumber:
		n, err := strconv.ParseInt(strings.ReplaceAll(strings.ReplaceAll(v, " ", ""), "\u00a0", ""), 10, 64)
		if err != nil {
			return v, "seminars.fault.number", nil
		}
		if n < q.Min || q.Max != 0 && n > q.Max {
			return v, "seminars.fault.range", fault.Args{"min": q.Min, "max": q.Max}
		}
		return strconv.FormatInt(n, 10), "", nil
	case q.Kind == AskDate:
		at, err := time.Parse(time.DateOnly, v)
		if err != nil {
			at, err = time.Parse("02.01.2006", v)
		}
		if err != nil || at.Year() < 1900 || at.Year() > 2200 {
			return v, "seminars.fault.date", nil
		}
		return at.Format(time.DateOnly), "", nil
	}
	return v, "", nil
}

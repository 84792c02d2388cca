package seminars

import (
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/profile"
)

// QuestionKind says what is asked, and so how it is shown and read.
type QuestionKind string

// The kinds that an organiser words herself.
const (
	AskText    QuestionKind = "text"
	AskLong    QuestionKind = "long"
	AskChoice  QuestionKind = "choice"
	AskMany    QuestionKind = "many"
	AskNumber  QuestionKind = "number"
	AskDate    QuestionKind = "date"
	AskFile    QuestionKind = "file"
	AskConsent QuestionKind = "consent"
	AskCity    QuestionKind = "city"
)

// The person's own fields: each is asked at most once, is known to spine/people
// and worded by the house.
const (
	AskName         QuestionKind = profile.AskName
	AskPhone        QuestionKind = profile.AskPhone
	AskEmail        QuestionKind = profile.AskEmail
	AskSex          QuestionKind = profile.AskSex
	AskAge          QuestionKind = profile.AskAge
	AskPlace        QuestionKind = profile.AskPlace
	AskVillage      QuestionKind = profile.AskVillage
	AskGroup        QuestionKind = profile.AskGroup
	AskLevel        QuestionKind = profile.AskLevel
	AskOrganisation QuestionKind = profile.AskOrganisation
	AskLanguages    QuestionKind = profile.AskLanguages
	AskAccess       QuestionKind = profile.AskAccess
)

// AskProcessing asks for the consent without which nobody may apply. It is worded by the
// house and kept as a consent with the key "processing".
const AskProcessing QuestionKind = "processing"

// QuestionKinds lists those that an organiser words, in the order in which they are offered.
var QuestionKinds = [...]QuestionKind{AskText, AskLong, AskChoice, AskMany, AskNumber, AskDate, AskFile, AskConsent, AskCity}

// OwnKinds lists the person's own fields in the order in which they are offered.
var OwnKinds = ownKinds()

func ownKinds() (out []QuestionKind) {
	for _, asks := range profile.Questions() {
		out = append(out, QuestionKind(asks))
	}
	return out
}

// field gives the field of the person that the kind asks for; ok is false for the kinds
// that an organiser words.
func (k QuestionKind) field() (f profile.Field, ok bool) { return profile.Asked(string(k)) }

// Own reports whether the kind is a field of the person.
func (k QuestionKind) Own() bool {
	_, own := k.field()
	return own
}

// chosen reports whether the answer is one or more of given values.
func (k QuestionKind) chosen() bool {
	switch k {
	case AskChoice, AskMany, AskCity, AskConsent:
		return true
	}
	f, _ := k.field()
	return f.Chosen()
}

func (k QuestionKind) many() bool {
	f, _ := k.field()
	return k == AskMany || f.Several
}

// lines reports whether the answer may have several lines.
func (k QuestionKind) lines() bool {
	f, _ := k.field()
	return k == AskLong || f.Lines
}

// Question is one question of a form.
type Question struct {
	Key      string       `json:"key"` // of own fields the kind itself
	Kind     QuestionKind `json:"kind"`
	Label    i18n.Text    `json:"label,omitzero"` // empty: the words of the house
	Help     i18n.Text    `json:"help,omitzero"`
	Required bool         `json:"required,omitempty"`
	Choices  []Choice     `json:"choices,omitempty"`
	When     *Condition   `json:"when,omitempty"`
	Min      int64        `json:"min,omitempty"`  // of a number
	Max      int64        `json:"max,omitempty"`  // of a number; of a text its length; 0 for the usual
	Next     int          `json:"next,omitempty"` // the number of the next new option
}

// Choice is one answer that may be chosen.
type Choice struct {
	Value string    `json:"value"`
	Label i18n.Text `json:"label"`
}

// Condition shows a question only when another was answered with a value.
type Condition struct {
	Question string `json:"question"`
	Value    string `json:"value"`
}

// field is the name of the input on the page.
func (q Question) field() string { return "q_" + q.Key }

// label gives the words of the question.
func (q Question) label(say *i18n.Printer) string {
	if s := q.Label.In(say.Lang); s != "" {
		return s
	}
	if q.Key == string(AskProcessing) {
		return q.wording().In(say.Lang)
	}
	return say.T(houseKey(q.Key))
}

// houseKey is the text key of a question that the house words.
func houseKey(question string) string {
	if f, own := profile.Asked(question); own {
		return f.QuestionKey()
	}
	return "seminars.q." + question
}

// columnOf names the answer where staff read or write it for somebody else:
// "Full name", not "Your full name".
func columnOf(kind QuestionKind, say *i18n.Printer) string {
	f, _ := kind.field()
	return f.Label(say)
}

// help gives the words under the label, empty for none.
func (q Question) help(say *i18n.Printer) string {
	if s := q.Help.In(say.Lang); s != "" {
		return s
	}
	if f, own := profile.Asked(q.Key); own && q.Label == (i18n.Text{}) {
		return f.QuestionHelp(say)
	}
	return ""
}

// length is the greatest number of characters of a written answer.
func (q Question) length() int {
	if f, own := q.Kind.field(); own {
		return f.Longest
	}
	usual := map[QuestionKind]int{AskLong: 2000, AskText: 200}[q.Kind]
	switch {
	case usual == 0:
		return 40
	case q.Max > 0:
		return int(q.Max)
	}
	return usual
}

package seminars

import (
	"platforma.kg/ashar/internal/foundation/i18n"
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
	AskName         QuestionKind = "name"
	AskPhone        QuestionKind = "phone"
	AskEmail        QuestionKind = "email"
	AskSex          QuestionKind = "sex"
	AskAge          QuestionKind = "age"
	AskPlace        QuestionKind = "place"
	AskVillage      QuestionKind = "village"
	AskGroup        QuestionKind = "group"
	AskLevel        QuestionKind = "level"
	AskOrganisation QuestionKind = "organisation"
	AskLanguages    QuestionKind = "languages"
	AskAccess       QuestionKind = "access"
)

// AskProcessing asks for the consent without which nobody may apply. It is worded by the
// house and kept as a consent with the key "processing".
const AskProcessing QuestionKind = "processing"

// QuestionKinds lists those that an organiser words, in the order in which they are offered.
var QuestionKinds = [...]QuestionKind{AskText, AskLong, AskChoice, AskMany, AskNumber, AskDate, AskFile, AskConsent, AskCity}

// OwnKinds lists the person's own fields in the order in which they are offered.
var OwnKinds = [...]QuestionKind{
	AskName, AskPhone, AskEmail, AskSex, AskAge, AskPlace, AskVillage,
	AskGroup, AskLevel, AskOrganisation, AskLanguages, AskAccess,
}

// Own reports whether the kind is a field of the person.
func (k QuestionKind) Own() bool {
	for _, o := range OwnKinds {
		if k == o {
			return true
		}
	}
	return false
}

// chosen reports whether the answer is one or more of given values.
func (k QuestionKind) chosen() bool {
	switch k {
	case AskChoice, AskMany, AskSex, AskAge, AskPlace, AskCity, AskGroup, AskLevel, AskLanguages, AskConsent:
		return true
	}
	return false
}

func (k QuestionKind) many() bool { return k == AskMany || k == AskLanguages }

// Question is one question of a form.
type Question struct {
	Key      string       `json:"key"` // of own fields the kind itself
	Kind     QuestionKind `json:"kind"`
	Label    i18n.Text    `json:"label,omitzero"` // empty: the text seminars.q.<key>
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
	return say.T("seminars.q." + q.Key)
}

// columnOf names the answer where staff read or write it for somebody else:
// "Full name", not "Your full name".
func columnOf(kind QuestionKind, say *i18n.Printer) string {
	if key := "seminars.column." + string(kind); say.Has(key) {
		return say.T(key)
	}
	return say.T("seminars.q." + string(kind))
}

// help gives the words under the label, empty for none.
func (q Question) help(say *i18n.Printer) string {
	if s := q.Help.In(say.Lang); s != "" {
		return s
	}
	if key := "seminars.q." + q.Key + ".help"; q.Label == (i18n.Text{}) && say.Has(key) {
		return say.T(key)
	}
	return ""
}

// length is the greatest number of characters of a written answer.
func (q Question) length() int {
	switch q.Kind {
	case AskLong, AskAccess:
		if q.Max > 0 {
			return int(q.Max)
		}
		return 2000
	case AskText:
		if q.Max > 0 {
			return int(q.Max)
		}
		return 200
	case AskName, AskOrganisation, AskEmail, AskVillage:
		return 200
	}
	return 40
}

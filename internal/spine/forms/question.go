package forms

import (
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/profile"
)

// Question is one question of a form. It is stored as it stands here.
type Question struct {
	Key      string       `json:"key"` // its id, never given again; of own fields the kind itself
	Kind     QuestionKind `json:"kind"`
	Label    i18n.Text    `json:"label,omitzero"` // empty: the words of the house
	Help     i18n.Text    `json:"help,omitzero"`
	Required bool         `json:"required,omitempty"`
	Choices  []Choice     `json:"choices,omitempty"`
	When     *Condition   `json:"when,omitempty"`
	Min      int64        `json:"min,omitempty"`  // of a number
	Max      int64        `json:"max,omitempty"`  // of a number; of a text its length; 0 for the usual
	Next     int          `json:"next,omitempty"` // the number of the next new option
	Uses     []string     `json:"uses,omitempty"` // what its answers are counted for, of Shelf.Uses
}

// Choice is one option: an answer that may be chosen. Value is its id.
type Choice struct {
	Value string    `json:"value"`
	Label i18n.Text `json:"label"`
}

// Condition shows a question only when another, that stands above it, was answered with a value.
type Condition struct {
	Question string `json:"question"`
	Value    string `json:"value"`
}

// Field is the name of the input on the page, and of the field at a fault.
func (q Question) Field() string { return "q_" + q.Key }

// Title gives the words of the question.
func (q Question) Title(say *i18n.Printer) string {
	if s := q.Label.In(say.Lang); s != "" {
		return s
	}
	if q.Key == string(AskProcessing) || q.Key == string(AskPhoto) {
		return q.Wording().In(say.Lang)
	}
	return say.T(houseKey(q.Key))
}

// houseKey is the text key of a question that the house words.
func houseKey(question string) string {
	if f, own := profile.Asked(question); own {
		return f.QuestionKey()
	}
	return "forms.q." + question
}

// Column names the field of the person that a kind asks for where staff read or write it
// for somebody else: "Full name", not "Your full name".
func (k QuestionKind) Column(say *i18n.Printer) string {
	f, _ := k.field()
	return f.Label(say)
}

// Hint gives the words under the question, empty for none.
func (q Question) Hint(say *i18n.Printer) string {
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
	n := natures[q.Kind]
	switch {
	case n.varies && q.Max > 0:
		return int(q.Max)
	case n.longest == 0:
		return 40
	}
	return n.longest
}

// option gives the choice of a value, the zero one when there is none.
func (q Question) option(value string) Choice {
	for _, c := range q.Choices {
		if c.Value == value {
			return c
		}
	}
	return Choice{}
}

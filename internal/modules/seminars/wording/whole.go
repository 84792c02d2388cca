package wording

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
)

// How many characters the subject and the text of a message may have.
const (
	MostSubject = 120
	MostBody    = 2000
)

// House is the subject and the text that a message has of the house, with places such as
// {day} in them, by language.
type House struct{ Subject, Body i18n.Text }

// mark tells one text of the house from another.
func (h House) mark(l i18n.Language) string {
	sum := sha256.Sum256([]byte(h.Subject.Exactly(l) + "\n" + h.Body.Exactly(l)))
	return hex.EncodeToString(sum[:8])
}

// Places are those of a message: those of every text, and those that its own text of the house
// has besides, such as {until}.
func (h House) Places() []string {
	out := slices.Clone(Variables)
	for _, l := range i18n.Languages {
		for _, name := range placesIn(h.Subject.Exactly(l) + h.Body.Exactly(l)) {
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// placesIn are the names of the places of a text, each once.
func placesIn(text string) (out []string) {
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			return out
		}
		end := strings.IndexByte(text[open:], '}')
		if end < 0 {
			return out
		}
		if name := text[open+1 : open+end]; !slices.Contains(out, name) {
			out = append(out, name)
		}
		text = text[open+end+1:]
	}
}

// Whole is what staff write in place of the subject and the text of a message. In a language
// in which nothing is written the message has the words of the house.
type Whole struct {
	Subject i18n.Text `json:"subject"`
	Body    i18n.Text `json:"body"`
	// House is by which text of the house each was written (House.mark).
	House i18n.Text `json:"house"`
}

// Empty reports whether nothing is written.
func (w Whole) Empty() bool { return w.Subject == (i18n.Text{}) && w.Body == (i18n.Text{}) }

// In reports whether it is written in a language.
func (w Whole) In(l i18n.Language) bool { return w.Body.Exactly(l) != "" }

// Stale are the languages in which it was written in place of another text than the house has
// now.
func (w Whole) Stale(h House) (out []i18n.Language) {
	for _, l := range i18n.Languages {
		if w.In(l) && w.House.Exactly(l) != h.mark(l) {
			out = append(out, l)
		}
	}
	return out
}

// FieldSubject names the field of a subject in a language.
func FieldSubject(l i18n.Language) string { return "subject_" + string(l) }

// FieldBody names the field of a text in a language.
func FieldBody(l i18n.Language) string { return "body_" + string(l) }

// Fix judges what was written in place of a text of the house, and gives it without what says
// the same. Whoever saves it has seen what the house says now. Each place of the text of the house must stand in it: without the day, the place or
// the time to answer the message is of no use.
func (w Whole) Fix(form *fault.Form, h House) (out Whole) {
	for _, l := range i18n.Languages {
		subject, body := strings.Join(strings.Fields(w.Subject.Exactly(l)), " "), Tidy(w.Body.Exactly(l))
		if subject == "" && body == "" || subject == h.Subject.Exactly(l) && body == h.Body.Exactly(l) {
			continue
		}
		Set(&out.Subject, l, subject)
		Set(&out.Body, l, body)
		Set(&out.House, l, h.mark(l))
		form.Check(subject != "", FieldSubject(l), "fault.required")
		form.Check(body != "", FieldBody(l), "fault.required")
		form.Check(utf8.RuneCountInString(subject) <= MostSubject, FieldSubject(l), "seminars.mailing.fault.long", fault.Args{"count": MostSubject})
		form.Check(utf8.RuneCountInString(body) <= MostBody, FieldBody(l), "seminars.mailing.fault.long", fault.Args{"count": MostBody})
		known := h.Places()
		CheckPlaces(form, FieldBody(l), body, known)
		CheckPlaces(form, FieldSubject(l), subject, slices.DeleteFunc(slices.Clone(known), func(name string) bool { return name == "link" }))
		has := placesIn(body)
		for _, name := range placesIn(h.Body.Exactly(l)) {
			if there := slices.Contains(has, name) || name == "activity" && slices.Contains(placesIn(subject), name); !there && body != "" && !form.Has(FieldBody(l)) {
				form.Add(FieldBody(l), "seminars.timetable.fault.needs", fault.Args{"variable": "{" + name + "}"})
			}
		}
	}
	return out
}

// For leaves out the languages in which a day or a place is named that the activity does not
// have: there the message has the words of the house.
func (w Whole) For(k Known) (out Whole) {
	for _, l := range i18n.Languages {
		if _, lacks := k.Lacks(w.Subject.Exactly(l), w.Body.Exactly(l)); lacks || !w.In(l) {
			continue
		}
		Set(&out.Subject, l, w.Subject.Exactly(l))
		Set(&out.Body, l, w.Body.Exactly(l))
	}
	return out
}

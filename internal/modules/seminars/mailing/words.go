package mailing

import (
	"slices"
	"strings"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/wording"
	"platforma.kg/ashar/internal/spine/messages"
)

// Variables are the places that a text may have, each standing alone.
var Variables = wording.Variables

// FieldSubject and FieldBody name the fields of a text in a language.
func FieldSubject(l i18n.Language) string { return "subject_" + string(l) }

// FieldBody is the field of the text itself.
func FieldBody(l i18n.Language) string { return "body_" + string(l) }

// FieldShort is the field of the text message.
func FieldShort(l i18n.Language) string { return "short_" + string(l) }

// fix judges what was written, and gives it without spaces and line ends that say nothing.
func (w Words) fix(form *fault.Form) (out Words) {
	for _, l := range i18n.Languages {
		subject := strings.Join(strings.Fields(w.Subject.Exactly(l)), " ")
		body := wording.Tidy(w.Body.Exactly(l))
		wording.Set(&out.Subject, l, subject)
		wording.Set(&out.Body, l, body)
		short := strings.Join(strings.Fields(w.Short.Exactly(l)), " ")
		wording.Set(&out.Short, l, short)
		form.Check(short == "" || subject != "", FieldSubject(l), "seminars.mailing.fault.subject")
		form.Check(utf8.RuneCountInString(short) <= MostShort, FieldShort(l), "seminars.mailing.fault.long", fault.Args{"count": MostShort})
		form.Check(!strings.ContainsAny(short, "{}"), FieldShort(l), "seminars.mailing.fault.short_places")
		form.Check(subject != "" || body == "", FieldSubject(l), "seminars.mailing.fault.subject")
		form.Check(body != "" || subject == "", FieldBody(l), "seminars.mailing.fault.body")
		form.Check(utf8.RuneCountInString(subject) <= MostSubject, FieldSubject(l), "seminars.mailing.fault.long", fault.Args{"count": MostSubject})
		form.Check(utf8.RuneCountInString(body) <= MostBody, FieldBody(l), "seminars.mailing.fault.long", fault.Args{"count": MostBody})
		wording.CheckPlaces(form, FieldSubject(l), subject, Variables)
		wording.CheckPlaces(form, FieldBody(l), body, Variables)
		if slices.Contains(w.Russian, l) && l != i18n.Russian {
			out.Russian = append(out.Russian, l)
		}
	}
	form.Check(out.Subject != (i18n.Text{}) || form.Has(FieldSubject(i18n.Kyrgyz)) || form.Has(FieldSubject(i18n.Russian)) || form.Has(FieldSubject(i18n.English)),
		FieldSubject(i18n.Kyrgyz), "seminars.mailing.fault.nothing")
	return out
}

// empty gives the first place that a text uses and an activity has nothing for.
func (w Words) empty(a seats.Activity) (variable string, ok bool) {
	var all []string
	for _, l := range i18n.Languages {
		all = append(all, w.Subject.Exactly(l), w.Body.Exactly(l))
	}
	return seats.Known(a).Lacks(all...)
}

// written gives the text with what is known of the activity, for readers of every language.
func written(t i18n.Text, w Words, a seats.Activity) (out messages.Written) {
	for _, l := range i18n.Languages {
		in, ok := w.For(l)
		if !ok {
			continue
		}
		wording.Set((*i18n.Text)(&out), l, seats.Known(a).In(in, t.Exactly(in)))
	}
	return out
}

// notice is the message to somebody, without where it leads.
func (m Mailing) notice(a seats.Activity, person storage.ID) messages.Notice {
	var short i18n.Text
	for _, l := range i18n.Languages {
		wording.Set(&short, l, m.Words.ShortFor(l))
	}
	return messages.Notice{
		Short: short,
		To:    person, Kind: Kind, Activity: a.ID, Key: Key(m.ID, person),
		Args: map[string]any{"subject": written(m.Words.Subject, m.Words, a), "body": written(m.Words.Body, m.Words, a)},
	}
}

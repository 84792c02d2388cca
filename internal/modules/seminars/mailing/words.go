package mailing

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/messages"
)

// Variables are the places that a text may have, each standing alone.
var Variables = []string{"name", "activity", "day", "place", "link"}

// FieldSubject and FieldBody name the fields of a text in a language.
func FieldSubject(l i18n.Language) string { return "subject_" + string(l) }

// FieldBody is the field of the text itself.
func FieldBody(l i18n.Language) string { return "body_" + string(l) }

// set writes a text in one language.
func set(t *i18n.Text, l i18n.Language, s string) {
	switch l {
	case i18n.Kyrgyz:
		t.Ky = s
	case i18n.Russian:
		t.Ru = s
	default:
		t.En = s
	}
}

// fix judges what was written, and gives it without spaces and line ends that say nothing.
func (w Words) fix(form *fault.Form) (out Words) {
	for _, l := range i18n.Languages {
		subject := strings.Join(strings.Fields(w.Subject.Exactly(l)), " ")
		body := strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(w.Body.Exactly(l), "\r\n", "\n"), "\r", "\n"))
		set(&out.Subject, l, subject)
		set(&out.Body, l, body)
		form.Check(subject != "" || body == "", FieldSubject(l), "seminars.mailing.fault.subject")
		form.Check(body != "" || subject == "", FieldBody(l), "seminars.mailing.fault.body")
		form.Check(utf8.RuneCountInString(subject) <= MostSubject, FieldSubject(l), "seminars.mailing.fault.long", fault.Args{"count": MostSubject})
		form.Check(utf8.RuneCountInString(body) <= MostBody, FieldBody(l), "seminars.mailing.fault.long", fault.Args{"count": MostBody})
		CheckPlaces(form, FieldSubject(l), subject, Variables)
		CheckPlaces(form, FieldBody(l), body, Variables)
		if slices.Contains(w.Russian, l) && l != i18n.Russian {
			out.Russian = append(out.Russian, l)
		}
	}
	form.Check(out.Subject != (i18n.Text{}) || form.Has(FieldSubject(i18n.Kyrgyz)) || form.Has(FieldSubject(i18n.Russian)) || form.Has(FieldSubject(i18n.English)),
		FieldSubject(i18n.Kyrgyz), "seminars.mailing.fault.nothing")
	return out
}

// CheckPlaces refuses the first place of a text that is unknown, is not closed, or has an
// ending hung on it: a language bends a word that is not there yet by no rule. It names the
// line, from 1.
func CheckPlaces(form *fault.Form, field, text string, known []string) {
	for i, line := range strings.Split(text, "\n") {
		wrong := func(key, variable string) {
			form.Add(field, key, fault.Args{"line": i + 1, "variable": variable})
		}
		at := 0
		for at < len(line) {
			open := strings.IndexAny(line[at:], "{}")
			if open < 0 {
				break
			}
			open += at
			end := strings.IndexByte(line[open:], '}')
			if line[open] == '}' || end < 0 {
				wrong("seminars.mailing.fault.brace", line[open:min(len(line), open+1)])
				return
			}
			end += open + 1
			name := line[open:end]
			switch {
			case !slices.Contains(known, name[1:len(name)-1]):
				wrong("seminars.mailing.fault.variable", name)
				return
			case glued(line[:open], line[end:]):
				wrong("seminars.mailing.fault.glued", name)
				return
			}
			at = end
		}
	}
}

// glued reports whether a letter touches a place, or hangs on it by a hyphen or an apostrophe.
func glued(before, after string) bool {
	if r, _ := utf8.DecodeLastRuneInString(before); joins(r) {
		return true
	}
	r, n := utf8.DecodeRuneInString(after)
	if joins(r) {
		return true
	}
	if !hangs(r) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(after[n:])
	return unicode.IsLetter(next)
}

func joins(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '{')
}

// hangs are hyphens and apostrophes in all their shapes.
func hangs(r rune) bool { return strings.ContainsRune("-‐‑‒–—−'’‘ʼ`´", r) }

// uses reports whether a place stands in a text of a language.
func (w Words) uses(variable string) bool {
	for _, l := range i18n.Languages {
		if strings.Contains(w.Subject.Exactly(l)+"\n"+w.Body.Exactly(l), "{"+variable+"}") {
			return true
		}
	}
	return false
}

// empty gives the first place that a text uses and an activity has nothing for.
func (w Words) empty(a seats.Activity) (variable string, ok bool) {
	for _, v := range []struct {
		name  string
		there bool
	}{{"day", !a.Starts.IsZero()}, {"place", a.Venue != (i18n.Text{})}} {
		if !v.there && w.uses(v.name) {
			return "{" + v.name + "}", true
		}
	}
	return "", false
}

// written gives the text with what is known of the activity, for readers of every language.
func written(t i18n.Text, w Words, a seats.Activity) (out messages.Written) {
	for _, l := range i18n.Languages {
		in, ok := w.For(l)
		if !ok {
			continue
		}
		day := ""
		if !a.Starts.IsZero() {
			day = i18n.DateTime(in, a.Starts)
		}
		set((*i18n.Text)(&out), l, strings.NewReplacer("{activity}", plain(a.Title.In(in)), "{day}", day, "{place}", plain(a.Venue.In(in))).Replace(t.Exactly(in)))
	}
	return out
}

// plain keeps braces of a title from being read as places.
func plain(s string) string { return strings.NewReplacer("{", "(", "}", ")").Replace(s) }

// notice is the message to somebody, without where it leads.
func (m Mailing) notice(a seats.Activity, person storage.ID) messages.Notice {
	return messages.Notice{
		To: person, Kind: Kind, Activity: a.ID, Key: Key(m.ID, person),
		Args: map[string]any{"subject": written(m.Words.Subject, m.Words, a), "body": written(m.Words.Body, m.Words, a)},
	}
}

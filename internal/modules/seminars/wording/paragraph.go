package wording

import (
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
)

// MostParagraph is how many characters a paragraph may have.
const MostParagraph = 600

// Paragraph is what staff write beside a message that goes by itself.
type Paragraph struct {
	Text i18n.Text `json:"text"`
	// Missing says what readers get in whose language it is not written: Fixed or InRussian;
	// empty where nothing is missing.
	Missing string `json:"missing,omitempty"`
}

// What readers get in whose language a paragraph is not written.
const (
	Fixed     = "fixed"   // the message alone
	InRussian = "russian" // the Russian paragraph
)

// Missings are all.
var Missings = []string{Fixed, InRussian}

// Empty reports whether nothing is written.
func (p Paragraph) Empty() bool { return p.Text == (i18n.Text{}) }

// Lacking are the languages in which it is not written, none when it is empty.
func (p Paragraph) Lacking() (out []i18n.Language) {
	for _, l := range i18n.Languages {
		if !p.Empty() && p.Text.Exactly(l) == "" {
			out = append(out, l)
		}
	}
	return out
}

// FieldOwn names the field of a paragraph in a language.
func FieldOwn(l i18n.Language) string { return "own_" + string(l) }

// Fix judges what was written, and gives it without what says nothing.
func (p Paragraph) Fix(form *fault.Form) (out Paragraph) {
	for _, l := range i18n.Languages {
		text := Tidy(p.Text.Exactly(l))
		Set(&out.Text, l, text)
		form.Check(utf8.RuneCountInString(text) <= MostParagraph, FieldOwn(l), "seminars.mailing.fault.long", fault.Args{"count": MostParagraph})
		CheckPlaces(form, FieldOwn(l), text, Variables)
	}
	if len(out.Lacking()) == 0 {
		return out
	}
	out.Missing = p.Missing
	switch {
	case p.Missing == InRussian && out.Text.Ru == "":
		form.Add(FieldOwn(i18n.Russian), "seminars.timetable.fault.russian")
	case p.Missing != Fixed && p.Missing != InRussian:
		form.Add("missing", "seminars.timetable.fault.missing")
	}
	return out
}

// Filled gives the paragraph with what is known of an activity, for readers of every language;
// nothing where it names what there is not.
func (p Paragraph) Filled(k Known) (out i18n.Text) {
	for _, l := range i18n.Languages {
		in := l
		if p.Text.Exactly(l) == "" && p.Missing == InRussian {
			in = i18n.Russian
		}
		text := p.Text.Exactly(in)
		if _, lacks := k.Lacks(text); lacks || text == "" {
			continue
		}
		Set(&out, l, k.In(in, text))
	}
	return out
}

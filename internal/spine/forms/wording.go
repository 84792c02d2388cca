package forms

import (
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/people"
)

// Wording gives the words of the question in the three languages: the organiser's own,
// or those of the house.
func (q Question) Wording() i18n.Text {
	if q.Label != (i18n.Text{}) {
		return q.Label
	}
	if q.Key == string(AskProcessing) {
		return people.Wording(people.ForProgramme)
	}
	if q.Key == string(AskPhoto) {
		return people.Wording(people.ForPhoto)
	}
	return inAll(func(say *i18n.Printer) string { return say.T(houseKey(q.Key)) })
}

// houseAsks reports whether the question is asked in the words of the house.
func (q Question) houseAsks() bool { return q.Label == (i18n.Text{}) }

// houseWords reports whether the house has words for the question.
func (q Question) houseWords() bool {
	return q.Key == string(AskProcessing) || q.Key == string(AskPhoto) || catalogue().Printer(i18n.Kyrgyz).Has(houseKey(q.Key))
}

// chosenWords gives the words of a value that was chosen: those that the form had.
func (q Question) chosenWords(v string) i18n.Text {
	for _, c := range q.Choices {
		if c.Value == v {
			return c.Label
		}
	}
	return inAll(func(say *i18n.Printer) string { return q.Word(say, v) })
}

// named joins the words of questions, for a sentence that names them.
func named(questions []Question) i18n.Text {
	in := func(l i18n.Language) string {
		words := make([]string, len(questions))
		for i, q := range questions {
			words[i] = "“" + q.Wording().In(l) + "”"
			if l != i18n.English {
				words[i] = "«" + q.Wording().In(l) + "»"
			}
		}
		return strings.Join(words, ", ")
	}
	return i18n.Text{Ky: in(i18n.Kyrgyz), Ru: in(i18n.Russian), En: in(i18n.English)}
}

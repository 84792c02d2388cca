package seminars

import (
	"strings"
	"sync"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// catalogue gives the module's own texts, for what is stored or told in all three languages.
var catalogue = sync.OnceValue(func() *i18n.Catalogue {
	c, err := i18n.Load(textFiles(), profile.Texts())
	if err != nil { // they are part of the binary, and the check of texts reads them
		c, _ = i18n.Load()
	}
	return c
})

// inAll gives a text of the catalogue in the three languages.
func inAll(key string) i18n.Text {
	c := catalogue()
	return i18n.Text{Ky: c.Printer(i18n.Kyrgyz).T(key), Ru: c.Printer(i18n.Russian).T(key), En: c.Printer(i18n.English).T(key)}
}

// wording gives the words of the question in the three languages: the organiser's own,
// or those of the house.
func (q Question) wording() i18n.Text {
	if q.Label != (i18n.Text{}) {
		return q.Label
	}
	if q.Key == string(AskProcessing) {
		return people.Wording(people.ForProgramme)
	}
	return inAll(houseKey(q.Key))
}

// purpose names the consent that a question asks for: the one to the programme is the
// same in every form, at the door and in the profile.
func (q Question) purpose() string {
	if q.Key == string(AskProcessing) {
		return people.ForProgramme
	}
	return "seminars." + q.Key
}

// named joins the words of questions, for a sentence that names them.
func named(questions []Question) i18n.Text {
	in := func(l i18n.Language) string {
		words := make([]string, len(questions))
		for i, q := range questions {
			words[i] = "“" + q.wording().In(l) + "”"
			if l != i18n.English {
				words[i] = "«" + q.wording().In(l) + "»"
			}
		}
		return strings.Join(words, ", ")
	}
	return i18n.Text{Ky: in(i18n.Kyrgyz), Ru: in(i18n.Russian), En: in(i18n.English)}
}

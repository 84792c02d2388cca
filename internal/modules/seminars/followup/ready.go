package followup

import (
	"strconv"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/forms"
)

// ready is a question that is ready to be taken over.
type ready struct {
	key     string
	kind    forms.QuestionKind
	options int // how many options it has
	when    *forms.Condition
	uses    []string
	help    bool
}

// foodKey is the ready question about food, and eatsNothing its option for who eats elsewhere.
const (
	foodKey     = "food"
	eatsNothing = "4"
)

// readyQuestions are asked where an organiser made no questions of her own. Their ids, and
// the places of their options, are stored with answers and never change.
var readyQuestions = []ready{
	{key: "travel_from", kind: forms.AskText, uses: []string{Bus}, help: true},
	{key: "travel_how", kind: forms.AskChoice, options: 4, uses: []string{Bus}},
	{key: "fare", kind: forms.AskChoice, options: 2, when: &forms.Condition{Question: "travel_how", Value: "2"}, uses: []string{Bus}},
	{key: foodKey, kind: forms.AskChoice, options: 4, uses: []string{Kitchen}},
	{key: "allergy", kind: forms.AskText, uses: []string{Kitchen, Door}, help: true},
	{key: "needs", kind: forms.AskMany, options: 5, uses: []string{Care, Door}},
	{key: "prepare", kind: forms.AskText, uses: []string{Care}},
	{key: nightKey, kind: forms.AskChoice, options: 4, uses: []string{Hotel}},
}

// Ready gives the questions that are asked where an organiser made none: travel, food, needs,
// the nights of an activity of so many days, photos. Nothing of it has to be answered.
func Ready(days int) []forms.Question {
	var out []forms.Question
	for _, q := range readyQuestions {
		one := forms.Question{Key: q.key, Kind: q.kind, Label: inAll("followup.ready." + q.key), When: q.when, Uses: q.uses}
		if q.help {
			one.Help = inAll("followup.ready." + q.key + ".help")
		}
		for i := 1; i <= q.options; i++ {
			n := strconv.Itoa(i)
			one.Choices = append(one.Choices, forms.Choice{Value: n, Label: inAll("followup.ready." + q.key + "." + n)})
		}
		if q.key == nightKey && days > 1 {
			one = nights(one, days)
		}
		out = append(out, one)
	}
	return append(out, forms.Question{Key: string(forms.AskPhoto), Kind: forms.AskConsent})
}

// readyKeys are the ends of the keys of their texts.
func readyKeys() (out []string) {
	for _, q := range readyQuestions {
		out = append(out, q.key)
		if q.help {
			out = append(out, q.key+".help")
		}
		for i := 1; i <= q.options; i++ {
			out = append(out, q.key+"."+strconv.Itoa(i))
		}
	}
	return out
}

func inAll(key string, args ...any) i18n.Text {
	c := catalogue()
	return i18n.Text{Ky: c.Printer(i18n.Kyrgyz).T(key, args...), Ru: c.Printer(i18n.Russian).T(key, args...), En: c.Printer(i18n.English).T(key, args...)}
}

package seminars

import (
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

// items gives the choices with their words.
func (q asked) items(r *web.Request) []kit.Item {
	var out []kit.Item
	for _, v := range q.choices(q.Sources) {
		out = append(out, kit.Item{Value: v, Label: q.word(r.Say, v)})
	}
	return out
}

// word gives the words of a chosen value.
func (q Question) word(say *i18n.Printer, v string) string {
	if q.Kind == AskConsent {
		return say.T("seminars.yes")
	}
	for _, c := range q.Choices {
		if c.Value == v {
			return c.Label.In(say.Lang)
		}
	}
	return valueWord(say, dimensionOf(q.Kind), v)
}

func dimensionOf(k QuestionKind) string {
	switch k {
	case AskPlace, AskCity:
		return "city"
	}
	return string(k)
}

// valueWord gives the words of a value of sex, city, age, group, level or languages.
func valueWord(say *i18n.Printer, by, v string) string {
	switch by {
	case "city":
		if v == "other" {
			return say.T("seminars.city.other")
		}
		return cityName(say.Lang, v)
	case "age":
		return i18n.AgeBand(say.Lang, v)
	}
	if key := "seminars." + by + "." + v; say.Has(key) {
		return say.T(key)
	}
	return v
}

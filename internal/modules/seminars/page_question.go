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
		out = append(out, kit.Item{Value: v, Label: q.word(r, v)})
	}
	return out
}

// word gives the words of a chosen value.
func (q Question) word(r *web.Request, v string) string {
	if q.Kind == AskConsent {
		return r.Say.T("seminars.yes")
	}
	for _, c := range q.Choices {
		if c.Value == v {
			return c.Label.In(r.Lang)
		}
	}
	return valueWord(r, dimensionOf(q.Kind), v)
}

func dimensionOf(k QuestionKind) string {
	switch k {
	case AskPlace, AskCity:
		return "city"
	}
	return string(k)
}

// valueWord gives the words of a value of sex, city, age, group, level or languages.
func valueWord(r *web.Request, by, v string) string {
	switch by {
	case "city":
		if v == "other" {
			return r.Say.T("seminars.city.other")
		}
		return cityName(r.Lang, v)
	case "age":
		return i18n.AgeBand(r.Lang, v)
	}
	if key := "seminars." + by + "." + v; r.Say.Has(key) {
		return r.Say.T(key)
	}
	return v
}

package seminars

import (
	"slices"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/profile"
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
	f, own := q.Kind.field()
	if !own {
		f = profile.Of(profile.City) // AskCity, which is no field of hers
	}
	return fieldWord(say, f, v)
}

// fieldWord gives the words of a value of a field, of a city its name.
func fieldWord(say *i18n.Printer, f profile.Field, v string) string {
	if f.Open && !slices.Contains(f.Values(), v) {
		return cityName(say.Lang, v)
	}
	return f.Word(say, v)
}

// valueWord gives the words of a value by which people are counted.
func valueWord(say *i18n.Printer, by, v string) string {
	f, _ := profile.Counted(by)
	return fieldWord(say, f, v)
}

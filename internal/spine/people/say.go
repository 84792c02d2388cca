package people

import (
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

// word gives the text of a choice, empty for none.
func word(r *web.Request, prefix, value string) string {
	if value == "" {
		return ""
	}
	return r.Say.T(prefix + value)
}

func words(r *web.Request, prefix string, values []string) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = r.Say.T(prefix + v)
	}
	return strings.Join(out, ", ")
}

func items(r *web.Request, prefix string, values []string) []kit.Item {
	out := make([]kit.Item, len(values))
	for i, v := range values {
		out[i] = kit.Item{Value: v, Label: r.Say.T(prefix + v)}
	}
	return out
}

func withNone(r *web.Request, list []kit.Item) []kit.Item {
	return append([]kit.Item{{Label: r.Say.T("people.none")}}, list...)
}

func bands(r *web.Request) []kit.Item {
	var out []kit.Item
	for _, b := range AgeBands {
		out = append(out, kit.Item{Value: b, Label: i18n.AgeBand(r.Lang, b)})
	}
	return withNone(r, out)
}

func cities(r *web.Request, list []cityItem) []kit.Item {
	var out []kit.Item
	for _, c := range list {
		out = append(out, kit.Item{Value: c.Key, Label: c.Name})
	}
	if !slices.ContainsFunc(list, func(c cityItem) bool { return c.Key == "other" }) {
		out = append(out, kit.Item{Value: "other", Label: r.Say.T("people.city.other")})
	}
	return withNone(r, out)
}

func langs() []kit.Item {
	var out []kit.Item
	for _, l := range i18n.Languages {
		out = append(out, kit.Item{Value: string(l), Label: kit.LanguageName(l)})
	}
	return out
}

func consentItems(r *web.Request, now map[string]Consent) []kit.Item {
	var out []kit.Item
	for _, p := range purposesOf(now) {
		item := kit.Item{Value: p, Label: consentWords(r, p, now[p])}
		if c, ok := now[p]; ok {
			item.Help = consentState(r, c)
		}
		out = append(out, item)
	}
	return out
}

// consentWords are the words of a consent as it is shown now.
func consentWords(r *web.Request, purpose string, c Consent) string {
	c.Purpose = purpose
	if w := c.now().In(r.Lang); w != "" {
		return w
	}
	return r.Say.T("people.consents.other")
}

// consentState says what was answered and when; in which words, when they have changed since.
func consentState(r *web.Request, c Consent) string {
	key := "people.consents.no"
	if c.Given {
		key = "people.consents.yes"
	}
	words := r.Say.T(key, "when", i18n.DateTime(r.Lang, c.At))
	switch {
	case c.Current() && c.Wording != (i18n.Text{}):
		return words
	case c.Wording == (i18n.Text{}):
		return words + ". " + r.Say.T("people.consents.lost")
	}
	return words + ". " + r.Say.T("people.consents.earlier", "wording", c.Wording)
}

func chosenConsents(now map[string]Consent) []string {
	var out []string
	for p, c := range now {
		if c.Given {
			out = append(out, p)
		}
	}
	return out
}

func year(y int) string {
	if y == 0 {
		return ""
	}
	return strconv.Itoa(y)
}

func on(yes bool) string {
	if yes {
		return "on"
	}
	return ""
}

func shownPhone(number string, display func(string) string) string {
	if number == "" {
		return ""
	}
	return display(number)
}

// cityName names a city for people.
func (s *Service) cityName(r *web.Request, key string) string {
	if key == "other" {
		return r.Say.T("people.city.other")
	}
	for _, c := range s.cityItems(r.Lang) {
		if c.Key == key {
			return c.Name
		}
	}
	return key
}

// action gives the text of an audit action; an action without one is a page of staff.
func action(r *web.Request, key string) string {
	if r.Say.Has(key) {
		return r.Say.T(key)
	}
	return r.Say.T("people.audit.viewed")
}

func list(words []string) string { return strings.Join(words, ", ") }

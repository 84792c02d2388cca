package roster

import (
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// shown gives a field of a person in words, empty when she has not told it. What is
// chosen from the programme's cities cityName names.
func shown(r *web.Request, d people.Details, field profile.Name) string {
	return inWords(r.Say, d, field)
}

// inWords is shown for who writes a table.
func inWords(say *i18n.Printer, d people.Details, field profile.Name) string {
	f := profile.Of(field)
	var out []string
	for _, v := range d.Get(field) {
		out = append(out, f.Word(say, v))
	}
	return strings.Join(out, ", ")
}

// label names a field.
func label(r *web.Request, field profile.Name) string { return profile.Of(field).Label(r.Say) }

// items are the values of a field as a person chooses them for herself: those that are
// offered, and what was chosen before.
func items(r *web.Request, field profile.Name, chosen ...string) []kit.Item {
	f := profile.Of(field)
	var out []kit.Item
	values := f.Offered(profile.Said(r.Say))
	for _, v := range chosen {
		if v != "" && !slices.Contains(values, v) {
			values = append(slices.Clip(values), v)
		}
	}
	for _, v := range values {
		out = append(out, kit.Item{Value: v, Label: f.Word(r.Say, v)})
	}
	return out
}

// longest is the bound of what is written into a field.
func longest(field profile.Name) int { return profile.Of(field).Longest }

func withNone(r *web.Request, list []kit.Item) []kit.Item {
	return append([]kit.Item{{Label: r.Say.T("people.none")}}, list...)
}

// offered leaves of cities those that may be chosen, and the one that was chosen before.
func offered(r *web.Request, list []cityItem, chosen string) (out []cityItem) {
	for _, c := range list {
		if e, ok := profile.Said(r.Say).City(c.Key); !ok || !e.Closed || c.Key == chosen {
			out = append(out, c)
		}
	}
	return out
}

func cities(r *web.Request, list []cityItem, chosen string) []kit.Item {
	var out []kit.Item
	for _, c := range offered(r, list, chosen) {
		out = append(out, kit.Item{Value: c.Key, Label: c.Name})
	}
	if !slices.ContainsFunc(list, func(c cityItem) bool { return c.Key == profile.Other }) {
		out = append(out, items(r, profile.City)...)
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

func consentItems(r *web.Request, asked []people.Asked, now map[string]people.Consent) []kit.Item {
	var out []kit.Item
	for _, a := range asked {
		item := kit.Item{Value: a.Purpose, Label: consentWords(r, a)}
		if c, ok := now[a.Purpose]; ok {
			item.Help = consentState(r, c)
		}
		out = append(out, item)
	}
	return out
}

// consentWords are the words of a consent as it is shown now.
func consentWords(r *web.Request, a people.Asked) string {
	if w := a.Words.In(r.Lang); w != "" {
		return w
	}
	return r.Say.T("people.consents.other")
}

// consentState says what was answered and when; in which words, when they have changed since.
func consentState(r *web.Request, c people.Consent) string {
	key := "people.consents.no"
	if c.Given {
		key = "people.consents.yes"
	}
	words := r.Say.T(key, "when", i18n.DateTime(r.Lang, c.At))
	if noted := notedWords(r, c); noted != "" {
		words += ". " + noted
	}
	switch {
	case c.Current() && c.Wording != (i18n.Text{}):
		return words
	case c.Wording == (i18n.Text{}):
		return words + ". " + r.Say.T("people.consents.lost")
	}
	return words + ". " + r.Say.T("people.consents.earlier", "wording", c.Wording)
}

// notedWords say of a consent that staff wrote it down, in which way they heard it and on
// which day; empty of what she answered herself.
func notedWords(r *web.Request, c people.Consent) string {
	day, err := time.ParseInLocation(time.DateOnly, c.Day, i18n.Bishkek())
	if err != nil || c.How == "" {
		return ""
	}
	return r.Say.T("people.consents.noted", "how", r.Say.T("people.source."+string(c.How)), "day", i18n.Date(r.Lang, day))
}

func chosenConsents(now map[string]people.Consent) []string {
	var out []string
	for p, c := range now {
		if c.Given {
			out = append(out, p)
		}
	}
	return out
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
func (s *Pages) cityName(r *web.Request, key string) string {
	for _, c := range s.cityItems(r.Lang) {
		if c.Key == key {
			return c.Name
		}
	}
	return profile.Of(profile.City).Word(r.Say, key)
}

// action gives the text of an audit action; an action without one is a page of staff.
func action(r *web.Request, key string) string {
	if r.Say.Has(key) {
		return r.Say.T(key)
	}
	return r.Say.T("people.audit.viewed")
}

func list(words []string) string { return strings.Join(words, ", ") }

// dash is a value of a table, or a sign that there is none.
func dash(words string) string {
	if words == "" {
		return "—"
	}
	return words
}

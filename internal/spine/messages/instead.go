package messages

import (
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// placeOf is how staff write an argument of the house's texts: both words are those of the
// pages on which they write.
func placeOf(arg string) string {
	switch arg {
	case "when":
		return "{day}"
	case "where":
		return "{place}"
	}
	return "{" + arg + "}"
}

// placesFor fills the places of an Instead. What stands in an argument is no place itself.
func placesFor(args map[string]any, lang i18n.Language, name, url string) *strings.Replacer {
	pairs := []string{NamePlace, name, LinkPlace, url}
	for arg, v := range args {
		words := ""
		switch v := v.(type) {
		case string:
			words = v
		case i18n.Text:
			words = v.In(lang)
		}
		pairs = append(pairs, placeOf(arg), words)
	}
	return strings.NewReplacer(pairs...)
}

// HouseWords gives the subject and the text of a kind in a language, with the places that some
// arguments have in an Instead.
func (s *Service) HouseWords(kind string, lang i18n.Language, args ...string) (subject, body string) {
	say, key := s.say.Printer(lang), "notice."+kind
	if !say.Has(key+".subject") || !say.Has(key+".body") {
		return "", ""
	}
	places := map[string]any{}
	for _, arg := range args {
		places[arg] = placeOf(arg)
	}
	return say.With(key+".subject", places), say.With(key+".body", places)
}

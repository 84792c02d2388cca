package programme

import (
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/legible"
)

// KeepText writes a text as it is kept, a title without line breaks; what is too long
// or turned around is noted at its field.
func KeepText(form *fault.Form, field string, t *i18n.Text, long bool) {
	read, most := legible.Line, MaxLine
	if long {
		read, most = legible.Text, maxText
	}
	for _, in := range []struct {
		language i18n.Language
		text     *string
	}{{i18n.Kyrgyz, &t.Ky}, {i18n.Russian, &t.Ru}, {i18n.English, &t.En}} {
		text, wrong := read(*in.text)
		if wrong != nil {
			form.Add(field+"_"+string(in.language), wrong.Key, wrong.Args)
			continue
		}
		*in.text = text
		form.Check(len([]rune(text)) <= most, field+"_"+string(in.language), "programme.fault.long", fault.Args{"count": most})
	}
}

// Long tells the texts of several lines.
func Long(name string) bool {
	switch name {
	case "description", "gain", "directions", "summary":
		return true
	}
	return false
}

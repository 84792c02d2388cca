package forms

import (
	"embed"
	"io/fs"
	"sync"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/profile"
)

//go:embed text/*.json
var embedded embed.FS

// Texts are ky.json, ru.json and en.json.
func Texts() fs.FS {
	text, err := fs.Sub(embedded, "text")
	if err != nil {
		panic("forms: " + err.Error()) // the folder is embedded above
	}
	return text
}

// Built are the keys that are put together while the code runs.
func Built() []i18n.Built {
	return []i18n.Built{
		{Keys: "forms.q.*", Of: []string{"why"}, Why: "the questions of the house that ask for no field of the person"},
		{Keys: "forms.kind.*", Of: i18n.Words(QuestionKinds[:]...), Why: "the kinds of questions"},
	}
}

// catalogue gives the texts of this room, for what is stored or told in all three languages.
var catalogue = sync.OnceValue(func() *i18n.Catalogue {
	c, err := i18n.Load(Texts(), profile.Texts())
	if err != nil { // they are part of the binary, and the check of texts reads them
		c, _ = i18n.Load()
	}
	return c
})

// inAll gives what one language says in the three.
func inAll(says func(*i18n.Printer) string) i18n.Text {
	c := catalogue()
	return i18n.Text{Ky: says(c.Printer(i18n.Kyrgyz)), Ru: says(c.Printer(i18n.Russian)), En: says(c.Printer(i18n.English))}
}

// Package learning keeps the bank of questions for tests and brings files of other
// programs into it, and holds the words in which learning gain, items and the agreement
// of raters are explained; the figures come from science/gain and science/agreement. Its
// room bank holds what the questions of tests are.
//
// Its tables: question, question_version and question_wording. They name nobody.
package learning

import (
	"embed"
	"io/fs"

	"platforma.kg/ashar/internal/spine/module"
)

// Manifest is what the module says of itself.
func Manifest() module.Manifest {
	return module.Manifest{Name: "learning", Texts: Texts(), Built: Built()}
}

//go:embed text/*.json
var texts embed.FS

// Texts are the module's words, ky.json, ru.json and en.json.
func Texts() fs.FS {
	text, err := fs.Sub(texts, "text")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return text
}

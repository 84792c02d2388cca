// Package learning is where tests, gain, practice and rubrics will live. So far
// it holds the words in which learning gain, items and the agreement of raters
// are explained; the figures come from science/gain and science/agreement. Its room
// bank holds what the questions of tests are.
package learning

import (
	"embed"
	"io/fs"
)

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

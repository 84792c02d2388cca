package web

import (
	"embed"
	"io/fs"
)

//go:embed text/*.json
var texts embed.FS

// Texts gives the texts of the layout, of the kit, of the shared faults and of
// the error pages.
func Texts() fs.FS {
	sub, err := fs.Sub(texts, "text")
	if err != nil {
		return texts // cannot be: the folder is embedded
	}
	return sub
}

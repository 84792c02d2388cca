package files

import (
	"path"
	"path/filepath"
	"strings"
	"unicode"

	"platforma.kg/ashar/internal/foundation/legible"
)

// SafeName keeps of a name what is harmless to show and to save: its last part,
// 80 characters at most, without signs that file systems forbid and without
// invisible ones. "file" when nothing is left.
func SafeName(name string) string {
	name = filepath.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || strings.ContainsRune(`"<>:|?*/`, r) {
			return -1
		}
		return r
	}, legible.Seen(name))
	if r := []rune(name); len(r) > 80 {
		name = string(r[len(r)-80:])
	}
	if name == "" || name == "." || name == ".." {
		return "file"
	}
	return name
}

// SavedAs is SafeName with the ending of what a file is, not of what it was called.
func SavedAs(name, kind string) string {
	name = SafeName(name)
	return strings.TrimSuffix(name, path.Ext(name)) + Ending(kind)
}

package app

import (
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n/i18ntest"
	"platforma.kg/ashar/internal/foundation/web"
)

// code is all of Ashar as it asks for texts, with what each module says of itself.
func (h bare) code(root string) i18ntest.Code {
	c := i18ntest.Code{Root: root, Built: web.Built()}
	for _, m := range h.Manifests() {
		c.Built = append(c.Built, m.Built...)
		for p := range m.Permissions {
			c.Others = append(c.Others, string(p))
		}
		for _, k := range m.Facts {
			c.Others = append(c.Others, string(k))
		}
		for _, k := range m.Jobs {
			c.Others = append(c.Others, k.Name)
		}
		for _, one := range m.Consents {
			c.Others = append(c.Others, one.Purpose)
		}
	}
	return c
}

func (h bare) catalogues() []fs.FS {
	out := []fs.FS{web.Texts()}
	for _, m := range h.Manifests() {
		if m.Texts != nil {
			out = append(out, m.Texts)
		}
	}
	return out
}

func TestEveryTextIsThereInThreeLanguagesAndIsAskedFor(t *testing.T) {
	t.Parallel()
	h := bareHouse(t, "")
	i18ntest.Sound(t, h.catalogues()...)
	wrong, err := i18ntest.Use(h.code("../.."), h.catalogues()...)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range wrong {
		t.Error(w)
	}
	// A catalogue that no manifest names would be held by nothing above.
	found := 0
	if err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, "text/ky.json") {
			found++
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if known := len(h.catalogues()); found != known {
		t.Errorf("%d catalogues lie in the tree, %d are looked at", found, known)
	}
}

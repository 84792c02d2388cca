package i18ntest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"platforma.kg/ashar/internal/foundation/i18n/i18ntest"
)

func TestMissingAndUnusedKeysAreNamed(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	code := `package x
func page(say P, s string) {
	say.T("x.title"); say.T("x.gone", "count", 2); say.T("x.state." + s)
	use(Item{Key: "x.word"}, "x.permission")
}`
	if err := os.WriteFile(filepath.Join(root, "x.go"), []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	file := &fstest.MapFile{Data: []byte(`{"x.title":"a","x.word":"a","x.state.open":"a","x.left":"a"}`)}
	wrong, err := i18ntest.Use(root, fstest.MapFS{"ky.json": file, "ru.json": file, "en.json": file})
	if err != nil {
		t.Fatal(err)
	}
	if len(wrong) != 2 || !strings.Contains(wrong[0], `x.go:3:26: there is no text "x.gone"`) || wrong[1] != `nothing asks for the text "x.left"` {
		t.Errorf("%q", wrong)
	}
}

// Package i18ntest checks texts against each other and against the code that
// uses them, for tests.
package i18ntest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// Sound fails the test for everything that i18n.Check finds.
func Sound(t testing.TB, sources ...fs.FS) {
	t.Helper()
	for _, wrong := range i18n.Check(sources...) {
		t.Error(wrong)
	}
}

// Used fails the test for each key that the code below root asks for and no
// language has, and for each key that nothing asks for.
func Used(t testing.TB, root string, sources ...fs.FS) {
	t.Helper()
	wrong, err := Use(root, sources...)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range wrong {
		t.Error(w)
	}
}

// key is the form of a key: words in lower case, joined by dots.
var key = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_-]+)+$`)

// start is a piece of a key that code completes: "seminars.state.".
var start = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_-]+)*\.$`)

// asks are the functions that take keys: of Printer, of fault, of Request.
var asks = map[string]bool{"T": true, "With": true, "New": true, "At": true, "Add": true, "Check": true, "SetFlash": true, "Has": true}

// Use reads the Go files below root, generated templates too and tests not,
// and compares the keys in them with the texts. A key counts as asked for when
// it stands in the code as it is, or when a piece ending in a dot begins it.
func Use(root string, sources ...fs.FS) ([]string, error) {
	c, err := i18n.Load(sources...)
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, k := range c.Keys(i18n.Kyrgyz) {
		there[k] = true
	}
	var wrong []string
	words, starts := map[string]bool{}, map[string]bool{}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); path != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if !asks[called(n)] {
					return true
				}
				for _, arg := range n.Args {
					if k, ok := literal(arg); ok && key.MatchString(k) && !there[k] {
						wrong = append(wrong, fmt.Sprintf("%s: there is no text %q", files.Position(arg.Pos()), k))
					}
				}
			case *ast.BasicLit:
				if k, ok := literal(n); ok {
					switch {
					case key.MatchString(k):
						words[k] = true
					case start.MatchString(k):
						starts[k] = true
					}
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	for k := range there {
		if !words[k] && !begun(k, starts) {
			wrong = append(wrong, fmt.Sprintf("nothing asks for the text %q", k))
		}
	}
	slices.Sort(wrong)
	return wrong, nil
}

func begun(k string, starts map[string]bool) bool {
	for i, c := range k {
		if c == '.' && starts[k[:i+1]] {
			return true
		}
	}
	return false
}

func called(n *ast.CallExpr) string {
	switch f := n.Fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

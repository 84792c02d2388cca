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

// Code is what asks for texts.
type Code struct {
	Root   string       // the folder below which all Go files are read, generated templates too and tests not
	Built  []i18n.Built // the keys that it puts together while it runs
	Others []string     // words in the form of a key that are none: permissions, kinds of facts and jobs
}

// key is the form of a key: words in lower case, joined by dots.
var key = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_-]+)+$`)

// start is a piece of a key that code completes: "seminars.state.".
var start = regexp.MustCompile(`^[a-z][a-z0-9_]*\.([a-z0-9_-]+\.)*$`)

// asks are the functions that give a text its arguments: of Printer, of fault. The
// number is that of the key among what the function takes.
var asks = map[string]int{"T": 0, "With": 0, "New": 1, "At": 1, "Add": 1, "Check": 2}

// use gathers what code asks for.
type use struct {
	code     Code
	texts    *i18n.Catalogue
	there    map[string][]string // key to its arguments
	spaces   map[string]bool     // first words of keys
	words    map[string]bool     // keys that stand in the code as they are
	starts   map[string]string   // pieces that code completes, to where
	families map[string][]i18n.Built
	others   map[string]bool
	wrong    []string
}

// Use compares the keys in code with the texts and names, sorted: keys that no text
// has, texts that nothing asks for, texts that are not given an argument they name,
// and keys that are put together and not declared, or declared and not put together.
func Use(code Code, sources ...fs.FS) ([]string, error) {
	c, err := i18n.Load(sources...)
	if err != nil {
		return nil, err
	}
	u := use{code: code, texts: c, there: map[string][]string{}, spaces: map[string]bool{}, words: map[string]bool{}, starts: map[string]string{}, families: map[string][]i18n.Built{}, others: map[string]bool{}}
	for _, l := range i18n.Languages {
		for _, k := range c.Keys(l) {
			u.there[k] = c.Arguments(k)
			first, _, _ := strings.Cut(k, ".")
			u.spaces[first] = true
		}
	}
	for _, b := range code.Built {
		begins, whole := b.Start()
		if whole {
			u.words[b.Keys] = false
			continue
		}
		u.families[begins] = append(u.families[begins], b)
		for _, of := range b.Of {
			u.others[of] = true // "seminars.invited" of "notice.*.subject"
		}
	}
	for _, o := range code.Others {
		u.others[o] = true
	}
	if err := u.walk(); err != nil {
		return nil, err
	}
	u.judge()
	slices.Sort(u.wrong)
	return slices.Compact(u.wrong), nil
}

func (u *use) say(format string, args ...any) {
	u.wrong = append(u.wrong, fmt.Sprintf(format, args...))
}

func (u *use) walk() error {
	return filepath.WalkDir(u.code.Root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); path != u.code.Root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "node_modules") {
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
		u.read(files, file)
		return nil
	})
}

// read takes the keys out of one file.
func (u *use) read(files *token.FileSet, file *ast.File) {
	at := func(n ast.Node) string { return files.Position(n.Pos()).String() }
	begun := map[ast.Expr]bool{}    // literals that something is joined to
	declared := map[ast.Node]bool{} // lists of Built, which tell of keys and ask for none
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if returnsBuilt(n) {
				declared[n] = true
			}
			return !declared[n]
		case *ast.BinaryExpr:
			if n.Op == token.ADD {
				left := n.X
				for {
					b, deeper := left.(*ast.BinaryExpr)
					if !deeper {
						break
					}
					left = b.X
				}
				begun[left] = true
			}
		case *ast.CallExpr:
			u.given(at, n)
		case *ast.BasicLit:
			k, ok := literal(n)
			if first, _, dotted := strings.Cut(k, "."); !ok || !dotted || !u.spaces[first] {
				return true
			}
			switch {
			case start.MatchString(k), begun[n] && key.MatchString(k):
				u.starts[k] = at(n)
			case key.MatchString(k):
				u.word(at(n), k)
			}
		}
		return true
	})
}

// word takes a key that stands in the code as it is.
func (u *use) word(where, k string) {
	_, text := u.there[k]
	_, declared := u.words[k]
	u.words[k] = true
	switch {
	case text || declared || u.others[k]:
	case len(u.families[k]) > 0:
		u.starts[k] = where // a variable that is added to later
	default:
		u.say("%s: there is no text %q", where, k)
	}
}

// returnsBuilt reports whether a function gives a list of families.
func returnsBuilt(f *ast.FuncDecl) bool {
	if f.Type.Results == nil || len(f.Type.Results.List) != 1 {
		return false
	}
	list, ok := f.Type.Results.List[0].Type.(*ast.ArrayType)
	if !ok {
		return false
	}
	of, ok := list.Elt.(*ast.SelectorExpr)
	return ok && of.Sel.Name == "Built"
}

// given looks whether a call that names a text gives all that the text asks for.
func (u *use) given(at func(ast.Node) string, n *ast.CallExpr) {
	place, ok := asks[called(n)]
	if !ok || len(n.Args) <= place || n.Ellipsis.IsValid() {
		return
	}
	k, ok := literal(n.Args[place])
	needs, there := u.there[k]
	if !ok || !there {
		return
	}
	gives := map[string]bool{}
	rest := n.Args[place+1:]
	for i, arg := range rest {
		switch arg := arg.(type) {
		case *ast.BasicLit:
			if name, ok := literal(arg); ok && i%2 == 0 {
				gives[name] = true
			}
		case *ast.CompositeLit:
			for _, e := range arg.Elts {
				if pair, ok := e.(*ast.KeyValueExpr); ok {
					if name, ok := literal(pair.Key); ok {
						gives[name] = true
					}
				}
			}
		default:
			if called(n) != "T" {
				return // a map that was made elsewhere
			}
		}
	}
	for _, name := range needs {
		if !gives[name] {
			u.say("%s: the text %q is not given its {%s}", at(n), k, name)
		}
	}
}

// judge compares what was found.
func (u *use) judge() {
	for s, where := range u.starts {
		if len(u.families[s]) == 0 {
			u.say("%s: keys are made of %q, and nobody says which", where, s)
		}
	}
	for _, b := range u.code.Built {
		if _, whole := b.Start(); whole && !u.words[b.Keys] {
			u.say("the code does not have the word %q", b.Keys)
		}
		if strings.TrimSpace(b.Why) == "" {
			u.say("%q says no reason", b.Keys)
		}
	}
	built := map[string]bool{}
	for begins, list := range u.families {
		for _, b := range list {
			if _, there := u.starts[begins]; !there {
				u.say("the code makes no key of the family %q", b.Keys)
			}
			some := false
			for _, k := range b.List() {
				_, there := u.there[k]
				some = some || there
				built[k] = true
				if !there && !b.Some {
					u.say("there is no text %q, of the family %q", k, b.Keys)
				}
			}
			if !some && b.Some && len(b.Of) > 0 {
				u.say("no text is of the family %q", b.Keys)
			}
		}
	}
	for k := range u.there {
		if !u.words[k] && !built[k] {
			u.say("nothing asks for the text %q", k)
		}
	}
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

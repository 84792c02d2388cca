package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// tableIn finds the tables that a statement of SQL names.
var tableIn = regexp.MustCompile(`\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)`)

// sources parses the program's own files of a folder, without its tests.
func sources(t *testing.T, folder string) (files []*ast.File) {
	t.Helper()
	list, err := filepath.Glob(filepath.Join("../..", folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range list {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, parsed(t, name, string(body)))
	}
	return files
}

func parsed(t *testing.T, name, body string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), name, body, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// tablesOf gives the tables that the statements of files name.
func tablesOf(files []*ast.File) map[string]bool {
	out := map[string]bool{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				for _, m := range tableIn.FindAllStringSubmatch(lit.Value, -1) {
					out[m[1]] = true
				}
			}
			return true
		})
	}
	return out
}

// closed are the packages that hold keys or speak SQL, and forbidden what asks a
// database.
var (
	closed    = []string{house + "internal/foundation/seal", "database/sql"}
	forbidden = []string{"Exec", "Query", "QueryRow", "All", "One"}
)

// reaches tells what of the data of people a file reaches by itself: keys, their tables,
// or any statement.
func reaches(f *ast.File, tables map[string]bool) (out []string) {
	for _, i := range f.Imports {
		if path, err := strconv.Unquote(i.Path.Value); err == nil && slices.Contains(closed, path) {
			out = append(out, "imports "+path)
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			for _, m := range tableIn.FindAllStringSubmatch(n.Value, -1) {
				if tables[m[1]] {
					out = append(out, "names the table "+m[1])
				}
			}
		case *ast.CallExpr:
			call, ok := n.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains(forbidden, call.Sel.Name) {
				return true
			}
			if on, ok := call.X.(*ast.Ident); ok && (on.Name == "tx" || on.Name == "storage") {
				out = append(out, "asks the database by "+on.Name+"."+call.Sel.Name)
			}
		}
		return true
	})
	return out
}

// Names, phones and addresses lie in one room. Its pages get what they show from its use
// cases: no key, no statement, no column that is sealed.
func TestPagesOfPeopleReachNoTableAndNoKey(t *testing.T) {
	t.Parallel()
	tables := tablesOf(sources(t, "internal/spine/people"))
	for _, table := range []string{"person", "contact", "session", "passkey", "person_link", "role_grant", "consent", "person_import", "oidc_link"} {
		if !tables[table] {
			t.Errorf("this test does not see that people keep %s: %v", table, slices.Sorted(maps.Keys(tables)))
		}
	}
	for _, page := range pages {
		files := sources(t, page)
		if len(files) < 5 {
			t.Errorf("%s: %d files were read", page, len(files))
		}
		for _, f := range files {
			for _, what := range reaches(f, tables) {
				t.Errorf("%s: a file of %s %s", page, f.Name.Name, what)
			}
		}
	}
}

func TestAPageThatReachesTheDataOfPeopleIsSeen(t *testing.T) {
	t.Parallel()
	tables := map[string]bool{"person": true}
	for body, want := range map[string]string{
		"import \"" + house + "internal/foundation/seal\"":                              "imports " + house + "internal/foundation/seal",
		"import \"database/sql\"":                                                       "imports database/sql",
		"const q = `SELECT sealed\n\tFROM person`":                                      "names the table person",
		"var _ = \"UPDATE person SET demo = 1\"":                                        "names the table person",
		"func f() { tx.QueryRow(ctx, q) }":                                              "asks the database by tx.QueryRow",
		"func f() { storage.All(ctx, tx, scan, q) }":                                    "asks the database by storage.All",
		"func f() { p.store.Read(ctx, nil); p.people.Search(ctx, tx, people.Query{}) }": "",
		"var _ = \"people.fault.from\"":                                                 "",
	} {
		got := strings.Join(reaches(parsed(t, "page.go", "package page\n"+body), tables), ", ")
		if got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

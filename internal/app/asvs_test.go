package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// chosen are the requirements that docs/asvs.md answers.
var chosen = strings.Fields(`1.2.1 1.2.4 1.3.1 1.3.5 1.3.6 1.3.11 2.3.2 2.3.3 2.3.4 2.4.1 3.3.1 3.3.3 3.4.1 3.4.3 3.4.5 3.4.6 3.5.1 3.7.2
	4.4.2 5.2.1 5.2.2 5.2.3 6.2.12 6.3.1 6.3.3 *6.3.6 *6.3.7 *6.3.8 6.4.3 6.5.1 6.6.2 6.6.3 7.2.4 7.4.3 7.4.5 7.5.1 7.5.2
	8.2.1 8.2.2 8.2.3 8.3.1 8.4.1 9.2.2 9.2.3 11.4.2 11.5.1 13.3.1 14.1.1 14.1.2 14.2.1 14.2.3 *14.2.6 *14.2.7 *14.2.8 14.3.2
	15.1.2 15.3.3 16.2.5 16.3.1 16.3.2 16.4.1 16.5.3 17.1.1 17.3.1`)

var (
	namedTest = regexp.MustCompile(`\bTest[A-Z][A-Za-z0-9]+`)
	namedFile = regexp.MustCompile("`((?:internal|docs|cmd|web|test|scripts)/[^`]+)`")
)

// wrongInASVS names what is wrong with the page, given the tests and files that there are.
func wrongInASVS(page string, tests map[string]bool, exists func(file string) bool) (wrong []string) {
	seen := map[string]bool{}
	for line := range strings.Lines(page) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 4 || !regexp.MustCompile(`^ \*?\d`).MatchString(cells[0]) {
			continue
		}
		number, state, why := strings.TrimSpace(cells[0]), strings.TrimSpace(cells[2]), strings.TrimSpace(cells[3])
		if seen[number] {
			wrong = append(wrong, number+" stands there twice")
		}
		seen[number] = true
		if !slices.Contains(chosen, number) {
			wrong = append(wrong, number+" was not chosen")
		}
		if strings.TrimSpace(cells[1]) == "" || !slices.Contains([]string{"met", "not applicable", "open"}, state) {
			wrong = append(wrong, number+" says neither what it asks nor whether it is met")
		}
		evidence := 0
		for _, name := range namedTest.FindAllString(why, -1) {
			evidence++
			if !tests[name] {
				wrong = append(wrong, number+": there is no test "+name)
			}
		}
		for _, file := range namedFile.FindAllStringSubmatch(why, -1) {
			evidence++
			if !exists(file[1]) {
				wrong = append(wrong, number+": there is no file "+file[1])
			}
		}
		switch {
		case state == "met" && evidence == 0:
			wrong = append(wrong, number+" is met by nothing that is named")
		case state == "open" && !strings.Contains(why, "Missing") && !strings.Contains(why, "the row above"):
			wrong = append(wrong, number+" does not say what is missing")
		case state == "not applicable" && len(why) < 20:
			wrong = append(wrong, number+" gives no reason")
		}
	}
	for _, number := range chosen {
		if !seen[number] {
			wrong = append(wrong, number+" is not answered")
		}
	}
	return wrong
}

// allTests lists the test functions of the tree.
func allTests(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	if err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata") {
				return filepath.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") {
				out[f.Name.Name] = true
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestASVSIsAnsweredByTestsAndFilesThatAreThere(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../docs/asvs.md")
	if err != nil {
		t.Fatal(err)
	}
	page, tests := string(raw), allTests(t)
	exists := func(file string) bool {
		_, err := os.Stat(filepath.Join("../..", file))
		return err == nil
	}
	if len(chosen) != 64 {
		t.Errorf("%d requirements were chosen", len(chosen))
	}
	for _, w := range wrongInASVS(page, tests, exists) {
		t.Error(w)
	}
	// The test can fail.
	for old, changed := range map[string]string{
		"TestTicketVectors": "TestOfYesterday", "`internal/foundation/web/headers.go`": "`internal/foundation/web/gone.go`",
		"| 3.7.2 |": "| 3.7.9 |", "| not applicable | nobody has a password |": "| not applicable | no |",
		"Missing: a bound of wrong codes at one door": "", "| met | TestPagesOfSignedInPeopleAreKeptNowhere": "| met | it is so",
		"| open | one secret": "| half | one secret",
	} {
		if next := strings.ReplaceAll(page, old, changed); next == page || len(wrongInASVS(next, tests, exists)) == 0 {
			t.Errorf("%q instead of %q is not noticed", changed, old)
		}
	}
}

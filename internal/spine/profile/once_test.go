package profile

import (
	"encoding/json"
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
)

// telling are the codes that mean nothing else in the code of Ashar: who writes one writes
// the list, or a part of it, a second time. The others, as "city" or "ru", are words of
// other things too; no list repeats only these.
func telling() (out []string) {
	for _, name := range []Name{Sex, AgeBand, Group, Level, Languages} {
		for _, v := range Of(name).Values(nil) {
			if !slices.Contains([]string{Media, Other, CityKenesh, VillageKenesh, "ky", "ru", "en", "uz", "tg"}, v) {
				out = append(out, v)
			}
		}
	}
	return out
}

// sources calls f with each source of Ashar but tests, generated files and this package.
func sources(t *testing.T, f func(path string, text []byte)) {
	t.Helper()
	seen := 0
	for _, root := range []string{"../../../internal", "../../../cmd", "../../../web"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if d.IsDir() {
				if d.Name() == "testdata" || d.Name() == "node_modules" || d.Name() == "dist" || strings.HasSuffix(filepath.ToSlash(path), "spine/profile") {
					return filepath.SkipDir
				}
				return nil
			}
			ours := slices.Contains([]string{".go", ".templ", ".ts", ".json"}, filepath.Ext(path))
			if !ours || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") || strings.HasSuffix(path, ".test.ts") {
				return nil
			}
			text, err := os.ReadFile(path)
			if err == nil {
				seen++
				f(filepath.ToSlash(strings.TrimPrefix(path, "../../../")), text)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 300 {
		t.Errorf("only %d sources were read", seen)
	}
}

var quoted = regexp.MustCompile("\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`")

// others are what looks like a code and is none.
var others = map[string]string{
	"internal/foundation/i18n/match.go":   "dng",                   // a language that a browser asks for
	"internal/foundation/web/kit/draw.go": "web.seats.undisclosed", // how the seats of a bar are divided, whoever sits on them
}

// again finds in a source the codes that are written out there, and texts for them.
func again(path string, text []byte) (found []string) {
	if filepath.Ext(path) == ".json" {
		if !strings.Contains(path, "/text/") {
			return nil
		}
		var keys map[string]json.RawMessage
		if json.Unmarshal(text, &keys) != nil {
			return []string{"it is no catalogue"}
		}
		for k := range keys {
			last := k[strings.LastIndexByte(k, '.')+1:]
			if slices.Contains(telling(), last) && k != others["internal/foundation/web/kit/draw.go"] {
				found = append(found, "the text "+k)
			}
		}
		return found
	}
	for i, line := range strings.Split(string(text), "\n") {
		if code, _, comment := strings.Cut(line, "//"); comment && !strings.Contains(code, `"http`) {
			line = code
		}
		for _, m := range quoted.FindAllStringSubmatch(line, -1) {
			literal := m[1] + m[2] + m[3]
			last := literal[strings.LastIndexAny(literal, "._:=")+1:]
			if slices.Contains(telling(), last) && others[path] != literal {
				found = append(found, fmt.Sprintf("%d: %s", i+1, m[0]))
			}
		}
	}
	return found
}

func TestNobodyElseWritesTheCodesOfAPerson(t *testing.T) {
	t.Parallel()
	for path, text := range map[string]string{
		"a.go":            `case "female":`,
		"b.templ":         `Items: []kit.Item{{Value: "male"}}`,
		"c.go":            `r.Say.T("seminars.group.deputies")`,
		"d.go":            "x := []string{`14-17`}",
		"e.ts":            `if (sex === 'undisclosed') return`,
		"m/text/ky.json":  `{"results.sex.female": "Аялдар"}`,
		"f.go":            `Level: "jogorku"`,
		"h.go":            `name := "target_age_60+"`,
		"i.go":            `Languages: []string{"dng"}`,
		"m2/text/ru.json": `{"today.level.jogorku": "Жогорку Кенеш"}`,
	} {
		if len(again(path, []byte(text))) == 0 {
			t.Errorf("the test does not see %s in %s", text, path)
		}
	}
	sources(t, func(path string, text []byte) {
		for _, what := range again(path, text) {
			t.Errorf("%s writes out what spine/profile holds: %s", path, what)
		}
	})
}

// mapped are the fields whose names, side by side, are a mapping of a person: to a form, a
// table, another record.
var mapped = []string{"FullName", "Sex", "BirthYear", "AgeBand", "City", "Village", "Group", "Level", "Organisation", "AccessNeeds"}

// mayMap are the places that have to name fields one by one, with the reason.
var mayMap = map[string]string{
	"internal/app/demo.go demoCast":                                 "invents people",
	"internal/spine/people/demopeople/generate.go age":              "invents people",
	"internal/modules/seminars/demostory/story.go cast":             "who of the invented people comes",
	"internal/spine/ledger/standing.go compareProfiles":             "the order of facts",
	"internal/spine/people/roster/list.go readList":                 "the filters of the list of people, from the address",
	"internal/spine/people/roster/find.go find":                     "what tells two of one name apart for staff",
	"internal/spine/people/list.go List":                            "what the list is narrowed by",
	"internal/spine/people/named.go EachNamed":                      "what a list of another room is narrowed by",
	"internal/modules/seminars/seats/list_applications.go narrowed": "what the list of all applications is narrowed by",
	"internal/spine/people/directory.go openListed":                 "what the list is narrowed and sorted by",
	"internal/spine/people/fields.go text":                          "the one place where a field meets a record",
	"internal/spine/people/person.go Snapshot":                      "what a fact keeps of a person",
	"internal/spine/people/search.go Search":                        "what staff filter people by",
	"internal/spine/ledger/tally.go Of":                             "a part of the profile of a fact",
	"internal/spine/ledger/fact.go Record":                          "the columns of a fact",
	"internal/spine/ledger/fact.go scanFact":                        "the columns of a fact",
	"internal/spine/people/demopeople/generate.go Members":          "invents people",
	"internal/spine/people/demopeople/generate.go person":           "invents people",
	"internal/spine/people/demopeople/generate.go group":            "invents people",
	"internal/modules/seminars/demostory/story.go apply":            "an invented person hands in a form",
	"internal/spine/people/alike.go sameAs":                         "what tells a record and who is typed in apart",
	"internal/spine/people/merge.go compare":                        "what tells two records apart",
	"internal/spine/people/roster/name.go likeItems":                "what tells two of one name apart for staff",
	"internal/modules/seminars/sheets/list.go list":                 "the columns of a printed list",
	"internal/modules/results/counted.go seenIn":                    "what of a fact a told number is counted by, coarser than the fact",
	"internal/modules/results/counted.go compare":                   "the order of what was counted",
	"internal/modules/results/counted.go keyOf":                     "the same, as a key",
	"internal/modules/results/tell.go count":                        "by which traits of it a cell is told",
	"internal/modules/seminars/pages/selection_filter.go about":     "the few words by which a coordinator chooses",
	"internal/spine/people/roster/person.go about":                  "one line on who she is, for staff who have opened her record",
}

// mappings gives the functions of a source that name three fields of a person or more.
func mappings(path string, text []byte) (found []string) {
	file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
	if err != nil {
		return []string{err.Error()}
	}
	for _, d := range file.Decls {
		name, named := "", map[string]bool{}
		if f, ok := d.(*ast.FuncDecl); ok {
			name = f.Name.Name
		}
		note := func(word string) {
			if slices.Contains(mapped, word) {
				named[word] = true
			}
		}
		ast.Inspect(d, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); !ok || x.Name != "profile" && x.Name != "ledger" {
					note(n.Sel.Name)
				}
			case *ast.KeyValueExpr:
				if k, ok := n.Key.(*ast.Ident); ok {
					note(k.Name)
				}
				if k, ok := n.Key.(*ast.BasicLit); ok && k.Kind == token.STRING {
					s, _ := strconv.Unquote(k.Value)
					for _, f := range Fields {
						if s != "" && (s == string(f.Name) || s == f.Asks) {
							named["the question or name "+s] = true
						}
					}
				}
			}
			return true
		})
		if len(named) >= 3 {
			found = append(found, name)
		}
	}
	return found
}

func TestNobodyElseMapsTheFieldsOfAPerson(t *testing.T) {
	t.Parallel()
	for what, code := range map[string]string{
		"from answers":  `func f() { d := people.Details{FullName: a.First("name"), Sex: a.First("sex"), City: a.First("place")} }`,
		"to answers":    `func f() { x = map[string]string{"name": d.FullName, "sex": d.Sex, "village": d.Village} }`,
		"of two":        `func f() { for _, f := range []struct{ to, from *string }{{&a.Sex, &b.Sex}, {&a.Level, &b.Level}, {&a.Village, &b.Village}} {} }`,
		"by assignment": `func f() { d.Sex, d.AgeBand, d.Group = v("sex"), v("age_band"), v("group") }`,
		"of names":      `var f = map[string]string{"birth_year": "age", "city": "place", "access_needs": "access"}`,
	} {
		if len(mappings("a.go", []byte("package a\n"+code))) != 1 {
			t.Errorf("the test does not see a mapping %s", what)
		}
	}
	used := map[string]bool{}
	sources(t, func(path string, text []byte) {
		if filepath.Ext(path) != ".go" {
			return
		}
		for _, name := range mappings(path, text) {
			at := path + " " + name
			if mayMap[at] == "" {
				t.Errorf("%s maps the fields of a person, which profile.Fields and people.Details.Get and Set do", at)
			}
			used[at] = true
		}
	})
	for at := range mayMap {
		if !used[at] {
			t.Errorf("%s maps no fields any more", at)
		}
	}
}

package app_test

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const house = "platforma.kg/ashar/"

// floor gives the floor of a package, 0 the lowest, and the room it is in.
// Science stands beside: it may be used from above and uses nothing of ours.
func floor(path string) (level int, room string) {
	path = strings.TrimPrefix(path, house)
	rooms := []struct {
		prefix string
		level  int
	}{
		{"internal/science/", -1},
		{"internal/foundation/", 0},
		{"internal/spine/", 1},
		{"internal/modules/", 2},
		{"internal/app", 3},
		{"cmd/", 4},
	}
	for _, f := range rooms {
		if rest, ok := strings.CutPrefix(path, f.prefix); ok {
			room, _, _ = strings.Cut(rest, "/")
			return f.level, room
		}
	}
	return 9, path
}

// pages are the rooms in which only the house looks: they show what their room does, and
// nothing of the room, nor any other page of it, knows of them.
var pages = []string{"internal/spine/people/signin", "internal/spine/people/roster"}

// harness reports whether a package sets things up for tests.
func harness(path string) bool { return strings.HasSuffix(path, "test") }

// belowForms are the rooms of the spine that forms stand on.
var belowForms = []string{"people", "programme", "ledger"}

// parts are the rooms that consist of several packages, each with those of its own room
// that it may import. The first name of all is the package of the room itself.
var parts = map[string]map[string][]string{
	"internal/spine/programme": {
		"":          nil,
		"writing":   {""},
		"lists":     {""},
		"plan":      {"", "lists"},
		"head":      {""},
		"materials": {"", "writing", "head"},
		"public":    {"", "materials", "head"},
		"pages":     {"", "writing", "lists", "plan", "public", "head"},
		// Handouts of the demo; its test reads the plan that they belong to.
		"demomaterials": {"", "materials", "plan"},
	},
	"internal/modules/learning": {
		// The bank as it is kept, and what files bring into it.
		"": {"bank", "bank/gift", "bank/moodle", "bank/qti"},
		// What a question is, and what an answer to it is worth.
		"bank": nil,
		// What a text says without its HTML.
		"bank/plain": nil,
		// Files of other programs.
		"bank/gift":   {"bank", "bank/plain"},
		"bank/moodle": {"bank", "bank/plain", "bank/tree"},
		"bank/qti":    {"bank", "bank/plain", "bank/tree"},
		// XML from strangers, and what it says of what is wrong with it.
		"bank/tree": {"bank"},
	},
	"internal/modules/seminars": {
		"":      nil,
		"seats": {"wording"},
		"door":  {"seats"},
		"pages": {"seats", "door", "ready", "conflicts", "selection", "review", "mailing", "timetable", "wording"},
		// What staff write into messages: its places, and how they are judged.
		"wording": nil,
		// Messages to groups.
		"mailing": {"seats", "wording"},
		// Messages that go by themselves.
		"timetable": {"seats", "wording"},
		// Rules, draws, and telling everybody.
		"selection": {"seats"},
		// Notes, tags, scores of those who read without a name.
		"review": {"seats"},
		// What is asked after a yes.
		"followup": {"seats"},
		// Who wants to be told of the next in a city.
		"next": {"seats"},
		// What is printed.
		"sheets": {"seats"},
		// What was signed on paper.
		"signed": {"seats", "door"},
		// Where what phones did at a door contradicts the house.
		"conflicts": {"seats", "door"},
		// The day, step by step.
		"runsheet": {"seats", "door", "ready", "followup"},
		// Whether the phones of a door are ready for the day.
		"ready": {"seats", "door"},
		// The season that the demo plays.
		"demostory": {"seats", "door", "pages"},
	},
}

// partly says what is wrong with an arrow between two packages of one room. What is there
// for tests, like programmetest, stands above all of them.
func partly(from, to string) string {
	for room, allowed := range parts {
		part := func(path string) (string, bool) {
			rest, ok := strings.CutPrefix(strings.TrimPrefix(path, house), room)
			return strings.TrimPrefix(rest, "/"), ok && (rest == "" || rest[0] == '/')
		}
		a, inA := part(from)
		b, inB := part(to)
		if !inA || !inB || a == b || harness(a) || harness(b) {
			continue
		}
		if !slices.Contains(allowed[a], b) {
			return "an arrow that " + room + " does not have"
		}
	}
	return ""
}

// wrong says what is wrong with an arrow from one package to another, or nothing.
func wrong(from, to string) string {
	a, roomA := floor(from)
	b, roomB := floor(to)
	switch {
	case a == -1 && roomA != roomB:
		return "science imports nothing of ours"
	case b == -1:
		return ""
	case b > a:
		return "an arrow up"
	case a == 2 && b == 2 && roomA != roomB:
		return "a module imports another"
	case a == 1 && roomA == "profile" && b == 1 && roomB != "profile":
		return "the words of a person stand below the rest of the spine"
	case slices.Contains(pages, strings.TrimPrefix(to, house)) && a < 3 && from != to && !harness(from):
		return "pages are looked at by the house alone"
	case a == 1 && b == 1 && roomB == "forms" && roomA != "forms" && slices.Contains(belowForms, roomA):
		return "what a form asks of a person and names of a city stand below it"
	}
	return partly(from, to)
}

func TestNoArrowOfTheImportGraphRunsUpOrSideways(t *testing.T) {
	t.Parallel()
	out, err := exec.Command("go", "list", "-deps=false", "-json=ImportPath,Imports,TestImports,XTestImports", "../../...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen, rooms := 0, map[string]bool{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p struct {
			ImportPath                         string
			Imports, TestImports, XTestImports []string
		}
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		seen++
		rooms[strings.TrimPrefix(p.ImportPath, house)] = true
		if level, _ := floor(p.ImportPath); level == 9 && strings.Contains(p.ImportPath, "/internal/") {
			t.Errorf("%s stands on no floor", p.ImportPath)
		}
		for _, to := range p.Imports {
			if strings.HasPrefix(to, house) && harness(to) && !harness(p.ImportPath) {
				t.Errorf("%s -> %s: what sets things up for tests is in the program", p.ImportPath, to)
			}
		}
		for _, list := range [][]string{p.Imports, p.TestImports, p.XTestImports} {
			for _, to := range list {
				if strings.HasPrefix(to, house) {
					if why := wrong(p.ImportPath, to); why != "" {
						t.Errorf("%s -> %s: %s", p.ImportPath, to, why)
					}
				}
			}
		}
	}
	for _, page := range pages {
		if !rooms[page] {
			t.Errorf("%s is held to its floor and is not there", page)
		}
	}
	if seen < 10 {
		t.Errorf("only %d packages were read", seen)
	}
}

func TestTheFloorsForbidWhatTheyShould(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to string
		allowed  bool
	}{
		{"internal/modules/seminars", "internal/modules/results", false},
		{"internal/modules/seminars", "internal/spine/people", true},
		{"internal/spine/people", "internal/modules/seminars", false},
		{"internal/spine/people", "internal/spine/ledger", true},
		{"internal/spine/people", "internal/spine/profile", true},
		{"internal/spine/programme", "internal/spine/profile", true},
		{"internal/modules/seminars", "internal/spine/profile", true},
		{"internal/spine/forms", "internal/spine/people", true},
		{"internal/spine/forms", "internal/modules/seminars", false},
		{"internal/spine/people", "internal/spine/forms", false},
		{"internal/spine/programme", "internal/spine/forms", false},
		{"internal/spine/profile", "internal/spine/forms", false},
		{"internal/modules/seminars", "internal/spine/forms", true},
		{"internal/spine/profile", "internal/foundation/i18n", true},
		{"internal/spine/profile", "internal/spine/people", false},
		{"internal/spine/profile", "internal/spine/programme", false},
		{"internal/spine/people", "internal/spine/people/signin", false},
		{"internal/spine/people", "internal/spine/people/roster", false},
		{"internal/spine/people/signin", "internal/spine/people/roster", false},
		{"internal/spine/people/roster", "internal/spine/people/signin", false},
		{"internal/modules/seminars", "internal/spine/people/roster", false},
		{"internal/spine/people/roster", "internal/spine/people", true},
		{"internal/spine/people/signin", "internal/spine/people", true},
		{"internal/spine/messages", "internal/spine/people/signin", false},
		{"internal/spine/people/peopletest", "internal/spine/people/signin", true},
		{"internal/app", "internal/spine/people/signin", true},
		{"internal/spine/programme", "internal/spine/programme/plan", false},
		{"internal/spine/programme", "internal/spine/programme/public", false},
		{"internal/spine/programme/plan", "internal/spine/programme", true},
		{"internal/spine/programme/plan", "internal/spine/programme/writing", false},
		{"internal/spine/programme/writing", "internal/spine/programme/materials", false},
		{"internal/spine/programme/materials", "internal/spine/programme/writing", true},
		{"internal/spine/programme/materials", "internal/spine/programme/public", false},
		{"internal/spine/programme/public", "internal/spine/programme/materials", true},
		{"internal/spine/programme/public", "internal/spine/programme/pages", false},
		{"internal/spine/programme/pages", "internal/spine/programme/public", true},
		{"internal/spine/programme/unheard_of", "internal/spine/programme", false},
		{"internal/spine/programme", "internal/spine/programme/programmetest", true}, // in its tests
		{"internal/modules/seminars", "internal/spine/programme/materials", true},
		{"internal/modules/seminars/seats", "internal/modules/seminars/door", false},
		{"internal/modules/seminars/seats", "internal/modules/seminars/pages", false},
		{"internal/modules/seminars/door", "internal/modules/seminars/seats", true},
		{"internal/modules/seminars/door", "internal/modules/seminars/pages", false},
		{"internal/modules/seminars/pages", "internal/modules/seminars/door", true},
		{"internal/modules/seminars/pages", "internal/modules/results", false},
		{"internal/modules/seminars/seats", "internal/spine/people", true},
		{"internal/foundation/web", "internal/spine/people", false},
		{"internal/foundation/i18n", "internal/spine/profile", false},
		{"internal/foundation/web", "internal/app", false},
		{"internal/science/gain", "internal/foundation/web", false},
		{"internal/science/gain", "internal/science/opinion", false},
		{"internal/modules/learning", "internal/science/gain", true},
		{"internal/app", "internal/modules/results", true},
		{"internal/app", "cmd/ashar", false},
	} {
		if got := wrong(house+c.from, house+c.to) == ""; got != c.allowed {
			t.Errorf("%s -> %s: allowed %v, want %v", c.from, c.to, got, c.allowed)
		}
	}
}

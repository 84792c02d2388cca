package pages

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/profile"
)

func TestEveryTextThatTheSourceNamesIsThereInThreeLanguages(t *testing.T) {
	t.Parallel()
	text, err := fs.Sub(texts, "text")
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := i18n.Load(text, profile.Texts())
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	named := regexp.MustCompile(`(?:T\(|fault\.\w+, |Add\([^,]+, |Check\([^"]+"?[^"]*"?, |At\("\w+", |: ")"?(seminars\.[a-z_.]+[a-z_])"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, hit := range named.FindAllStringSubmatch(string(src), -1) {
			keys[hit[1]] = true
		}
	}
	for _, s := range seats.States {
		keys["seminars.state."+string(s)], keys["seminars.mine."+string(s)] = true, true
	}
	for _, kind := range []string{"received", "invited", "offered", "confirmed", "waitlisted", "declined", "taken_back", "expired", "withdrawn", "reconfirm", "reminder", "changed", "cancelled", "held", "lapsed"} {
		for _, part := range []string{"subject", "body", "action"} {
			keys["notice.seminars."+kind+"."+part] = true
		}
	}
	for _, l := range i18n.Languages {
		say := catalogue.Printer(l)
		for key := range keys {
			if strings.HasPrefix(key, "seminars.") && isNoText(key) {
				continue
			}
			if !say.Has(key) {
				t.Errorf("%s: no text for %s", l, key)
			}
		}
	}
}

// isNoText reports names that look like texts: kinds of jobs, links and messages.
func isNoText(key string) bool {
	switch key {
	case "seminars.expire", "seminars.lapse", "seminars.pass_on", "seminars.remind", "seminars.tidy", "seminars.effort", "seminars.reconfirm", "seminars.select", "seminars.setup":
		return true
	}
	return false
}

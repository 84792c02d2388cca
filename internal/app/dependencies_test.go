package app_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// What stands in the documents about the libraries is what go.mod asks for.
func TestEachDirectDependencyIsExplained(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../../docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "mod", "edit", "-json", "../../go.mod").Output()
	if err != nil {
		t.Fatalf("go mod edit: %v", err)
	}
	var mod struct {
		Require []struct {
			Path     string
			Indirect bool
		}
		Tool []struct{ Path string }
	}
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	direct := map[string]bool{}
	for _, r := range mod.Require {
		if !r.Indirect {
			direct[strings.TrimPrefix(r.Path, "github.com/")] = true
		}
	}
	if len(direct) < 10 {
		t.Fatalf("only %d direct dependencies read", len(direct))
	}
	for path := range direct {
		if !strings.Contains(string(doc), "`"+path+"`") {
			t.Errorf("%s is required by go.mod, docs/dependencies.md does not say what for", path)
		}
	}
	// And nothing is explained that is not there: the first word of each row of the first table.
	table, _, _ := strings.Cut(string(doc), "## In the browser")
	for line := range strings.Lines(table) {
		cells := strings.Split(line, "|")
		if len(cells) < 3 || !strings.Contains(cells[1], "`") {
			continue
		}
		for i, path := range strings.Split(cells[1], "`") {
			if i%2 == 1 && !direct[path] {
				t.Errorf("docs/dependencies.md explains %s, which go.mod does not require", path)
			}
		}
	}
	raw, err := os.ReadFile("../../package.json")
	if err != nil {
		t.Fatal(err)
	}
	var front struct{ DevDependencies map[string]string }
	if err := json.Unmarshal(raw, &front); err != nil || len(front.DevDependencies) == 0 {
		t.Fatalf("package.json: %v", err)
	}
	for name := range front.DevDependencies {
		if !strings.Contains(string(doc), "`"+name+"`") {
			t.Errorf("%s is required by package.json, docs/dependencies.md does not say what for", name)
		}
	}
}

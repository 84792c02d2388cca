package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestProtectSaysWhatIsShownAndWhatIsWrong(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	file := write("people.csv", "id,city\n1,osh\n2,osh\n3,osh\n4,osh\n5,osh\n")
	plan := write("plan.json", `{"person":"id","tables":[["city"]]}`)
	other := write("other.json", `{"person":"id","tables":[["town"]]}`)
	for _, c := range []struct {
		args      []string
		code      int
		out, errs string
	}{
		{[]string{file, "--plan", plan}, 0, `{"city":"osh","n":5}`, "2 of 2 counts are shown"},
		{[]string{file, "--plan", plan, "--k", "6"}, 0, `{"city":"osh","n":null}`, "0 of 2 counts are shown"},
		{[]string{file, "--plan", other}, 1, "", `people.csv, line 1: no column "town"`},
		{[]string{filepath.Join(dir, "none.csv"), "--plan", plan}, 1, "", "none.csv"},
		{[]string{file, "--plan", filepath.Join(dir, "none.json")}, 1, "", "none.json"},
		{[]string{file}, 2, "", "--plan"},
		{[]string{file, "--plan", plan, "--k", "0"}, 2, "", "--k must be"},
		{[]string{file, "--plan", plan, "--k", "five"}, 2, "", "--k"},
		{[]string{"--help"}, 0, "\n    ashar protect", ""},
	} {
		code, out, errs := command(t, append([]string{"protect"}, c.args...)...)
		if code != c.code || !strings.Contains(out, c.out) || !strings.Contains(errs, c.errs) {
			t.Errorf("%v: exit %d, want %d\nstdout: %s\nstderr: %s", c.args, code, c.code, out, errs)
		}
		if c.code == 0 && c.errs != "" && !json.Valid([]byte(out)) {
			t.Errorf("%v: not JSON: %s", c.args, out)
		}
	}
}

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSelectEndsAsTheContractSays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"people.csv": "id,sex\n1,f\n2,f\n3,m\n4,m\n",
		"quotas.csv": "category,value,min,max\nsex,f,1,1\n",
		"strict.csv": "category,value,min,max\nsex,f,3,\n",
		"broken.csv": "category,value,min,max\nsex,f,few,\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	people := filepath.Join(dir, "people.csv")
	for _, c := range []struct {
		flags    string
		code     int
		out, err string
	}{
		{"--seats 2 --seed s --quotas quotas.csv", 0, `"feasible":true`, ""},
		{"--seats 2 --seed s", 0, `"min_chance":0.5`, ""},
		{"--seats 2 --seed s --quotas strict.csv", 1, `"feasible":false`, "line 2: sex = f: at least 3 (2 applied)"},
		{"--seats 2 --seed s --quotas broken.csv", 1, "", "broken.csv, line 2, column 3 (min)"},
		{"--seats 5 --seed s", 1, `"feasible":false`, "5 seats, but only 4 applicants"},
		{"--seats 2 --seed s --quotas nowhere.csv", 1, "", "nowhere.csv"},
		{"--seats 0 --seed s", 2, "", "--seats must be at least 1"},
		{"--seats 2", 2, "", "--seed"},
		{"--seats 2 --seed s --at-most 2", 2, "", "--household"},
		{"--seats 2 --seed s --household sex --at-most 0", 2, "", "--at-most must be at least 1"},
		{"--help", 0, "\n    ashar select", ""},
	} {
		t.Run(c.flags, func(t *testing.T) {
			t.Parallel()
			args := []string{"select", people}
			for _, word := range strings.Fields(c.flags) {
				if strings.HasSuffix(word, ".csv") {
					word = filepath.Join(dir, word)
				}
				args = append(args, word)
			}
			var out, errs bytes.Buffer
			if code := run(t.Context(), args, console{&out, &errs}); code != c.code {
				t.Errorf("exit %d, want %d: %s", code, c.code, errs.String())
			}
			if !strings.Contains(out.String(), c.out) || !strings.Contains(errs.String(), c.err) || c.out == "" && out.Len() > 0 {
				t.Errorf("stdout %q, stderr %q", out.String(), errs.String())
			}
		})
	}
}

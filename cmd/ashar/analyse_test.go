package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnalysesTellDoneFromBadInputFromWrongUsage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"course.csv":  "person,pre,post\na,5,12\nb,7,9\nc,8,13\nd,12,8\ne,14,14\n",
		"bad.csv":     "person,pre,post\na,5,21\n",
		"answers.csv": "person,q1,q2\na,1,1\nb,0,1\nc,1,0\n",
		"essays.csv":  "unit,rater,value\n1,a,1\n1,b,2\n2,a,2\n2,b,2\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		args     string
		code     int
		out, err string
	}{
		{"analyse gain course.csv --max 20", 0, `"n_matched":5`, ""},
		{"analyse gain course.csv --max 20 --explain ky", 0, "Эки тестти тең 5 адам тапшырды", ""},
		{"analyse gain course.csv --max 20 --explain ru", 0, "Оба теста прошли 5 человек", ""},
		{"analyse gain bad.csv --max 20", 1, "", "bad.csv, line 2, column 3 (post): expected a score from 0 to 20"},
		{"analyse gain nowhere.csv --max 20", 1, "", "nowhere.csv"},
		{"analyse gain course.csv", 2, "", "--max"},
		{"analyse gain course.csv --max 0", 2, "", "above 0"},
		{"analyse gain course.csv --max 20 --resamples 9999999", 2, "", "--resamples"},
		{"analyse gain course.csv --max 20 --explain fr", 2, "", "--explain"},
		{"analyse gain --help", 0, "\n    ashar analyse gain", ""},
		{"analyse items answers.csv", 0, `"per_item"`, ""},
		{"analyse items answers.csv --explain en", 0, "3 people took the test", ""},
		{"analyse items --help", 0, "\n    ashar analyse items", ""},
		{"analyse agreement essays.csv --level ordinal", 0, `"kappa"`, ""},
		{"analyse agreement essays.csv --level interval --explain ky", 0, "Криппендорфтун альфасы", ""},
		{"analyse agreement essays.csv", 2, "", "--level"},
		{"analyse agreement essays.csv --level height", 2, "", "--level"},
		{"analyse agreement course.csv --level nominal", 1, "", "course.csv, line 1"},
		{"analyse agreement --help", 0, "\n    ashar analyse agreement", ""},
	} {
		t.Run(c.args, func(t *testing.T) {
			t.Parallel()
			args := strings.Fields(c.args)
			for i, a := range args {
				if strings.HasSuffix(a, ".csv") {
					args[i] = filepath.Join(dir, a)
				}
			}
			var out, errs bytes.Buffer
			if code := run(t.Context(), args, console{&out, &errs}); code != c.code {
				t.Errorf("exit %d, want %d", code, c.code)
			}
			if !strings.Contains(out.String(), c.out) || !strings.Contains(errs.String(), c.err) || (c.code != 0 && out.Len() > 0) {
				t.Errorf("stdout %q, stderr %q", out.String(), errs.String())
			}
		})
	}
}

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnalyseOpinionsPrintsOneObjectOrSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"good/participants-votes.csv": "participant,group-id,0,1\n3,1,1,-1\n11,0,,0\n",
		"bad/participants-votes.csv":  "participant,0,1\n3,1,-1\n11,,7\n",
		"empty/readme.txt":            "nothing here",
	} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		args     string
		code     int
		out, err string
	}{
		{"good", 0, `"clear":false,"doubt":"few_people"`, ""},
		{"good --groups published", 0, `"k":2,"groups":[{"id":0,"size":1`, ""},
		{"bad", 1, "", `participants-votes.csv, line 3, column 3 (1): expected a vote, that is 1, 0, -1 or nothing, found "7"`},
		{"bad --groups published", 1, "", "line 3, column 3"},
		{"empty", 1, "", "no file participants-votes.csv"},
		{"nowhere", 1, "", "nowhere"},
		{"good --groups mine", 2, "", "--groups"},
		{"--help", 0, "\n    ashar analyse opinions", ""},
	} {
		t.Run(c.args, func(t *testing.T) {
			t.Parallel()
			args := append([]string{"analyse", "opinions"}, strings.Fields(c.args)...)
			if args[2] != "--help" {
				args[2] = filepath.Join(dir, args[2])
			}
			var out, errs bytes.Buffer
			if code := run(t.Context(), args, console{&out, &errs}); code != c.code {
				t.Errorf("exit %d, want %d: %s", code, c.code, errs.String())
			}
			if !strings.Contains(out.String(), c.out) || !strings.Contains(errs.String(), c.err) {
				t.Errorf("printed %s\nand said %s", out.String(), errs.String())
			}
			if c.code == 0 && args[2] != "--help" && !json.Valid(out.Bytes()) {
				t.Error("this is not JSON")
			}
		})
	}
}

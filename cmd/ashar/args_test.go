package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhatNobodySeesInTheCommandLineIsTakenOut(t *testing.T) {
	t.Parallel()
	hidden := filepath.Join(t.TempDir(), "people\u200e.csv")
	if err := os.WriteFile(hidden, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := legibleArgs([]string{"recur", "FREQ=DAILY;COUNT=1\u200e", "--start=\u202a2026-01-05\u202c", hidden, "--plan=" + hidden, "а\u00adк"})
	if want := []string{"recur", "FREQ=DAILY;COUNT=1", "--start=2026-01-05", hidden, "--plan=" + hidden, "ак"}; err != nil || strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%+q, %v, want %+q", got, err, want)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"recur", "FREQ=DAILY;COUNT=1\u200e", "--start", "2026-01-05\u00ad"}, 0, ""},
		{[]string{"recur", "FREQ=DA\u202eILY", "--start", "2026-01-05"}, 2, "U+202E"},
		{[]string{"recur", "FREQ=\xff", "--start", "2026-01-05"}, 2, "is not UTF-8"},
	} {
		var out, said bytes.Buffer
		if code := run(t.Context(), c.args, console{out: &out, err: &said}); code != c.code || !strings.Contains(said.String(), c.says) {
			t.Errorf("%+q: %d, %s", c.args, code, said.String())
		}
	}
}

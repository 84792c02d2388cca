package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestExitCodesTellDoneFromWrongUsage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args     string
		code     int
		out, err string
	}{
		{"version", 0, "ashar ", ""},
		{"--help", 0, "Usage: ashar", ""},
		{"version --help", 0, "Example: ashar version", ""},
		{"recur --help", 0, "\n    ashar recur", ""},
		{"recur FREQ=DAILY;COUNT=1 --start 2026-01-05T09:00 --zone Asia/Bishkek", 0, "2026-01-05T09:00:00\n", ""},
		{"recur FREQ=DAILY;COUNT=0 --start 2026-01-05", 1, "", "position 18, COUNT"},
		{"recur FREQ=DAILY", 2, "", "--start"},
		{"", 2, "", "ashar --help"},
		{"fly", 2, "", "fly"},
		{"version --wings", 2, "", "--wings"},
	} {
		t.Run(c.args, func(t *testing.T) {
			t.Parallel()
			var out, errs bytes.Buffer
			if code := run(t.Context(), strings.Fields(c.args), console{&out, &errs}); code != c.code {
				t.Errorf("exit %d, want %d", code, c.code)
			}
			if !strings.Contains(out.String(), c.out) || !strings.Contains(errs.String(), c.err) {
				t.Errorf("stdout %q, stderr %q", out.String(), errs.String())
			}
		})
	}
}

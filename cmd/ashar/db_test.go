package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
)

func TestTheDatabaseIsCheckedAndNeverMade(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"db", "check", "--data", dir}, console{&out, &errs}); code != 1 || !strings.Contains(errs.String(), "there is no database") {
		t.Errorf("exit %d, %q", code, errs.String())
	}
	s, err := storage.Open(t.Context(), storage.Options{Path: filepath.Join(dir, "ashar.db")})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	for _, what := range []string{"check", "vacuum"} {
		out.Reset()
		if code := run(t.Context(), []string{"db", what, "--data", dir}, console{&out, &errs}); code != 0 || out.String() != "ok\n" {
			t.Errorf("%s: exit %d, %q, %q", what, code, out.String(), errs.String())
		}
	}
}

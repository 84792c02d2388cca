package demomaterials_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/spine/programme/demomaterials"
	"platforma.kg/ashar/internal/spine/programme/plan"
)

func TestTheHandoutsAreTheSameEveryTimeAndSayWhatTheySay(t *testing.T) {
	t.Parallel()
	loaded, err := plan.Load(plan.DemoFile(), time.Date(2026, 11, 22, 6, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	first, err := demomaterials.All(loaded.Templates)
	if err != nil {
		t.Fatal(err)
	}
	again, err := demomaterials.All(loaded.Templates)
	if err != nil {
		t.Fatal(err)
	}
	if len(first) != 16 {
		t.Errorf("%d handouts", len(first))
	}
	for i, p := range first {
		if !bytes.Equal(p.PDF, again[i].PDF) {
			t.Errorf("%s differs when it is written again", p.File)
		}
		if len(p.PDF) > 100_000 {
			t.Errorf("%s has %d bytes", p.File, len(p.PDF))
		}
	}
	if testing.Short() {
		return // make check asks for no other program
	}
	reader, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Fatal("pdftotext reads the text back: install poppler-utils, as make test does")
	}
	for _, p := range first {
		path := filepath.Join(t.TempDir(), p.File)
		if err := os.WriteFile(path, p.PDF, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), reader, path, "-").Output()
		if err != nil || !strings.Contains(strings.Join(strings.Fields(string(out)), " "), p.Title.In(p.Lang)) {
			t.Errorf("%s reads %.200q: %v", p.File, out, err)
		}
	}
}

package demomaterials_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/document/documenttest"
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
	files := map[string][]byte{}
	for _, p := range first {
		files[p.Template+" "+p.File] = p.PDF
		if text := strings.Join(strings.Fields(documenttest.Text(t, p.PDF)), " "); !strings.Contains(text, p.Title.In(p.Lang)) {
			t.Errorf("%s reads %.200q", p.File, text)
		}
	}
	documenttest.Judge(t, files)
}

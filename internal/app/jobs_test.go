package app

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
)

// The page of jobs names kinds, so each needs words.
func TestEveryKindOfJobsIsNamedInThreeLanguages(t *testing.T) {
	t.Parallel()
	h := bareHouse(t, "")
	catalogue, err := i18n.Load(h.catalogues()...)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, m := range h.Manifests() {
		for _, k := range m.Jobs {
			if k.Text == "" {
				t.Errorf("%s has no key of its name", k.Name)
				continue
			}
			if other, twice := names[k.Text]; twice {
				t.Errorf("%s and %s have one name", k.Name, other)
			}
			names[k.Text] = k.Name
			for _, l := range i18n.Languages {
				if !catalogue.Printer(l).Has(k.Text) {
					t.Errorf("%s has no name in %s", k.Name, l)
				}
			}
		}
	}
	if len(names) < 10 {
		t.Errorf("only %d kinds of jobs have names", len(names))
	}
}

// Whoever runs an installation reads there what may take how long.
func TestTheTableOfJobsIsThatOfTheManifests(t *testing.T) {
	t.Parallel()
	h := bareHouse(t, "")
	raw, err := os.ReadFile("../../docs/storage.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[jobs.Lane]string{}
	for _, lane := range jobs.Lanes {
		_, after, _ := strings.Cut(string(raw), "\n| "+string(lane)+" |")
		rows[lane], _, _ = strings.Cut(after, "\n")
	}
	kinds := 0
	for _, m := range h.Manifests() {
		for _, k := range m.Jobs {
			kinds++
			limit := fmt.Sprintf(" %d min", int(k.Limit/time.Minute))
			if !strings.Contains(rows[k.Lane], "`"+k.Name+"`"+limit) && !strings.Contains(rows[k.Lane], "`"+m.Name+".*`"+limit) {
				t.Errorf("the row of the lane %s says nothing of %s with the limit%s:%s", k.Lane, k.Name, limit, rows[k.Lane])
			}
			if k.Limit%time.Minute != 0 {
				t.Errorf("%s has the limit %s, which the table cannot say", k.Name, k.Limit)
			}
		}
	}
	if kinds < 10 {
		t.Errorf("only %d kinds of jobs were looked at", kinds)
	}
}

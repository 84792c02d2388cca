package profile

import (
	"io/fs"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/i18n/i18ntest"
)

func TestTheTableIsWholeAndSaysNothingTwice(t *testing.T) {
	t.Parallel()
	i18ntest.Sound(t, Texts())
	c, err := i18n.Load([]fs.FS{Texts()}...)
	if err != nil {
		t.Fatal(err)
	}
	names, asks, parts := map[Name]bool{}, map[string]bool{}, map[string]bool{}
	for _, f := range Fields {
		if names[f.Name] || f.Asks != "" && asks[f.Asks] || f.By != "" && parts[f.By] {
			t.Errorf("%s stands twice", f.Name)
		}
		names[f.Name], asks[f.Asks], parts[f.By] = true, true, true
		if f.Chosen() == (f.Longest > 0) && !f.Open {
			t.Errorf("%s: either codes or a length is needed", f.Name)
		}
		codes := map[string]bool{}
		for _, v := range f.Values(nil) {
			if codes[v] || v == "" {
				t.Errorf("%s: the code %q stands twice or is empty", f.Name, v)
			}
			codes[v] = true
		}
		for _, l := range i18n.Languages {
			say := c.Printer(l)
			words := map[string]string{}
			for _, v := range f.Values(nil) {
				if f.Name == Lang { // by its own name
					continue
				}
				w := f.Word(say, v)
				if w == v || w[0] == '[' || words[w] != "" {
					t.Errorf("%s: the word for %s of %s is %q", l, v, f.Name, w)
				}
				words[w] = v
			}
		}
	}
	if len(Questions()) != len(asks)-1 || len(Parts()) != len(parts)-1 {
		t.Errorf("questions %q or parts %q are not those of the fields", Questions(), Parts())
	}
	for _, q := range Questions() {
		if f, ok := Asked(q); !ok || f.Asks != q {
			t.Errorf("no field is asked for by %s", q)
		}
	}
	for _, by := range Parts() {
		if f, ok := Counted(by); !ok || f.By != by {
			t.Errorf("nobody is counted by %s", by)
		}
	}
	if _, ok := Asked(""); ok {
		t.Error("a field without a question was found by none")
	}
	if _, ok := Counted(""); ok {
		t.Error("a field that nobody is counted by was found by no part")
	}
}

// The codes are stored and exported: one that changes loses what was told.
func TestTheCodesAreThoseThatAreStored(t *testing.T) {
	t.Parallel()
	for name, want := range map[Name]string{
		Sex: "female male undisclosed", AgeBand: "14-17 18-24 25-34 35-44 45-59 60+", City: "other",
		Group: "deputies activists media other", Level: "jogorku city village", Languages: "ky ru en uz tg dng other", Lang: "ky ru en",
	} {
		got := ""
		for i, v := range Of(name).Values(nil) {
			if i > 0 {
				got += " "
			}
			got += v
		}
		if got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestAnAgeHasTheBandItLiesIn(t *testing.T) {
	t.Parallel()
	for age, want := range map[int]string{
		-1: "14-17", 0: "14-17", 13: "14-17", 14: "14-17", 17: "14-17", 18: "18-24", 24: "18-24", 25: "25-34", 34: "25-34", 35: "35-44",
		44: "35-44", 45: "45-59", 59: "45-59", 60: "60+", 119: "60+",
	} {
		if got := begin.BandOfAge(age, time.Time{}); got != want {
			t.Errorf("%d: %s, want %s", age, got, want)
		}
	}
	// The last minutes of a year in London are the next year in Bishkek.
	night := time.Date(2025, 12, 31, 18, 30, 0, 0, time.UTC)
	if a, b := begin.BandOfYear(2008, night.Add(-time.Hour)), begin.BandOfYear(2008, night); a != "14-17" || b != "18-24" {
		t.Errorf("born in 2008: %s and an hour later %s", a, b)
	}
}

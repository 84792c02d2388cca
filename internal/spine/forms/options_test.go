package forms

import (
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
)

// inThree is the same text in three languages.
func inThree(s string) i18n.Text { return i18n.Text{Ky: s, Ru: s, En: s} }

// options are lines of an editor, the same in three languages.
func options(lines ...string) i18n.Text { return inThree(strings.Join(lines, "\r\n")) }

func TestAnOptionKeepsItsIdentityWhateverBecomesOfItsPlaceAndWords(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lines i18n.Text
		same  map[string]string // what an option of before is called by now, empty for gone
	}{
		"one more above, typed without numbers":   {options("Earlier", "Alpha", "Beta", "Gamma"), map[string]string{"Alpha": "Alpha", "Beta": "Beta", "Gamma": "Gamma"}},
		"one more above, with numbers":            {options("Earlier", "1: Alpha", "2: Beta", "3: Gamma"), map[string]string{"Alpha": "Alpha", "Gamma": "Gamma"}},
		"moved":                                   {options("Gamma", "Alpha", "Beta"), map[string]string{"Alpha": "Alpha", "Beta": "Beta", "Gamma": "Gamma"}},
		"reworded, without numbers":               {options("Alfa", "Beta", "Gamma"), map[string]string{"Alpha": "Alfa", "Beta": "Beta", "Gamma": "Gamma"}},
		"reworded and moved, with numbers":        {options("3: Third", "2: Beta", "1: First"), map[string]string{"Alpha": "First", "Beta": "Beta", "Gamma": "Third"}},
		"all at once, with numbers":               {options("New", "3: Third", "1: Alpha", "Newer"), map[string]string{"Alpha": "Alpha", "Beta": "", "Gamma": "Third"}},
		"one gone":                                {options("Alpha", "Beta"), map[string]string{"Alpha": "Alpha", "Beta": "Beta", "Gamma": ""}},
		"one gone and another come, with numbers": {options("1: Alpha", "2: Beta", "Delta"), map[string]string{"Alpha": "Alpha", "Beta": "Beta", "Gamma": ""}},
		"one gone and two come":                   {options("Alpha", "Beta", "Delta", "Epsilon"), map[string]string{"Alpha": "Alpha", "Gamma": ""}},
		"reworded in one language": {
			i18n.Text{Ky: "Альфа\nBeta\nGamma", Ru: "Alpha\nBeta\nGamma", En: "Alpha\nBeta\nGamma"}, map[string]string{"Alpha": "Alpha", "Gamma": "Gamma"},
		},
		"numbers in Kyrgyz alone": {
			i18n.Text{Ky: "3: Gamma\n1: Alpha\n2: Beta", Ru: "Gamma\nAlpha\nBeta", En: "Gamma\nAlpha\nBeta"}, map[string]string{"Alpha": "Alpha", "Gamma": "Gamma"},
		},
		"in another order in each language, with numbers": {
			i18n.Text{Ky: "3: Gamma\n1: Alpha\n2: Beta", Ru: "1: Alpha\n2: Beta\n3: Gamma", En: "2: Beta\n1: Alpha\n3: Gamma"}, map[string]string{"Alpha": "Alpha", "Gamma": "Gamma"},
		},
	} {
		q := Question{Kind: AskChoice}
		var form fault.Form
		q.setOptions(options("Alpha", "Beta", "Gamma"), &form)
		before := slices.Clone(q.Choices)
		q.setOptions(c.lines, &form)
		if err := form.Err(); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, old := range before {
			want, told := c.same[old.Label.En]
			if got := q.option(old.Value).Label.En; told && got != want {
				t.Errorf("%s: %s is %q by now, not %q", name, old.Label.En, got, want)
			}
		}
		seen := map[string]bool{}
		for _, o := range q.Choices {
			if seen[o.Value] {
				t.Errorf("%s: two options are %s", name, o.Value)
			}
			seen[o.Value] = true
		}
	}
}

func TestANumberOfAnOptionIsNeverGivenAgain(t *testing.T) {
	t.Parallel()
	q, form, ever := Question{Kind: AskMany}, fault.Form{}, map[string]string{}
	for _, list := range [][]string{{"A", "B", "C"}, {"A", "B"}, {"A", "B", "D", "E"}, {"1: A", "2: B"}, {"1: A", "2: B", "F"}, {"1: A", "D"}} {
		q.setOptions(options(list...), &form)
		for _, c := range q.Choices {
			if was, used := ever[c.Value]; used && was != c.Label.En {
				t.Errorf("%s was %q and is %q", c.Value, was, c.Label.En)
			}
			ever[c.Value] = c.Label.En
		}
	}
	// Forms of before numbered options by their place and counted nothing.
	old := Question{Kind: AskChoice, Choices: []Choice{{"1", inThree("A")}, {"2", inThree("B")}, {"2a", inThree("C")}}}
	old.countOptions()
	old.setOptions(options("A", "B", "C", "D"), &form)
	if got := old.Choices[3].Value; got != "31" {
		t.Errorf("the next option of an old form is %s: an answer may have it", got)
	}
	if err := form.Err(); err != nil {
		t.Error(err)
	}
}

func TestOptionsThatNobodyCanTellApartAreRefused(t *testing.T) {
	t.Parallel()
	for name, lines := range map[string]i18n.Text{
		"the same":             options("Yes", "Yes"),
		"but for capitals":     options("Yes", "yes"),
		"in one language":      {Ky: "Ооба\nЖок", Ru: "Да\nДа", En: "Yes\nNo"},
		"one":                  options("Yes"),
		"a language is short":  {Ky: "Ооба\nЖок", Ru: "Да", En: "Yes\nNo"},
		"one number twice":     options("1: Yes", "1: No"),
		"a number and nothing": options("1: ", "2: No"),
	} {
		q := Question{Kind: AskChoice}
		var form fault.Form
		q.setOptions(options("Alpha", "Beta"), &form)
		if q.setOptions(lines, &form); form.Err() == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

package analysis

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/science/agreement"
)

func agreementText(text string, o AgreementOptions) (string, error) {
	s, err := sheet.Read("essays.csv", []byte(text))
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = agreementOf(s, o, &out, nil)
	return out.String(), err
}

// published gives one set of the science's vectors as a file of the command.
func published(t testing.TB, set string) string {
	t.Helper()
	raw, err := os.ReadFile("../../science/agreement/testdata/ratings.csv")
	if err != nil {
		t.Fatal(err)
	}
	out := "unit,rater,value\n"
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, set+","); ok {
			out += rest
		}
	}
	return out
}

type agreementShape struct {
	Units, Raters, Values int
	Alpha                 *float64
	Level                 string
	CI                    *[2]float64 `json:"alpha_ci"`
	Kappa                 *struct{ Unweighted, Linear, Quadratic *float64 }
	ICC                   *struct {
		One   struct{ Value *float64 } `json:"icc1"`
		Two   struct{ Value *float64 } `json:"icc2_1"`
		Three struct{ Value *float64 } `json:"icc3_1"`
	}
	Warnings []string
}

func agreementObject(t testing.TB, text string, level agreement.Level) agreementShape {
	t.Helper()
	out, err := agreementText(text, AgreementOptions{Level: level, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	var got agreementShape
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestAgreementPrintsThePromisedObject(t *testing.T) {
	t.Parallel()
	got := agreementObject(t, published(t, "krippendorff"), agreement.Nominal)
	if got.Units != 12 || got.Raters != 4 || got.Values != 40 || got.Level != "nominal" || got.Kappa != nil || got.ICC != nil || got.CI == nil {
		t.Errorf("%+v", got)
	}
	if d := *got.Alpha - .743421; d > 5e-7 || d < -5e-7 {
		t.Errorf("alpha %v", *got.Alpha)
	}
	if icc := agreementObject(t, published(t, "shrout_fleiss"), agreement.Interval).ICC; icc == nil || *icc.Two.Value < .28975 || *icc.Two.Value > .28985 {
		t.Errorf("%+v", icc)
	}
	two := agreementObject(t, published(t, "two"), agreement.Ordinal)
	if two.Kappa == nil || two.Kappa.Quadratic == nil || two.ICC != nil {
		t.Errorf("%+v", two)
	}
}

func TestCategoriesMayBeWordsOfAnyScript(t *testing.T) {
	t.Parallel()
	words := "unit,rater,value\n1,Айгүл,ооба\n1,Бек,ооба\n2,Айгүл,жок\n2,Бек,ооба\n3,Айгүл,белгисиз\n3,Бек,белгисиз\n4,Айгүл,жок\n4,Бек,\n"
	numbers := strings.NewReplacer("ооба", "1", "жок", "2", "белгисиз", "3").Replace(words)
	a, b := agreementObject(t, words, agreement.Nominal), agreementObject(t, numbers, agreement.Nominal)
	if *a.Alpha != *b.Alpha || *a.Kappa.Unweighted != *b.Kappa.Unweighted {
		t.Errorf("%v, %v", *a.Alpha, *b.Alpha)
	}
	if a.Kappa.Linear != nil || b.Kappa.Linear == nil || !slices.Contains(a.Warnings, "kappa_unordered") {
		t.Errorf("%+v %+v", a, b)
	}
}

func TestWordsForNothingAreCategoriesAndAreWarnedOf(t *testing.T) {
	t.Parallel()
	const text = "unit,rater,value\n1,a,1\n1,b,NA\n2,a,2\n2,b,2\n"
	if got := agreementObject(t, text, agreement.Nominal); got.Values != 4 || !slices.Contains(got.Warnings, "missing_as_word") {
		t.Errorf("%+v", got)
	}
	if got := agreementObject(t, strings.ReplaceAll(text, "NA", ""), agreement.Nominal); got.Values != 2 || slices.Contains(got.Warnings, "missing_as_word") {
		t.Errorf("%+v", got)
	}
	for _, l := range i18n.Languages {
		if _, err := agreementText(text, AgreementOptions{Level: agreement.Nominal, Explain: l}); err != nil {
			t.Error(err)
		}
	}
}

func TestAgreementDoesNotDependOnTheOrderOfRows(t *testing.T) {
	t.Parallel()
	text := published(t, "pool")
	head, rest, _ := strings.Cut(text, "\n")
	rows := strings.Split(strings.TrimSpace(rest), "\n")
	slices.Reverse(rows)
	turned := head + "\n" + strings.Join(rows, "\n")
	for _, level := range []agreement.Level{agreement.Nominal, agreement.Ordinal, agreement.Interval, agreement.Ratio} {
		a, errA := agreementText(text, AgreementOptions{Level: level, Seed: 1})
		b, errB := agreementText(turned, AgreementOptions{Level: level, Seed: 1})
		if errA != nil || errB != nil || a != b {
			t.Errorf("%s: %v, %v\n%s\n%s", level, errA, errB, a, b)
		}
	}
}

func TestBadRatingsAreNamedByLineAndColumn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text, want string
		level            agreement.Level
	}{
		{"words", "unit,rater,value\n1,a,good\n", `essays.csv, line 2, column 3 (value): expected a number, found "good"`, agreement.Ordinal},
		{"twice", "unit,rater,value\n1,a,1\n2,a,1\n1,a,2\n", "line 4, column 3 (value): this rater rated this unit in line 2 already", agreement.Nominal},
		{"no unit", "unit,rater,value\n,a,1\n", "line 2, column 1 (unit): expected the name of a unit", agreement.Nominal},
		{"no rater", "unit,rater,value\n1,,1\n", "line 2, column 2 (rater): expected the name of a rater", agreement.Nominal},
		{"below zero", "unit,rater,value\n1,a,1\n1,b,-1\n", "line 3, column 3 (value): -1 is below zero", agreement.Ratio},
		{"huge", "unit,rater,value\n1,a,1e300\n1,b,1\n", "line 2, column 3 (value)", agreement.Interval},
		{"no value", "unit,rater\n1,a\n", "line 1", agreement.Nominal},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			out, err := agreementText(c.text, AgreementOptions{Level: c.level})
			var bad *sheet.Error
			if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.want) || out != "" {
				t.Errorf("%v, printed %q", err, out)
			}
		})
	}
}

func TestAgreementWithoutFiguresIsNull(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"unit,rater,value\n", "unit,rater,value\n1,a,1\n1,b,2\n", "unit,rater,value\n1,a,1\n2,a,2\n",
		"unit,rater,value\n1,a,1\n1,b,1\n2,a,1\n2,b,1\n", "unit,rater,value\n1,a,\n1,b,\n",
	} {
		for _, level := range []agreement.Level{agreement.Nominal, agreement.Interval, agreement.Ratio} {
			got := agreementObject(t, text, level)
			if got.Alpha != nil || got.CI != nil || len(got.Warnings) == 0 {
				t.Errorf("%q, %s: %+v", text, level, got)
			}
			if _, err := agreementText(text, AgreementOptions{Level: level, Explain: "en"}); err != nil {
				t.Error(err)
			}
		}
	}
}

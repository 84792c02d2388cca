package gain

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func unknown(n int) []float64 { return slices.Repeat([]float64{math.NaN()}, n) }

func items(t testing.TB, answers [][]float64, most []float64) ItemResult {
	t.Helper()
	r, err := Items(answers, most)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestABlankIsAWrongAnswerAndIsSaid(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	blank := items(t, [][]float64{{1, nan}, {1, 1}, {nan, 0}, {0, 1}}, unknown(2))
	wrong := items(t, [][]float64{{1, 0}, {1, 1}, {0, 0}, {0, 1}}, unknown(2))
	if blank.Blanks != 2 || !slices.Contains(blank.Warnings, BlankCountedWrong) || slices.Contains(wrong.Warnings, BlankCountedWrong) {
		t.Errorf("%d blanks, %v", blank.Blanks, blank.Warnings)
	}
	if !equal(blank.Alpha, wrong.Alpha) || !equal(blank.Items[1], wrong.Items[1]) {
		t.Error("a blank is not a wrong answer")
	}
}

func TestTiesAtTheBorderShareThePlaces(t *testing.T) {
	t.Parallel()
	// 10 persons, groups of 3 (2.7 rounded); totals 2 1 1 1 1 1 1 1 1 0:
	// beside the best stand 8 for 2 places, each counted by a quarter.
	answers := [][]float64{{1, 1}, {1, 0}, {1, 0}, {1, 0}, {1, 0}, {1, 0}, {1, 0}, {0, 1}, {0, 1}, {0, 0}}
	r := items(t, answers, unknown(2))
	near(t, "first item", r.Items[0].UpperLower, (1+6./4)/3-(6./4)/3, 1e-15)
	near(t, "second item", r.Items[1].UpperLower, (1+2./4)/3-(2./4)/3, 1e-15)
}

func TestDegenerateTablesGiveNoFigureAndSayWhy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		answers [][]float64
		items   int
		warning Warning
		alpha   bool
	}{
		{"nobody", nil, 3, TooFewPeople, false},
		{"one person", [][]float64{{1, 0, 1}}, 3, TooFewPeople, false},
		{"no item", [][]float64{{}, {}}, 0, TooFewPeople, false},
		{"one item", [][]float64{{1}, {0}, {1}}, 1, OneItem, false},
		{"everybody has all", [][]float64{{1, 1}, {1, 1}, {1, 1}}, 2, NoVariation, false},
		{"all totals are one", [][]float64{{1, 0}, {0, 1}, {1, 0}}, 2, NoVariation, false},
		{"one item that all know", [][]float64{{1, 0, 1}, {1, 1, 1}, {1, 0, 0}}, 3, ItemWithoutVariation, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := items(t, c.answers, unknown(c.items))
			if !slices.Contains(r.Warnings, c.warning) {
				t.Errorf("warnings %v", r.Warnings)
			}
			if math.IsNaN(r.Alpha) == c.alpha || len(r.Items) != c.items {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestAHighestScoreThatIsNotToldIsTakenFromTheData(t *testing.T) {
	t.Parallel()
	answers := [][]float64{{1, 3}, {0, 1}, {.5, 2}}
	r := items(t, answers, unknown(2))
	if r.Items[0].Max != 1 || r.Items[1].Max != 3 || !slices.Contains(r.Warnings, MaxFromData) || !math.IsNaN(r.KR20) {
		t.Errorf("%+v", r)
	}
	told := items(t, answers, []float64{1, 4})
	if told.Items[1].Difficulty != .5 || slices.Contains(told.Warnings, MaxFromData) {
		t.Errorf("%+v", told)
	}
}

func TestImpossiblePointsAreNamed(t *testing.T) {
	t.Parallel()
	_, err := Items([][]float64{{1, 0}, {1, 2}}, []float64{1, 1})
	var bad *AnswerError
	if !errors.As(err, &bad) || *bad != (AnswerError{1, 1, 2, 1}) {
		t.Error(err)
	}
	if _, err = Items([][]float64{{-1}}, unknown(1)); !errors.As(err, &bad) {
		t.Error(err)
	}
	if _, err = Items([][]float64{{math.Inf(1)}}, unknown(1)); !errors.As(err, &bad) {
		t.Error(err)
	}
	if _, err = Items([][]float64{{1, 0}, {1}}, unknown(2)); err == nil || !strings.Contains(err.Error(), "person 2") {
		t.Error(err)
	}
	if _, err = Items(nil, []float64{1, 0}); err == nil || !strings.Contains(err.Error(), "item 2") {
		t.Error(err)
	}
	if _, err = Items(nil, unknown(MaxItems+1)); err == nil {
		t.Error("any number of items was taken")
	}
}

func TestTheOrderOfRowsChangesNoDigitOfTheItems(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n, k := rapid.IntRange(2, 30).Draw(rt, "people"), rapid.IntRange(1, 6).Draw(rt, "items")
		answers := make([][]float64, n)
		for p := range answers {
			answers[p] = make([]float64, k)
			for i := range k {
				answers[p][i] = float64(rapid.IntRange(0, 30).Draw(rt, "points")) / 10
			}
		}
		one := items(t, answers, unknown(k))
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
		r.Shuffle(n, func(i, j int) { answers[i], answers[j] = answers[j], answers[i] })
		if other := items(t, answers, unknown(k)); !equal(one, other) {
			rt.Fatalf("%+v\n%+v", one, other)
		}
	})
}

func TestAnItemThatGoesAgainstTheOthersIsPointedOut(t *testing.T) {
	t.Parallel()
	answers, most := readItems(t, "binary")
	r := items(t, answers, most)
	if !slices.Contains(r.Warnings, NegativeItem) || r.Items[4].ItemRest >= 0 || r.Items[4].AlphaIfDropped <= r.Alpha {
		t.Errorf("%+v", r)
	}
}

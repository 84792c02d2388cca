package gain

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func analyse(t testing.TB, people []Pair, most float64) Result {
	t.Helper()
	r, err := Analyse(people, Options{Max: most, Resamples: 500, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The format's description shows these figures. The scores behind it are not
// public in a form to be kept here; this set was made so that it has the same.
func TestThePromisedFiguresComeOut(t *testing.T) {
	t.Parallel()
	s := readSets(t)["promised"]
	r := analyse(t, s.people, s.max)
	for _, c := range []struct {
		what                 string
		got, want, tolerance float64
	}{
		{"mean before", r.MeanPre, 10.625, 0},
		{"mean after", r.MeanPost, 12.9375, 0},
		{"class gain", r.Hake, .246667, 5e-7},
		{"individual gain", r.HakeIndividualMean, .234452, 5e-7},
		{"normalised change", r.NormalisedChange, .253110, 5e-7},
		{"t", r.T.T, 2.930607, 5e-7},
		{"p", r.T.P, .0103326, 5e-8},
		{"d_z", r.Effect.DZ, .732652, 5e-7},
		{"d_z low", r.Effect.Interval.Low, .168535, 5e-7},
		{"d_z high", r.Effect.Interval.High, 1.277822, 5e-7},
		{"W+", r.Wilcoxon.Plus, 91, 0},
		{"W−", r.Wilcoxon.Minus, 14, 0},
		{"exact p", r.Wilcoxon.PExact, .013793945, 5e-10},
		{"corrected p", r.Wilcoxon.PContinuity, .016702975, 5e-10},
		{"Hodges-Lehmann", r.Wilcoxon.HodgesLehmann, 3, 0},
	} {
		near(t, c.what, c.got, c.want, c.tolerance)
	}
	// 651 persons, 20 items, alpha .715453
	near(t, "Feldt low", 1-(1-.715453)*fQuantile(.975, 650, 650*19), .682753, 1e-6)
	near(t, "Feldt high", 1-(1-.715453)*fQuantile(.025, 650, 650*19), .746229, 1e-6)
}

func TestOnlyMatchedPairsEnterAndAllThreeCountsAreTold(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	pairs := []Pair{{1, 3}, {2, 2}, {4, 5}, {3, 6}, {5, 9}}
	whole := analyse(t, pairs, 10)
	r := analyse(t, append([]Pair{{nan, 10}, {0, nan}, {nan, nan}, {1, nan}}, pairs...), 10)
	if r.Pre != 7 || r.Post != 6 || r.Matched != 5 {
		t.Errorf("counts %d, %d, %d", r.Pre, r.Post, r.Matched)
	}
	if !slices.Contains(r.Warnings, UnmatchedLeftOut) {
		t.Error("no warning")
	}
	if r.Hake != whole.Hake || r.T != whole.T || r.Wilcoxon != whole.Wilcoxon || r.Bootstrap != whole.Bootstrap {
		t.Error("somebody without a pair changed the figures")
	}
}

func TestFewerThanFivePairsGiveNoStatistics(t *testing.T) {
	t.Parallel()
	for n := range MinPairs {
		r := analyse(t, []Pair{{1, 2}, {2, 4}, {3, 3}, {4, 9}}[:n], 10)
		if r.Matched != n || !slices.Contains(r.Warnings, TooFewPairs) || slices.Contains(r.Warnings, PracticeEffectUnknown) {
			t.Errorf("%d pairs: %+v", n, r)
		}
		for _, x := range []float64{r.MeanPre, r.MeanPost, r.Hake, r.HakeIndividualMean, r.NormalisedChange, r.T.T, r.Effect.DZ, r.Wilcoxon.Plus, r.Wilcoxon.PExact, r.Bootstrap.MeanBCa.Low} {
			if !math.IsNaN(x) {
				t.Errorf("%d pairs: a figure, %v", n, x)
			}
		}
	}
}

func TestDegenerateScoresGiveNoFigureAndSayWhy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		people   []Pair
		missing  func(Result) []float64
		there    func(Result) []float64
		warnings []Warning
	}{
		{
			"nobody changed",
			[]Pair{{3, 3}, {4, 4}, {5, 5}, {6, 6}, {7, 7}},
			func(r Result) []float64 {
				return []float64{r.T.T, r.T.P, r.T.Interval.Low, r.Effect.DZ, r.Effect.Interval.Low, r.Wilcoxon.Plus, r.Wilcoxon.PExact, r.Wilcoxon.RankBiserial, r.Bootstrap.MeanBCa.Low, r.Bootstrap.HakeBCa.Low}
			},
			func(r Result) []float64 { return []float64{r.Hake, r.NormalisedChange, r.Effect.DAv} },
			[]Warning{SameGain, NoChange, IntervalUndefined},
		},
		{
			"everybody gained the same",
			[]Pair{{3, 5}, {4, 6}, {5, 7}, {6, 8}, {7, 9}},
			func(r Result) []float64 {
				return []float64{r.T.T, r.Effect.DZ, r.Effect.Hedges, r.Bootstrap.MeanBCa.Low}
			},
			func(r Result) []float64 {
				return []float64{r.Hake, r.Wilcoxon.PExact, r.Wilcoxon.PContinuity, r.Wilcoxon.HodgesLehmann, r.Bootstrap.HakeBCa.Low}
			},
			[]Warning{SameGain, IntervalUndefined},
		},
		{
			"everybody had the highest score before",
			[]Pair{{10, 10}, {10, 9}, {10, 8}, {10, 10}, {10, 9}},
			func(r Result) []float64 { return []float64{r.Hake, r.HakeIndividualMean, r.Bootstrap.HakeBCa.High} },
			func(r Result) []float64 { return []float64{r.NormalisedChange, r.T.T, r.Wilcoxon.PExact} },
			[]Warning{PreAtMax, EverybodyAtMax, Ceiling, IntervalUndefined},
		},
		{
			"some had the highest score before",
			[]Pair{{10, 10}, {4, 9}, {3, 8}, {2, 6}, {1, 9}},
			func(Result) []float64 { return nil },
			func(r Result) []float64 { return []float64{r.Hake, r.HakeIndividualMean, r.NormalisedChange} },
			[]Warning{PreAtMax, Ceiling},
		},
		{
			"all are 0 and stay so",
			[]Pair{{0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}},
			func(r Result) []float64 { return []float64{r.NormalisedChange, r.Effect.DAv, r.T.T} },
			func(r Result) []float64 { return []float64{r.Hake, r.HakeIndividualMean} },
			[]Warning{SameGain, NoChange, IntervalUndefined},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := analyse(t, c.people, 10)
			for i, x := range c.missing(r) {
				if !math.IsNaN(x) {
					t.Errorf("missing %d is %v", i, x)
				}
			}
			for i, x := range c.there(r) {
				if math.IsNaN(x) || math.IsInf(x, 0) {
					t.Errorf("figure %d is %v", i, x)
				}
			}
			for _, w := range c.warnings {
				if !slices.Contains(r.Warnings, w) {
					t.Errorf("no warning %s", w)
				}
			}
		})
	}
}

func TestAnImpossibleScoreIsNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pair Pair
		want ScoreError
	}{
		{Pair{3, 11}, ScoreError{1, "post", 11, 10}},
		{Pair{-1, 4}, ScoreError{1, "pre", -1, 10}},
		{Pair{math.NaN(), math.Inf(1)}, ScoreError{1, "post", math.Inf(1), 10}},
	} {
		_, err := Analyse([]Pair{{1, 2}, c.pair}, Options{Max: 10})
		var bad *ScoreError
		if !errors.As(err, &bad) || *bad != c.want {
			t.Errorf("%v: %v", c.pair, err)
		}
	}
	for _, most := range []float64{0, -1, math.NaN(), math.Inf(1), 1e10, 1e-12} {
		if _, err := Analyse(nil, Options{Max: most}); err == nil {
			t.Errorf("a highest score of %v was taken", most)
		}
	}
	if _, err := Analyse(nil, Options{Max: 1, Resamples: MaxResamples + 1}); err == nil {
		t.Error("any number of resamples was taken")
	}
}

// whole draws some pairs of whole scores from 0 to most.
func whole(t *rapid.T, most, least, greatest int) []Pair {
	n := rapid.IntRange(least, greatest).Draw(t, "n")
	people := make([]Pair, n)
	for i := range people {
		people[i] = Pair{float64(rapid.IntRange(0, most).Draw(t, "pre")), float64(rapid.IntRange(0, most).Draw(t, "post"))}
	}
	return people
}

func TestTheOrderOfPersonsChangesNoDigit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		people := whole(rt, 20, 5, 40)
		for i := range people {
			people[i].Pre += float64(rapid.IntRange(0, 9).Draw(rt, "tenths")) / 10
		}
		one := analyse(t, people, 21)
		shuffled := slices.Clone(people)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if other := analyse(t, shuffled, 21); !equal(one, other) {
			rt.Fatalf("%+v\n%+v", one, other)
		}
	})
}

// equal compares results bit by bit, NaN with NaN.
func equal(a, b any) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	if x.Kind() == reflect.Struct {
		for i := range x.NumField() {
			if !equal(x.Field(i).Interface(), y.Field(i).Interface()) {
				return false
			}
		}
		return true
	}
	if x.Kind() == reflect.Slice && x.Len() == y.Len() {
		for i := range x.Len() {
			if !equal(x.Index(i).Interface(), y.Index(i).Interface()) {
				return false
			}
		}
		return true
	}
	if x.Kind() == reflect.Float64 {
		return math.Float64bits(x.Float()) == math.Float64bits(y.Float()) || math.IsNaN(x.Float()) && math.IsNaN(y.Float())
	}
	return reflect.DeepEqual(a, b)
}

func TestHarderScoresForAllChangeWhatDependsOnDifferencesByNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		people := whole(rt, 20, 5, 40)
		shift := float64(rapid.IntRange(1, 30).Draw(rt, "shift"))
		moved := make([]Pair, len(people))
		for i, p := range people {
			moved[i] = Pair{p.Pre + shift, p.Post + shift}
		}
		a, b := analyse(t, people, 20), analyse(t, moved, 20+shift)
		if !equal(a.T, b.T) || !equal(a.Wilcoxon, b.Wilcoxon) || !equal(a.Hake, b.Hake) || !equal(a.HakeIndividualMean, b.HakeIndividualMean) {
			rt.Fatalf("%+v\n%+v", a, b)
		}
	})
}

func TestSwappingTheTestsTurnsTheSigns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		people := whole(rt, 20, 5, 30)
		swapped := make([]Pair, len(people))
		for i, p := range people {
			swapped[i] = Pair{p.Post, p.Pre}
		}
		a, b := analyse(t, people, 20), analyse(t, swapped, 20)
		for _, c := range []struct {
			what string
			a, b float64
		}{
			{"t", a.T.T, -b.T.T},
			{"p", a.T.P, b.T.P},
			{"interval", a.T.Interval.Low, -b.T.Interval.High},
			{"d_z", a.Effect.DZ, -b.Effect.DZ},
			{"d_z interval", a.Effect.Interval.Low, -b.Effect.Interval.High},
			{"W", a.Wilcoxon.Plus, b.Wilcoxon.Minus},
			{"exact p", a.Wilcoxon.PExact, b.Wilcoxon.PExact},
			{"normal p", a.Wilcoxon.PContinuity, b.Wilcoxon.PContinuity},
			{"rank-biserial", a.Wilcoxon.RankBiserial, -b.Wilcoxon.RankBiserial},
			{"Hodges-Lehmann", a.Wilcoxon.HodgesLehmann, -b.Wilcoxon.HodgesLehmann},
		} {
			if math.IsNaN(c.a) && math.IsNaN(c.b) {
				continue
			}
			near(t, c.what, c.a, c.b, 1e-10)
		}
	})
}

func TestExactSignedRanksEqualTheCountOfAllSigns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		d := rapid.SliceOfN(rapid.Int64Range(-6, 6).Filter(func(x int64) bool { return x != 0 }), 1, 10).Draw(rt, "d")
		doubled, plus, _ := doubledRanks(d)
		lower, upper := 0, 0
		for signs := range 1 << len(d) {
			var w int64
			for i, r := range doubled {
				if signs>>i&1 == 1 {
					w += r
				}
			}
			if w <= plus {
				lower++
			}
			if w >= plus {
				upper++
			}
		}
		want := min(1, 2*float64(min(lower, upper))/float64(int(1)<<len(d)))
		all := int64(len(d) * (len(d) + 1))
		if got := exactP(doubled, min(plus, all-plus)); got != want {
			rt.Fatalf("%v: got %v, want %v", d, got, want)
		}
	})
}

func TestTheMedianOfPairMeansIsThatOfTheWholeList(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		d := sorted(rapid.SliceOfN(rapid.Int64Range(-50, 50), 1, 30).Draw(rt, "d"))
		var sums []int64
		for i := range d {
			for j := i; j < len(d); j++ {
				sums = append(sums, d[i]+d[j])
			}
		}
		sorted(sums)
		n := len(sums)
		want := float64(sums[(n-1)/2]+sums[n/2]) / 4
		if got := (scores{perPoint: 1}).walshMedian(d); got != want {
			rt.Fatalf("%v: got %v, want %v", d, got, want)
		}
	})
}

func TestTheSeedDecidesTheBootstrap(t *testing.T) {
	t.Parallel()
	s := readSets(t)["class"]
	run := func(seed uint64) Bootstrap {
		r, err := Analyse(s.people, Options{Max: s.max, Seed: seed, Resamples: 2000})
		if err != nil {
			t.Fatal(err)
		}
		return r.Bootstrap
	}
	if run(1) != run(1) {
		t.Error("one seed, two results")
	}
	one, two := run(1), run(2)
	one.Seed = two.Seed
	if one == two {
		t.Error("two seeds, one result")
	}
}

// These figures are kept so that another machine or version of Go shows when it draws otherwise.
func TestTheBootstrapDrawsTheSameOnEveryMachine(t *testing.T) {
	t.Parallel()
	s := readSets(t)["tenths"]
	r, err := Analyse(s.people, Options{Max: s.max, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	want := Bootstrap{
		Seed: 1, Resamples: 10000,
		MeanBCa: Interval{.63, 1.2675}, MeanPercentile: Interval{.6225, 1.2575},
		HakeBCa: Interval{.12184342114324792, .250686575239074}, HakePercentile: Interval{.11943673566899544, .24732232401810642},
	}
	if r.Bootstrap != want {
		t.Errorf("%#v", r.Bootstrap)
	}
}

func TestTiesInTenthsAreTies(t *testing.T) {
	t.Parallel()
	tenths := []Pair{{.1, .3}, {.2, .4}, {1.1, 1.3}, {2.2, 2.4}, {.7, .8}, {.8, .9}, {1.6, 1.5}, {.3, .3}}
	whole := make([]Pair, len(tenths))
	for i, p := range tenths {
		whole[i] = Pair{math.Round(10 * p.Pre), math.Round(10 * p.Post)}
	}
	a, b := analyse(t, tenths, 3), analyse(t, whole, 30)
	b.Wilcoxon.HodgesLehmann /= 10
	near(t, "Hodges-Lehmann", a.Wilcoxon.HodgesLehmann, b.Wilcoxon.HodgesLehmann, 1e-15)
	b.Wilcoxon.HodgesLehmann = a.Wilcoxon.HodgesLehmann
	if a.Wilcoxon != b.Wilcoxon {
		t.Errorf("%+v\n%+v", a.Wilcoxon, b.Wilcoxon)
	}
}

func TestManyDifferencesHaveNoExactTest(t *testing.T) {
	t.Parallel()
	people := make([]Pair, MaxExact+1)
	for i := range people {
		people[i] = Pair{float64(i % 7), float64(i%7 + i%4 + 1)}
	}
	if r := analyse(t, people, 20); !math.IsNaN(r.Wilcoxon.PExact) || !slices.Contains(r.Warnings, ExactTooLarge) || !(r.Wilcoxon.PContinuity < 1e-9) {
		t.Errorf("%+v", r.Wilcoxon)
	}
	if r := analyse(t, people[1:], 20); !(r.Wilcoxon.PExact > 0 && r.Wilcoxon.PExact < 1e-9) {
		t.Errorf("%+v", r.Wilcoxon)
	}
}

func TestSmallProbabilitiesKeepTheirDigits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ t, df, want float64 }{ // R: pt(t, df, lower.tail = FALSE)
		{0, 7, .5},
		{.3, 4, 0.38956071413873},
		{5, 100000, 2.87135083932082e-07},
		{12, 200, 1.2110680026233e-25},
		{20, 50000, 6.12669748731017e-89},
		{375, 198263, 0},
	} {
		if got := tUpper(c.t, c.df); got != c.want && !(math.Abs(got/c.want-1) < 1e-9) {
			t.Errorf("P(T > %v; %v): got %.15g, want %.15g", c.t, c.df, got, c.want)
		}
	}
}

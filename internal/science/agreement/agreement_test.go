package agreement

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var levels = []Level{Nominal, Ordinal, Interval, Ratio}

// table makes ratings of rows of values, one row a unit, one column a rater.
func table(rows ...[]float64) []Rating {
	var out []Rating
	for u, row := range rows {
		for r, v := range row {
			out = append(out, Rating{u, r, v})
		}
	}
	return out
}

func drawTable(t *rapid.T, raters int) [][]float64 {
	rows := make([][]float64, rapid.IntRange(2, 15).Draw(t, "units"))
	for u := range rows {
		rows[u] = make([]float64, raters)
		for r := range raters {
			v := float64(rapid.IntRange(0, 4).Draw(t, "value"))
			if v == 0 && rapid.Bool().Draw(t, "missing") {
				v = math.NaN()
			}
			rows[u][r] = v
		}
	}
	return rows
}

func same(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || math.IsNaN(a) && math.IsNaN(b)
}

func equal(a, b any) bool {
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	switch x.Kind() {
	case reflect.Pointer:
		if x.IsNil() || y.IsNil() {
			return x.IsNil() == y.IsNil()
		}
		return equal(x.Elem().Interface(), y.Elem().Interface())
	case reflect.Struct:
		for i := range x.NumField() {
			if !equal(x.Field(i).Interface(), y.Field(i).Interface()) {
				return false
			}
		}
		return true
	case reflect.Float64:
		return same(x.Float(), y.Float())
	}
	return reflect.DeepEqual(a, b)
}

func TestTheOrderOfRatingsChangesNoDigit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		ratings := table(drawTable(rt, rapid.IntRange(1, 4).Draw(rt, "raters"))...)
		shuffled := slices.Clone(ratings)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for _, level := range levels {
			if a, b := analyse(t, ratings, level), analyse(t, shuffled, level); !equal(a, b) {
				rt.Fatalf("%s\n%+v\n%+v", level, a, b)
			}
		}
	})
}

func TestOtherNamesOfUnitsAndRatersChangeNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		ratings := table(drawTable(rt, 3)...)
		renamed := slices.Clone(ratings)
		for i := range renamed {
			renamed[i].Unit, renamed[i].Rater = -7*renamed[i].Unit, 100-renamed[i].Rater
		}
		for _, level := range levels {
			a, b := analyse(t, ratings, level), analyse(t, renamed, level)
			if !same(a.Alpha, b.Alpha) || !equal(a.Interval, b.Interval) {
				rt.Fatalf("%s\n%+v\n%+v", level, a, b)
			}
			if a.ICC != nil && !math.IsNaN(a.ICC.Two.Value) {
				near(t, "ICC(2,1)", b.ICC.Two.Value, a.ICC.Two.Value, 1e-12)
			}
		}
	})
}

func TestAShiftLeavesIntervalAndAStretchLeavesRatioAsTheyAre(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		rows := drawTable(rt, 3)
		shift := float64(rapid.IntRange(1, 1000).Draw(rt, "shift"))
		change := func(f func(float64) float64) []Rating {
			out := table(rows...)
			for i := range out {
				out[i].Value = f(out[i].Value)
			}
			return out
		}
		plain := table(rows...)
		shifted := change(func(x float64) float64 { return x + shift })
		stretched := change(func(x float64) float64 { return 4 * x })
		for _, c := range []struct {
			level Level
			other []Rating
		}{{Nominal, shifted}, {Ordinal, shifted}, {Interval, shifted}, {Interval, stretched}, {Ratio, stretched}} {
			a, b := analyse(t, plain, c.level), analyse(t, c.other, c.level)
			if math.IsNaN(a.Alpha) && math.IsNaN(b.Alpha) {
				continue
			}
			near(t, string(c.level), b.Alpha, a.Alpha, 1e-12)
		}
	})
}

func TestSwappingTwoRatersLeavesKappaAsItIs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		ratings := table(drawTable(rt, 2)...)
		swapped := slices.Clone(ratings)
		for i := range swapped {
			swapped[i].Rater = 1 - swapped[i].Rater
		}
		a, b := analyse(t, ratings, Ordinal), analyse(t, swapped, Ordinal)
		if !equal(a.Kappa, b.Kappa) {
			rt.Fatalf("%+v\n%+v", a.Kappa, b.Kappa)
		}
	})
}

// The formula as it is written, over all pairs.
func TestAlphaIsOneLessSeenOverExpectedDisagreement(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		rows := drawTable(rt, 3)
		var units [][]float64
		var all []float64
		for _, row := range rows {
			given := slices.DeleteFunc(slices.Clone(row), func(v float64) bool { return math.IsNaN(v) })
			if len(given) > 1 {
				units = append(units, given)
				all = append(all, given...)
			}
		}
		if len(units) < 2 {
			return
		}
		count := func(least, most float64) (n float64) {
			for _, v := range all {
				if v >= least && v <= most {
					n++
				}
			}
			return n
		}
		distance := map[Level]func(a, b float64) float64{
			Nominal:  func(a, b float64) float64 { return 1 },
			Interval: func(a, b float64) float64 { return (a - b) * (a - b) },
			Ratio:    func(a, b float64) float64 { return (a - b) / (a + b) * (a - b) / (a + b) },
			Ordinal: func(a, b float64) float64 {
				a, b = min(a, b), max(a, b)
				d := count(a, b) - (count(a, a)+count(b, b))/2
				return d * d
			},
		}
		for _, level := range levels {
			seen, expected, n := 0.0, 0.0, float64(len(all))
			for _, u := range units {
				for i, a := range u {
					for j, b := range u {
						if i != j && a != b {
							seen += distance[level](a, b) / float64(len(u)-1) / n
						}
					}
				}
			}
			for i, a := range all {
				for j, b := range all {
					if i != j && a != b {
						expected += distance[level](a, b) / n / (n - 1)
					}
				}
			}
			got := analyse(t, table(rows...), level).Alpha
			if expected == 0 {
				if !math.IsNaN(got) {
					rt.Fatalf("%s: %v without variation", level, got)
				}
				continue
			}
			near(t, string(level), got, 1-seen/expected, 1e-12)
		}
	})
}

func TestPerfectAgreementIsOne(t *testing.T) {
	t.Parallel()
	for _, level := range levels {
		r := analyse(t, table([]float64{1, 1}, []float64{2, 2}, []float64{4, 4}), level)
		if r.Alpha != 1 || r.Kappa.Unweighted != 1 || r.Kappa.Linear != 1 || r.Kappa.Quadratic != 1 {
			t.Errorf("%s: %+v %+v", level, r, r.Kappa)
		}
		if r.ICC != nil && (r.ICC.One.Value != 1 || r.ICC.Two.Value != 1 || r.ICC.Three.Value != 1) {
			t.Errorf("%+v", r.ICC)
		}
	}
}

func TestDegenerateRatingsGiveNoFigureAndSayWhy(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for _, c := range []struct {
		name     string
		ratings  []Rating
		warnings []Warning
	}{
		{"nothing", nil, []Warning{OneRater, TooFewUnits}},
		{"one unit", table([]float64{1, 2, 3}), []Warning{TooFewUnits, ICCUndefined}},
		{"one rater", table([]float64{1}, []float64{2}, []float64{3}), []Warning{OneRater, TooFewUnits, UnpairedLeftOut}},
		{"all one value", table([]float64{2, 2}, []float64{2, 2}, []float64{2, 2}), []Warning{NoVariation, KappaUndefined, ICCUndefined}},
		{"nobody rated a unit twice", table([]float64{1, nan}, []float64{nan, 2}), []Warning{TooFewUnits, KappaUndefined, UnpairedLeftOut}},
		{"all missing", table([]float64{nan, nan}, []float64{nan, nan}), []Warning{TooFewUnits, KappaUndefined}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, level := range levels {
				r := analyse(t, c.ratings, level)
				if !math.IsNaN(r.Alpha) || !math.IsNaN(r.Interval.Low) {
					t.Errorf("%s: alpha %v", level, r.Alpha)
				}
				for _, w := range c.warnings {
					if w == ICCUndefined && r.ICC == nil {
						continue
					}
					if !slices.Contains(r.Warnings, w) {
						t.Errorf("%s: no warning %s in %v", level, w, r.Warnings)
					}
				}
			}
		})
	}
}

func TestNoFigureIsInfinite(t *testing.T) {
	t.Parallel()
	var check func(v reflect.Value)
	rapid.Check(t, func(rt *rapid.T) {
		check = func(v reflect.Value) {
			switch v.Kind() {
			case reflect.Pointer:
				if !v.IsNil() {
					check(v.Elem())
				}
			case reflect.Struct:
				for i := range v.NumField() {
					check(v.Field(i))
				}
			case reflect.Float64:
				if math.IsInf(v.Float(), 0) {
					rt.Fatal("a figure is infinite")
				}
			}
		}
		raters := rapid.IntRange(1, 4).Draw(rt, "raters")
		values := rapid.SampledFrom([]float64{0, 0, 1, 1, 2, 1e15, 1e-300, math.NaN()})
		var rows [][]float64
		for range rapid.IntRange(0, 6).Draw(rt, "units") {
			rows = append(rows, rapid.SliceOfN(values, raters, raters).Draw(rt, "row"))
		}
		for _, level := range levels {
			r := analyse(t, table(rows...), level)
			check(reflect.ValueOf(r))
		}
	})
}

func TestCodesWithoutOrderHaveNoWeightedKappa(t *testing.T) {
	t.Parallel()
	r, err := Analyse(table([]float64{1, 1}, []float64{2, 3}, []float64{3, 3}), Options{Level: Nominal, Unordered: true})
	if err != nil {
		t.Fatal(err)
	}
	if math.IsNaN(r.Kappa.Unweighted) || !math.IsNaN(r.Kappa.Linear) || !math.IsNaN(r.Kappa.Quadratic) || !slices.Contains(r.Warnings, KappaUnordered) {
		t.Errorf("%+v %v", r.Kappa, r.Warnings)
	}
}

func TestImpossibleRatingsAreNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ratings []Rating
		level   Level
		index   int
		text    string
	}{
		{[]Rating{{1, 1, 1}, {1, 2, -1}}, Ratio, 1, "below zero"},
		{[]Rating{{1, 1, math.Inf(1)}}, Nominal, 0, "1e15"},
		{[]Rating{{1, 1, 1}, {2, 1, 1}, {1, 1, 2}}, Nominal, 2, "rating 1"},
	} {
		_, err := Analyse(c.ratings, Options{Level: c.level})
		var bad *RatingError
		if !errors.As(err, &bad) || bad.Index != c.index || !strings.Contains(bad.Text, c.text) {
			t.Errorf("%v", err)
		}
	}
	if _, err := Analyse(nil, Options{Level: "height"}); err == nil || !strings.Contains(err.Error(), "height") {
		t.Error(err)
	}
	if _, err := Analyse(nil, Options{Level: Nominal, Resamples: -1}); err == nil {
		t.Error("resamples below zero were taken")
	}
}

// These figures are kept so that another machine or version of Go shows when it draws otherwise.
func TestTheBootstrapDrawsTheSameOnEveryMachine(t *testing.T) {
	t.Parallel()
	r, err := Analyse(readSets(t)["krippendorff"], Options{Level: Nominal, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if want := (Range{.41147919111672837, 1}); r.Interval != want || r.Resamples != 10_000 {
		t.Errorf("%#v, %d", r.Interval, r.Resamples)
	}
}

func TestTooManyValuesAtTheLevelRatioAreRefusedWithAWarning(t *testing.T) {
	t.Parallel()
	var ratings []Rating
	for i := range maxRatioValues + 1 {
		ratings = append(ratings, Rating{i / 2, i % 2, float64(i)})
	}
	ratings = append(ratings, Rating{maxRatioValues / 2, 1, 7.5})
	if r := analyse(t, ratings, Ratio); !slices.Contains(r.Warnings, TooManyValues) || !math.IsNaN(r.Alpha) {
		t.Errorf("%v", r.Warnings)
	}
}

func TestDrawnIntervalsComeFromTheSameAlpha(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		d, err := arrange(table(drawTable(rt, 3)...), Interval)
		if err != nil {
			rt.Fatal(err)
		}
		if len(d.paired) == 0 {
			return
		}
		m := newMeter(d, Interval)
		list := rapid.SliceOfN(rapid.IntRange(0, len(d.paired)-1), 1, 20).Draw(rt, "list")
		a, b := m.alpha(list), m.drawn(list)
		if math.IsNaN(a) && math.IsNaN(b) {
			return
		}
		near(t, "alpha", b, a, 1e-12)
	})
}

package agreement

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"
)

// readSets reads testdata/ratings.csv; an empty value is missing.
func readSets(t testing.TB) map[string][]Rating {
	t.Helper()
	f, err := os.Open("testdata/ratings.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	sets := map[string][]Rating{}
	for _, row := range rows[1:] {
		unit, _ := strconv.Atoi(row[1])
		rater, _ := strconv.Atoi(row[2])
		value := math.NaN()
		if row[3] != "" {
			if value, err = strconv.ParseFloat(row[3], 64); err != nil {
				t.Fatal(err)
			}
		}
		sets[row[0]] = append(sets[row[0]], Rating{unit, rater, value})
	}
	return sets
}

func readJSON(t testing.TB, file string, into any) {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}

func analyse(t testing.TB, ratings []Rating, level Level) Result {
	t.Helper()
	r, err := Analyse(ratings, Options{Level: level, Resamples: 200, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// near fails unless got is want within tolerance, relative above 1.
func near(t testing.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s: got %.15g, want %.15g", what, got, want)
	}
}

func TestPublishedExamplesComeOut(t *testing.T) {
	t.Parallel()
	sets := readSets(t)
	k := sets["krippendorff"]
	nominal := analyse(t, k, Nominal)
	if nominal.Units != 12 || nominal.Raters != 4 || nominal.Values != 40 {
		t.Errorf("%d units, %d raters, %d values", nominal.Units, nominal.Raters, nominal.Values)
	}
	near(t, "nominal", nominal.Alpha, .743421, 5e-7)
	near(t, "ordinal", analyse(t, k, Ordinal).Alpha, .815388, 5e-7)
	near(t, "interval", analyse(t, k, Interval).Alpha, .849107, 5e-7)
	near(t, "ratio", analyse(t, k, Ratio).Alpha, .797, 5e-4)
	icc := analyse(t, sets["shrout_fleiss"], Interval).ICC
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"ICC(1,1)", icc.One.Value, .1657},
		{"ICC(2,1)", icc.Two.Value, .2898},
		{"ICC(3,1)", icc.Three.Value, .7148},
		{"ICC(1,4)", icc.OneMean.Value, .4428},
		{"ICC(2,4)", icc.TwoMean.Value, .6201},
		{"ICC(3,4)", icc.ThreeMean.Value, .9093},
	} {
		near(t, c.what, c.got, c.want, 5.1e-5)
	}
}

func TestAlphaEqualsThatOfAnotherProgram(t *testing.T) {
	t.Parallel()
	var want map[string]map[Level]*float64
	readJSON(t, "alpha.json", &want)
	for name, ratings := range readSets(t) {
		for level, w := range want[name] {
			if w == nil {
				t.Fatalf("%s, %s: nothing to compare with", name, level)
			}
			near(t, name+" "+string(level), analyse(t, ratings, level).Alpha, *w, 1e-9)
		}
	}
}

func TestKappaAndICCEqualThoseOfR(t *testing.T) {
	t.Parallel()
	type range3 struct {
		Value, Low, High, K float64
	}
	var want map[string]struct {
		ICC *struct {
			Value, Low, High []float64
			Units            int
		}
		One   range3
		Kappa *struct{ Unweighted, Linear, Quadratic float64 }
	}
	readJSON(t, "agreement.json", &want)
	for name, ratings := range readSets(t) {
		w := want[name]
		r := analyse(t, ratings, Interval)
		near(t, name+" ICC(1)", r.ICC.One.Value, w.One.Value, 1e-9)
		near(t, name+" ICC(1) low", r.ICC.One.Low, w.One.Low, 1e-9)
		near(t, name+" ICC(1) high", r.ICC.One.High, w.One.High, 1e-9)
		near(t, name+" k", r.ICC.PerUnit, w.One.K, 1e-9)
		if w.ICC != nil {
			if r.ICC.Units != w.ICC.Units {
				t.Fatalf("%s: %d units, R took %d", name, r.ICC.Units, w.ICC.Units)
			}
			got := []Coefficient{r.ICC.One, r.ICC.Two, r.ICC.Three, r.ICC.OneMean, r.ICC.TwoMean, r.ICC.ThreeMean}
			for i, c := range got {
				if i%3 == 0 && r.ICC.Units != r.Units {
					continue // R's ICC(1) leaves incomplete units out; above stands ours
				}
				near(t, name+" ICC", c.Value, w.ICC.Value[i], 1e-9)
				near(t, name+" ICC low", c.Low, w.ICC.Low[i], 1e-9)
				near(t, name+" ICC high", c.High, w.ICC.High[i], 1e-9)
			}
		}
		if (w.Kappa == nil) != (r.Kappa == nil) {
			t.Fatalf("%s: kappa %v", name, r.Kappa)
		}
		if w.Kappa != nil {
			near(t, name+" kappa", r.Kappa.Unweighted, w.Kappa.Unweighted, 1e-9)
			near(t, name+" linear kappa", r.Kappa.Linear, w.Kappa.Linear, 1e-9)
			near(t, name+" quadratic kappa", r.Kappa.Quadratic, w.Kappa.Quadratic, 1e-9)
		}
	}
}

// Another program draws other units, so that the intervals agree within a part
// of the spread of its alphas.
func TestTheBootstrapIsThatOfAnotherProgramWithinChance(t *testing.T) {
	t.Parallel()
	var want map[string]struct {
		Level    Level
		Interval [2]float64
		Spread   float64
	}
	readJSON(t, "bootstrap.json", &want)
	sets := readSets(t)
	for name, w := range want {
		r, err := Analyse(sets[name], Options{Level: w.Level, Seed: 2})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(r.Interval.Low-w.Interval[0]) > .15*w.Spread || math.Abs(r.Interval.High-w.Interval[1]) > .15*w.Spread {
			t.Errorf("%s: got %v, want %v", name, r.Interval, w.Interval)
		}
	}
}

package gain

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// set is one data set of testdata/pairs.csv.
type set struct {
	max    float64
	people []Pair
}

func readCSV(t testing.TB, file string) [][]string {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func number(t testing.TB, cell string) float64 {
	t.Helper()
	x, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func readSets(t testing.TB) map[string]set {
	t.Helper()
	sets := map[string]set{}
	for _, row := range readCSV(t, "pairs.csv")[1:] {
		s := sets[row[0]]
		s.max = number(t, row[1])
		s.people = append(s.people, Pair{number(t, row[2]), number(t, row[3])})
		sets[row[0]] = s
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

// near fails unless got is want within tolerance, relative above 1.
func near(t testing.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s: got %.15g, want %.15g", what, got, want)
	}
}

func TestGainEqualsWhatRSays(t *testing.T) {
	t.Parallel()
	var want map[string]map[string]*float64
	readJSON(t, "gain.json", &want)
	for name, s := range readSets(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := Analyse(s.people, Options{Max: s.max, Resamples: 10})
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]float64{
				"mean_pre": r.MeanPre, "mean_post": r.MeanPost, "sd_pre": r.SDPre, "sd_post": r.SDPost,
				"hake_class": r.Hake, "hake_individual_mean": r.HakeIndividualMean, "normalised_change": r.NormalisedChange,
				"t": r.T.T, "df": r.T.DF, "p": r.T.P, "low": r.T.Interval.Low, "high": r.T.Interval.High,
				"dz": r.Effect.DZ, "hedges": r.Effect.Hedges, "d_av": r.Effect.DAv,
				"w_plus": r.Wilcoxon.Plus, "w_minus": r.Wilcoxon.Minus, "p_exact": r.Wilcoxon.PExact, "p_continuity": r.Wilcoxon.PContinuity,
				"rank_biserial": r.Wilcoxon.RankBiserial, "hodges_lehmann": r.Wilcoxon.HodgesLehmann,
			}
			if len(got) != len(want[name]) {
				t.Fatalf("R has %d figures", len(want[name]))
			}
			for key, w := range want[name] {
				if w != nil {
					near(t, key, got[key], *w, 1e-9)
				}
			}
			for _, key := range []string{"p", "p_exact", "p_continuity"} { // small ones too
				if w := want[name][key]; w != nil && math.Abs(got[key] / *w - 1) > 1e-9 {
					t.Errorf("%s: got %g, want %g", key, got[key], *w)
				}
			}
		})
	}
}

func TestNoncentralTEqualsThatOfThirtyDigits(t *testing.T) {
	t.Parallel()
	var want struct {
		Points []struct{ T, DF, Delta, P float64 }
	}
	readJSON(t, "noncentral.json", &want)
	if len(want.Points) < 15 {
		t.Fatal("too few points")
	}
	for _, p := range want.Points {
		if got := noncentralT(p.T, p.DF, p.Delta); !(math.Abs(got-p.P) <= 1e-12) {
			t.Errorf("P(T ≤ %v; df %v, delta %v): got %.16g, want %.16g", p.T, p.DF, p.Delta, got, p.P)
		}
	}
}

func TestTheIntervalOfDzEqualsThatOfThirtyDigits(t *testing.T) {
	t.Parallel()
	var want struct{ Intervals map[string][2]float64 }
	readJSON(t, "noncentral.json", &want)
	for name, s := range readSets(t) {
		r, err := Analyse(s.people, Options{Max: s.max, Resamples: 10})
		if err != nil {
			t.Fatal(err)
		}
		near(t, name+" low", r.Effect.Interval.Low, want.Intervals[name][0], 1e-9)
		near(t, name+" high", r.Effect.Interval.High, want.Intervals[name][1], 1e-9)
	}
}

func TestBootstrapIntervalsEqualThoseOfScipyOnTheSameReplicates(t *testing.T) {
	t.Parallel()
	var cases []struct {
		Estimate                          float64
		Left, Replicates, Percentile, BCa []float64
	}
	readJSON(t, "bootstrap.json", &cases)
	for _, c := range cases {
		p, b := percentile(c.Replicates), bca(c.Replicates, c.Estimate, c.Left)
		near(t, "percentile low", p.Low, c.Percentile[0], 1e-9)
		near(t, "percentile high", p.High, c.Percentile[1], 1e-9)
		near(t, "BCa low", b.Low, c.BCa[0], 1e-9)
		near(t, "BCa high", b.High, c.BCa[1], 1e-9)
	}
}

// R draws other persons, and counts replicates equal to the estimate as not
// below it, so that the intervals agree within a part of the replicates' spread
// and one of the steps in which a mean of whole scores moves.
func TestBootstrapIntervalsAreThoseOfTheRPackageBootWithinChance(t *testing.T) {
	t.Parallel()
	var want map[string]struct {
		MeanPercentile [2]float64 `json:"mean_percentile"`
		MeanBCa        [2]float64 `json:"mean_bca"`
		HakePercentile [2]float64 `json:"hake_percentile"`
		HakeBCa        [2]float64 `json:"hake_bca"`
		MeanSpread     float64    `json:"mean_spread"`
		HakeSpread     float64    `json:"hake_spread"`
	}
	readJSON(t, "boot.json", &want)
	sets := readSets(t)
	for name, w := range want {
		s := sets[name]
		r, err := Analyse(s.people, Options{Max: s.max, Resamples: 40_000, Seed: 5})
		if err != nil {
			t.Fatal(err)
		}
		step := 1 / float64(r.Matched)
		for _, c := range []struct {
			what   string
			got    Interval
			want   [2]float64
			spread float64
			step   float64
		}{
			{"mean percentile", r.Bootstrap.MeanPercentile, w.MeanPercentile, w.MeanSpread, step},
			{"mean BCa", r.Bootstrap.MeanBCa, w.MeanBCa, w.MeanSpread, step},
			{"hake percentile", r.Bootstrap.HakePercentile, w.HakePercentile, w.HakeSpread, step / (s.max - r.MeanPre)},
			{"hake BCa", r.Bootstrap.HakeBCa, w.HakeBCa, w.HakeSpread, step / (s.max - r.MeanPre)},
		} {
			allowed := .15*c.spread + 1.01*c.step
			if math.Abs(c.got.Low-c.want[0]) > allowed || math.Abs(c.got.High-c.want[1]) > allowed {
				t.Errorf("%s, %s: got %v, boot %v", name, c.what, c.got, c.want)
			}
		}
	}
}

// readItems reads a table of answers; a header may tell the highest points in brackets.
func readItems(t testing.TB, name string) (answers [][]float64, most []float64) {
	t.Helper()
	rows := readCSV(t, "items_"+name+".csv")
	for _, head := range rows[0] {
		m := 1.0
		if _, in, ok := strings.Cut(strings.TrimSuffix(head, "]"), "["); ok {
			m = number(t, in)
		}
		most = append(most, m)
	}
	for _, row := range rows[1:] {
		points := make([]float64, len(row))
		for i, cell := range row {
			points[i] = number(t, cell)
		}
		answers = append(answers, points)
	}
	return answers, most
}

func TestItemsEqualWhatPsychAndRSay(t *testing.T) {
	t.Parallel()
	var want map[string]struct {
		People, Items         int
		Alpha, Low, High, SEM float64
		Difficulty, Dropped   []float64
		ItemRest              []float64 `json:"item_rest"`
		UpperLower            []float64 `json:"upper_lower"`
		PsychDropped          []float64 `json:"psych_dropped"`
		PsychItemRest         []float64 `json:"psych_item_rest"`
	}
	readJSON(t, "items.json", &want)
	for name, w := range want {
		answers, most := readItems(t, name)
		r, err := Items(answers, most)
		if err != nil {
			t.Fatal(err)
		}
		if r.People != w.People || len(r.Items) != w.Items {
			t.Fatalf("%s: %d persons, %d items", name, r.People, len(r.Items))
		}
		near(t, name+" alpha", r.Alpha, w.Alpha, 1e-9)
		near(t, name+" low", r.Interval.Low, w.Low, 1e-9)
		near(t, name+" high", r.Interval.High, w.High, 1e-9)
		near(t, name+" SEM", r.SEM, w.SEM, 1e-9)
		for i, item := range r.Items {
			near(t, name+" difficulty", item.Difficulty, w.Difficulty[i], 1e-9)
			near(t, name+" item-rest", item.ItemRest, w.ItemRest[i], 1e-9)
			near(t, name+" item-rest of psych", item.ItemRest, w.PsychItemRest[i], 1e-9)
			near(t, name+" upper-lower", item.UpperLower, w.UpperLower[i], 1e-9)
			near(t, name+" alpha if dropped", item.AlphaIfDropped, w.Dropped[i], 1e-9)
			near(t, name+" alpha if dropped of psych", item.AlphaIfDropped, w.PsychDropped[i], 1e-9)
		}
		if binary := name != "points"; binary != (r.KR20 == r.Alpha) {
			t.Errorf("%s: KR-20 %v", name, r.KR20)
		}
	}
}

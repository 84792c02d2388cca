package gain

import (
	"errors"
	"fmt"
	"math"
)

// Options of an analysis.
type Options struct {
	Max       float64               // the highest possible score; above 0, at most MaxScore
	Resamples int                   // of the bootstrap; 0 means 10,000, or fewer (at least 1,000) above 30,000 persons
	Seed      uint64                // of the bootstrap's generator
	Progress  func(done, total int) // called now and then while drawing; may be nil
}

// Interval is a 95 % interval; NaN when there is none.
type Interval struct{ Low, High float64 }

func noInterval() Interval { return Interval{math.NaN(), math.NaN()} }

// Result is what two tests tell. Scores are in points, gains in shares of 1;
// what is not defined is NaN.
type Result struct {
	Pre, Post, Matched int // persons with a first score, with a second, with both
	Max                float64
	MeanPre, MeanPost  float64 // of the matched, as all that follows
	SDPre, SDPost      float64 // with n − 1
	Gained, Lost, Same int     // persons

	Hake               float64 // class gain
	HakeIndividualMean float64 // mean individual gain
	Individuals        int     // who entered it
	NormalisedChange   float64
	Changes            int // who entered it

	T         PairedT
	Effect    Effect
	Wilcoxon  Wilcoxon
	Bootstrap Bootstrap
	Warnings  []Warning // in a fixed order
}

// Analyse compares two tests of the same persons. Each person is once in
// people. It fails on options out of their limits and with *ScoreError.
func Analyse(people []Pair, o Options) (Result, error) {
	switch {
	case math.IsNaN(o.Max) || o.Max <= 0 || o.Max > MaxScore:
		return Result{}, fmt.Errorf("the highest possible score must be above 0 and at most %v, not %v", float64(MaxScore), o.Max)
	case o.Resamples < 0 || o.Resamples > MaxResamples:
		return Result{}, fmt.Errorf("resamples must be from 1 to %d, not %d", MaxResamples, o.Resamples)
	case len(people) > MaxPeople:
		return Result{}, fmt.Errorf("%d persons are more than the %d that one analysis takes", len(people), MaxPeople)
	}
	s, pre, post, err := match(people, o.Max)
	if err != nil {
		return Result{}, err
	}
	if s.max == 0 {
		return Result{}, errors.New("the highest possible score is too small to be told from 0")
	}
	r := Result{Pre: pre, Post: post, Matched: len(s.pre), Max: o.Max}
	if r.Matched < pre || r.Matched < post {
		r.warn(UnmatchedLeftOut)
	}
	if r.Matched < MinPairs {
		r.withhold(o)
		return r, nil
	}
	r.warn(PracticeEffectUnknown)
	if r.Matched < 20 {
		r.warn(FewPairs)
	}
	r.describe(s)
	r.gains(s)
	r.T, r.Effect = pairedT(s), effect(s, r.SDPre, r.SDPost)
	if constant(s.diff) {
		r.warn(SameGain)
	}
	r.Wilcoxon = signedRanks(s)
	if r.Wilcoxon.Changed == 0 {
		r.warn(NoChange)
	} else if math.IsNaN(r.Wilcoxon.PExact) {
		r.warn(ExactTooLarge)
	}
	if o.Resamples == 0 {
		o.Resamples = resamples(r.Matched)
	}
	r.Bootstrap = bootstrap(s, o)
	if r.Bootstrap.incomplete() {
		r.warn(IntervalUndefined)
	}
	return r, nil
}

// resamples is how often to draw where nobody says it: 10,000 times, and fewer
// (at least 1,000) above 30,000 persons, whose interval needs no more.
func resamples(n int) int {
	const draws = 300_000_000
	return min(10_000, max(1_000, draws/n))
}

func (r *Result) warn(w Warning) { r.Warnings = append(r.Warnings, w) }

// withhold leaves all statistics undefined.
func (r *Result) withhold(o Options) {
	nan := math.NaN()
	r.warn(TooFewPairs)
	r.MeanPre, r.MeanPost, r.SDPre, r.SDPost = nan, nan, nan, nan
	r.Hake, r.HakeIndividualMean, r.NormalisedChange = nan, nan, nan
	r.T = PairedT{T: nan, P: nan, Interval: noInterval()}
	r.Effect = Effect{DZ: nan, Interval: noInterval(), Hedges: nan, DAv: nan}
	r.Wilcoxon = noRanks()
	r.Bootstrap = Bootstrap{Seed: o.Seed, MeanBCa: noInterval(), MeanPercentile: noInterval(), HakeBCa: noInterval(), HakePercentile: noInterval()}
}

// describe fills means, deviations and counts.
func (r *Result) describe(s scores) {
	posts := make([]int64, len(s.pre))
	full := 0
	for i, d := range s.diff {
		posts[i] = s.post(i)
		if posts[i] == s.max {
			full++
		}
		switch {
		case d > 0:
			r.Gained++
		case d < 0:
			r.Lost++
		default:
			r.Same++
		}
	}
	r.MeanPre, r.MeanPost = s.mean(sum(s.pre)), s.mean(sum(posts))
	r.SDPre = s.deviation(s.pre)
	sorted(posts)
	r.SDPost = s.deviation(posts)
	if full*100 >= 15*len(posts) {
		r.warn(Ceiling)
	}
}

// gains fills the three gains.
func (r *Result) gains(s scores) {
	individual, change := 0.0, 0.0
	for i, d := range s.diff {
		room := s.max - s.pre[i]
		if room > 0 {
			individual += float64(d) / float64(room)
			r.Individuals++
		}
		switch {
		case d > 0:
			change += float64(d) / float64(room)
			r.Changes++
		case d < 0:
			change += float64(d) / float64(s.pre[i])
			r.Changes++
		case s.pre[i] > 0 && room > 0:
			r.Changes++
		}
	}
	r.Hake, r.HakeIndividualMean, r.NormalisedChange = classGain(sum(s.diff), sum(s.pre), s), math.NaN(), math.NaN()
	if r.Individuals > 0 {
		r.HakeIndividualMean = individual / float64(r.Individuals)
	}
	if r.Changes > 0 {
		r.NormalisedChange = change / float64(r.Changes)
	}
	if r.Individuals < r.Matched {
		r.warn(PreAtMax)
	}
	if math.IsNaN(r.Hake) {
		r.warn(EverybodyAtMax)
	}
}

// classGain is Hake's gain from the sums of differences and of first scores.
func classGain(diff, pre int64, s scores) float64 {
	room := int64(len(s.pre))*s.max - pre
	if room == 0 {
		return math.NaN()
	}
	return float64(diff) / float64(room)
}

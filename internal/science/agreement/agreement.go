package agreement

import (
	"fmt"
	"math"
	"slices"
)

// Level is what the values mean.
type Level string

// Levels of measurement.
const (
	Nominal  Level = "nominal"  // names: equal or not
	Ordinal  Level = "ordinal"  // an order
	Interval Level = "interval" // differences mean something
	Ratio    Level = "ratio"    // there is a true zero
)

// Limits of the input.
const (
	MaxRatings   = 5_000_000
	MaxResamples = 1_000_000
	// maxRatioValues bounds the different values at the level ratio, where every pair of them counts.
	maxRatioValues = 20_000
)

// Rating is one value that one rater gave to one unit. Units and raters are any
// whole numbers; a rater rates a unit at most once.
type Rating struct {
	Unit, Rater int
	Value       float64 // NaN is missing: unit and rater are counted, nothing else
}

// RatingError tells which rating of the input is impossible.
type RatingError struct {
	Index int // in the input, from 0
	Text  string
}

// Error names the rating by its place in the input, from 1.
func (e *RatingError) Error() string { return fmt.Sprintf("rating %d: %s", e.Index+1, e.Text) }

// Options of an analysis.
type Options struct {
	Level     Level
	Unordered bool                  // the values are codes without an order: no weighted kappa
	Resamples int                   // of the bootstrap; 0 chooses 10,000, or fewer (at least 500) for large input
	Seed      uint64                // of the bootstrap's generator
	Progress  func(done, total int) // called now and then while drawing; may be nil
}

// Warning says what a result does not know, or why a figure is missing.
type Warning string

// Warnings.
const (
	// TooFewUnits: fewer than two units with two ratings; nothing can be said.
	TooFewUnits Warning = "too_few_units"
	// FewUnits: fewer than 20 such units; the figures are rough.
	FewUnits Warning = "few_units"
	// OneRater: agreement needs two.
	OneRater Warning = "one_rater"
	// UnpairedLeftOut: units with a single rating tell nothing of agreement.
	UnpairedLeftOut Warning = "unpaired_left_out"
	// NoVariation: all ratings are one value; alpha does not exist.
	NoVariation Warning = "no_variation"
	// IntervalUndefined: an interval could not be formed.
	IntervalUndefined Warning = "interval_undefined"
	// TooManyValues: more different values than the level ratio can take.
	TooManyValues Warning = "too_many_values"
	// KappaUndefined: both raters gave one and the same value throughout, or no unit has both.
	KappaUndefined Warning = "kappa_undefined"
	// KappaUnordered: the values have no order, so there is no weighted kappa.
	KappaUnordered Warning = "kappa_unordered"
	// ICCIncomplete: units that some rater did not rate are left out of ICC(2) and ICC(3).
	ICCIncomplete Warning = "icc_incomplete"
	// ICCUnbalanced: the units have different numbers of ratings; the interval of ICC(1) is near.
	ICCUnbalanced Warning = "icc_unbalanced"
	// ICCUndefined: an intraclass correlation does not exist.
	ICCUndefined Warning = "icc_undefined"
)

// Range is a 95 % interval; NaN when there is none.
type Range struct{ Low, High float64 }

func noRange() Range { return Range{math.NaN(), math.NaN()} }

// Result is how far the raters agree. What is not defined is NaN.
type Result struct {
	Units, Raters int // in the input
	Ratings       int // that are not missing
	Values        int // that can be paired: in units with two or more
	Pairable      int // units with two or more
	Categories    int // different values
	Level         Level
	Alpha         float64
	Interval      Range
	Seed          uint64
	Resamples     int
	Kappa         *Kappa // for exactly two raters, else nil
	ICC           *ICC   // for interval and ratio, else nil
	Warnings      []Warning
}

// Analyse measures the agreement. It fails on an unknown level, on input out of
// the limits, and with *RatingError on a rating that is infinite, below zero at
// the level ratio, or given twice.
func Analyse(ratings []Rating, o Options) (Result, error) {
	switch o.Level {
	case Nominal, Ordinal, Interval, Ratio:
	default:
		return Result{}, fmt.Errorf("the level must be nominal, ordinal, interval or ratio, not %q", o.Level)
	}
	if o.Resamples < 0 || o.Resamples > MaxResamples {
		return Result{}, fmt.Errorf("resamples must be from 1 to %d, not %d", MaxResamples, o.Resamples)
	}
	d, err := arrange(ratings, o.Level)
	if err != nil {
		return Result{}, err
	}
	r := Result{Units: d.units, Raters: d.raters, Ratings: d.ratings, Pairable: len(d.paired), Categories: len(d.values), Level: o.Level, Alpha: math.NaN(), Interval: noRange(), Seed: o.Seed}
	for _, u := range d.paired {
		r.Values += len(u.values)
	}
	if r.Values < r.Ratings {
		r.warn(UnpairedLeftOut)
	}
	if d.raters < 2 {
		r.warn(OneRater)
	}
	if len(d.paired) < 2 {
		r.warn(TooFewUnits)
	} else {
		if len(d.paired) < 20 {
			r.warn(FewUnits)
		}
		r.alpha(d, o)
	}
	if d.raters == 2 {
		r.kappa(d, o)
	}
	if o.Level == Interval || o.Level == Ratio {
		r.correlate(d)
	}
	return r, nil
}

func (r *Result) warn(w Warning) {
	if !slices.Contains(r.Warnings, w) {
		r.Warnings = append(r.Warnings, w)
	}
}

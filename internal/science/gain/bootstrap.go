package gain

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// Bootstrap holds intervals from drawing persons with replacement.
type Bootstrap struct {
	Seed                    uint64
	Resamples               int
	MeanBCa, MeanPercentile Interval // of the mean difference, in points
	HakeBCa, HakePercentile Interval // of the class gain
}

func (b Bootstrap) incomplete() bool {
	for _, i := range []Interval{b.MeanBCa, b.MeanPercentile, b.HakeBCa, b.HakePercentile} {
		if math.IsNaN(i.Low) {
			return true
		}
	}
	return false
}

// bootstrap draws from pairs that are ordered by value, adding whole numbers,
// so that neither the order of rows nor that of additions changes a digit.
func bootstrap(s scores, o Options) Bootstrap {
	n := len(s.pre)
	draw := generator{rand.NewPCG(o.Seed, 0x4153484152)}
	means, gains := make([]float64, 0, o.Resamples), make([]float64, 0, o.Resamples)
	for done := range o.Resamples {
		if o.Progress != nil && done%256 == 0 {
			o.Progress(done, o.Resamples)
		}
		var diff, pre int64
		for range n {
			i := draw.below(n)
			diff += s.diff[i]
			pre += s.pre[i]
		}
		means = append(means, s.mean(diff))
		if g := classGain(diff, pre, s); !math.IsNaN(g) {
			gains = append(gains, g)
		}
	}
	if o.Progress != nil {
		o.Progress(o.Resamples, o.Resamples)
	}
	slices.Sort(means)
	slices.Sort(gains)

	diff, pre := sum(s.diff), sum(s.pre)
	leftMeans, leftGains := make([]float64, n), make([]float64, n)
	without := s
	without.pre = s.pre[:n-1] // one person fewer in the counts
	for i := range n {
		leftMeans[i] = without.mean(diff - s.diff[i])
		leftGains[i] = classGain(diff-s.diff[i], pre-s.pre[i], without)
	}
	out := Bootstrap{Seed: o.Seed, Resamples: o.Resamples}
	out.MeanPercentile = percentile(means)
	out.MeanBCa = bca(means, s.mean(diff), leftMeans)
	out.HakePercentile = percentile(gains)
	out.HakeBCa = bca(gains, classGain(diff, pre, s), leftGains)
	return out
}

// generator gives the same whole numbers on every machine.
type generator struct{ source *rand.PCG }

// below is a fair whole number from 0 to n − 1 (Lemire 2019, doi:10.1145/3230636).
func (g generator) below(n int) int {
	bound := uint64(n)
	high, low := bits.Mul64(g.source.Uint64(), bound)
	if low < bound {
		for threshold := -bound % bound; low < threshold; {
			high, low = bits.Mul64(g.source.Uint64(), bound)
		}
	}
	return int(high)
}

// percentile is the interval of the middle 95 % of ordered replicates; none
// when they are all one, for that would look like certainty.
func percentile(ordered []float64) Interval {
	if !varied(ordered) {
		return noInterval()
	}
	return Interval{quantile(ordered, .025), quantile(ordered, .975)}
}

// bca is the bias-corrected and accelerated interval of an estimate from ordered
// replicates and the estimates that leave out one person each. Replicates equal
// to the estimate count half below it.
func bca(ordered []float64, estimate float64, left []float64) Interval {
	if !varied(ordered) || math.IsNaN(estimate) {
		return noInterval()
	}
	first, _ := slices.BinarySearch(ordered, estimate)
	after, _ := slices.BinarySearch(ordered, math.Nextafter(estimate, math.Inf(1)))
	share := float64(first+after) / float64(2*len(ordered))
	a := acceleration(left)
	if share <= 0 || share >= 1 || math.IsNaN(a) {
		return noInterval()
	}
	z0 := normalQuantile(share)
	level := func(p float64) float64 {
		z := z0 + normalQuantile(p)
		if float64(a*z) >= 1 { // beyond the pole of the correction
			return math.NaN()
		}
		level := normal(z0 + z/(1-float64(a*z)))
		return math.Round(level*(1<<40)) / (1 << 40) // the last digits of erfc differ between processors
	}
	low, high := level(.025), level(.975)
	if math.IsNaN(low) || math.IsNaN(high) {
		return noInterval()
	}
	return Interval{quantile(ordered, low), quantile(ordered, high)}
}

func varied(ordered []float64) bool {
	return len(ordered) > 0 && ordered[0] < ordered[len(ordered)-1]
}

// acceleration is Σ(m − x)³/(6·(Σ(m − x)²)^{3/2}) of the estimates that leave out
// one person each, m their mean.
func acceleration(left []float64) float64 {
	mean := 0.0
	for _, x := range left {
		mean += x
	}
	mean /= float64(len(left))
	squares, cubes := 0.0, 0.0
	for _, x := range left {
		d := mean - x
		squares += float64(d * d)
		cubes += float64(float64(d*d) * d)
	}
	if squares == 0 {
		return 0
	}
	return cubes / (6 * squares * math.Sqrt(squares))
}

// quantile is the sample quantile of type 7 of ordered values; NaN without any.
func quantile(ordered []float64, p float64) float64 {
	if len(ordered) == 0 {
		return math.NaN()
	}
	place := p * float64(len(ordered)-1)
	below := int(math.Floor(place))
	if below >= len(ordered)-1 {
		return ordered[len(ordered)-1]
	}
	return ordered[below] + float64((place-float64(below))*(ordered[below+1]-ordered[below]))
}

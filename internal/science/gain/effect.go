package gain

import "math"

// PairedT is the paired t test of the mean difference.
type PairedT struct {
	T, DF, P float64
	Interval Interval // of the mean difference, in points
}

// Effect is the size of the gain beside its spread.
type Effect struct {
	DZ       float64  // mean difference over the differences' standard deviation
	Interval Interval // of DZ
	Hedges   float64  // DZ without its bias in small groups
	DAv      float64  // mean difference over the mean of both standard deviations
}

func pairedT(s scores) PairedT {
	n := float64(len(s.diff))
	out := PairedT{T: math.NaN(), DF: n - 1, P: math.NaN(), Interval: noInterval()}
	if constant(s.diff) {
		return out
	}
	mean := s.mean(sum(s.diff))
	spread := s.deviation(sorted(copied(s.diff))) / math.Sqrt(n)
	out.T = mean / spread
	out.P = 2 * tUpper(math.Abs(out.T), out.DF)
	half := tQuantile(.975, out.DF) * spread
	out.Interval = Interval{mean - half, mean + half}
	return out
}

func effect(s scores, sdPre, sdPost float64) Effect {
	out := Effect{DZ: math.NaN(), Interval: noInterval(), Hedges: math.NaN(), DAv: math.NaN()}
	mean := s.mean(sum(s.diff))
	if sdPre+sdPost > 0 {
		out.DAv = mean / ((sdPre + sdPost) / 2)
	}
	if constant(s.diff) {
		return out
	}
	n := float64(len(s.diff))
	out.DZ = mean / s.deviation(sorted(copied(s.diff)))
	t := out.DZ * math.Sqrt(n)
	out.Interval = Interval{
		Low:  noncentrality(t, n-1, .975) / math.Sqrt(n),
		High: noncentrality(t, n-1, .025) / math.Sqrt(n),
	}
	out.Hedges = out.DZ * smallSample(n-1)
	return out
}

// smallSample is Hedges' exact factor for df degrees of freedom.
func smallSample(df float64) float64 {
	a, _ := math.Lgamma(df / 2)
	b, _ := math.Lgamma((df - 1) / 2)
	return math.Exp(a - b - math.Log(df/2)/2)
}

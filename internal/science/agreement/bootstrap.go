package agreement

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// bootstrap draws units with replacement and gives the middle 95 % of alpha.
// Units are ordered by their values, so that no order of input decides.
func (m *meter) bootstrap(resamples int, o Options) Range {
	draw := rand.NewPCG(o.Seed, 0x4153484152)
	list := make([]int, len(m.units))
	alphas := make([]float64, 0, resamples)
	for done := range resamples {
		if o.Progress != nil && done%64 == 0 {
			o.Progress(done, resamples)
		}
		for i := range list {
			list[i] = below(draw, len(list))
		}
		if a := m.drawn(list); !math.IsNaN(a) {
			alphas = append(alphas, a)
		}
	}
	if o.Progress != nil {
		o.Progress(resamples, resamples)
	}
	slices.Sort(alphas)
	if len(alphas) == 0 || alphas[0] == alphas[len(alphas)-1] {
		return noRange() // no spread would look like certainty
	}
	return Range{quantile(alphas, .025), quantile(alphas, .975)}
}

// below is a fair whole number from 0 to n − 1 (Lemire 2019, doi:10.1145/3230636).
func below(draw *rand.PCG, n int) int {
	bound := uint64(n)
	high, low := bits.Mul64(draw.Uint64(), bound)
	if low < bound {
		for threshold := -bound % bound; low < threshold; {
			high, low = bits.Mul64(draw.Uint64(), bound)
		}
	}
	return int(high)
}

// quantile is the sample quantile of type 7 of ordered values.
func quantile(ordered []float64, p float64) float64 {
	place := p * float64(len(ordered)-1)
	i := int(math.Floor(place))
	if i >= len(ordered)-1 {
		return ordered[len(ordered)-1]
	}
	return ordered[i] + float64((place-float64(i))*(ordered[i+1]-ordered[i]))
}

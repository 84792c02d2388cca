package agreement

import (
	"math"
	"math/rand/v2"
	"testing"
)

// jury is 1,000 units, 5 raters, a tenth missing.
func jury() []Rating {
	draw := rand.New(rand.NewPCG(1, 1))
	var out []Rating
	for u := range 1000 {
		truth := draw.Float64() * 7
		for r := range 5 {
			if draw.Float64() > .1 {
				out = append(out, Rating{u, r, math.Abs(math.Round(truth + draw.NormFloat64()))})
			}
		}
	}
	return out
}

func benchmark(b *testing.B, level Level, resamples int) {
	ratings := jury()
	for b.Loop() {
		if _, err := Analyse(ratings, Options{Level: level, Resamples: resamples}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)*1000, "ms/analysis")
}

// BenchmarkAgreementAlpha is alpha alone, the bootstrap as small as it can be.
func BenchmarkAgreementAlpha(b *testing.B) {
	for _, level := range []Level{Nominal, Ordinal, Interval, Ratio} {
		b.Run(string(level), func(b *testing.B) { benchmark(b, level, 1) })
	}
}

// BenchmarkAgreementInterval is alpha with 10,000 resamples.
func BenchmarkAgreementInterval(b *testing.B) { benchmark(b, Ordinal, 10_000) }

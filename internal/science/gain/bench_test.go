package gain

import (
	"math/rand/v2"
	"testing"
)

// BenchmarkGainAnalysis is a whole analysis of a course of 400 with 10,000 resamples.
func BenchmarkGainAnalysis(b *testing.B) {
	s := readSets(b)["large"]
	for b.Loop() {
		if _, err := Analyse(s.people, Options{Max: s.max}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)*1000, "ms/analysis")
}

// BenchmarkExactSignedRanks is the exact test of 300 differences without ties.
func BenchmarkExactSignedRanks(b *testing.B) {
	d := make([]int64, 300)
	for i := range d {
		d[i] = int64(i + 1)
		if i%3 == 0 {
			d[i] = -d[i]
		}
	}
	for b.Loop() {
		doubled, plus, _ := doubledRanks(d)
		exactP(doubled, min(plus, 300*301-plus))
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)*1000, "ms/test")
}

// BenchmarkNoncentralInterval is the interval of d_z alone.
func BenchmarkNoncentralInterval(b *testing.B) {
	for b.Loop() {
		noncentrality(2.930607, 15, .975)
		noncentrality(2.930607, 15, .025)
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)*1000, "ms/interval")
}

// BenchmarkTestItems is a test of 20 items that 10,000 persons took.
func BenchmarkTestItems(b *testing.B) {
	draw := rand.New(rand.NewPCG(1, 1))
	answers := make([][]float64, 10_000)
	for p := range answers {
		answers[p] = make([]float64, 20)
		ability := draw.NormFloat64()
		for i := range answers[p] {
			if draw.NormFloat64()+ability > float64(i-10)/5 {
				answers[p][i] = 1
			}
		}
	}
	for b.Loop() {
		if _, err := Items(answers, unknown(20)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)*1000, "ms/test")
}

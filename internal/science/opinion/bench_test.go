package opinion_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/metrics"
	"syscall"
	"testing"
	"time"

	"platforma.kg/ashar/internal/science/opinion"
)

// crowd is a conversation of three groups in which each person votes on about
// the same number of statements.
func crowd(b *testing.B, people, statements, each int) *opinion.Map {
	b.Helper()
	m, err := opinion.New(people, statements)
	if err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	chance := make([][3]float64, statements)
	for j := range chance {
		base := random.Float64()
		for g := range 3 {
			chance[j][g] = min(0.95, max(0.05, base+0.4*random.NormFloat64()))
		}
	}
	for i := range people {
		g := min(2, random.IntN(5)/2) // two fifths, two fifths, one fifth
		for j := random.IntN(2 * statements / each); j < statements; j += 1 + random.IntN(2*statements/each-1) {
			v := opinion.Disagree
			switch {
			case random.IntN(7) == 0:
				v = opinion.Pass
			case random.Float64() < chance[j][g]:
				v = opinion.Agree
			}
			if err := m.Vote(i, j, v); err != nil {
				b.Fatal(err)
			}
		}
	}
	return m
}

func snapshot(b *testing.B, m *opinion.Map) {
	if s := m.Snapshot(opinion.Options{}); !s.Clear {
		b.Fatal("no groups")
	}
}

// worked is the time that the processors worked for this process, which a
// busy machine does not lengthen.
func worked(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// watch gives the most memory, in MB, that the heap took while work was done,
// the votes themselves included.
func watch(work func()) (most float64) {
	done := make(chan struct{})
	go func() {
		work()
		close(done)
	}()
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/unused:bytes"}}
	for tick := time.NewTicker(2 * time.Millisecond); ; {
		metrics.Read(sample)
		most = max(most, float64(sample[0].Value.Uint64()+sample[1].Value.Uint64())/(1<<20))
		select {
		case <-done:
			tick.Stop()
			return most
		case <-tick.C:
		}
	}
}

// The growth with people is that of 1,000 to 100,000 at 500 statements, with
// statements that of 100 to 2,000 at 100,000 people. Stability is included, as
// a Snapshot has it: fifty resamples of 3,000 people, a hundred of fewer.
func BenchmarkSnapshot(b *testing.B) {
	for _, size := range []struct{ people, statements, each int }{
		{1_000, 500, 30},
		{10_000, 500, 30},
		{30_000, 500, 30},
		{100_000, 500, 30},
		{100_000, 100, 30},
		{100_000, 1000, 30},
		{100_000, 2000, 30},
		{11_000, 5_220, 56},
	} {
		b.Run(fmt.Sprintf("%dx%d", size.people, size.statements), func(b *testing.B) {
			m := crowd(b, size.people, size.statements, size.each)
			runtime.GC()
			var most float64
			start := worked(b)
			for b.Loop() {
				most = max(most, watch(func() { snapshot(b, m) }))
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/map")
			b.ReportMetric(float64(m.Votes()), "votes")
			b.ReportMetric(most, "MB")
			b.ReportMetric((worked(b)-start).Seconds()/float64(b.N), "cpu-s/map")
		})
	}
}

// BenchmarkOneMoreVote is a vote and the map after it: centre, components,
// place and uncertainty of everybody, groups, all counts, tests and lists.
func BenchmarkOneMoreVote(b *testing.B) {
	m := crowd(b, 100_000, 500, 30)
	s := m.Follow(m.Snapshot(opinion.Options{Resamples: 1}))
	random := rand.New(rand.NewPCG(3, 4))
	start := worked(b)
	for b.Loop() {
		if err := m.Vote(random.IntN(100_000), random.IntN(500), opinion.Vote(random.IntN(3)-1)); err != nil {
			b.Fatal(err)
		}
		s = m.Follow(s)
	}
	if s.K == 0 {
		b.Fatal("no groups")
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/vote")
	b.ReportMetric((worked(b)-start).Seconds()*1000/float64(b.N), "cpu-ms/vote")
}

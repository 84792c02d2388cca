package lottery

import (
	"math/rand/v2"
	"strconv"
	"testing"
)

func BenchmarkLottery(b *testing.B) {
	for _, c := range []struct {
		name                                  string
		people, seats, categories, households int
		pairs                                 int
	}{
		{"500 applicants, 25 seats, 6 categories", 500, 25, 6, 0, 0},
		{"the same, one of a household", 500, 25, 6, 300, 0},
		{"the same with 60 pairs", 500, 25, 6, 0, 60},
		{"the same with 60 pairs, one of a household", 500, 25, 6, 300, 60},
		{"2000 applicants, 100 seats, 8 categories", 2000, 100, 8, 0, 0},
		{"3000 applicants, 60 seats, 6 categories, one of 2500 households", 3000, 60, 6, 2500, 0},
	} {
		b.Run(c.name, func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 7))
			p := withParties(r, crowd(r, c.people, c.seats, c.categories, c.households), c.pairs, 2)
			for b.Loop() {
				o := Options{}
				if c.pairs > 0 {
					o.Effort = 3_000_000_000
				}
				l, err := New(p, o)
				if err != nil {
					b.Fatal(err)
				}
				// With pairs the best that is conceivable is out of reach, and what was reached is near it.
				if l.Reached != Leximin && (c.pairs == 0 || l.MinChance() < 0.97*l.Bound) {
					b.Fatal(l.Reached, l.MinChance(), l.Bound)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/lottery")
		})
	}
}

func BenchmarkDraw(b *testing.B) {
	l, err := New(crowd(rand.New(rand.NewPCG(1, 7)), 200, 20, 4, 0), Options{})
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		l.Draw(strconv.Itoa(i))
	}
}

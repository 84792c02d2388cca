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
	}{
		{"500 applicants, 25 seats, 6 categories", 500, 25, 6, 0},
		{"the same, one of a household", 500, 25, 6, 300},
		{"2000 applicants, 100 seats, 8 categories", 2000, 100, 8, 0},
		{"3000 applicants, 60 seats, 6 categories, one of 2500 households", 3000, 60, 6, 2500},
	} {
		b.Run(c.name, func(b *testing.B) {
			p := crowd(rand.New(rand.NewPCG(1, 7)), c.people, c.seats, c.categories, c.households)
			for b.Loop() {
				l, err := New(p, Options{})
				if err != nil {
					b.Fatal(err)
				}
				if l.Reached != Leximin {
					b.Fatal(l.Reached)
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

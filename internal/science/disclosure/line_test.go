package disclosure

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"platforma.kg/ashar/internal/science/disclosure/disclosuretest"
)

// history draws a line step by step and tells of each step what Tell chooses; a step of
// which nothing can be told is counted with the next.
func tellHistory(t *rapid.T, k int) Line {
	cells := rapid.IntRange(1, 7).Draw(t, "cells")
	likely := make([]int, cells) // some cells are small in every step
	for c := range likely {
		likely[c] = rapid.SampledFrom([]int{0, 1, 2, 4, 9, 20}).Draw(t, "most")
	}
	var l Line
	l.People, l.Told = make([][]int, cells), make([][]bool, cells)
	now := make([]int, cells)
	for range rapid.IntRange(2, 9).Draw(t, "steps") {
		for c := range now {
			now[c] += rapid.IntRange(0, likely[c]).Draw(t, "new")
		}
		next := Line{People: make([][]int, cells), Told: make([][]bool, cells)}
		for c := range now {
			next.People[c] = append(slices.Clone(l.People[c]), now[c])
			next.Told[c] = append(slices.Clone(l.Told[c]), false)
		}
		if grown := next.total(-1) - l.total(-1); grown > 0 && grown < k {
			continue // so few are not told at all
		}
		told, ok := next.Tell(k)
		if !ok {
			continue
		}
		for c := range told {
			next.Told[c][len(next.Told[c])-1] = told[c]
		}
		l = next
	}
	return l
}

// total is how many there are by the end of a step; -1 is the last.
func (l Line) total(step int) (n int) {
	for _, people := range l.People {
		switch {
		case step >= 0:
			n += people[step]
		case len(people) > 0:
			n += people[len(people)-1]
		}
	}
	return n
}

// sums are the line as a reader with a linear program sees it: a column for the people who
// are new in a cell and a step. Of who is hidden she knows that there is somebody: one
// person of the first step in which the cell is not empty is taken out.
type sums struct {
	Line
	column [][]int // of each cell and step; -1 where nobody can be
	first  []int   // of each cell: the step of the person who is taken out
	n      int
}

func (l Line) sums() sums {
	s := sums{Line: l}
	for _, people := range l.People {
		var row []int
		first := -1
		for t, x := range people {
			if x == 0 {
				row = append(row, -1)
				continue
			}
			if first < 0 {
				first = t
			}
			row = append(row, s.n)
			s.n++
		}
		s.column, s.first = append(s.column, row), append(s.first, first)
	}
	return s
}

// of is the sum of the new people of cells in some steps.
func (s sums) of(cells []int, from, to int) disclosuretest.Sum {
	var out disclosuretest.Sum
	for _, c := range cells {
		for t := from; t <= to; t++ {
			if s.column[c][t] < 0 {
				continue
			}
			out.Columns = append(out.Columns, s.column[c][t])
			out.N += s.People[c][t]
			if t > 0 {
				out.N -= s.People[c][t-1]
			}
			if s.first[c] == t {
				out.N--
			}
		}
	}
	return out
}

// known are all sums that are told.
func (s sums) known() (out []disclosuretest.Sum) {
	all := make([]int, len(s.People))
	for c := range all {
		all[c] = c
	}
	for t := range s.People[0] {
		out = append(out, s.of(all, t, t))
		for c := range all {
			if s.Told[c][t] {
				out = append(out, s.of([]int{c}, 0, t))
			}
		}
	}
	return out
}

// A reader who keeps all steps and solves linear programs over them narrows down no number
// that is hidden and no small difference to less than k.
func TestALineTellsNothingThatIsHidden(t *testing.T) {
	t.Parallel()
	asked, told, cells := 0, 0, 0
	law := func(t *rapid.T) {
		k := rapid.IntRange(2, 6).Draw(t, "k")
		l := tellHistory(t, k)
		if len(l.People[0]) == 0 {
			return
		}
		s := l.sums()
		var hidden []disclosuretest.Sum
		steps := len(l.People[0])
		for c := range l.People {
			for u := range steps {
				x := l.People[c][u]
				if l.Told[c][u] && x > 0 && x < k {
					t.Fatalf("%d people are told", x)
				}
				cells++
				if l.Told[c][u] {
					told++
				}
				if !l.known(c, u) {
					hidden = append(hidden, s.of([]int{c}, 0, u))
				}
				// People who are new since any step before, and those who are not in the cell.
				for before := range u {
					if n := x - l.People[c][before]; n > 0 && n < k {
						hidden = append(hidden, s.of([]int{c}, before+1, u))
					}
				}
				if n := l.total(u) - x; n > 0 && n < k {
					var others []int
					for o := range l.People {
						if o != c {
							others = append(others, o)
						}
					}
					hidden = append(hidden, s.of(others, 0, u))
				}
			}
		}
		low, high, err := disclosuretest.Bounds(s.n, s.known(), hidden)
		if err != nil {
			t.Fatal(err)
		}
		for i, h := range hidden {
			asked++
			if high[i]-low[i] < float64(k)-1e-6 {
				t.Fatalf("k is %d, %d people are known to be %.2f to %.2f: %+v", k, h.N, low[i], high[i], l)
			}
		}
	}
	const enough = 500
	for round := 0; round < 3 && (asked < enough || told < enough); round++ { // one tells about 800, now and then 600
		rapid.Check(t, law)
	}
	t.Logf("%d numbers asked for; %d of %d told", asked, told, cells)
	if asked < enough || told < enough {
		t.Errorf("%d numbers asked for and %d told prove little", asked, told)
	}
}

// The width of the network is that of the linear program, which is written apart.
func TestTheWidthOfANumberIsThatOfTheLinearProgram(t *testing.T) {
	t.Parallel()
	const most = 40
	rapid.Check(t, func(t *rapid.T) {
		l := tellHistory(t, 3)
		for c := range l.People { // also what would not be told
			for u := range l.Told[c] {
				l.Told[c][u] = l.Told[c][u] || rapid.IntRange(0, 3).Draw(t, "told") == 0
			}
		}
		if len(l.People[0]) == 0 {
			return
		}
		s, n := l.sums(), l.network()
		var asked []disclosuretest.Sum
		var widths []int
		for c := range l.People {
			for u, x := range l.People[c] {
				if x > 0 {
					asked = append(asked, s.of([]int{c}, 0, u), s.of([]int{c}, u, u))
					widths = append(widths, n.width(n.number(c, u), most), n.width(n.added(c, u), most))
				}
			}
		}
		low, high, err := disclosuretest.Bounds(s.n, s.known(), asked)
		if err != nil {
			t.Fatal(err)
		}
		for i, w := range widths {
			if want := math.Min(most, high[i]-low[i]); math.Abs(want-float64(w)) > 1e-6 {
				t.Fatalf("%d: the width is %d, the linear program says %.3f: %+v", i, w, want, l)
			}
		}
	})
}

// Of the last step all is told that may be: no choice that tells more cells is safe.
func TestNoMoreCouldBeTold(t *testing.T) {
	t.Parallel()
	const k = 5
	rapid.Check(t, func(t *rapid.T) {
		l := tellHistory(t, k)
		last := len(l.People[0]) - 1
		if last < 0 {
			return
		}
		count := func(told []bool) (n int) {
			for _, v := range told {
				if v {
					n++
				}
			}
			return n
		}
		told, ok := l.Tell(k)
		if !ok {
			t.Fatal("what was told before cannot be told")
		}
		for set := range 1 << len(l.People) {
			other := Line{People: l.People}
			var choice []bool
			good := true
			for c, people := range l.People {
				choice = append(choice, set>>c&1 == 1 || people[last] == 0)
				row := append(slices.Clone(l.Told[c][:last]), choice[c])
				other.Told = append(other.Told, row)
				grown := people[last]
				for u := last - 1; u >= 0; u-- {
					if row[u] {
						grown -= people[u]
						break
					}
				}
				good = good && (!choice[c] || people[last] == 0 || people[last] >= k && (grown == 0 || grown >= k))
			}
			if good && count(choice) > count(told) && other.Safe(k) {
				t.Fatalf("%v could be told, %v are: %+v", choice, told, l)
			}
		}
	})
}

// country draws two years of a programme in eight cities, as large and as small as they are.
func country(months, each int) Line {
	r := rand.New(rand.NewPCG(7, 9))
	weights := []int{30, 20, 12, 10, 8, 8, 8, 4}
	l := Line{People: make([][]int, len(weights)), Told: make([][]bool, len(weights))}
	now := make([]int, len(weights))
	for range months {
		for range each {
			x := r.IntN(100)
			for c, w := range weights {
				if x -= w; x < 0 {
					now[c]++
					break
				}
			}
		}
		for c := range now {
			l.People[c] = append(l.People[c], now[c])
			l.Told[c] = append(l.Told[c], false)
		}
	}
	return l
}

// upTo is the line until a step.
func (l Line) upTo(step int) Line {
	out := Line{People: make([][]int, len(l.People)), Told: make([][]bool, len(l.People))}
	for c := range l.People {
		out.People[c], out.Told[c] = l.People[c][:step+1], l.Told[c][:step+1]
	}
	return out
}

// After five years every city with more than a handful of people is told, and no number is
// older than a few months.
func TestALongProgrammeGoesOnBeingTold(t *testing.T) {
	t.Parallel()
	const k, months = 5, 60
	l := country(months, 16)
	oldest, sum := 0, 0
	for step := range months {
		told, ok := l.upTo(step).Tell(k)
		if !ok {
			t.Fatalf("nothing is told of month %d", step+1)
		}
		for c := range told {
			l.Told[c][step] = told[c]
		}
		if step < 12 {
			continue
		}
		for c := range told {
			age := slices.Index(reversed(l.Told[c][:step+1]), true)
			if age < 0 {
				t.Fatalf("city %d is not told after %d months", c, step+1)
			}
			oldest, sum = max(oldest, age), sum+age
		}
	}
	mean := float64(sum) / float64((months-12)*len(l.People))
	t.Logf("a number is %.1f months old, at most %d", mean, oldest)
	if mean > 4 {
		t.Errorf("a number is %.1f months old", mean)
	}
}

func reversed(told []bool) []bool {
	out := slices.Clone(told)
	slices.Reverse(out)
	return out
}

func BenchmarkLineOfFiveYears(b *testing.B) {
	l := country(60, 16)
	for b.Loop() {
		for step := range 60 {
			told, ok := l.upTo(step).Tell(5)
			if !ok {
				b.Fatal("nothing is told")
			}
			for c := range told {
				l.Told[c][step] = told[c]
			}
		}
	}
}

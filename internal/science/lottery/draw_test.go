package lottery

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"testing"
)

// crowd makes a pool of applicants as a real call brings: some groups apply far more
// often than others, and the quotas stand between the pool and equal numbers.
func crowd(r *rand.Rand, people, seats, categories, households int) Problem {
	p := Problem{Seats: seats}
	if households > 0 {
		p.AtMost = 1
	}
	sizes := []int{2, 5, 7, 4, 3, 6, 2, 8}[:categories]
	share := make([][]float64, categories)
	for c, n := range sizes {
		p.Categories = append(p.Categories, "c"+strconv.Itoa(c))
		total := 0.0
		for range n {
			f := 0.3 + r.Float64()
			share[c] = append(share[c], f)
			total += f
		}
		for v := range share[c] {
			share[c][v] /= total
		}
	}
	for i := range people {
		a := Applicant{ID: "p" + strconv.Itoa(10000+i)}
		if households > 0 {
			a.Household = "h" + strconv.Itoa(r.IntN(households))
		}
		for c := range sizes {
			u, v := r.Float64(), 0
			for v < sizes[c]-1 && u > share[c][v] {
				u -= share[c][v]
				v++
			}
			a.Values = append(a.Values, "v"+strconv.Itoa(v))
		}
		p.Applicants = append(p.Applicants, a)
	}
	for c, n := range sizes {
		for v := range n {
			target := int(float64(seats) * (0.5*share[c][v] + 0.5/float64(n)))
			p.Quotas = append(p.Quotas, Quota{Category: p.Categories[c], Value: "v" + strconv.Itoa(v), Min: target, Max: target + 1})
		}
	}
	return p
}

func shuffled(r *rand.Rand, p Problem) Problem {
	p.Applicants = slices.Clone(p.Applicants)
	p.Quotas = slices.Clone(p.Quotas)
	r.Shuffle(len(p.Applicants), func(i, j int) { p.Applicants[i], p.Applicants[j] = p.Applicants[j], p.Applicants[i] })
	r.Shuffle(len(p.Quotas), func(i, j int) { p.Quotas[i], p.Quotas[j] = p.Quotas[j], p.Quotas[i] })
	order := r.Perm(len(p.Categories))
	names := make([]string, len(order))
	for to, from := range order {
		names[to] = p.Categories[from]
	}
	p.Categories = names
	for i := range p.Applicants {
		values := make([]string, len(order))
		for to, from := range order {
			values[to] = p.Applicants[i].Values[from]
		}
		p.Applicants[i].Values = values
	}
	return p
}

// obeyed says, in the plainest words, what is wrong with a selection.
func obeyed(p Problem, selected []string) error {
	in := map[string]bool{}
	for _, id := range selected {
		in[id] = true
	}
	if len(in) != p.Seats || len(selected) != p.Seats {
		return errors.New("not the number of seats")
	}
	homes := map[string]int{}
	counts := map[[2]string]int{}
	for _, a := range p.Applicants {
		if a.Selected && !in[a.ID] {
			return errors.New(a.ID + " was selected already")
		}
		if !in[a.ID] {
			continue
		}
		delete(in, a.ID)
		if a.Household != "" {
			homes[a.Household]++
			if p.AtMost > 0 && homes[a.Household] > p.AtMost {
				return errors.New("too many of " + a.Household)
			}
		}
		for c, v := range a.Values {
			counts[[2]string{p.Categories[c], v}]++
		}
	}
	for _, q := range p.Quotas {
		if n := counts[[2]string{q.Category, q.Value}]; n < q.Min || q.Max != NoLimit && n > q.Max {
			return errors.New(q.String() + ", but there are " + strconv.Itoa(n))
		}
	}
	if len(in) > 0 {
		return errors.New("selected who did not apply")
	}
	return nil
}

func TestEveryDrawMeetsTheQuotas(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 1))
	drawn := 0
	for range 400 {
		p := small(r, 4+r.IntN(12))
		l, err := New(p, Options{})
		if err != nil {
			continue
		}
		for seed := range 20 {
			drawn++
			if err := obeyed(p, l.Draw(strconv.Itoa(seed))); err != nil {
				t.Fatalf("%v\n%+v", err, p)
			}
		}
	}
	if drawn < 1000 {
		t.Fatalf("only %d draws", drawn)
	}
}

func TestShufflingChangesNothing(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 1))
	for n := range 30 {
		p := crowd(r, 60, 10, 3, 45*(n%2))
		p.Applicants[3].Selected = n%3 == 0
		l, err := New(p, Options{})
		if err != nil {
			continue
		}
		other, err := New(shuffled(r, p), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(l.Chances(), other.Chances()) {
			t.Fatalf("problem %d: other chances", n)
		}
		for seed := range 20 {
			if a, b := l.Draw(strconv.Itoa(seed)), other.Draw(strconv.Itoa(seed)); !slices.Equal(a, b) {
				t.Fatalf("problem %d, seed %d: %v and %v", n, seed, a, b)
			}
		}
	}
}

// Ten thousand seeds: panels are drawn as often as their tickets say, and people as
// often as their chances say.
func TestDrawsMatchTheStatedChances(t *testing.T) {
	t.Parallel()
	const draws = 10_000
	for _, households := range []int{0, 40} {
		p := crowd(rand.New(rand.NewPCG(4, 7)), 60, 10, 3, households)
		l, err := New(p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		times := map[string]int{}
		tickets := make([]int, len(l.panels))
		for seed := range draws {
			name := "draw " + strconv.Itoa(seed)
			for _, id := range l.Draw(name) {
				times[id]++
			}
			ticket := (&stream{seed: name}).below(Tickets)
			for i, n := range l.tickets {
				if ticket -= n; ticket < 0 {
					tickets[i]++
					break
				}
			}
		}
		// Panels are a multinomial: Pearson's statistic over those expected 5 times or more.
		statistic, cells := 0.0, 0
		for i, n := range tickets {
			if e := float64(draws) * float64(l.tickets[i]) / float64(Tickets); e >= 5 {
				statistic += (float64(n) - e) * (float64(n) - e) / e
				cells++
			}
		}
		if limit := quantile(cells-1, 3.09); statistic > limit {
			t.Errorf("panels: chi-square %.1f of %d, limit %.1f", statistic, cells-1, limit)
		}
		// People: each is a binomial. They are not independent (seats are fixed and a panel
		// goes together), so that the sum is a yardstick and the greatest deviation the test.
		sum, far := 0.0, 0.0
		for _, c := range l.Chances() {
			z := (float64(times[c.ID]) - draws*c.P) / math.Sqrt(draws*c.P*(1-c.P))
			sum += z * z
			far = max(far, math.Abs(z))
		}
		if far > 4.2 {
			t.Errorf("a person is %.2f standard deviations off", far)
		}
		t.Logf("panels: chi-square %.1f of %d; people: %.1f of %d, greatest deviation %.2f", statistic, cells-1, sum, len(p.Applicants), far)
	}
}

// quantile approximates that of chi-square (Wilson and Hilferty, 1931) at a normal quantile.
func quantile(degrees int, z float64) float64 {
	d := float64(degrees)
	return d * math.Pow(1-2/(9*d)+z*math.Sqrt(2/(9*d)), 3)
}

func TestSeedIsPublicArithmetic(t *testing.T) {
	t.Parallel()
	s := &stream{seed: "ashar"}
	// printf 'ashar\n0' | sha256sum, and so on
	for _, want := range []uint64{0x7c6799c32462fec7, 0x5d58a80a6e00c399} {
		if got := s.word(); got != want {
			t.Errorf("%016x, want %016x", got, want)
		}
	}
}

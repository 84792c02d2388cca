package lottery

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
)

func TestTheReserveIsAnOrderOfAllThatTheSeedAloneDecides(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 1))
	for n := range 200 {
		ids := make([]string, r.IntN(40))
		for i := range ids {
			ids[i] = "p" + strconv.Itoa(r.IntN(1_000_000)) + "-" + strconv.Itoa(i)
		}
		seed := "seed " + strconv.Itoa(n)
		order := Reserve(seed, ids)
		shuffled := slices.Clone(ids)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if !slices.Equal(order, Reserve(seed, shuffled)) {
			t.Fatal("the order in which people were named changes the reserve")
		}
		sorted, all := slices.Sorted(slices.Values(order)), slices.Sorted(slices.Values(ids))
		if !slices.Equal(sorted, all) {
			t.Fatal("somebody was lost, or came twice")
		}
		if len(order) > 2 { // who leaves changes nobody else's order
			gone := order[r.IntN(len(order))]
			rest := slices.DeleteFunc(slices.Clone(order), func(id string) bool { return id == gone })
			if !slices.Equal(rest, Reserve(seed, rest)) {
				t.Fatal("who left changed the order of the others")
			}
		}
	}
}

// Ten thousand seeds: each of the 24 orders of four people comes equally often.
func TestEveryOrderOfTheReserveIsEquallyLikely(t *testing.T) {
	t.Parallel()
	const draws = 10_000
	times := map[string]int{}
	for seed := range draws {
		key := ""
		for _, id := range Reserve("draw "+strconv.Itoa(seed), []string{"a", "b", "c", "d"}) {
			key += id
		}
		times[key]++
	}
	statistic := 0.0
	for _, n := range times {
		e := float64(draws) / 24
		statistic += (float64(n) - e) * (float64(n) - e) / e
	}
	if limit := quantile(23, 3.09); len(times) != 24 || statistic > limit {
		t.Errorf("%d orders, chi-square %.1f of 23, limit %.1f", len(times), statistic, limit)
	}
}

func TestWhatIsPossibleIsWhatHasALottery(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 2))
	yes, no := 0, 0
	for range 400 {
		p := small(r, 4+r.IntN(12))
		_, err := New(p, Options{})
		possible, wrong := Possible(p)
		if wrong != nil || possible != (err == nil) {
			t.Fatalf("possible: %v, %v; a lottery: %v\n%+v", possible, wrong, err, p)
		}
		c, wrong := Explain(p)
		if wrong != nil || (c == nil) != possible {
			t.Fatalf("explained: %v, %v", c, wrong)
		}
		if possible {
			yes++
		} else {
			no++
		}
	}
	if yes < 50 || no < 50 {
		t.Fatalf("%d possible, %d not: no test", yes, no)
	}
}

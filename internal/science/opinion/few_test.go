package opinion_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"platforma.kg/ashar/internal/science/opinion"
)

// When only some of the people of a known conversation come, are the groups
// that are shown those of all the people? Less than 0.6 is taken for no.
func TestGroupsShownOfSomeOfThePeopleAreMostlyThoseOfAll(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("draws many maps: run without -short")
	}
	const draws, alike = 30, 0.6
	type outcome struct{ drawn, found, shown, wrong int }
	outcomes := map[int]*outcome{}
	counts := []int{25, 40, 50, 100, 200}
	for _, n := range counts {
		outcomes[n] = &outcome{}
	}
	for _, name := range larger {
		c := read(t, name)
		all := c.opinions(t).Snapshot(opinion.Options{Resamples: 1})
		groups := all.Candidate()
		var grouped []int
		for i, g := range groups {
			if g >= 0 {
				grouped = append(grouped, i)
			}
		}
		for _, n := range counts {
			if n > len(grouped)*2/3 {
				continue
			}
			for seed := range uint64(draws) {
				random := rand.New(rand.NewPCG(seed, uint64(n)))
				random.Shuffle(len(grouped), func(a, b int) { grouped[a], grouped[b] = grouped[b], grouped[a] })
				s := c.some(t, grouped[:n]).Snapshot(opinion.Options{Resamples: 10})
				want := make([]int, n)
				for at, i := range grouped[:n] {
					want[at] = groups[i]
				}
				o := outcomes[n]
				o.drawn++
				if opinion.AdjustedRand(s.Candidate(), want) >= alike {
					o.found++
				}
				if s.Clear {
					o.shown++
					if opinion.AdjustedRand(s.GroupOf, want) < alike {
						o.wrong++
					}
				}
			}
		}
	}
	for _, n := range counts {
		o := outcomes[n]
		t.Logf("%3d people: groups like those of all in %d of %d draws; shown %d times, %d of them unlike", n, o.found, o.drawn, o.shown, o.wrong)
		switch {
		case n < 40 && o.shown > 0:
			t.Errorf("groups of %d people were shown", n)
		case n >= 40 && (o.shown == 0 || o.wrong*10 > o.shown*3):
			t.Errorf("of %d people, %d of the %d maps shown have other groups", n, o.wrong, o.shown)
		}
	}
}

// some is the conversation of nobody but these people.
func (c conversation) some(t *testing.T, people []int) *opinion.Map {
	t.Helper()
	row := map[int]int{}
	for at, i := range people {
		row[i] = at
	}
	m, err := opinion.New(len(people), len(c.statements))
	if err != nil {
		t.Fatal(err)
	}
	for j, status := range c.status {
		if err := m.Moderate(j, status); err != nil {
			t.Fatal(err)
		}
	}
	for _, b := range c.ballots {
		if at, ok := row[b.person]; ok {
			if err := m.Vote(at, b.statement, b.vote); err != nil {
				t.Fatal(err)
			}
		}
	}
	return m
}

func TestFewPeopleMustBePlainlyApart(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		for _, c := range []struct {
			recipe
			clear bool
		}{
			{recipe{[]int{20, 20}, 40, 1, 0.2, seed}, true},
			{recipe{[]int{28, 12}, 60, 1, 0, seed}, true},
			{recipe{[]int{20, 19}, 40, 1, 0, seed}, false},
			{recipe{[]int{40}, 40, 1, 0, seed}, false},
			{recipe{[]int{59}, 30, 0.5, 1, seed}, false},
		} {
			m, _ := planted(t, c.recipe)
			s := m.Snapshot(opinion.Options{Resamples: 20})
			if s.Clear != c.clear || c.clear && s.K != 2 {
				t.Errorf("%s: %d groups, clear %v %s, stability %.3f", fmt.Sprint(c.recipe), s.K, s.Clear, s.Doubt, s.Stability)
			}
		}
	}
}

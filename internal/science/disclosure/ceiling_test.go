package disclosure_test

import (
	"math/rand/v2"
	"testing"
)

// ceiling gives how many counts of city x sex, age and group can be shown at most,
// from what any reader knows who can add: where cells add up to their margin, not
// one alone of them all may be hidden; those hidden beside a total that is shown
// need room for k; a margin and a cell may not both be shown when they differ by a
// few. It is found by going through the cities one by one with all choices of each,
// and knows nothing of how the package chooses. No safe choice shows more; the
// conditions do not suffice, so that perhaps none shows as much.
func ceiling(rows []participation, k int) (shown, all int) {
	who := map[string][]string{}
	for _, r := range rows {
		who[r.person] = r.values
	}
	sexes := []string{"", "female", "male"}
	cities := map[string][]int{}
	other := []map[string]int{{}, {}}
	for _, v := range who {
		if cities[v[0]] == nil {
			cities[v[0]] = make([]int, 4)
		}
		for s, sex := range sexes {
			if v[1] == sex {
				cities[v[0]][s]++
			}
		}
		cities[v[0]][3]++
		other[0][v[2]]++
		other[1][v[3]]++
	}
	totals := make([]int, 4)
	for _, n := range cities {
		for s := range n {
			totals[s] += n[s]
		}
	}
	columns := 1
	for s := range 3 {
		if totals[s] > 0 {
			columns++
		}
	}
	all = (len(cities)+1)*columns + len(other[0]) + 1 + len(other[1]) + 1

	// choices gives the ways to hide in one line of three sexes and their total.
	choices := func(n []int) (out []int) {
	next:
		for set := range 16 {
			hidden, sum := 0, 0
			for s := range 4 {
				if set>>s&1 == 1 {
					hidden++
					sum += n[s]
					if n[s] == 0 {
						continue next // zeros are shown
					}
				} else if n[s] > 0 && n[s] < k {
					continue next
				}
			}
			if hidden == 1 || set>>3 == 0 && hidden > 1 && sum < k+hidden {
				continue
			}
			for s := range 3 {
				if d := n[3] - n[s]; set>>3 == 0 && set>>s&1 == 0 && n[s] > 0 && d > 0 && d < k {
					continue next
				}
			}
			out = append(out, set)
		}
		return out
	}
	// The state is, of each column, how many are hidden (none, one, or several) and
	// how many people are in them beyond one each, up to k.
	type column struct{ hidden, room int }
	type state [4]column
	const none = 1 << 20
	least := map[state]int{{}: 0}
	step := func(n []int, last bool, may func(set int) bool) {
		after := map[state]int{}
		for _, set := range choices(n) {
			if !may(set) {
				continue
			}
			for from, cost := range least {
				to := from
				for s := range to {
					if set>>s&1 == 1 {
						cost++
						to[s].hidden = min(2, to[s].hidden+1)
						to[s].room = min(k, to[s].room+n[s]-1)
						if last { // the margin is hidden itself
							to[s].room = k
						}
					}
				}
				if c, ok := after[to]; !ok || cost < c {
					after[to] = cost
				}
			}
		}
		least = after
	}
	for _, n := range cities { // in any order
		step(n, false, func(int) bool { return true })
	}
	fewest, before := none, least
	for _, total := range []bool{false, true} { // is the number of all people hidden?
		least = before
		step(totals, true, func(set int) bool { return set>>3 == 1 == total })
		for state, cost := range least {
			for s := range 4 {
				if c := state[s]; c.hidden == 1 || c.hidden > 1 && c.room < k {
					cost = none
				}
			}
			if total {
				cost += 2 // it stands in three tables
			}
			for _, values := range other {
				small := 0
				for _, n := range values {
					if n < k {
						small++
					}
				}
				if small == 1 && !total {
					small = 2
				}
				cost += small
			}
			fewest = min(fewest, cost)
		}
	}
	return all - fewest, all
}

func TestAsManyCountsAreShownAsCanBe(t *testing.T) {
	t.Parallel()
	sets, reached := 0, 0
	for _, c := range []struct {
		people int
		untold float64 // percent of people who do not tell their sex
		least  float64 // of what can be shown
	}{
		{1000, 0, 1},
		{500, 0, 1},
		{200, 0, 0.98},
		{1000, 0.6, 1},
		{1000, 3, 1},
		{500, 1, 0.98},
		{212, 2, 0.97},
	} {
		shown, most, all := 0, 0, 0
		for seed := range uint64(10) {
			rows := country(rand.New(rand.NewPCG(seed, 1)), c.people, c.untold)
			s, a := protect(t, countryDims, rows, 5, countryPlan...).Shown()
			m, b := ceiling(rows, 5)
			if a != b || s > m {
				t.Fatalf("%d people, seed %d: %d of %d are shown, %d of %d is the most", c.people, seed, s, a, m, b)
			}
			sets++
			if s == m {
				reached++
			}
			shown, most, all = shown+s, most+m, all+a
		}
		t.Logf("%d people, %g %% do not tell their sex: %.1f %% of counts shown, %.1f %% is the most that can be", c.people, c.untold, 100*float64(shown)/float64(all), 100*float64(most)/float64(all))
		if float64(shown) < c.least*float64(most) {
			t.Errorf("%d people, %g %% do not tell their sex: %d counts shown of %d that can be", c.people, c.untold, shown, most)
		}
	}
	t.Logf("%d of %d data sets show as much as can be", reached, sets)
}

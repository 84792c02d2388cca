package disclosure_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/science/disclosure"
)

func overTime(t *testing.T, rows []participation, k int, published ...*disclosure.Result) *disclosure.Result {
	t.Helper()
	d := data(t, []string{"city", "sex", "month"}, rows)
	r, err := disclosure.Protect(d, disclosure.Plan{Tables: [][]string{{"city", "sex"}}, Period: "month"}, disclosure.Options{K: k, Published: published})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The people of a snapshot are those who came until then; each table of each
// period is read as a table of its own with one more dimension for each period.
func growing(rng *rand.Rand, people, months int) []participation {
	var rows []participation
	for p := range people {
		city, sex := drawn(rng, []string{"bishkek", "osh", "naryn"}, []float64{5, 3, 1}), drawn(rng, []string{"f", "m"}, []float64{3, 1})
		for range 1 + rng.IntN(2) {
			rows = append(rows, participation{fmt.Sprint(p), []string{city, sex, fmt.Sprintf("2026-%02d", 1+rng.IntN(months))}})
		}
	}
	return rows
}

func TestTheDifferenceOfTwoPeriodsTellsNothing(t *testing.T) {
	t.Parallel()
	// 20 people until March; two more in April.
	rows := crowd(crowd(nil, 12, "osh", "f", "2026-03"), 8, "osh", "m", "2026-03")
	rows = crowd(rows, 2, "osh", "f", "2026-04")
	r := overTime(t, rows, 5)
	march, april := r.Tables[0], r.Tables[1]
	for _, v := range [][]string{{"osh", "f"}, {"osh", "*"}, {"*", "*"}, {"*", "f"}} {
		if a, b := at(t, march, v...), at(t, april, v...); !a.Hidden && !b.Hidden && b.N-a.N > 0 && b.N-a.N < 5 {
			t.Errorf("%v: %d, then %d", v, a.N, b.N)
		}
	}
}

// snapshots gives a reader of all periods: a period is a dimension in which a
// person has each value from her first on.
func snapshots(rows []participation, r *disclosure.Result) reader {
	dims := []string{"city", "sex"}
	for _, table := range r.Tables {
		dims = append(dims, "until "+table.Period)
	}
	first := map[string]string{}
	for _, p := range rows {
		if m, ok := first[p.person]; !ok || p.values[2] < m {
			first[p.person] = p.values[2]
		}
	}
	var flat []participation
	for _, p := range rows {
		v := []string{p.values[0], p.values[1]}
		for _, table := range r.Tables {
			v = append(v, fmt.Sprint(first[p.person] <= table.Period))
		}
		flat = append(flat, participation{p.person, v})
	}
	out := &disclosure.Result{K: r.K}
	for _, table := range r.Tables {
		n := disclosure.Table{By: []string{"city", "sex", "until " + table.Period}}
		for _, c := range table.Cells {
			n.Cells = append(n.Cells, disclosure.Cell{At: append(c.At[:2:2], disclosure.Value{Text: "true"}), Number: c.Number})
		}
		out.Tables = append(out.Tables, n)
	}
	return reading(dims, flat, out)
}

func TestAnAttackOverAllPeriodsFindsNothing(t *testing.T) {
	t.Parallel()
	numbers := 0
	for seed := range uint64(30) {
		rng := rand.New(rand.NewPCG(seed, 4))
		rows := growing(rng, 20+rng.IntN(200), 2+rng.IntN(4))
		k := 3 + rng.IntN(4)
		r := overTime(t, rows, k)
		who := snapshots(rows, r)
		sums := ordered(who.hidden)
		low, high := who.bounds(t, sums)
		for i, s := range sums {
			numbers++
			if high[i]-low[i] < float64(k)-1e-6 {
				t.Errorf("seed %d, k %d: %d people are known to be %.3f to %.3f", seed, k, s.n, low[i], high[i])
			}
		}
	}
	t.Logf("%d numbers attacked", numbers)
}

func TestWhatIsPublishedStaysAndWhatIsNewIsSafeBesideIt(t *testing.T) {
	t.Parallel()
	nothing := 0 // months of which nothing is shown, not even zeros
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 6))
		rows := growing(rng, 150, 4)
		var until []participation
		for _, p := range rows {
			if p.values[2] <= "2026-02" {
				until = append(until, p)
			}
		}
		before := overTime(t, until, 5)
		after := overTime(t, rows, 5, before)
		for i, table := range before.Tables {
			for j, c := range table.Cells {
				if got := after.Tables[i].Cells[j]; got.Number != c.Number {
					t.Errorf("seed %d, %s %v: published %+v, now %+v", seed, table.Period, c.At, c.Number, got.Number)
				}
			}
		}
		if !slices.ContainsFunc(after.Tables[len(after.Tables)-1].Cells, func(c disclosure.Cell) bool { return !c.Hidden }) {
			nothing++
		}
		who := snapshots(rows, after)
		sums := ordered(who.hidden)
		low, high := who.bounds(t, sums)
		for i, s := range sums {
			if high[i]-low[i] < 5-1e-6 {
				t.Errorf("seed %d: %d people are known to be %.3f to %.3f", seed, s.n, low[i], high[i])
			}
		}
	}
	if nothing > 0 {
		t.Errorf("%d of 20 last months show nothing", nothing)
	}
}

func TestWhatIsPublishedCannotBeTakenBack(t *testing.T) {
	t.Parallel()
	rows := crowd(nil, 20, "osh", "f", "2026-03")
	before := overTime(t, rows, 5)
	d := data(t, []string{"city", "sex", "month"}, crowd(rows, 6, "osh", "f", "2026-03"))
	_, err := disclosure.Protect(d, disclosure.Plan{Tables: [][]string{{"city", "sex"}}, Period: "month"}, disclosure.Options{K: 5, Published: []*disclosure.Result{before}})
	if err == nil || !strings.Contains(err.Error(), "says 20 for city osh, sex f, the data say 26") {
		t.Error(err)
	}
}

// A zero that was hidden because nothing new could be shown stays hidden.
func TestHiddenZerosThatWerePublishedStay(t *testing.T) {
	t.Parallel()
	rows := crowd(crowd(nil, 20, "osh", "f", "2026-03"), 20, "naryn", "m", "2026-03")
	before := overTime(t, rows, 5)
	zero := disclosure.Number{}
	if n := at(t, before.Tables[0], "osh", "m"); n != zero {
		t.Fatalf("nobody is %+v", n)
	}
	for i, c := range before.Tables[0].Cells {
		if c.Number == zero {
			before.Tables[0].Cells[i].Hidden = true
		}
	}
	after := overTime(t, crowd(rows, 20, "osh", "f", "2026-04"), 5, before)
	if n := at(t, after.Tables[0], "osh", "m"); !n.Hidden {
		t.Errorf("in March: %+v, published as hidden", n)
	}
	if n := at(t, after.Tables[1], "osh", "m"); n != zero {
		t.Errorf("in April: %+v", n)
	}
}

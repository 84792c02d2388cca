package disclosure_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/science/disclosure"
	"platforma.kg/ashar/internal/science/disclosure/disclosuretest"
)

// A reader of tables knows of each table which of its cells are empty, and that
// what two tables share is the same. All people here have one profile.
func TestAnAttackOnManyTablesFindsNothing(t *testing.T) {
	t.Parallel()
	numbers, shown, all := 0, 0, 0
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 21))
		dims := []string{"a", "b", "c", "d", "e"}
		k := 2 + rng.IntN(6)
		sizes, power := make([]int, len(dims)), 0.5+rng.Float64()*1.5
		var rows []participation
		for i := range sizes {
			sizes[i] = 2 + rng.IntN(3)
		}
		for p := range 50 + rng.IntN(600) {
			var who []string
			for i := range sizes {
				w := make([]float64, sizes[i])
				v := make([]string, sizes[i])
				for j := range w {
					w[j], v[j] = 1, fmt.Sprint(j)
					for range j {
						w[j] /= 1 + power
					}
				}
				who = append(who, drawn(rng, v, w))
			}
			rows = append(rows, participation{fmt.Sprint(p), who})
		}
		var plan [][]string
		for range 2 + rng.IntN(3) {
			table := slices.Clone(dims)
			rng.Shuffle(len(table), func(i, j int) { table[i], table[j] = table[j], table[i] })
			plan = append(plan, table[:1+rng.IntN(3)])
		}
		r, err := disclosure.ProtectByTables(data(t, dims, rows), disclosure.Plan{Tables: plan}, disclosure.Options{K: k})
		if err != nil {
			t.Fatal(err)
		}
		s, n := r.Shown()
		shown, all = shown+s, all+n
		numbers += attackTables(t, seed, dims, rows, r)
	}
	t.Logf("%d of %d counts shown, %d numbers attacked", shown, all, numbers)
}

func attackTables(t *testing.T, seed uint64, dims []string, rows []participation, r *disclosure.Result) (numbers int) {
	t.Helper()
	unknown := map[string]int{} // table and profile in it -> column
	type seen struct {
		columns []int
		number  disclosure.Number
	}
	first := map[string]seen{}
	var same [][2][]int
	for i, table := range r.Tables {
		inner := map[string][]string{}
		for _, p := range rows {
			var v []string
			for _, dim := range table.By {
				v = append(v, p.values[slices.Index(dims, dim)])
			}
			key := fmt.Sprint(i, v)
			if _, ok := unknown[key]; !ok {
				unknown[key] = len(unknown)
			}
			inner[key] = v
		}
		for _, c := range table.Cells {
			var columns []int
			for key, v := range inner {
				fits := true
				for j := range v {
					fits = fits && (c.At[j].All || c.At[j].Text == v[j])
				}
				if fits {
					columns = append(columns, unknown[key])
				}
			}
			if len(columns) == 0 {
				continue
			}
			slices.Sort(columns)
			var name []string
			for j, v := range c.At {
				if !v.All {
					name = append(name, table.By[j]+"="+v.Text)
				}
			}
			slices.Sort(name)
			key := strings.Join(name, " ")
			if before, ok := first[key]; ok {
				if before.number != c.Number {
					t.Fatalf("seed %d: %s is %+v and %+v", seed, key, before.number, c.Number)
				}
				same = append(same, [2][]int{before.columns, columns})
				continue
			}
			first[key] = seen{columns, c.Number}
		}
	}
	var shown, targets []disclosuretest.Sum
	keys := make([]string, 0, len(first))
	for key := range first {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		if s := first[key]; s.number.Hidden {
			targets = append(targets, disclosuretest.Sum{Columns: s.columns})
		} else {
			shown = append(shown, disclosuretest.Sum{Columns: s.columns, N: s.number.N})
		}
	}
	for _, s := range same {
		shown = append(shown, disclosuretest.Sum{Columns: s[0], Less: s[1]})
	}
	low, high, err := disclosuretest.Bounds(len(unknown), shown, targets)
	if err != nil {
		t.Fatal(seed, err)
	}
	for i := range targets {
		numbers++
		if high[i]-low[i] < float64(r.K)-1e-6 {
			t.Errorf("seed %d, k %d: a number is known to be %.3f to %.3f", seed, r.K, low[i], high[i])
		}
	}
	return numbers
}

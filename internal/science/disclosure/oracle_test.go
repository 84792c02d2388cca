package disclosure_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// possible lists every population that agrees with what is shown, each kind with
// at most so many people more than there are, and tells what the counts are in it.
func (r reader) possible(more int, tell func(y []int)) {
	shown, hidden := ordered(r.shown), ordered(r.hidden)
	// For each kind: the sums that are complete once it is set.
	y := make([]int, len(r.true_))
	left := make([]int, len(shown))
	last := make([]int, len(shown))
	holds := make([][]int, len(y))
	for i, s := range shown {
		left[i] = s.n
		last[i] = -1
		for _, k := range s.kinds {
			holds[k] = append(holds[k], i)
			last[i] = k
		}
	}
	var walk func(k int)
	walk = func(k int) {
		if k == len(y) {
			for _, h := range hidden {
				n := 0
				for _, i := range h.kinds {
					n += y[i]
				}
				if n == 0 { // a hidden count is not zero: zeros are shown
					return
				}
			}
			tell(y)
			return
		}
		top := r.true_[k] + more
		for _, i := range holds[k] {
			top = min(top, left[i])
		}
		for v := range top + 1 {
			fits := true
			for _, i := range holds[k] {
				if last[i] == k && left[i] != v {
					fits = false
				}
			}
			if !fits {
				continue
			}
			y[k] = v
			for _, i := range holds[k] {
				left[i] -= v
			}
			walk(k + 1)
			for _, i := range holds[k] {
				left[i] += v
			}
			y[k] = 0
		}
	}
	walk(0)
}

func TestAllPopulationsThatAgreeWithWhatIsShownLeaveRoomOfK(t *testing.T) {
	t.Parallel()
	tables, checked, hiddenAll := 0, 0, 0
	for seed := range uint64(600) {
		rng := rand.New(rand.NewPCG(seed, 7))
		dims := []string{"a", "b", "c"}[:1+rng.IntN(3)]
		k := 2 + rng.IntN(3)
		several := rng.IntN(3) == 0
		var rows []participation
		for p := range 1 + rng.IntN(16) {
			for range 1 + rng.IntN(2) {
				who := make([]string, len(dims))
				same := rand.New(rand.NewPCG(seed, uint64(p)))
				for i := range who {
					from := same
					if several {
						from = rng
					}
					who[i] = fmt.Sprint(min(from.IntN(3), from.IntN(3)))
				}
				rows = append(rows, participation{fmt.Sprint(p), who})
			}
		}
		var plan [][]string
		for range 1 + rng.IntN(3) {
			var table []string
			for _, d := range dims {
				if rng.IntN(2) == 0 {
					table = append(table, d)
				}
			}
			plan = append(plan, table)
		}
		r := protect(t, dims, rows, k, plan...)
		for _, table := range r.Tables {
			for _, c := range table.Cells {
				if !c.Hidden && c.N > 0 && c.N < k {
					t.Fatalf("seed %d: %v %v shows %d", seed, table.By, c.At, c.N)
				}
			}
		}
		who := reading(dims, rows, r)
		if len(who.true_) > 7 {
			continue
		}
		tables++
		targets := append(ordered(who.hidden), ordered(who.small)...)
		low, high := make([]int, len(targets)), make([]int, len(targets))
		for i, s := range targets {
			low[i], high[i] = s.n, s.n
		}
		who.possible(k+1, func(y []int) {
			for i, s := range targets {
				n := 0
				for _, j := range s.kinds {
					n += y[j]
				}
				low[i], high[i] = min(low[i], n), max(high[i], n)
			}
		})
		for i, s := range targets {
			checked++
			if high[i]-low[i] < k {
				t.Errorf("seed %d, k %d, plan %v: %d people of kinds %v are known to be %d to %d", seed, k, plan, s.n, s.kinds, low[i], high[i])
			}
		}
		if s, _ := r.Shown(); s == 0 {
			hiddenAll++
		}
	}
	t.Logf("%d data sets, %d numbers that must be safe, %d data sets with nothing shown", tables, checked, hiddenAll)
	if checked < 1000 {
		t.Errorf("only %d numbers were checked", checked)
	}
}

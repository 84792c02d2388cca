package lottery

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
)

// small makes a random problem that can be enumerated.
func small(r *rand.Rand, people int) Problem {
	p := Problem{Seats: 1 + r.IntN(5)}
	values := []int{2, 2 + r.IntN(2), 2 + r.IntN(3)}[:1+r.IntN(3)]
	for c := range values {
		p.Categories = append(p.Categories, "c"+strconv.Itoa(c))
	}
	for i := range people {
		a := Applicant{ID: "p" + strconv.Itoa(i)}
		for _, n := range values {
			a.Values = append(a.Values, string(rune('a'+r.IntN(n))))
		}
		if r.IntN(2) == 0 {
			a.Household = "h" + strconv.Itoa(r.IntN(people/2+1))
		}
		a.Selected = r.IntN(25) == 0
		p.Applicants = append(p.Applicants, a)
	}
	if r.IntN(2) == 0 {
		p.AtMost = 1 + r.IntN(2)
	}
	for c, n := range values {
		for v := range n {
			if r.IntN(4) == 0 {
				continue
			}
			low := max(0, p.Seats/n-r.IntN(2))
			q := Quota{Category: p.Categories[c], Value: string(rune('a' + v)), Min: low, Max: low + r.IntN(3)}
			if r.IntN(4) == 0 {
				q.Max = NoLimit
			}
			p.Quotas = append(p.Quotas, q)
		}
	}
	return p
}

// fits asks the problem itself, in the plainest words, whether a panel of
// applicants (by bit) meets what is demanded. Quotas not in only are ignored.
func fits(p Problem, panel uint, only []int) bool {
	n := 0
	homes := map[string]int{}
	for i, a := range p.Applicants {
		if panel>>i&1 == 0 {
			if a.Selected {
				return false
			}
			continue
		}
		n++
		if a.Household != "" && p.AtMost > 0 {
			homes[a.Household]++
			if homes[a.Household] > p.AtMost {
				return false
			}
		}
	}
	if n != p.Seats {
		return false
	}
	for k, q := range p.Quotas {
		if only != nil && !slices.Contains(only, k) {
			continue
		}
		n := 0
		for i, a := range p.Applicants {
			if panel>>i&1 == 1 && a.Values[slices.Index(p.Categories, q.Category)] == q.Value {
				n++
			}
		}
		if n < q.Min || q.Max != NoLimit && n > q.Max {
			return false
		}
	}
	return true
}

// panels enumerates all panels; only as in fits.
func panels(p Problem, only []int) []uint {
	var all []uint
	for panel := range uint(1) << len(p.Applicants) {
		if fits(p, panel, only) {
			all = append(all, panel)
		}
	}
	return all
}

func TestFeasibilityAgreesWithEnumeration(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	seen := [2]int{}
	for n := range 1500 {
		p := small(r, 4+r.IntN(8))
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		g := newProgramPosing(p, n%2*eagerClasses)
		x, v := g.try()
		want := len(panels(p, nil)) > 0
		if (v == satisfiable) != want || v == undecided {
			t.Fatalf("problem %d: verdict %d, panels exist: %v\n%+v", n, v, want, p)
		}
		if want {
			seen[1]++
			if !g.meets(x) {
				t.Fatalf("problem %d: panel %v does not meet the demands", n, x)
			}
		} else {
			seen[0]++
		}
	}
	if seen[0] < 200 || seen[1] < 200 {
		t.Fatalf("one-sided: %v", seen)
	}
}

func TestSearchFindsTheHeaviestPanel(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 1))
	for n := range 800 {
		p := small(r, 4+r.IntN(8))
		g := newProgramPosing(p, n%2*eagerClasses)
		weight := make([]int64, len(g.pools))
		of := map[string]int64{}
		for j := range weight {
			weight[j] = int64(r.IntN(unit))
			for _, id := range g.pools[j].members {
				of[id] = weight[j]
			}
		}
		want := int64(-1)
		for _, panel := range panels(p, nil) {
			sum := int64(0)
			for i, a := range p.Applicants {
				if panel>>i&1 == 1 {
					sum += of[a.ID]
				}
			}
			want = max(want, sum)
		}
		if want < 0 {
			continue
		}
		steps := int64(0)
		b := &search{g: g, lp: g.newRelaxation(&steps), weight: weight, enough: 1 << 62, nodes: 1e6}
		b.run()
		if !b.settled || b.value != want || b.bound < want || b.bound > want+unit/1000 {
			t.Fatalf("problem %d: %d (bound %d, settled %v), heaviest is %d", n, b.value, b.bound, b.settled, want)
		}
	}
}

func TestConflictsAreSmallest(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 1))
	sizes := map[int]int{}
	for n := range 3000 {
		p := small(r, 4+r.IntN(6))
		g := newProgram(p)
		if _, v := g.try(); v != contradictory {
			continue
		}
		c := findConflict(p, g)
		sizes[len(c.Quotas)]++
		if !c.Smallest {
			t.Fatalf("problem %d: not smallest", n)
		}
		none := []int{-1}
		if len(panels(p, append(none, c.Quotas...))) > 0 {
			t.Fatalf("problem %d: %v is not in conflict", n, c)
		}
		for i := range c.Quotas {
			rest := append(none, c.Quotas[:i]...)
			if len(panels(p, append(rest, c.Quotas[i+1:]...))) == 0 {
				t.Fatalf("problem %d: %v is in conflict without its quota %d", n, c, i)
			}
		}
		if least := leastConflict(p); least != len(c.Quotas) {
			t.Fatalf("problem %d: %v has %d quotas, %d are enough", n, c, len(c.Quotas), least)
		}
	}
	for k := range 4 {
		if sizes[k] == 0 {
			t.Errorf("no conflict of %d quotas among %v", k, sizes)
		}
	}
	t.Log(sizes)
}

// leastConflict is the size of a smallest conflict, by trying all sets of quotas.
func leastConflict(p Problem) int {
	// Which sets of quotas does some panel meet?
	met := map[uint]bool{}
	bare := p
	bare.Quotas = nil
	for _, panel := range panels(bare, nil) {
		set := uint(0)
		for k := range p.Quotas {
			if fits(p, panel, []int{k}) {
				set |= 1 << k
			}
		}
		met[set] = true
	}
	best := len(p.Quotas) + 1
	for set := range uint(1) << len(p.Quotas) {
		size := 0
		for k := range p.Quotas {
			size += int(set >> k & 1)
		}
		if size >= best {
			continue
		}
		possible := false
		for m := range met {
			possible = possible || m&set == set
		}
		if !possible {
			best = size
		}
	}
	return best
}

package lottery

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
)

// withParties puts people of a problem into parties of two to most, of whom none is
// selected already.
func withParties(r *rand.Rand, p Problem, parties, most int) Problem {
	p.Applicants = slices.Clone(p.Applicants)
	var free []int
	for i, a := range p.Applicants {
		if !a.Selected {
			free = append(free, i)
		}
	}
	r.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
	for n := range parties {
		size := 2 + r.IntN(most-1)
		if len(free) < size {
			break
		}
		for _, i := range free[:size] {
			p.Applicants[i].Party = "together " + strconv.Itoa(n)
		}
		free = free[size:]
	}
	return p
}

// whole reports whether a panel, by bit, holds all of each party or none.
func wholeParties(p Problem, panel uint) bool {
	in := map[string]bool{}
	for i, a := range p.Applicants {
		if a.Party == "" {
			continue
		}
		is := panel>>i&1 == 1
		if before, seen := in[a.Party]; seen && before != is {
			return false
		}
		in[a.Party] = is
	}
	return true
}

func panelsOfParties(p Problem, only []int) []uint {
	return slices.DeleteFunc(panels(p, only), func(panel uint) bool { return !wholeParties(p, panel) })
}

func TestFeasibilityOfPartiesAgreesWithEnumeration(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(21, 1))
	seen := [2]int{}
	for n := range 1500 {
		p := withParties(r, small(r, 5+r.IntN(7)), 1+r.IntN(3), MaxParty)
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		g := newProgramPosing(p, n%2*eagerClasses)
		x, v := g.try()
		want := len(panelsOfParties(p, nil)) > 0
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

// tableau is a linear program in the plainest way, for a few variables and with Bland's
// rule: maximise cost x, where a x <= b and x >= 0. It is another way than the one of the
// package to the same numbers.
type tableau struct {
	a     [][]float64
	basis []int
	names []int // of the columns
}

func maximise(a [][]float64, b, cost []float64) (best float64, ok bool) {
	n, m := len(cost), len(b)
	t := &tableau{basis: make([]int, m), names: make([]int, n+1)}
	for j := range t.names {
		t.names[j] = j
	}
	t.names[n] = -1 // takes up what is missed at the beginning
	for i := range m {
		row := append(slices.Clone(a[i]), -1, b[i])
		t.a, t.basis[i] = append(t.a, row), n+1+i
	}
	goal := make([]float64, n+2)
	goal[n] = 1
	t.a = append(t.a, goal)
	least := 0
	for i := range m {
		if t.a[i][n+1] < t.a[least][n+1] {
			least = i
		}
	}
	if t.a[least][n+1] < 0 {
		t.pivot(least, n)
		if !t.run(m) || t.a[m][n+1] < -1e-9 {
			return 0, false
		}
	}
	for i := range m { // out of the basis
		if t.basis[i] == -1 {
			for j := range n + 1 {
				if math.Abs(t.a[i][j]) > 1e-9 {
					t.pivot(i, j)
					break
				}
			}
		}
	}
	out := slices.Index(t.names, -1)
	for i := range m {
		t.a[i][out] = 0
	}
	goal = make([]float64, n+2)
	value := map[int]float64{}
	for j, c := range cost {
		value[j] = c
	}
	for j, name := range t.names {
		if name >= 0 {
			goal[j] = -value[name]
		}
	}
	for i, name := range t.basis {
		for j := range goal {
			goal[j] += value[name] * t.a[i][j]
		}
	}
	goal[out] = 0
	t.a[m] = goal
	if !t.run(m) {
		return 0, false
	}
	return t.a[m][n+1], true
}

func (t *tableau) run(m int) bool {
	last := len(t.a[0]) - 1
	for range 10_000 {
		in := -1
		for j := range last {
			if t.a[m][j] < -1e-9 && (in < 0 || t.names[j] < t.names[in]) {
				in = j
			}
		}
		if in < 0 {
			return true
		}
		at := -1
		for i := range m {
			if t.a[i][in] < 1e-9 {
				continue
			}
			if at < 0 {
				at = i
				continue
			}
			x, y := t.a[i][last]/t.a[i][in], t.a[at][last]/t.a[at][in]
			if x < y-1e-12 || x < y+1e-12 && t.basis[i] < t.basis[at] {
				at = i
			}
		}
		if at < 0 {
			return false
		}
		t.pivot(at, in)
	}
	return false
}

func (t *tableau) pivot(i, j int) {
	f := 1 / t.a[i][j]
	for k := range t.a {
		if k == i || t.a[k][j] == 0 {
			continue
		}
		by := t.a[k][j] * f
		for l := range t.a[k] {
			if l != j {
				t.a[k][l] -= by * t.a[i][l]
			}
		}
		t.a[k][j] = -by
	}
	for l := range t.a[i] {
		if l != j {
			t.a[i][l] *= f
		}
	}
	t.a[i][j] = f
	t.basis[i], t.names[j] = t.names[j], t.basis[i]
}

// leximin gives the chances of LEXIMIN over all panels, by definition: the least is raised
// as far as it goes, who cannot rise above it is held there, and the rest is raised on.
func leximin(t *testing.T, p Problem, all []uint) []float64 {
	t.Helper()
	chance := make([]float64, len(p.Applicants))
	fixed := make([]bool, len(p.Applicants))
	hits := func(i int) []float64 { // one entry for each panel, and one for the level
		row := make([]float64, len(all)+1)
		for k, panel := range all {
			row[k] = -float64(panel >> i & 1)
		}
		return row
	}
	one := make([]float64, len(all)+1)
	for k := range all {
		one[k] = 1
	}
	for slices.Contains(fixed, false) {
		a, b := [][]float64{one}, []float64{1}
		for i := range p.Applicants {
			row := hits(i)
			if !fixed[i] {
				row[len(all)] = 1
			}
			a, b = append(a, row), append(b, -max(0, chance[i]-1e-9)*map[bool]float64{true: 1}[fixed[i]])
		}
		goal := make([]float64, len(all)+1)
		goal[len(all)] = 1
		level, ok := maximise(a, b, goal)
		if !ok {
			t.Fatal("no level")
		}
		some := false
		var rises []int
		for i := range p.Applicants {
			if fixed[i] {
				continue
			}
			low := slices.Clone(b)
			rows := slices.Clone(a)
			for k := range p.Applicants {
				if !fixed[k] {
					rows[1+k] = hits(k)
					low[1+k] = -max(0, level-1e-9)
				}
			}
			goal := hits(i)
			for k := range goal {
				goal[k] = -goal[k]
			}
			most, ok := maximise(rows, low, goal)
			if !ok {
				t.Fatal("no chance")
			}
			if most > level+1e-7 {
				rises = append(rises, i)
			}
		}
		for i := range fixed {
			if !fixed[i] && !slices.Contains(rises, i) {
				fixed[i], chance[i], some = true, level, true
			}
		}
		if !some {
			t.Fatal("nobody is held down")
		}
	}
	return chance
}

func TestChancesOfPartiesAreThoseOfAllPanels(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(22, 1))
	tried := 0
	for n := 0; tried < 250; n++ {
		p := withParties(r, small(r, 5+r.IntN(5)), 1+r.IntN(3), MaxParty)
		all := panelsOfParties(p, nil)
		l, err := New(p, Options{})
		if len(all) == 0 {
			var c *Conflict
			if !errors.As(err, &c) {
				t.Fatalf("problem %d has no panel: %v", n, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("problem %d: %v", n, err)
		}
		tried++
		if l.Reached != Leximin {
			t.Errorf("problem %d: %v", n, l.Reached)
		}
		want, sum := leximin(t, p, all), 0.0
		at := map[string]int{}
		for i, a := range p.Applicants {
			at[a.ID] = i
		}
		party := map[string]float64{}
		for _, c := range l.Chances() {
			sum += c.P
			if math.Abs(c.P-want[at[c.ID]]) > 1e-6 {
				t.Fatalf("problem %d: %s has %.9f, LEXIMIN over all panels gives %.9f\n%+v\n%v", n, c.ID, c.P, want[at[c.ID]], p, want)
			}
			if name := p.Applicants[at[c.ID]].Party; name != "" {
				if other, seen := party[name]; seen && other != c.P {
					t.Fatalf("problem %d: two of one party have %v and %v", n, other, c.P)
				}
				party[name] = c.P
			}
		}
		if math.Abs(sum-float64(p.Seats)) > 1e-6 {
			t.Fatalf("problem %d: chances add up to %v of %d seats", n, sum, p.Seats)
		}
	}
}

func TestNoDrawBreaksAParty(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(23, 1))
	for n, households := range []int{0, 40, 25, 0} {
		p := withParties(r, crowd(r, 60, 12, 3, households), 12, 2+n%3)
		l, err := New(p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for seed := range 300 {
			selected := l.Draw(strconv.Itoa(seed))
			if err := obeyed(p, selected); err != nil {
				t.Fatalf("problem %d, seed %d: %v", n, seed, err)
			}
			in := map[string]bool{}
			for _, id := range selected {
				in[id] = true
			}
			for _, a := range p.Applicants {
				for _, b := range p.Applicants {
					if a.Party != "" && a.Party == b.Party && in[a.ID] != in[b.ID] {
						t.Fatalf("problem %d, seed %d: %s without %s", n, seed, a.ID, b.ID)
					}
				}
			}
		}
		other, err := New(shuffled(r, p), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(l.Draw("one"), other.Draw("one")) {
			t.Fatalf("problem %d: the order in which people were named changes the draw", n)
		}
	}
}

// Who comes alone under the name of a party is drawn as without one.
func TestAPartyOfOneIsAPerson(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(24, 1))
	p := crowd(r, 60, 10, 3, 40)
	l, err := New(p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	p.Applicants = slices.Clone(p.Applicants)
	for i := range p.Applicants {
		p.Applicants[i].Party = "alone " + strconv.Itoa(i)
	}
	other, err := New(p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for seed := range 100 {
		if !slices.Equal(l.Draw(strconv.Itoa(seed)), other.Draw(strconv.Itoa(seed))) {
			t.Fatal("another panel")
		}
	}
}

func TestAPartyHasABoundAndStandsWhole(t *testing.T) {
	t.Parallel()
	p := Problem{Seats: 3}
	for i := range MaxParty + 1 {
		p.Applicants = append(p.Applicants, Applicant{ID: strconv.Itoa(i), Party: "all"})
	}
	var input *InputError
	if err := p.Check(); !errors.As(err, &input) || input.Applicant != MaxParty {
		t.Errorf("more than a party may have: %v", err)
	}
	p.Applicants[MaxParty].Party = ""
	if err := p.Check(); err != nil {
		t.Error(err)
	}
	p.Applicants[1].Selected = true
	if err := p.Check(); !errors.As(err, &input) || input.Applicant != 1 {
		t.Errorf("half a party is selected already: %v", err)
	}
}

// Four alone and two parties for an odd number of seats, and parties alone for one.
func TestSeatsThatPartiesCannotFillAreAConflict(t *testing.T) {
	t.Parallel()
	p := Problem{Seats: 3}
	for i := range 4 {
		p.Applicants = append(p.Applicants, Applicant{ID: strconv.Itoa(i), Party: strconv.Itoa(i / 2)})
	}
	_, err := New(p, Options{})
	var c *Conflict
	if !errors.As(err, &c) || !c.Seats || len(c.Quotas) > 0 {
		t.Fatalf("%+v", err)
	}
	p.Seats = 2
	if _, err := New(p, Options{}); err != nil {
		t.Fatal(err)
	}
}

func TestConflictsOfPartiesAreSmallest(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(25, 1))
	seen := 0
	for n := 0; seen < 150; n++ {
		p := withParties(r, small(r, 5+r.IntN(5)), 1+r.IntN(3), MaxParty)
		if len(panelsOfParties(p, nil)) > 0 {
			continue
		}
		seen++
		_, err := New(p, Options{})
		var c *Conflict
		if !errors.As(err, &c) || !c.Smallest {
			t.Fatalf("problem %d: %v", n, err)
		}
		if len(c.Quotas) == 0 {
			if len(panelsOfParties(p, []int{-1})) > 0 {
				t.Fatalf("problem %d: without quotas it can be met, and none is named", n)
			}
			continue
		}
		if len(panelsOfParties(p, c.Quotas)) > 0 {
			t.Fatalf("problem %d: those named do not contradict each other", n)
		}
		for i := range c.Quotas {
			fewer := slices.Delete(slices.Clone(c.Quotas), i, i+1)
			if len(fewer) == 0 {
				fewer = []int{-1}
			}
			if len(panelsOfParties(p, fewer)) == 0 {
				t.Fatalf("problem %d: %v is more than is needed", n, c.Quotas)
			}
		}
	}
}

func TestDrawsOfPartiesMatchTheStatedChances(t *testing.T) {
	t.Parallel()
	const draws = 10_000
	for _, households := range []int{0, 40} {
		r := rand.New(rand.NewPCG(26, 7))
		p := withParties(r, crowd(r, 60, 10, 3, households), 8, 2)
		l, err := New(p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		times := map[string]int{}
		panels := make([]int, len(l.panels))
		for seed := range draws {
			name := "draw " + strconv.Itoa(seed)
			for _, id := range l.Draw(name) {
				times[id]++
			}
			ticket := (&stream{seed: name}).below(Tickets)
			for i, n := range l.tickets {
				if ticket -= n; ticket < 0 {
					panels[i]++
					break
				}
			}
		}
		statistic, cells := 0.0, 0
		for i, n := range panels {
			if e := float64(draws) * float64(l.tickets[i]) / float64(Tickets); e >= 5 {
				statistic += (float64(n) - e) * (float64(n) - e) / e
				cells++
			}
		}
		if limit := quantile(cells-1, 3.09); statistic > limit {
			t.Errorf("panels: chi-square %.1f of %d, limit %.1f", statistic, cells-1, limit)
		}
		far := 0.0
		for _, c := range l.Chances() {
			if c.P > 0 && c.P < 1 {
				far = max(far, math.Abs((float64(times[c.ID])-draws*c.P)/math.Sqrt(draws*c.P*(1-c.P))))
			} else if times[c.ID] != int(draws*c.P) {
				t.Errorf("%s was drawn %d times, at a chance of %v", c.ID, times[c.ID], c.P)
			}
		}
		if far > 4.2 {
			t.Errorf("a person is %.2f standard deviations off", far)
		}
		t.Logf("panels: chi-square %.1f of %d; greatest deviation %.2f", statistic, cells-1, far)
	}
}

func TestPartiesStandTogetherInTheReserve(t *testing.T) {
	t.Parallel()
	const draws = 10_000
	times := map[string]int{}
	for seed := range draws {
		name := "draw " + strconv.Itoa(seed)
		order := ReserveParties(name, [][]string{{"d", "b"}, {"a"}, {"c"}})
		key := ""
		for _, id := range order {
			key += id
		}
		times[key]++
		if !slices.Equal(order, ReserveParties(name, [][]string{{"c"}, {"a"}, {"b", "d"}})) {
			t.Fatal("the order in which people were named changes the reserve")
		}
		if alone := Reserve(name, []string{"a", "c"}); slices.Index(order, alone[0]) > slices.Index(order, alone[1]) {
			t.Fatal("a party changes the order of the others")
		}
	}
	statistic := 0.0
	for _, n := range times {
		e := float64(draws) / 6
		statistic += (float64(n) - e) * (float64(n) - e) / e
	}
	if limit := quantile(5, 3.09); len(times) != 6 || statistic > limit {
		t.Errorf("%v: chi-square %.1f of 5, limit %.1f", times, statistic, limit)
	}
}

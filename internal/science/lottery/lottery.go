package lottery

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Tickets is the number of equally likely tickets that are shared among the panels:
// 2^6 3^4 5^2 7 11 13 17 19 23, so that simple fractions stay exact.
const Tickets int64 = 963_761_198_400

// Lottery is a fair lottery over panels.
type Lottery struct {
	Reached Reached
	// Bound: no lottery gives everybody whom the quotas allow a greater chance.
	Bound float64
	// Barred are the ids of those whom no panel can hold, because of the quotas.
	Barred []string

	program *program
	panels  []panel
	tickets []int64
}

// Chance is the probability that a person is selected.
type Chance struct {
	ID string
	P  float64
}

// Options of the search for a lottery.
type Options struct {
	Effort   int64              // bound of the work in steps; 0: DefaultEffort
	Progress func(part float64) // told how much is done, 0 to 1; may be nil
}

// New finds the fair lottery of a problem. Errors are *InputError, *Conflict and
// ErrUndecided.
func New(p Problem, o Options) (*Lottery, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	if o.Effort <= 0 {
		o.Effort = DefaultEffort
	}
	if o.Progress == nil {
		o.Progress = func(float64) {}
	}
	g := newProgram(p)
	if n := len(g.classes); n > MaxTies {
		return nil, &InputError{-1, -1, fmt.Sprintf("%d households of different kinds have more people than may be selected, at most %d can be handled", n, MaxTies)}
	}
	first, v := g.try()
	switch v {
	case contradictory:
		return nil, findConflict(p, g)
	case undecided:
		return nil, ErrUndecided{}
	}
	d := g.solve(first, o)
	if d.reached == Bounded && least(g, g.chances(d.panels)) >= d.bound-close {
		d.reached = Maximin
	}
	l := &Lottery{Reached: d.reached, Bound: d.bound, program: g}
	for j := range g.pools {
		if g.pools[j].barred {
			for _, one := range g.pools[j].members {
				l.Barred = append(l.Barred, g.people(one)...)
			}
		}
	}
	slices.Sort(l.Barred)
	l.issue(d.panels)
	return l, nil
}

// issue gives the panels their tickets, by greatest remainder.
func (l *Lottery) issue(panels []panel) {
	panels = slices.Clone(panels)
	slices.SortFunc(panels, func(a, b panel) int { return slices.Compare(a.x, b.x) })
	merged := panels[:0]
	for _, p := range panels {
		if last := len(merged) - 1; last >= 0 && slices.Equal(merged[last].x, p.x) {
			merged[last].weight += p.weight
			continue
		}
		merged = append(merged, p)
	}
	l.panels = normal(merged)
	type share struct {
		panel int
		rest  float64
	}
	left := int64(Tickets)
	shares := make([]share, len(l.panels))
	l.tickets = make([]int64, len(l.panels))
	for i, p := range l.panels {
		exact := float64(p.weight * float64(Tickets))
		l.tickets[i] = int64(math.Floor(exact))
		left -= l.tickets[i]
		shares[i] = share{i, exact - math.Floor(exact)}
	}
	slices.SortStableFunc(shares, func(a, b share) int { return cmp.Compare(b.rest, a.rest) })
	for i := 0; left != 0; i++ {
		step := int64(1)
		if left < 0 {
			step = -1
		}
		l.tickets[shares[i%len(shares)].panel] += step
		left -= step
	}
}

// Panels is the number of panels that can be drawn (as numbers from each pool).
func (l *Lottery) Panels() int { return len(l.panels) }

// Chances gives everybody's chance, ordered by id; it is 1 for those who are
// selected already.
func (l *Lottery) Chances() []Chance {
	g := l.program
	var list []Chance
	for _, id := range g.held {
		list = append(list, Chance{id, 1})
	}
	for j := range g.pools {
		hits := int64(0)
		for i, p := range l.panels {
			hits += l.tickets[i] * int64(p.x[j])
		}
		p := float64(hits) / float64(Tickets*int64(len(g.pools[j].members)))
		for _, one := range g.pools[j].members {
			for _, id := range g.people(one) {
				list = append(list, Chance{id, p})
			}
		}
	}
	slices.SortFunc(list, func(a, b Chance) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// MinChance is the smallest of all chances.
func (l *Lottery) MinChance() float64 {
	low := 1.0
	for _, c := range l.Chances() {
		low = min(low, c.P)
	}
	return low
}

// Draw selects by a public seed: ids in order, with those selected already.
//
// The first number of the seed, below Tickets, is the ticket: panels own tickets
// one after the other. From each pool of the panel its number of people is then
// chosen; of households that are alike, first which of them, then who.
func (l *Lottery) Draw(seed string) []string {
	g := l.program
	s := &stream{seed: seed}
	ticket := s.below(Tickets)
	at := 0
	for ticket >= l.tickets[at] {
		ticket -= l.tickets[at]
		at++
	}
	x := l.panels[at].x
	chosen := slices.Clone(g.held)
	for j, n := range x {
		if n > 0 && g.pools[j].class < 0 {
			for _, one := range s.choose(g.pools[j].members, n) {
				chosen = append(chosen, g.people(one)...)
			}
		}
	}
	for _, c := range g.classes {
		chosen = append(chosen, l.deal(c, x, s)...)
	}
	slices.Sort(chosen)
	return chosen
}

// deal gives the seats of a class to its households in turn, in a random order,
// pool after pool, so that none gets more than its room or than it has people.
func (l *Lottery) deal(c class, x []int, s *stream) []string {
	order := make([]int, c.homes)
	for i := range order {
		k := s.below(int64(i + 1))
		order[i] = order[k]
		order[k] = i
	}
	var chosen []string
	card := 0
	for _, j := range c.pools {
		each := make([]int, c.homes)
		for range x[j] {
			each[order[card%c.homes]]++
			card++
		}
		for home, n := range each {
			if n > 0 {
				chosen = append(chosen, s.choose(l.program.pools[j].homes[home], n)...)
			}
		}
	}
	return chosen
}

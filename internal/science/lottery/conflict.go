package lottery

import (
	"fmt"
	"slices"
	"strings"
)

// Conflict says why no panel exists: demands that cannot be met together, although
// they can as soon as any one of the quotas is taken away. It is an error.
type Conflict struct {
	Quotas []int // indices into Problem.Quotas, ascending
	// Smallest: no set of fewer quotas is in conflict. False where effort gave out;
	// without any one of the quotas the rest can then be met, or was not decided.
	Smallest bool
	// What stands against the quotas beside the people who applied.
	Seats     bool // that so many seats must be filled, no more and no fewer
	Household bool // the limit for a household
	Selected  bool // that those who are selected already stay so

	problem Problem
}

// Error names the quotas in words.
func (c *Conflict) Error() string {
	var parts []string
	for _, i := range c.Quotas {
		parts = append(parts, c.problem.Quotas[i].String())
	}
	if c.Seats {
		parts = append(parts, fmt.Sprintf("seats: %d", c.problem.Seats))
	}
	if c.Household {
		parts = append(parts, fmt.Sprintf("at most %d of a household", c.problem.AtMost))
	}
	if c.Selected {
		parts = append(parts, "those who are selected already")
	}
	return "these cannot be met together: " + strings.Join(parts, "; ")
}

// ErrUndecided is returned where effort gave out before it was known whether any
// panel meets the quotas.
type ErrUndecided struct{}

func (ErrUndecided) Error() string {
	return "it could not be decided within the effort whether any panel meets the quotas"
}

// maxHits bounds the search for a smallest conflict.
const maxHits = 400

// findConflict explains a problem whose program g is contradictory.
func findConflict(p Problem, g *program) *Conflict {
	rows, smallest := smallestConflict(g)
	c := &Conflict{Smallest: smallest, problem: p}
	for _, r := range rows {
		c.Quotas = append(c.Quotas, g.origin[g.rows[r].quota])
	}
	slices.Sort(c.Quotas)
	keep := func(r int) bool { return slices.Contains(rows, r) }

	// Which of the other demands are needed, one after the other.
	held, limit, seats := slices.ContainsFunc(p.Applicants, func(a Applicant) bool { return a.Selected }), p.AtMost > 0, true
	still := func(held, limit, seats bool) bool {
		relaxed := p
		if !held {
			relaxed.Applicants = slices.Clone(p.Applicants)
			for i := range relaxed.Applicants {
				relaxed.Applicants[i].Selected = false
			}
		}
		if !limit {
			relaxed.AtMost = 0
		}
		h := newProgram(relaxed)
		h = h.without(func(r int) bool {
			return h.rows[r].kind == quotaRow && !keep(r) || h.rows[r].kind == seatsRow && !seats
		})
		_, v := h.try()
		return v == contradictory
	}
	if held && still(false, limit, seats) {
		held = false
	}
	if limit && still(held, false, seats) {
		limit = false
	}
	if still(held, limit, false) {
		seats = false
	}
	c.Selected, c.Household, c.Seats = held, limit, seats
	return c
}

// smallestConflict is a set of quota rows of least size that contradict each other
// and what is not a quota. Each satisfiable set leaves out at least one row of every
// contradictory set; so a smallest set that meets all the complements seen so far is
// either contradictory, and then smallest, or shows a new complement.
func smallestConflict(g *program) (rows []int, smallest bool) {
	var quotas []int
	for r := range g.rows {
		if g.rows[r].kind == quotaRow {
			quotas = append(quotas, r)
		}
	}
	steps := int64(0)
	ask := func(set []int) ([]int, verdict) {
		in := make([]bool, len(g.rows))
		for _, r := range set {
			in[r] = true
		}
		h := g.without(func(r int) bool { return g.rows[r].kind == quotaRow && !in[r] })
		return h.tryWithin(&steps, min(steps+questionSteps, conflictSteps))
	}
	if _, v := ask(nil); v == satisfiable {
		for _, r := range quotas {
			if g.hopeless(r) {
				return []int{r}, true
			}
		}
	}
	var complements [][]int
	for range maxHits {
		set, ok := hit(complements)
		if !ok {
			break
		}
		x, v := ask(set)
		if v == contradictory {
			return set, true
		}
		if v == undecided {
			break
		}
		kept := g.met(quotas, x)
		for _, r := range quotas { // until no further row fits
			if slices.Contains(kept, r) {
				continue
			}
			if y, v := ask(append(slices.Clone(kept), r)); v == satisfiable {
				kept = g.met(quotas, y)
			} else if v == undecided {
				kept = append(kept, r)
			}
		}
		var left []int
		for _, r := range quotas {
			if !slices.Contains(kept, r) {
				left = append(left, r)
			}
		}
		if len(left) == 0 {
			break // only where questions stayed undecided
		}
		complements = append(complements, left)
	}
	// Too much to be smallest: leave out what can be left out.
	rows = slices.Clone(quotas)
	for _, r := range quotas {
		fewer := slices.DeleteFunc(slices.Clone(rows), func(q int) bool { return q == r })
		if _, v := ask(fewer); v == contradictory {
			rows = fewer
		}
	}
	return rows, false
}

// met are the rows among quotas that x meets.
func (g *program) met(quotas, x []int) []int {
	var rows []int
	for _, r := range quotas {
		if n := g.count(r, x); n >= g.rows[r].min && n <= g.rows[r].max {
			rows = append(rows, r)
		}
	}
	return rows
}

// hit is a smallest set that has an element of each of the sets; false where that
// takes too long.
func hit(sets [][]int) ([]int, bool) {
	tries := 200_000
	for size := 0; ; size++ {
		if found, ok := hitWith(sets, nil, size, &tries); ok {
			slices.Sort(found)
			return found, true
		}
		if tries <= 0 {
			return nil, false
		}
	}
}

func hitWith(sets [][]int, chosen []int, left int, tries *int) ([]int, bool) {
	var open []int
	for _, s := range sets {
		if slices.ContainsFunc(s, func(r int) bool { return slices.Contains(chosen, r) }) {
			continue
		}
		if open == nil || len(s) < len(open) {
			open = s
		}
	}
	if open == nil {
		return slices.Clone(chosen), true
	}
	*tries--
	if left == 0 || *tries <= 0 {
		return nil, false
	}
	for _, r := range open {
		if found, ok := hitWith(sets, append(chosen, r), left-1, tries); ok {
			return found, true
		}
	}
	return nil, false
}

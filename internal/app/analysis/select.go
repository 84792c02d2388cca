package analysis

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/science/lottery"
)

// SelectOptions are the flags of ashar select.
type SelectOptions struct {
	Seats     int
	Quotas    string // file; empty: none
	Seed      string
	Selected  string // column of the applicants, or else a file with a column id
	Household string // column; empty: no limit
	AtMost    int    // for each household
	Party     string // column of those who come only together; empty: everybody comes alone
	Effort    int64  // bound of the work in steps of arithmetic; 0: that of the lottery
	Say       func(string)
}

type selectResult struct {
	Seed      string             `json:"seed"`
	Feasible  bool               `json:"feasible"`
	Selected  []string           `json:"selected"`
	Chances   map[string]float64 `json:"chances"`
	MinChance float64            `json:"min_chance"`
	// Of the lottery: leximin, maximin or bounded; no lottery has a greater smallest
	// chance than bound among those whom the quotas allow; never are the others.
	Reached    string   `json:"reached"`
	Bound      float64  `json:"min_chance_bound"`
	Never      []string `json:"never"`
	Seats      int      `json:"seats"`
	Applicants int      `json:"applicants"`
	Panels     int      `json:"panels"`
	Warnings   []string `json:"warnings"`
}

type selectConflict struct {
	Seed     string   `json:"seed"`
	Feasible bool     `json:"feasible"`
	Conflict conflict `json:"conflict"`
	Warnings []string `json:"warnings"`
}

type conflict struct {
	Quotas   []conflictQuota `json:"quotas"`
	Smallest bool            `json:"smallest"`
	// Which other demands take part: none of these can be left out either.
	Seats     bool `json:"seats"`
	Household bool `json:"household"`
	Selected  bool `json:"selected"`
}

type conflictQuota struct {
	Category   string `json:"category"`
	Value      string `json:"value"`
	Min        int    `json:"min"`
	Max        *int   `json:"max"`
	Line       int    `json:"line"`
	Applicants int    `json:"applicants"` // who have the value
}

// selection is what the files say.
type selection struct {
	problem  lottery.Problem
	people   *sheet.Sheet
	quotas   *sheet.Sheet // nil: none
	columns  []int        // of the categories, in people
	lines    []int        // of the quotas
	warnings []string
	notes    []string
	asked    map[[2]string]string // the spelling of a quota, by category and key
}

// Select selects applicants by a fair lottery and writes the result as JSON. Where
// the quotas cannot be met it writes the conflict, and the error names it. Warnings
// are allowed and yet may be mistakes.
func Select(file string, o SelectOptions, out io.Writer, bar Progress) (warnings []string, err error) {
	s, err := readSelection(file, o)
	if err != nil {
		return nil, err
	}
	sayer(o.Say).all(s.notes)
	return s.solve(o, out, bar)
}

func (s *selection) solve(o SelectOptions, out io.Writer, bar Progress) (warnings []string, err error) {
	l, err := lottery.New(s.problem, lottery.Options{Effort: o.Effort, Progress: func(part float64) { bar.Step(int(part*1000), 1000) }})
	var c *lottery.Conflict
	switch {
	case errors.As(err, &c):
		r := s.conflict(c)
		r.Seed = o.Seed
		if err := write(out, r); err != nil {
			return nil, err
		}
		return s.warnings, errors.New(s.explain(r.Conflict, o))
	case err != nil:
		return nil, fmt.Errorf("%s: %w", s.people.Name, err)
	}
	r := selectResult{
		Seed: o.Seed, Feasible: true, Selected: l.Draw(o.Seed), Chances: make(map[string]float64),
		MinChance: l.MinChance(), Reached: l.Reached.String(), Bound: l.Bound, Never: l.Barred,
		Seats: o.Seats, Applicants: len(s.problem.Applicants), Panels: l.Panels(), Warnings: s.warnings,
	}
	if r.Never == nil {
		r.Never = []string{}
	}
	for _, c := range l.Chances() {
		r.Chances[c.ID] = c.P
	}
	return s.warnings, write(out, r)
}

func write(out io.Writer, result any) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	return e.Encode(result)
}

// conflict gives the quotas of a conflict with their lines.
func (s *selection) conflict(c *lottery.Conflict) selectConflict {
	r := selectConflict{Warnings: s.warnings, Conflict: conflict{
		Quotas: []conflictQuota{}, Smallest: c.Smallest, Seats: c.Seats, Household: c.Household, Selected: c.Selected,
	}}
	for _, i := range c.Quotas {
		q := s.problem.Quotas[i]
		entry := conflictQuota{Category: q.Category, Value: q.Value, Min: q.Min, Line: s.lines[i], Applicants: s.have(q)}
		if q.Max != lottery.NoLimit {
			entry.Max = &q.Max
		}
		r.Conflict.Quotas = append(r.Conflict.Quotas, entry)
	}
	slices.SortFunc(r.Conflict.Quotas, func(a, b conflictQuota) int { return a.Line - b.Line })
	return r
}

// have counts the applicants whom a quota counts.
func (s *selection) have(q lottery.Quota) int {
	c := slices.Index(s.problem.Categories, q.Category)
	n := 0
	for _, a := range s.problem.Applicants {
		if a.Values[c] == q.Value {
			n++
		}
	}
	return n
}

// explain says in words what is in conflict.
func (s *selection) explain(c conflict, o SelectOptions) string {
	people := len(s.problem.Applicants)
	if len(c.Quotas) == 0 && !c.Household && !c.Selected && o.Party != "" && o.Seats <= people {
		return fmt.Sprintf("%s: %d seats cannot be filled exactly by those who come alone and those who come only together", s.people.Name, o.Seats)
	}
	if len(c.Quotas) == 0 && !c.Household && !c.Selected {
		return fmt.Sprintf("%s: %d seats, but only %d applicants", s.people.Name, o.Seats, people)
	}
	var b strings.Builder
	switch n := len(c.Quotas); {
	case n == 0:
		fmt.Fprintf(&b, "%s: these cannot be met together:", s.people.Name)
	case n == 1:
		fmt.Fprintf(&b, "%s: one quota cannot be met; without it the others of this list can:", s.quotas.Name)
	default:
		fmt.Fprintf(&b, "%s: %d quotas cannot be met together; without any one of them the others of this list can:", s.quotas.Name, n)
	}
	for _, q := range c.Quotas {
		limit := lottery.NoLimit
		if q.Max != nil {
			limit = *q.Max
		}
		words := lottery.Quota{Category: q.Category, Value: q.Value, Min: q.Min, Max: limit}.String()
		fmt.Fprintf(&b, "\n  line %d: %s (%d applied)", q.Line, words, q.Applicants)
		if limit != lottery.NoLimit && q.Min > limit {
			b.WriteString("; min is greater than max")
		}
	}
	if c.Seats {
		fmt.Fprintf(&b, "\n  %d seats, %d applicants", o.Seats, people)
	}
	if c.Household {
		fmt.Fprintf(&b, "\n  at most %d with the same %s", o.AtMost, o.Household)
	}
	if c.Selected {
		n := 0
		for _, a := range s.problem.Applicants {
			if a.Selected {
				n++
			}
		}
		fmt.Fprintf(&b, "\n  %d selected already", n)
	}
	if !c.Smallest {
		b.WriteString("\n(There may be a shorter list: this is as far as the effort went.)")
	}
	return b.String()
}

// warn notes what is allowed and yet may be a mistake.
func (s *selection) warn() {
	for i, q := range s.problem.Quotas {
		if s.have(q) == 0 {
			s.warnings = append(s.warnings, fmt.Sprintf("%s, line %d: nobody has %s = %s; there are: %s",
				s.quotas.Name, s.lines[i], q.Category, q.Value, strings.Join(s.values(q.Category), ", ")))
		}
	}
	for c, name := range s.problem.Categories {
		n := 0
		for _, a := range s.problem.Applicants {
			if a.Values[c] == "" {
				n++
			}
		}
		if n > 0 {
			s.warnings = append(s.warnings, fmt.Sprintf("%s: %d applicants have no value for %s; no quota of %s counts them", s.people.Name, n, name, name))
		}
	}
}

// values are the values of a category, in order, as many as fit into a message.
func (s *selection) values(category string) []string {
	c := slices.Index(s.problem.Categories, category)
	seen := make(map[string]bool)
	var list []string
	for _, a := range s.problem.Applicants {
		if v := a.Values[c]; v != "" && !seen[v] {
			seen[v] = true
			list = append(list, v)
		}
	}
	slices.Sort(list)
	if len(list) > 10 {
		list = append(list[:10], "…")
	}
	return list
}

package lottery

import (
	"fmt"
	"strings"
)

// Limits of the input, so that no file can exhaust the machine.
const (
	MaxApplicants = 20_000
	MaxCategories = 100
	MaxQuotas     = 1_000
	MaxTies       = 3_000 // households that the limit can bind, of different kinds
	MaxParty      = 4     // people who come only together
)

// NoLimit is the Max of a quota without an upper bound.
const NoLimit = -1

// Applicant is a person who may be selected.
type Applicant struct {
	ID        string
	Values    []string // one for each category of the problem, in its order
	Household string   // household or organisation; empty: none
	Selected  bool     // has a seat already
	// Party names those who come only together: all of them are selected or none is.
	// Empty: comes alone.
	Party string
}

// Quota says how many of the selected have a value in a category.
type Quota struct {
	Category string
	Value    string
	Min      int
	Max      int // NoLimit: as many as there are seats
}

// String gives the quota in words.
func (q Quota) String() string {
	name := fmt.Sprintf("%s = %s", q.Category, q.Value)
	switch {
	case q.Max == NoLimit:
		return fmt.Sprintf("%s: at least %d", name, q.Min)
	case q.Min == q.Max:
		return fmt.Sprintf("%s: exactly %d", name, q.Min)
	case q.Min <= 0:
		return fmt.Sprintf("%s: at most %d", name, q.Max)
	default:
		return fmt.Sprintf("%s: %d to %d", name, q.Min, q.Max)
	}
}

// Problem is a selection to be made. Order of applicants, categories and quotas
// has no influence on the result.
type Problem struct {
	Seats      int // with the seats of those who are selected already
	Categories []string
	Applicants []Applicant
	Quotas     []Quota // each category and value at most once
	AtMost     int     // seats for one household; 0: no limit
}

// InputError says which part of a problem cannot be used.
type InputError struct {
	Applicant int // index, or -1
	Quota     int // index, or -1
	Text      string
}

func (e *InputError) Error() string {
	switch {
	case e.Applicant >= 0:
		return fmt.Sprintf("applicant %d: %s", e.Applicant+1, e.Text)
	case e.Quota >= 0:
		return fmt.Sprintf("quota %d: %s", e.Quota+1, e.Text)
	default:
		return e.Text
	}
}

// Check finds what makes a problem meaningless; a quota that cannot be met is a
// [Conflict] and not an error of input. Errors are of type *InputError.
func (p Problem) Check() error {
	none := func(format string, args ...any) error {
		return &InputError{Applicant: -1, Quota: -1, Text: fmt.Sprintf(format, args...)}
	}
	switch {
	case p.Seats < 1:
		return none("seats must be at least 1, not %d", p.Seats)
	case p.AtMost < 0:
		return none("the limit of a household must not be negative, it is %d", p.AtMost)
	case len(p.Applicants) == 0:
		return none("there are no applicants")
	case len(p.Applicants) > MaxApplicants:
		return none("%d applicants, at most %d can be handled", len(p.Applicants), MaxApplicants)
	case len(p.Categories) > MaxCategories:
		return none("%d categories, at most %d can be handled", len(p.Categories), MaxCategories)
	case len(p.Quotas) > MaxQuotas:
		return none("%d quotas, at most %d can be handled", len(p.Quotas), MaxQuotas)
	}
	known := make(map[string]bool, len(p.Categories))
	for _, c := range p.Categories {
		if known[c] {
			return none("the category %q is there twice", c)
		}
		known[c] = true
	}
	if err := p.checkQuotas(known); err != nil {
		return err
	}
	return p.checkApplicants()
}

func (p Problem) checkQuotas(known map[string]bool) error {
	type key struct{ category, value string }
	first := make(map[key]int, len(p.Quotas))
	for i, q := range p.Quotas {
		fail := func(format string, args ...any) error {
			return &InputError{Applicant: -1, Quota: i, Text: fmt.Sprintf(format, args...)}
		}
		switch before, twice := first[key{q.Category, q.Value}]; {
		case !known[q.Category]:
			return fail("there is no category %q (there are: %s)", q.Category, strings.Join(p.Categories, ", "))
		case twice:
			return fail("%s = %s has a quota already, number %d", q.Category, q.Value, before+1)
		case q.Min < 0:
			return fail("min must not be negative, it is %d", q.Min)
		case q.Max < NoLimit:
			return fail("max must not be negative, it is %d", q.Max)
		}
		first[key{q.Category, q.Value}] = i
	}
	return nil
}

func (p Problem) checkApplicants() error {
	first := make(map[string]int, len(p.Applicants))
	parties := make(map[string]int) // how many come
	leader := make(map[string]int)  // who was named first
	for i, a := range p.Applicants {
		fail := func(format string, args ...any) error {
			return &InputError{Applicant: i, Quota: -1, Text: fmt.Sprintf(format, args...)}
		}
		if a.ID == "" {
			return fail("the id is empty")
		}
		if before, twice := first[a.ID]; twice {
			return fail("the id %q belongs to applicant %d already", a.ID, before+1)
		}
		if len(a.Values) != len(p.Categories) {
			return fail("%d values for %d categories", len(a.Values), len(p.Categories))
		}
		first[a.ID] = i
		if a.Party == "" {
			continue
		}
		if parties[a.Party]++; parties[a.Party] == 1 {
			leader[a.Party] = i
		}
		switch {
		case parties[a.Party] > MaxParty:
			return fail("more than %d people come only together as %q", MaxParty, a.Party)
		case a.Selected != p.Applicants[leader[a.Party]].Selected:
			return fail("of those who come only together as %q some are selected already and some are not", a.Party)
		}
	}
	return nil
}

package ledger

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
)

// Filter chooses facts. Empty fields choose all.
type Filter struct {
	Kinds      []Kind
	Activities []storage.ID
	From, To   Day // both included
}

// where is the condition of a query, empty for all.
func (f Filter) where() (condition string, args []any) {
	var where []string
	mark := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	if len(f.Kinds) > 0 {
		marks := make([]string, len(f.Kinds))
		for i, k := range f.Kinds {
			marks[i] = mark(string(k))
		}
		where = append(where, "kind IN ("+strings.Join(marks, ", ")+")")
	}
	if len(f.Activities) > 0 {
		marks := make([]string, len(f.Activities))
		for i, id := range f.Activities {
			marks[i] = mark(id)
		}
		where = append(where, "activity_id IN ("+strings.Join(marks, ", ")+")")
	}
	if f.From != "" {
		where = append(where, "day >= "+mark(string(f.From)))
	}
	if f.To != "" {
		where = append(where, "day <= "+mark(string(f.To)))
	}
	if len(where) > 0 {
		condition = " WHERE " + strings.Join(where, " AND ")
	}
	return condition, args
}

// Facts gives the chosen facts in the order of Compare: the table has none.
func Facts(ctx context.Context, tx *storage.Tx, f Filter) ([]Fact, error) {
	where, args := f.where()
	facts, err := storage.All(ctx, tx, scanFact, `SELECT `+factColumns+` FROM fact`+where, args...)
	slices.SortFunc(facts, Compare)
	return facts, err
}

// FirstDay is the first day of the chosen facts, also of those that were taken back; empty
// when there is none.
func FirstDay(ctx context.Context, tx *storage.Tx, f Filter) (Day, error) {
	where, args := f.where()
	var first string
	err := tx.QueryRow(ctx, `SELECT COALESCE(MIN(day), '') FROM fact`+where, args...).Scan(&first)
	return Day(first), err
}

// Dimension is a part of the profile by which people are told apart.
type Dimension string

// The dimensions.
const (
	Sex     Dimension = profile.BySex
	AgeBand Dimension = profile.ByAge
	City    Dimension = profile.ByCity
	Group   Dimension = profile.ByGroup
)

// Dimensions lists them in the order in which they are shown.
var Dimensions = [...]Dimension{Sex, AgeBand, City, Group}

// Of gives the value of the dimension in a profile, empty when it is unknown.
func (d Dimension) Of(p Profile) string {
	switch d {
	case Sex:
		return p.Sex
	case AgeBand:
		return p.AgeBand
	case City:
		return p.City
	case Group:
		return p.Group
	}
	return ""
}

// Number counts people and how often they did it. One person who attended two
// seminars is one of People and two of Times.
type Number struct{ People, Times int }

// Tally is one kind of fact, counted: in all, and by each dimension. A person
// who changed between two facts (moved to another city) counts where the
// latest day saw her, so that the parts add up to the whole; of two facts of
// that day the last in the order of Compare decides.
type Tally struct {
	Number
	By map[Dimension]map[string]Number
}

// Count counts facts, in any order. What was taken back is not counted: a
// check-in that was undone. Within one activity a person counts at most once.
func Count(facts []Fact) map[Kind]*Tally {
	out := map[Kind]*Tally{}
	for kind, people := range bySubject(facts) {
		t := &Tally{By: map[Dimension]map[string]Number{}}
		for _, d := range Dimensions {
			t.By[d] = map[string]Number{}
		}
		for _, list := range people {
			if stand := standing(list); len(stand) > 0 {
				t.add(stand[len(stand)-1].Profile, number(stand))
			}
		}
		out[kind] = t
	}
	return out
}

// Behind gives the facts behind one number of Count, in the order in which they
// came: of the people whom it counts under that value of the dimension, or of
// all when d is empty.
func Behind(facts []Fact, kind Kind, d Dimension, value string) []Fact {
	counted := map[storage.ID]bool{}
	for id, list := range bySubject(facts)[kind] {
		if stand := standing(list); len(stand) > 0 && (d == "" || d.Of(stand[len(stand)-1].Profile) == value) {
			counted[id] = true
		}
	}
	var out []Fact
	for _, f := range facts {
		if f.Kind == kind && counted[f.Subject] {
			out = append(out, f)
		}
	}
	return out
}

func bySubject(facts []Fact) map[Kind]map[storage.ID][]*Fact {
	out := map[Kind]map[storage.ID][]*Fact{}
	for i := range facts {
		f := &facts[i]
		people := out[f.Kind]
		if people == nil {
			people = map[storage.ID][]*Fact{}
			out[f.Kind] = people
		}
		people[f.Subject] = append(people[f.Subject], f)
	}
	return out
}

// number counts one person by the facts of hers that stand.
func number(stand []*Fact) Number {
	activities := make([]storage.ID, len(stand))
	for i, f := range stand {
		activities[i] = f.Activity
	}
	slices.SortFunc(activities, compareIDs)
	return Number{People: 1, Times: len(slices.Compact(activities))}
}

func (t *Tally) add(p Profile, n Number) {
	t.People += n.People
	t.Times += n.Times
	for _, d := range Dimensions {
		part := t.By[d][d.Of(p)]
		part.People += n.People
		part.Times += n.Times
		t.By[d][d.Of(p)] = part
	}
}

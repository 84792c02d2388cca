package ledger

import (
	"context"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Filter chooses facts. Empty fields choose all.
type Filter struct {
	Kinds      []Kind
	Activities []storage.ID
	From, To   time.Time // From included, To not
}

// Facts gives the chosen facts in the order in which they happened.
func Facts(ctx context.Context, tx *storage.Tx, f Filter) ([]Fact, error) {
	var where []string
	var args []any
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
	if !f.From.IsZero() {
		where = append(where, "at >= "+mark(storage.Micros(f.From)))
	}
	if !f.To.IsZero() {
		where = append(where, "at < "+mark(storage.Micros(f.To)))
	}
	query := `SELECT id, at, kind, activity_id, subject, value, sex, age_band, city, person_group, level FROM fact`
	if len(where) > 0 {
		query += " WHERE " + strings.Join(where, " AND ")
	}
	return storage.All(ctx, tx, scanFact, query+" ORDER BY at, id", args...)
}

func scanFact(row storage.Scanner) (f Fact, err error) {
	var at int64
	err = row.Scan(&f.ID, &at, &f.Kind, &f.Activity, &f.Subject, &f.Value,
		&f.Profile.Sex, &f.Profile.AgeBand, &f.Profile.City, &f.Profile.Group, &f.Profile.Level)
	f.At = storage.Instant(at)
	return f, err
}

// Dimension is a part of the profile by which people are told apart.
type Dimension string

// The dimensions.
const (
	Sex     Dimension = "sex"
	AgeBand Dimension = "age"
	City    Dimension = "city"
	Group   Dimension = "group"
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
// latest fact saw her, so that the parts add up to the whole.
type Tally struct {
	Number
	By map[Dimension]map[string]Number
}

// subject is what a tally remembers of one person.
type subject struct {
	times   map[storage.ID]int // by activity: facts less those taken back
	profile Profile
}

// Count counts facts that are in the order of Facts. Value below zero takes a
// fact back: a check-in that was undone. Within one activity a person counts
// at most once.
func Count(facts []Fact) map[Kind]*Tally {
	out := map[Kind]*Tally{}
	for kind, people := range bySubject(facts) {
		t := &Tally{By: map[Dimension]map[string]Number{}}
		for _, d := range Dimensions {
			t.By[d] = map[string]Number{}
		}
		for _, s := range people {
			n := s.number()
			t.add(s.profile, n)
		}
		out[kind] = t
	}
	return out
}

// Behind gives the facts behind one number of Count: of the people whom it
// counts under that value of the dimension, or of all when d is empty.
func Behind(facts []Fact, kind Kind, d Dimension, value string) []Fact {
	counted := map[storage.ID]bool{}
	for id, s := range bySubject(facts)[kind] {
		if s.number().People > 0 && (d == "" || d.Of(s.profile) == value) {
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

func bySubject(facts []Fact) map[Kind]map[storage.ID]*subject {
	out := map[Kind]map[storage.ID]*subject{}
	for _, f := range facts {
		people := out[f.Kind]
		if people == nil {
			people = map[storage.ID]*subject{}
			out[f.Kind] = people
		}
		s := people[f.Subject]
		if s == nil {
			s = &subject{times: map[storage.ID]int{}}
			people[f.Subject] = s
		}
		if f.Value < 0 {
			s.times[f.Activity]--
		} else {
			s.times[f.Activity]++
			s.profile = f.Profile
		}
	}
	return out
}

func (s *subject) number() Number {
	var n Number
	for _, times := range s.times {
		if times > 0 {
			n.Times++
		}
	}
	if n.Times > 0 {
		n.People = 1
	}
	return n
}

func (t *Tally) add(p Profile, n Number) {
	if n.People == 0 {
		return
	}
	t.People += n.People
	t.Times += n.Times
	for _, d := range Dimensions {
		part := t.By[d][d.Of(p)]
		part.People += n.People
		part.Times += n.Times
		t.By[d][d.Of(p)] = part
	}
}

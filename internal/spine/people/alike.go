package people

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
)

// MostAlike bounds how many records are shown at once that may be one person's.
const MostAlike = 10

// mostLookedAt bounds how many records of like names are opened for one question.
const mostLookedAt = 500

// Alike is a record that may be of the person who is typed in.
type Alike struct {
	Person  Person
	Same    []string       // what both share: phone, email, name, name_part, birth_year, city
	Missing []profile.Name // what was typed and the record lacks
	Unasked []Asked        // what she said yes to now and was never asked for before
	Mends   bool           // the actor may add that to it
}

// strength orders records by how much speaks for it that they are hers.
func (a Alike) strength() (n int) {
	for _, why := range a.Same {
		switch why {
		case string(PhoneContact), string(EmailContact):
			n += 8
		case "name":
			n += 4
		case string(profile.BirthYear):
			n += 2
		default:
			n++
		}
	}
	return n
}

// alike gives the records that may be of a person with these details, among those whom the
// actor sees, the likeliest first: with one of her contacts; with her name, unless both told
// a year of birth and the years differ; or with a part of her name, and her city or her
// year. It looks into indexes alone, so it is for a Write too.
func (s *Service) alike(ctx context.Context, tx *storage.Tx, by access.Actor, d Details, given []Asked) (out []Alike, err error) {
	shares := map[storage.ID][]string{}
	found := map[storage.ID]Person{}
	for _, c := range contacts(d) {
		list, err := s.WithContact(ctx, tx, c.Kind, c.Value)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			found[p.ID] = p
			shares[p.ID] = append(shares[p.ID], string(c.Kind))
		}
	}
	named, err := s.likeNamed(ctx, tx, d.FullName)
	if err != nil {
		return nil, err
	}
	for _, p := range named {
		found[p.ID] = p
	}
	for id, p := range found {
		if !Sees(by, p) {
			continue
		}
		same, likely := sameAs(p, d, shares[id])
		if !likely {
			continue
		}
		a := Alike{Person: p, Same: same, Missing: missing(p.Details, d)}
		if a.Unasked, err = s.unasked(ctx, tx, p.ID, given); err != nil {
			return nil, err
		}
		if a.Mends = len(a.Missing)+len(a.Unasked) > 0; a.Mends {
			a.Mends = s.MayCorrect(ctx, tx, by, p) == nil
		}
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b Alike) int {
		return cmp.Or(b.strength()-a.strength(), a.Person.Made.Compare(b.Person.Made), slices.Compare(a.Person.ID[:], b.Person.ID[:]))
	})
	return out, nil
}

// likeNamed gives living records with the folded name, or with two beginnings of its words.
func (s *Service) likeNamed(ctx context.Context, tx *storage.Tx, name string) ([]Person, error) {
	x := s.indexes(Person{Details: Details{FullName: name}})
	query, args := `SELECT id FROM person WHERE name_index = $1`, []any{x.name, mostLookedAt}
	if len(x.buckets) > 1 {
		marks := make([]string, len(x.buckets))
		for i, b := range x.buckets {
			args = append(args, b)
			marks[i] = "$" + strconv.Itoa(len(args))
		}
		query += ` UNION SELECT person_id FROM person_name_part WHERE bucket IN (` + strings.Join(marks, ", ") + `) GROUP BY person_id HAVING COUNT(*) > 1`
	}
	rows, err := storage.All(ctx, tx, scanRow, `SELECT `+columns+`
		FROM person
		WHERE merged_into IS NULL AND id IN (`+query+`)
		ORDER BY CASE WHEN name_index = $1 THEN 0 ELSE 1 END, id
		LIMIT $2`, args...)
	if err != nil {
		return nil, err
	}
	out := make([]Person, len(rows))
	for i, r := range rows {
		if out[i], err = s.open(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// sameAs tells what a record shares with what was typed, and whether it may be hers.
func sameAs(p Person, d Details, contacts []string) (same []string, likely bool) {
	same = slices.Clone(contacts)
	told := p.BirthYear != 0 && d.BirthYear != 0
	year, city := told && p.BirthYear == d.BirthYear, p.City != "" && p.City == d.City
	whole, part := nameKey(p.FullName) == nameKey(d.FullName), namePart(p.FullName, d.FullName)
	switch {
	case whole:
		same = append(same, "name")
	case part:
		same = append(same, "name_part")
	}
	if year {
		same = append(same, string(profile.BirthYear))
	}
	if city {
		same = append(same, string(profile.City))
	}
	others := told && !year
	return same, len(contacts) > 0 || whole && !others || part && !others && (year || city)
}

// namePart reports whether all words of the shorter name, two at least, stand in the longer.
func namePart(a, b string) bool {
	short, long := splitWords(a), splitWords(b)
	if len(short) > len(long) {
		short, long = long, short
	}
	return len(short) > 1 && !slices.ContainsFunc(short, func(w string) bool { return !slices.Contains(long, w) })
}

// missing gives the fields that were typed and that a record leaves open. Fields that say one
// thing together (together) come only where nothing of theirs speaks against it.
func missing(have, typed Details) (out []profile.Name) {
	against := map[string]bool{}
	for _, f := range profile.Fields {
		h, t := have.Get(f.Name), typed.Get(f.Name)
		if g := together[f.Name]; g != "" && len(h) > 0 && len(t) > 0 && !same(h, t) {
			against[g] = true
		}
	}
	for _, f := range profile.Fields {
		if len(have.Get(f.Name)) == 0 && len(typed.Get(f.Name)) > 0 && !against[together[f.Name]] {
			out = append(out, f.Name)
		}
	}
	return out
}

// completeAlike gives a record that is hers what it lacks, and the consents that she was
// never asked for; what she has answered herself stays.
func (s *Service) completeAlike(ctx context.Context, tx *storage.Tx, cmd Add, d Details, given []Asked) (Person, error) {
	p, err := s.hold(ctx, tx, cmd.Is)
	if err != nil {
		return p, err
	}
	if err := s.MayCorrect(ctx, tx, cmd.By, p); err != nil {
		return p, err
	}
	drawn, err := s.Drawn(ctx, tx, p, true)
	if err != nil {
		return p, err
	}
	typed := p.Details
	for _, name := range missing(p.Details, d) {
		typed.Set(name, d.Get(name)...)
	}
	if _, err := s.Correct(ctx, tx, Correct{Person: p.ID, Actor: cmd.By, Drawn: drawn, Typed: typed, Contacts: true}); err != nil {
		return p, err
	}
	if given, err = s.unasked(ctx, tx, p.ID, given); err != nil {
		return p, err
	}
	return p, s.noteConsents(ctx, tx, cmd, p, given)
}

// unasked leaves of consents those that a person has answered in no way yet.
func (s *Service) unasked(ctx context.Context, tx *storage.Tx, id storage.ID, given []Asked) ([]Asked, error) {
	if len(given) == 0 {
		return nil, nil
	}
	answered, err := s.Consents(ctx, tx, id)
	return slices.DeleteFunc(slices.Clone(given), func(a Asked) bool {
		_, said := answered[a.Purpose]
		return said
	}), err
}

package people

import (
	"cmp"
	"maps"
	"slices"
)

// told is who the rows of a file have been, by the contact that they gave.
type told map[contactKey]*contactTold

type contactKey struct {
	kind  ContactKind
	value string
}

type contactTold struct {
	names  map[string]toldRow // the first row of each person, by her folded name
	before map[string]bool    // folded names of those in the register who have it
}

// toldRow is a row with the name in it.
type toldRow struct {
	Place
	name string
}

func keyOf(c Contact) contactKey {
	if c.Kind == EmailContact {
		return contactKey{c.Kind, emailKey(c.Value)}
	}
	return contactKey{c.Kind, c.Value}
}

// tell notes a row and who has its contact in the register. The first row of a
// person stays.
func (t told) tell(c Contact, name string, at toldRow, before []Person) {
	have, there := t[keyOf(c)]
	if !there {
		have = &contactTold{names: map[string]toldRow{}, before: map[string]bool{}}
		t[keyOf(c)] = have
	}
	if _, twice := have.names[name]; !twice {
		have.names[name] = at
	}
	for _, p := range before {
		have.before[nameKey(p.FullName)] = true
	}
}

func (t told) join(now told) {
	for key, have := range now {
		before, there := t[key]
		if !there {
			t[key] = have
			continue
		}
		for name, at := range have.names {
			if _, twice := before.names[name]; !twice {
				before.names[name] = at
			}
		}
		maps.Copy(before.before, have.before)
	}
}

// same finds the row that was the same person: one of the contacts and the name.
func (t told) same(d Details) (Place, bool) {
	for _, c := range contacts(d) {
		if have, there := t[keyOf(c)]; there {
			if at, same := have.names[nameKey(d.FullName)]; same {
				return at.Place, true
			}
		}
	}
	return Place{}, false
}

// shared gives the contacts of different people, in the order of their rows, with the
// names in these.
func (t told) shared() (list []Shared, names [][]string) {
	type named struct {
		Shared
		names []string
	}
	var all []named
	for key, have := range t {
		before := false
		for name := range have.before {
			_, hers := have.names[name]
			before = before || !hers
		}
		if len(have.names) < 2 && !before {
			continue
		}
		one := named{Shared: Shared{Kind: key.kind, Before: before}}
		for _, at := range slices.SortedFunc(maps.Values(have.names), func(a, b toldRow) int { return comparePlaces(a.Place, b.Place) }) {
			one.Rows, one.names = append(one.Rows, at.Place), append(one.names, at.name)
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b named) int {
		return cmp.Or(slices.CompareFunc(a.Rows, b.Rows, comparePlaces), cmp.Compare(a.Kind, b.Kind))
	})
	for _, one := range all {
		list, names = append(list, one.Shared), append(names, one.names)
	}
	return list, names
}

func comparePlaces(a, b Place) int {
	return cmp.Or(cmp.Compare(a.Tab, b.Tab), cmp.Compare(a.Row, b.Row))
}

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
	names  map[string]Place // the first row of each person, by her folded name
	before map[string]bool  // folded names of those in the register who have it
}

func keyOf(c Contact) contactKey {
	if c.Kind == EmailContact {
		return contactKey{c.Kind, emailKey(c.Value)}
	}
	return contactKey{c.Kind, c.Value}
}

// tell notes a row and who has its contact in the register. The first row of a
// person stays.
func (t told) tell(c Contact, name string, at Place, before []Person) {
	have, there := t[keyOf(c)]
	if !there {
		have = &contactTold{names: map[string]Place{}, before: map[string]bool{}}
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
				return at, true
			}
		}
	}
	return Place{}, false
}

// shared gives the contacts of different people, in the order of their rows.
func (t told) shared() []Shared {
	var list []Shared
	for key, have := range t {
		before := false
		for name := range have.before {
			_, hers := have.names[name]
			before = before || !hers
		}
		if len(have.names) < 2 && !before {
			continue
		}
		rows := slices.SortedFunc(maps.Values(have.names), comparePlaces)
		list = append(list, Shared{Kind: key.kind, Rows: rows, Before: before})
	}
	slices.SortFunc(list, func(a, b Shared) int {
		return cmp.Or(slices.CompareFunc(a.Rows, b.Rows, comparePlaces), cmp.Compare(a.Kind, b.Kind))
	})
	return list
}

func comparePlaces(a, b Place) int {
	return cmp.Or(cmp.Compare(a.Tab, b.Tab), cmp.Compare(a.Row, b.Row))
}

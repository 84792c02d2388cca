package results

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/profile"
)

// part is one way in which somebody is counted: what she did, and who she was then.
type part struct {
	Kind  ledger.Kind `json:"kind"`
	Sex   string      `json:"sex,omitempty"`
	Age   string      `json:"age,omitempty"`
	City  string      `json:"city,omitempty"`
	Group string      `json:"group,omitempty"`
}

func (p part) compare(o part) int {
	return cmp.Or(strings.Compare(string(p.Kind), string(o.Kind)), strings.Compare(p.Sex, o.Sex), strings.Compare(p.Age, o.Age),
		strings.Compare(p.City, o.City), strings.Compare(p.Group, o.Group))
}

// who is the profile of a part.
func (p part) who() part { p.Kind = ""; return p }

// stay is a part and the first month that counts it.
type stay struct {
	part
	Since string `json:"since"`
}

// crowd is how many people are counted alike. There is no subject in it: who they are is
// not known, only how many.
type crowd struct {
	People int    `json:"people"`
	Stays  []stay `json:"stays"` // sorted by part, each part once
}

// parts are the parts of the stays, in their order.
func (c crowd) parts() []part {
	out := make([]part, len(c.Stays))
	for i, s := range c.Stays {
		out[i] = s.part
	}
	return out
}

func (c crowd) compare(o crowd) int {
	return slices.CompareFunc(c.Stays, o.Stays, func(a, b stay) int { return cmp.Or(a.compare(b.part), strings.Compare(a.Since, b.Since)) })
}

// seen is how many subjects the facts know whose parts are the same.
type seen struct {
	people int
	parts  []part // sorted, each once
}

// seenIn counts the subjects of facts that stand, each under one profile: of each trait
// the first that is known, so that who moves to another city goes on to count where she
// was counted before.
func seenIn(facts []ledger.Fact) []seen {
	type person struct {
		who   part
		kinds map[ledger.Kind]bool
	}
	people := map[storage.ID]*person{}
	for _, f := range ledger.Standing(facts) {
		p := people[f.Subject]
		if p == nil {
			p = &person{kinds: map[ledger.Kind]bool{}}
			people[f.Subject] = p
		}
		p.kinds[f.Kind] = true
		p.who.Sex = cmp.Or(p.who.Sex, sexOf(f.Profile.Sex))
		p.who.Age = cmp.Or(p.who.Age, f.Profile.AgeBand)
		p.who.City = cmp.Or(p.who.City, f.Profile.City)
		p.who.Group = cmp.Or(p.who.Group, f.Profile.Group)
	}
	groups := map[string]*seen{}
	for _, p := range people {
		p.who.Sex = cmp.Or(p.who.Sex, profile.Undisclosed)
		var parts []part
		for _, kind := range slices.Sorted(maps.Keys(p.kinds)) {
			one := p.who
			one.Kind = kind
			parts = append(parts, one)
		}
		key := keyOf(parts)
		if groups[key] == nil {
			groups[key] = &seen{parts: parts}
		}
		groups[key].people++
	}
	var out []seen
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		out = append(out, *groups[key])
	}
	return out
}

// sexOf is the sex as it is told: who did not say, and of whom nobody knows, are one.
func sexOf(s string) string {
	if s == profile.Female || s == profile.Male {
		return s
	}
	return ""
}

func keyOf(parts []part) string {
	var b strings.Builder
	for _, p := range parts {
		for _, s := range []string{string(p.Kind), p.Sex, p.Age, p.City, p.Group} {
			b.WriteString(s)
			b.WriteByte(0)
		}
	}
	return b.String()
}

// advance counts a month: who was counted before stays so, each part since the month that
// first counted it, and what the facts know beyond that is new in this month, whatever day
// it is of. So no number of a month that was told ever moves.
//
// Nothing says which subject is which of those counted before, so they are matched by what
// is known of them: those who are the same, those to whom something was added, those of
// whom something was taken back, and then the others, since a person of whom one thing was
// taken back and another became known is one. There are never more people than were
// counted before or are known now, whichever is more.
func advance(before []crowd, now []seen, month string) []crowd {
	m := matching{month: month, before: slices.Clone(before), now: slices.Clone(now), like: map[part][]int{}}
	slices.SortFunc(m.before, crowd.compare)
	for i, s := range m.now {
		who := s.parts[0].who()
		m.like[who] = append(m.like[who], i)
	}
	m.match(true, func(a, b []part) bool { return slices.Equal(a, b) })
	m.match(true, func(a, b []part) bool { return within(a, b) })
	m.match(true, func(a, b []part) bool { return within(b, a) })
	m.match(true, func(_, _ []part) bool { return true })
	m.match(false, func(_, _ []part) bool { return true })
	for _, c := range m.before {
		m.add(c.People, c.Stays, nil)
	}
	for _, s := range m.now {
		m.add(s.people, nil, s.parts)
	}
	return m.sorted()
}

// matching pairs those counted before with those known now.
type matching struct {
	month  string
	before []crowd        // what of them is left
	now    []seen         // what of them is left
	like   map[part][]int // those of now with a profile
	out    map[string]crowd
}

// match pairs all that fit, those who differ least first: of one profile, or any.
func (m *matching) match(alike bool, fits func(before, now []part) bool) {
	type pair struct{ before, now, more int }
	var pairs []pair
	for i, c := range m.before {
		if c.People == 0 {
			continue
		}
		parts := c.parts()
		for _, j := range m.near(parts, alike) {
			if m.now[j].people > 0 && fits(parts, m.now[j].parts) {
				pairs = append(pairs, pair{i, j, apart(parts, m.now[j].parts)})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return a.more - b.more })
	for _, p := range pairs {
		n := min(m.before[p.before].People, m.now[p.now].people)
		if n == 0 {
			continue
		}
		m.before[p.before].People -= n
		m.now[p.now].people -= n
		m.add(n, m.before[p.before].Stays, m.now[p.now].parts)
	}
}

// near are those of now who may be some with these parts.
func (m *matching) near(parts []part, alike bool) (out []int) {
	if !alike {
		for j := range m.now {
			out = append(out, j)
		}
		return out
	}
	met := map[part]bool{}
	for _, p := range parts {
		if who := p.who(); !met[who] {
			met[who] = true
			out = append(out, m.like[who]...)
		}
	}
	return out
}

// add counts people with the stays that they had and the parts that are known of them now.
func (m *matching) add(people int, had []stay, parts []part) {
	if people == 0 {
		return
	}
	c := crowd{People: people, Stays: slices.Clone(had)}
	for _, p := range parts {
		if at, there := slices.BinarySearchFunc(c.Stays, p, func(s stay, p part) int { return s.compare(p) }); !there {
			c.Stays = slices.Insert(c.Stays, at, stay{p, m.month})
		}
	}
	var key strings.Builder
	for _, s := range c.Stays {
		key.WriteString(keyOf([]part{s.part}) + s.Since + "\x00")
	}
	if m.out == nil {
		m.out = map[string]crowd{}
	}
	c.People += m.out[key.String()].People
	m.out[key.String()] = c
}

func (m *matching) sorted() []crowd { return slices.SortedFunc(maps.Values(m.out), crowd.compare) }

// within tells whether all parts of a are parts of b; both are sorted.
func within(a, b []part) bool {
	for _, p := range a {
		if _, there := slices.BinarySearchFunc(b, p, part.compare); !there {
			return false
		}
	}
	return true
}

// apart is how many parts only one of them has; both are sorted.
func apart(a, b []part) (n int) {
	both := 0
	for _, p := range a {
		if _, there := slices.BinarySearchFunc(b, p, part.compare); there {
			both++
		}
	}
	return len(a) + len(b) - 2*both
}

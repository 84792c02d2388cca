package people

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
)

// By what a list of people may be sorted.
const (
	SortName  = "name"
	SortCity  = "city"
	SortGroup = "group"
	SortMade  = "made"
)

// ListQuery asks for a page of the people whom somebody may see; empty fields take all.
type ListQuery struct {
	Actor access.Actor // with people.view
	Text  string       // parts of names, or a whole e-mail or phone
	City  string
	Group string
	Sex   string

	Sort   string   // one of those above; another sorts by name
	Down   bool     // the last first
	Cities []string // keys in the order in which cities are sorted
	groups []string // codes in the order in which groups are sorted

	After  storage.ID // the page behind this person; zero: the first
	Before storage.ID // the page that ends before this person
	Limit  int        // people on a page; 0: all of them, as ids alone
}

// Searches reports whether there is anything in the text to search for; see Query.Searches.
func (q ListQuery) Searches() bool { return Query{Text: q.Text}.Searches() }

// SearchesContact reports whether the text is an address or a number, and no name.
func (q ListQuery) SearchesContact() bool {
	return strings.Contains(q.Text, "@") || looksLikePhone(q.Text)
}

// Listing is a page of people.
type Listing struct {
	People []Person     // of the page
	IDs    []storage.ID // of the page, or of all when the query has no limit
	From   int          // the place of the first among those who fit, from 1; 0 when nobody does
	Count  int          // how many fit
	Of     int          // how many the asker may see
	// With tells for each value of a field how many would fit if it were chosen
	// instead of what is; the empty value stands for all.
	With map[profile.Name]map[string]int
	Prev bool // there is a page before
	Next bool // there is a page behind
}

// List gives a page of people, out of the directory of names in memory: with a hundred
// thousand people in some milliseconds. It opens the boxes of those on the page, and
// judges by them again whom the asker may see. The caller notes in their logs that they
// were seen.
func (s *Service) List(ctx context.Context, q ListQuery) (Listing, error) {
	byName, byMade, words, err := s.names(ctx)
	if err != nil {
		return Listing{}, err
	}
	q.groups = profile.Of(profile.Group).Values(s.Lists())
	order := byName
	if q.Sort == SortMade {
		order = byMade
	}
	fits, err := s.textFilter(ctx, q.Text)
	if err != nil {
		return Listing{}, err
	}
	sees := make([]bool, len(words[ofCity])) // by the number of the city
	for n, city := range words[ofCity] {
		sees[n] = covers(q.Actor, "people.view", city)
	}
	var counted [ofPeople][]int
	var chosen [ofPeople]func(n uint32) bool
	for field, word := range map[int]string{ofCity: q.City, ofGroup: q.Group, ofSex: q.Sex} {
		counted[field] = make([]int, len(words[field]))
		number := uint32(slices.Index(words[field], word)) // no number when nobody has it
		chosen[field] = func(n uint32) bool { return word == "" || n == number }
	}
	out := Listing{}
	found := make([]*listed, 0, len(order))
	for _, p := range order {
		if !sees[p.in[ofCity]] {
			continue
		}
		out.Of++
		if !fits(p) {
			continue
		}
		city, group, sex := chosen[ofCity](p.in[ofCity]), chosen[ofGroup](p.in[ofGroup]), chosen[ofSex](p.in[ofSex])
		if group && sex {
			counted[ofCity][p.in[ofCity]]++
		}
		if city && sex {
			counted[ofGroup][p.in[ofGroup]]++
		}
		if city && group {
			counted[ofSex][p.in[ofSex]]++
		}
		if city && group && sex {
			found = append(found, p)
		}
	}
	out.With = map[profile.Name]map[string]int{
		profile.City: with(words[ofCity], counted[ofCity]), profile.Group: with(words[ofGroup], counted[ofGroup]), profile.Sex: with(words[ofSex], counted[ofSex]),
	}
	found = q.sorted(found, words)
	out.Count = len(found)
	if q.Limit == 0 {
		out.From = min(1, len(found))
		for _, p := range found {
			out.IDs = append(out.IDs, p.id)
		}
		return out, nil
	}
	from, to := q.page(found)
	for _, p := range found[from:to] {
		out.IDs = append(out.IDs, p.id)
	}
	out.From, out.Prev, out.Next = min(from+1, len(found)), from > 0, to < len(found)
	out.People, err = s.Shown(ctx, q.Actor, out.IDs)
	return out, err
}

// with gives the counts by their words; the empty one stands for all.
func with(words []string, counted []int) map[string]int {
	out, all := map[string]int{}, 0
	for n, count := range counted {
		if all += count; count > 0 {
			out[words[n]] = count
		}
	}
	out[""] = all
	return out
}

// Shown opens people in the order of the ids, without those who are no more, were merged
// or are out of the asker's reach by now. The caller notes that they were seen.
func (s *Service) Shown(ctx context.Context, a access.Actor, ids []storage.ID) (out []Person, err error) {
	err = s.store.Read(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = s.ShownIn(ctx, tx, a, ids)
		return err
	})
	return out, err
}

// ShownIn is Shown in a transaction.
func (s *Service) ShownIn(ctx context.Context, tx *storage.Tx, a access.Actor, ids []storage.ID) (out []Person, err error) {
	byID, err := s.ByIDs(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if p, ok := byID[id]; ok && p.ID == id && Sees(a, p) {
			out = append(out, p)
		}
	}
	return out, nil
}

// anywhere is how many folded letters of a word are found in the middle of a name, too;
// fewer stand in too many, and are found where a word begins.
const anywhere = 3

// textFilter tells who fits a text. A text in which there is nothing to search for takes
// everybody, one that is too long nobody.
func (s *Service) textFilter(ctx context.Context, text string) (fits func(*listed) bool, err error) {
	nobody := func(*listed) bool { return false }
	contact := []byte(nil)
	switch {
	case len(text) > longestText:
		return nobody, nil
	case strings.Contains(text, "@"):
		contact = s.emailIndex(strings.TrimSpace(text))
	case looksLikePhone(text):
		phone, err := Phone(text)
		if err != nil {
			return nobody, nil
		}
		contact = s.phoneIndex(phone)
	default:
		words := strings.Fields(i18n.FoldKey(text))
		for i, w := range words {
			if utf8.RuneCountInString(w) < anywhere {
				words[i] = " " + w
			}
		}
		return func(p *listed) bool { return p.named(words) }, nil
	}
	var ids []storage.ID
	err = s.store.Read(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		ids, err = storage.All(ctx, tx, scanID, `SELECT person_id FROM contact WHERE value_index = $1`, contact)
		return err
	})
	return func(p *listed) bool { return slices.Contains(ids, p.id) }, err
}

// sorted puts people, who come by name or by their record's age, into the order asked for.
func (q ListQuery) sorted(list []*listed, words [ofAll][]string) []*listed {
	var order []string
	field := ofCity
	switch q.Sort {
	case SortCity:
		order = q.Cities
	case SortGroup:
		order, field = q.groups, ofGroup
	default:
		if q.Down {
			slices.Reverse(list)
		}
		return list
	}
	// One heap for each value; within it they stay by name. Who has told nothing, or
	// what nobody has put in order, comes last.
	place := make([]int, len(words[field]))
	for n, word := range words[field] {
		if place[n] = slices.Index(order, word); place[n] < 0 {
			place[n] = len(order)
		}
	}
	heaps := make([][]*listed, len(order)+1)
	for _, p := range list {
		i := place[p.in[field]]
		heaps[i] = append(heaps[i], p)
	}
	if q.Down {
		slices.Reverse(heaps[:len(order)])
	}
	return slices.Concat(heaps...)
}

// page gives from where to where the page reaches. Who is no more on the list, or never
// was, leads to the first page.
func (q ListQuery) page(list []*listed) (from, to int) {
	at := func(id storage.ID) int {
		return slices.IndexFunc(list, func(p *listed) bool { return p.id == id })
	}
	if i := at(q.After); i >= 0 {
		from = i + 1
	} else if i := at(q.Before); i >= 0 {
		from = max(0, i-q.Limit)
	}
	if from >= len(list) { // behind the last
		from = max(0, len(list)-q.Limit)
	}
	return from, min(from+q.Limit, len(list))
}

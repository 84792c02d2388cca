package seats

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// MostListed bounds the list of all applications: of more the last ones are listed.
const MostListed = 50_000

// By what all applications may be narrowed.
const (
	ByActivity  = "seminar"
	ByState     = "state"
	ByCity      = "city" // in which the seminar is
	BySex       = "sex"
	ByAge       = "age"
	ByLevel     = "level"
	ByReach     = "reach" // ReachLetters, ReachCalls, ReachNone
	ByReconfirm = "reconfirm"
)

// Narrowings are all of them.
var Narrowings = [...]string{ByActivity, ByState, ByCity, BySex, ByAge, ByLevel, ByReach, ByReconfirm}

// How somebody is reached.
const (
	ReachLetters = "letters" // a letter or a chat reaches her
	ReachCalls   = "calls"   // a call alone
	ReachNone    = "none"
)

// By what all applications may be sorted.
const (
	SortMade    = "made"
	SortName    = "name"
	SortSeminar = "seminar"
	SortState   = "state"
)

// ListApplications asks for a page of the applications to all activities that the actor
// may select for.
type ListApplications struct {
	Actor access.Actor
	Text  string            // beginnings of names, or a whole e-mail or phone
	Wants map[string]string // a value for each of Narrowings that narrows
	Sort  string            // SortMade unless another
	Down  bool              // the other way around: of SortMade the first first

	After  storage.ID // the page behind this application; zero: the first
	Before storage.ID // the page that ends before it
	Limit  int        // 0: all of them, as ids alone
}

// Listed is an application of the list with the activity that it is to.
type Listed struct {
	Applicant
	To Activity
}

// Listing is a page of applications.
type Listing struct {
	Rows       []Listed
	IDs        []storage.ID // of the page, or of all without a limit
	From       int          // the place of the first, from 1; 0 when none fits
	Count, Of  int          // that fit, and that there are
	Over       bool         // there are more than MostListed
	Prev, Next bool
	// With tells for each value of each narrowing how many would fit if it were chosen
	// instead of what is; the empty value stands for all.
	With       map[string]map[string]int
	Activities []Activity // that have applications, or may have some
}

// Register is the list of all applications, with what it keeps in memory.
type Register struct {
	*Service
	index index
}

// NewRegister makes the list of these seats.
func NewRegister(s *Service) *Register { return &Register{Service: s} }

// Forget takes a person who was erased out of what is kept in memory.
func (m *Register) Forget(person storage.ID) { m.index.forget(person) }

// sorted is an application that fits, with what it is sorted by.
type sorted struct {
	*indexed
	rank  int // of her name
	place int // of its activity
}

// List gives a page of all applications, out of two indexes in memory: of fifty thousand
// in some milliseconds. Those of the page are read and opened anew. The caller notes in the
// logs of the people that they were seen.
func (m *Register) List(ctx context.Context, q ListApplications) (out Listing, err error) {
	var now time.Time
	mine := map[storage.ID]int{} // activities of the actor, by their places
	if err := m.Store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
		now, out.Activities = tx.Now, nil
		clear(mine)
		list, err := m.Schedule().List(ctx, tx)
		if err != nil {
			return err
		}
		list = slices.Clone(list)
		slices.SortStableFunc(list, func(a, b Activity) int { return b.Starts.Compare(a.Starts) })
		for _, a := range list {
			if a.Capacity > 0 && q.Actor.May(MaySelect, ScopeOf(a)) {
				mine[a.ID] = len(out.Activities)
				out.Activities = append(out.Activities, a)
			}
		}
		return nil
	}); err != nil {
		return out, err
	}
	all, err := m.index.all(ctx, m.Store)
	if err != nil {
		return out, err
	}
	within := make([]sorted, 0, min(len(all), MostListed))
	for _, one := range all {
		place, ok := mine[one.activity]
		if !ok {
			continue
		}
		if out.Over = len(within) == MostListed; out.Over {
			break
		}
		within = append(within, sorted{indexed: one, place: place})
	}
	found, err := m.narrowed(ctx, &out, q, within, mine, now)
	if err != nil {
		return out, err
	}
	q.sort(found)
	out.Count = len(found)
	from, to := 0, len(found)
	if q.Limit > 0 {
		from, to = q.page(found)
	}
	for _, s := range found[from:to] {
		out.IDs = append(out.IDs, s.id)
	}
	out.From, out.Prev, out.Next = min(from+1, len(found)), from > 0, to < len(found)
	if q.Limit == 0 {
		return out, nil
	}
	err = m.Store.Read(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		out.Rows, err = m.ListedByIDs(ctx, tx, q.Actor, out.IDs)
		return err
	})
	return out, err
}

// tally counts by the values of one narrowing. There are few, so that looking along them is
// faster than a map.
type tally struct {
	values []string
	counts []int
	all    int
}

func (t *tally) at(value string) int {
	if value == "" {
		value = untold
	}
	for i, v := range t.values {
		if v == value {
			return i
		}
	}
	t.values, t.counts = append(t.values, value), append(t.counts, 0)
	return len(t.values) - 1
}

// untold is the value of who has told nothing, so that it is not taken for all.
const untold = "-"

// banded finds the places of age bands in a tally. There are few ages and few bands, so
// that each is looked for once and not for each application.
type banded struct {
	set   profile.BandSet
	tally *tally
	ages  [profile.OldestAge + 1]int // one more than the place; 0: not looked for yet
	told  map[string]int
}

func (b *banded) ofAge(age int) int {
	age = min(max(age, 0), profile.OldestAge)
	if b.ages[age] == 0 {
		b.ages[age] = b.tally.at(b.set.OfAge(age)) + 1
	}
	return b.ages[age] - 1
}

// ofBand is for who told a band alone, or nothing.
func (b *banded) ofBand(told string) int {
	at, known := b.told[told]
	if !known {
		band := ""
		if told != "" {
			band = b.set.OfBand(told)
		}
		at = b.tally.at(band)
		b.told[told] = at
	}
	return at
}

// narrowed finds those that fit, the last first, and counts what each value would leave.
func (m *Register) narrowed(ctx context.Context, out *Listing, q ListApplications, within []sorted, mine map[storage.ID]int, now time.Time) ([]sorted, error) {
	var tallies [len(Narrowings)]tally
	var want [len(Narrowings)]int
	for i, by := range Narrowings {
		if want[i] = -1; q.Wants[by] != "" {
			want[i] = tallies[i].at(q.Wants[by])
		}
	}
	// Of each activity its own number and that of its city, found once.
	slugs, cities := make([]int, len(out.Activities)), make([]int, len(out.Activities))
	for place, a := range out.Activities {
		slugs[place], cities[place] = tallies[0].at(a.Slug), tallies[2].at(a.City)
	}
	// She is counted in the age band of the day of each activity.
	lists, sets := m.People.Lists(), map[string]*banded{}
	bands, years := make([]*banded, len(out.Activities)), make([]int, len(out.Activities))
	for place, a := range out.Activities {
		day := CountedOn(a, now)
		set := lists.BandsOn(day)
		if sets[set.From] == nil {
			sets[set.From] = &banded{set: set, tally: &tallies[4], told: map[string]int{}}
		}
		bands[place], years[place] = sets[set.From], day.In(i18n.Bishkek()).Year()
	}
	age := func(n people.Named, place int) int {
		if n.Born != 0 {
			return bands[place].ofAge(years[place] - n.Born)
		}
		return bands[place].ofBand(n.Age)
	}
	found := make([]sorted, 0, len(within))
	look := func(one sorted, n people.Named) {
		out.Of++
		if !n.Fits {
			return
		}
		reach := ReachNone
		switch {
		case m.WayTo(n.Ways, true).Reaches():
			reach = ReachLetters
		case n.Ways.Phone:
			reach = ReachCalls
		}
		place := one.place
		values := [len(Narrowings)]int{
			slugs[place], tallies[1].at(string(one.state)), cities[place], tallies[3].at(n.Sex), age(n, place), tallies[5].at(n.Level), tallies[6].at(reach), tallies[7].at(one.reconfirm),
		}
		misses, missed := 0, 0
		for i, v := range values {
			if want[i] >= 0 && want[i] != v {
				misses, missed = misses+1, i
			}
		}
		switch misses {
		case 0:
			for i, v := range values {
				tallies[i].counts[v]++
				tallies[i].all++
			}
			one.rank = n.Rank
			found = append(found, one)
		case 1:
			tallies[missed].counts[values[missed]]++
			tallies[missed].all++
		}
	}
	var gone []storage.ID
	each := func(list []sorted, gone *[]storage.ID) error {
		persons := make([]storage.ID, len(list))
		for i, one := range list {
			persons[i] = one.person
		}
		return m.People.EachNamed(ctx, q.Text, persons, func(i int, n people.Named) {
			if n.There {
				look(list[i], n)
			} else if gone != nil {
				*gone = append(*gone, list[i].id)
			}
		})
	}
	if err := each(within, &gone); err != nil {
		return nil, err
	}
	if len(gone) > 0 {
		again, err := m.index.again(ctx, m.Store, gone)
		if err != nil {
			return nil, err
		}
		fresh := make([]sorted, len(again))
		for i, one := range again {
			fresh[i] = sorted{indexed: one, place: mine[one.activity]}
		}
		if err := each(fresh, nil); err != nil {
			return nil, err
		}
		slices.SortFunc(found, func(a, b sorted) int { return lastFirst(a.indexed, b.indexed) }) // they were read behind the others
	}
	out.With = map[string]map[string]int{}
	for i, by := range Narrowings {
		out.With[by] = map[string]int{}
		for v, n := range tallies[i].counts {
			if n > 0 {
				out.With[by][tallies[i].values[v]] = n
			}
		}
		if tallies[i].all > 0 {
			out.With[by][""] = tallies[i].all
		}
	}
	return found, nil
}

// sort puts applications, the last of which come first, into the order asked for.
func (q ListApplications) sort(list []sorted) {
	switch q.Sort {
	case SortName:
		slices.SortFunc(list, func(a, b sorted) int {
			if c := cmp.Compare(a.rank, b.rank); c != 0 {
				return c
			}
			return bytes.Compare(a.id[:], b.id[:])
		})
	case SortSeminar:
		slices.SortStableFunc(list, func(a, b sorted) int { return cmp.Compare(a.place, b.place) })
	case SortState:
		place := map[State]int{}
		for i, s := range States {
			place[s] = i
		}
		slices.SortStableFunc(list, func(a, b sorted) int {
			if a.state == b.state {
				return 0
			}
			return cmp.Compare(place[a.state], place[b.state])
		})
	}
	if q.Down {
		slices.Reverse(list)
	}
}

// page gives from where to where the page reaches. A cursor that is no more on the list
// leads to the first page.
func (q ListApplications) page(list []sorted) (from, to int) {
	at := func(id storage.ID) int {
		return slices.IndexFunc(list, func(s sorted) bool { return s.id == id })
	}
	if i := at(q.After); i >= 0 {
		from = i + 1
	} else if i := at(q.Before); i >= 0 {
		from = max(0, i-q.Limit)
	}
	if from >= len(list) {
		from = max(0, len(list)-q.Limit)
	}
	return from, min(from+q.Limit, len(list))
}

// ListedByIDs reads applications as they are, in the order of the ids, without those that
// are no more or to an activity for which the actor may not select.
func (m *Service) ListedByIDs(ctx context.Context, tx *storage.Tx, actor access.Actor, ids []storage.ID) (out []Listed, err error) {
	apps := map[storage.ID]Application{}
	var persons []storage.ID
	for part := range slices.Chunk(ids, 200) {
		args, marks := make([]any, len(part)), make([]string, len(part))
		for i, id := range part {
			args[i], marks[i] = id, "$"+strconv.Itoa(i+1)
		}
		some, err := storage.All(ctx, tx, ScanApplication, `SELECT `+ApplicationColumns+` FROM application WHERE id IN (`+strings.Join(marks, ", ")+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, app := range some {
			apps[app.ID] = app
			persons = append(persons, app.Person)
		}
	}
	known, err := m.People.ByIDs(ctx, tx, persons)
	if err != nil {
		return nil, err
	}
	activities := map[storage.ID]Activity{}
	for _, id := range ids {
		app, there := apps[id]
		p, named := known[app.Person]
		if !there || !named {
			continue
		}
		a, seen := activities[app.Activity]
		if !seen {
			if a, err = m.ActivityByID(ctx, tx, app.Activity); err != nil {
				return nil, err
			}
			activities[app.Activity] = a
		}
		if actor.May(MaySelect, ScopeOf(a)) {
			out = append(out, Listed{Applicant: ApplicantOf(app, p.Details, m.People.Lists(), CountedOn(a, tx.Now)), To: a})
		}
	}
	return out, nil
}

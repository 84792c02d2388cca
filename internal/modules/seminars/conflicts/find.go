package conflicts

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
)

// Kind is what contradicts what.
type Kind string

// The kinds.
const (
	Double   Kind = "double"   // two phones let in one ticket, and the second could not know of the first
	Withdrew Kind = "withdrew" // somebody came who had withdrawn or was declined
	Refused  Kind = "refused"  // a phone read somebody with no network, and the house has refused her since
	Undo     Kind = "undo"     // an entry was to be taken back too late, or by another phone
	Codes    Kind = "codes"    // a phone read codes that belong to nobody here
	WalkedIn Kind = "walk_in"  // who came without an application may have one
	Entry    Kind = "entry"    // no conflict: whoever leads the day takes an entry back
)

// Choice is what may be decided.
type Choice string

// The choices.
const (
	Same    Choice = "same"    // of a double and of who walked in: it is the same person
	Two     Choice = "two"     // of a double: two people came on one ticket
	Came    Choice = "came"    // she came; what the house has stays
	Not     Choice = "not"     // she did not come
	LetIn   Choice = "let_in"  // she came, though the house has refused her
	Take    Choice = "take"    // the entry is taken back
	Stays   Choice = "stays"   // the entry stands
	Seen    Choice = "seen"    // nothing is to be done about these codes
	Another Choice = "another" // of who walked in: it is somebody else
)

// choices are those of each kind, in the order of their buttons.
var choices = map[Kind][]Choice{
	Double: {Same, Two}, Withdrew: {Came, Not}, Refused: {LetIn, Not}, Undo: {Take, Stays}, Codes: {Seen}, WalkedIn: {Same, Another}, Entry: {Take},
}

// ByItself is how long after a scan the house hears of it at most where somebody at the door was
// shown what the house said. A phone answers by itself after a second; what the house says later
// than this comes when the next person stands there.
const ByItself = 10 * time.Second

// Reading is a scan as it is kept.
type Reading struct {
	ID                    storage.ID
	Device, Nonce, Undoes string // Undoes: of an undo, the nonce that it takes back
	Application           storage.ID
	Kind, Result, Reason  string
	At, Received          int64 // microseconds; of a code that is not known both are when it arrived
	Valid                 bool
	Given                 bool        // another phone, or somebody with a file, has brought it
	state, from           seats.State // of the application, and what it was before she came
}

// Alone reports whether the phone had answered before the house heard of it. A scan dated
// later than it arrived comes of a wrong clock: nobody knows when it was.
func (r Reading) Alone() bool {
	late := r.Received - r.At
	return late > ByItself.Microseconds() || late < 0 && r.Reason == "future"
}

// Conflict is one contradiction that stands.
type Conflict struct {
	Kind        Kind
	Subject     storage.ID // of what it is decided
	Application storage.ID // whose, zero for codes
	Other       storage.ID // of who walked in, the application that may be hers
	Readings    []Reading  // what contradicts, the oldest first
	Count       int        // of codes
	State       seats.State
}

// Choices are what may be decided of it.
func (c Conflict) Choices() []Choice { return choices[c.Kind] }

// at is when it happened, by which conflicts are ordered.
func (c Conflict) at() int64 {
	if len(c.Readings) == 0 {
		return 0
	}
	return c.Readings[len(c.Readings)-1].At
}

// finder is what the scans of a door and the decisions on them say, read once.
type finder struct {
	of        seats.Activity
	scans     []Reading
	decisions []Decision // those that stand

	byNonce map[string][]Reading         // by nonce, of all devices
	undone  map[string][]int64           // times of undos, by device and nonce; refused ones as well
	counted map[string][]int64           // of those, the ones that count
	hers    map[storage.ID][]Reading     // by application
	decided map[Kind]map[storage.ID]bool // subjects
	without map[storage.ID]int64         // until when it is decided that she did not come, by application
	stayed  map[storage.ID]bool          // of whom it is decided that she came though she had withdrawn
}

func key(device, nonce string) string { return device + "\x00" + nonce }

// find gives what contradicts, the oldest first. It depends on the set of scans and decisions
// alone, not on the order in which they came.
func find(of seats.Activity, scans []Reading, decisions []Decision) []Conflict {
	f := finder{
		of: of, scans: scans, decisions: decisions, byNonce: map[string][]Reading{}, undone: map[string][]int64{}, counted: map[string][]int64{},
		hers: map[storage.ID][]Reading{}, decided: map[Kind]map[storage.ID]bool{}, without: map[storage.ID]int64{}, stayed: map[storage.ID]bool{},
	}
	for _, d := range decisions {
		if f.decided[d.Kind] == nil {
			f.decided[d.Kind] = map[storage.ID]bool{}
		}
		f.decided[d.Kind][d.Subject] = true
		switch d.Choice {
		case Not, Take:
			f.without[d.Application] = max(f.without[d.Application], storage.Micros(d.At))
		case Came:
			f.stayed[d.Application] = true
		}
	}
	for _, s := range scans {
		if s.Kind == "undo" {
			k := key(s.Device, s.Undoes)
			f.undone[k] = append(f.undone[k], s.At)
			if s.Valid {
				f.counted[k] = append(f.counted[k], s.At)
			}
			continue
		}
		f.byNonce[s.Nonce] = append(f.byNonce[s.Nonce], s)
		if !s.Application.IsZero() {
			f.hers[s.Application] = append(f.hers[s.Application], s)
		}
	}
	var out []Conflict
	for app, list := range f.hers {
		out = append(out, f.doubles(app, list)...)
		if c, is := f.withdrew(app, list); is {
			out = append(out, c)
		}
		if c, is := f.refused(app, list); is {
			out = append(out, c)
		}
	}
	out = append(append(out, f.undos()...), f.codes()...)
	slices.SortFunc(out, inOrder)
	return out
}

func inOrder(a, b Conflict) int {
	return cmp.Or(cmp.Compare(a.at(), b.at()), cmp.Compare(a.Kind, b.Kind), bytes.Compare(a.Subject[:], b.Subject[:]))
}

func earlier(a, b Reading) int {
	return cmp.Or(cmp.Compare(a.At, b.At), strings.Compare(key(a.Device, a.Nonce), key(b.Device, b.Nonce)))
}

// arrived orders scans as the house kept them.
func arrived(a, b Reading) int {
	return cmp.Or(cmp.Compare(a.Received, b.Received), bytes.Compare(a.ID[:], b.ID[:]))
}

// taken reports whether a scan was taken back in time, by an undo that counts, or by any.
func taken(undos map[string][]int64, s Reading) bool {
	return slices.ContainsFunc(undos[key(s.Device, s.Nonce)], func(at int64) bool { return seats.MayUndo(s.At, at) })
}

// standing are the scans of one application that count and were not taken back, in their order.
func (f finder) standing(list []Reading) []Reading {
	list = slices.DeleteFunc(slices.Clone(list), func(s Reading) bool { return !s.Valid || taken(f.counted, s) })
	slices.SortFunc(list, earlier)
	return list
}

// doubles are the entries of somebody who is inside already by another phone, where who stood
// at the door was not told so in that moment: the phone knows its own, and what the house said
// in time. Of several days each begins with nobody inside.
func (f finder) doubles(app storage.ID, list []Reading) (out []Conflict) {
	several := programme.SeveralDays(f.of.Starts, f.of.Ends)
	var inside []Reading
	for _, s := range f.standing(list) {
		if len(inside) > 0 && several && s.At >= storage.Micros(programme.Midnight(storage.Instant(inside[0].At)).AddDate(0, 0, 1)) {
			inside = nil
		}
		switch {
		case s.Kind == "out":
			inside = nil
			continue
		case s.Device == door.Deciders:
			continue
		}
		asked := s.Result == "already_in" && !s.Alone() || slices.ContainsFunc(inside, func(before Reading) bool { return before.Device == s.Device })
		if len(inside) > 0 && !asked && !f.decided[Double][s.ID] {
			out = append(out, Conflict{Kind: Double, Subject: s.ID, Application: app, Readings: []Reading{inside[0], s}, State: s.state})
		}
		inside = append(inside, s)
	}
	return out
}

// withdrew is that somebody came who had no place here any more: her first entry that stands.
// Whoever was let in beyond the seats was let in by somebody who may.
func (f finder) withdrew(app storage.ID, list []Reading) (c Conflict, is bool) {
	if first := list[0]; first.state != seats.Attended || first.from != seats.Withdrawn && first.from != seats.Declined || f.stayed[app] {
		return c, false
	}
	for _, s := range f.standing(list) {
		switch {
		case s.Kind != "in":
		case s.Device == door.Deciders || s.Reason == "over_capacity":
			return c, false
		default:
			return Conflict{Kind: Withdrew, Subject: s.ID, Application: app, Readings: []Reading{s}, State: s.from}, true
		}
	}
	return c, false
}

// refused is that a phone read somebody by itself, and the house says that she has not come.
// What the phone took back itself is none.
func (f finder) refused(app storage.ID, list []Reading) (c Conflict, is bool) {
	if list[0].state == seats.Attended {
		return c, false
	}
	list = slices.DeleteFunc(slices.Clone(list), func(s Reading) bool {
		return s.Kind != "in" || s.Result != "refused" || s.Device == door.Deciders || !s.Alone() || taken(f.undone, s) || s.Received <= f.without[app]
	})
	if len(list) == 0 {
		return c, false
	}
	slices.SortFunc(list, earlier)
	return Conflict{Kind: Refused, Subject: list[0].ID, Application: app, Readings: list, State: list[0].state}, true
}

// undos are those that were refused because they came too late or with a wrong clock, and those
// that another phone made: of each entry that still stands, one.
func (f finder) undos() (out []Conflict) {
	entry := func(u Reading) (Reading, bool) {
		var others []Reading
		for _, s := range f.byNonce[u.Undoes] {
			own := s.Device == u.Device && !u.Valid && (u.Reason == "too_late" || u.Reason == "future")
			other := s.Device != u.Device && u.Reason == "undo_first"
			if (own || other) && s.Kind == "in" && s.Valid && !taken(f.counted, s) {
				others = append(others, s)
			}
		}
		if len(others) != 1 {
			return Reading{}, false
		}
		return others[0], true
	}
	list := slices.DeleteFunc(slices.Clone(f.scans), func(s Reading) bool { return s.Kind != "undo" })
	slices.SortFunc(list, earlier)
	until := map[storage.ID]int64{} // of an entry, until when it is decided that it stands
	for _, d := range f.decisions {
		if i := slices.IndexFunc(list, func(u Reading) bool { return d.Kind == Undo && d.Choice == Stays && u.ID == d.Subject }); i >= 0 {
			if s, is := entry(list[i]); is {
				until[s.ID] = max(until[s.ID], storage.Micros(d.At))
			}
		}
	}
	seen := map[storage.ID]bool{}
	for _, u := range list {
		s, is := entry(u)
		if !is || seen[s.ID] || u.Received <= until[s.ID] {
			continue
		}
		seen[s.ID] = true
		out = append(out, Conflict{Kind: Undo, Subject: u.ID, Application: s.Application, Readings: []Reading{s, u}, State: s.state})
	}
	return out
}

// codes are what each phone read that belongs to nobody here, since that was last decided.
func (f finder) codes() (out []Conflict) {
	nobody := map[string][]Reading{}
	until := map[string]Reading{}
	for _, s := range f.scans {
		if s.Kind == "undo" || !s.Application.IsZero() || s.Result != "unknown" && s.Result != "refused" {
			continue
		}
		nobody[s.Device] = append(nobody[s.Device], s)
		if last, is := until[s.Device]; f.decided[Codes][s.ID] && (!is || arrived(s, last) > 0) {
			until[s.Device] = s
		}
	}
	for device, list := range nobody {
		if last, is := until[device]; is {
			list = slices.DeleteFunc(list, func(s Reading) bool { return arrived(s, last) <= 0 })
		}
		if len(list) == 0 {
			continue
		}
		slices.SortFunc(list, arrived)
		last := list[len(list)-1]
		c := Conflict{Kind: Codes, Subject: last.ID, Readings: []Reading{list[0]}, Count: len(list)}
		if len(list) > 1 {
			c.Readings = append(c.Readings, last)
		}
		out = append(out, c)
	}
	return out
}

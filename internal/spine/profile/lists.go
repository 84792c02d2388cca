package profile

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// Lists are the lists of a house as they stand: its cities, groups, age bands and levels.
// They are never changed once they are made, so that whoever has them sees one state.
// Nil are those with which a house begins.
type Lists struct {
	mark    int64  // names the state; 0 of those with which a house begins
	today   string // the day whose names hold; empty: the last names
	entries map[Name][]Entry
	at      map[Name]map[string]int    // the place in entries of a code
	words   map[Name]map[string]string // a code by its folded names and spellings
	sets    []BandSet                  // of age bands, the earliest first; never empty
}

// newLists makes lists of entries and of sets of age bands. Without a set it is that with
// which a house begins.
func newLists(mark int64, all []Entry, sets []BandSet) *Lists {
	if len(sets) == 0 {
		sets = []BandSet{seedBands()}
	}
	sets = slices.SortedFunc(slices.Values(sets), func(a, b BandSet) int { return cmp.Compare(a.From, b.From) })
	l := &Lists{mark: mark, sets: sets, entries: map[Name][]Entry{}, at: map[Name]map[string]int{}, words: map[Name]map[string]string{}}
	for _, e := range all {
		l.entries[e.List] = append(l.entries[e.List], e)
	}
	for name, list := range l.entries {
		slices.SortFunc(list, func(a, b Entry) int {
			x, _ := AgesOf(a.Code)
			y, _ := AgesOf(b.Code)
			if name != AgeBand { // bands stand in the order of their ages
				x, y = Ages{}, Ages{}
			}
			return cmp.Or(cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To), cmp.Compare(a.Place, b.Place), cmp.Compare(a.Code, b.Code))
		})
		l.at[name], l.words[name] = map[string]int{}, map[string]string{}
		for i := range list {
			l.hold(&list[i], "")
			l.at[name][list[i].Code] = i
			for _, w := range list[i].texts() {
				if key := i18n.FoldKey(w); l.words[name][key] == "" {
					l.words[name][key] = list[i].Code
				}
			}
		}
	}
	return l
}

// With gives the lists with more entries, which are not stored: to look at what would be.
func (l *Lists) With(add ...Entry) *Lists {
	l = l.sure()
	var all []Entry
	for _, name := range listed {
		all = append(all, l.entries[name]...)
	}
	out := newLists(l.mark, append(all, add...), l.sets)
	if l.today != "" {
		out = out.on(l.today)
	}
	return out
}

// On gives the lists as they are on a day: with its names and age bands.
func (l *Lists) On(day time.Time) *Lists { return l.sure().on(Day(day)) }

// hold gives an entry the name that holds on a day. An age band is offered while a set has it.
func (l *Lists) hold(e *Entry, day string) {
	e.Now = e.on(day)
	if e.List == AgeBand {
		e.Closed = !slices.Contains(l.bandsOn(day).Bands, e.Code)
	}
}

// on gives the lists with the names and age bands that hold on a day.
func (l *Lists) on(day string) *Lists {
	out := *l
	out.today, out.entries = day, make(map[Name][]Entry, len(l.entries))
	for name, list := range l.entries {
		list = slices.Clone(list)
		for i := range list {
			l.hold(&list[i], day)
		}
		out.entries[name] = list
	}
	return &out
}

// sure gives the lists with which a house begins when there are none.
func (l *Lists) sure() *Lists {
	if l == nil {
		return begin
	}
	return l
}

// Mark names the state: lists with the same mark are the same.
func (l *Lists) Mark() int64 { return l.sure().mark }

// All lists the entries of a list in their order, also those that were closed. Nobody
// writes into it.
func (l *Lists) All(list Name) []Entry { return l.sure().entries[list] }

// Offered lists the entries that may be chosen.
func (l *Lists) Offered(list Name) []Entry {
	return slices.DeleteFunc(slices.Clone(l.All(list)), func(e Entry) bool { return e.Closed })
}

// Cities lists the cities that may be chosen.
func (l *Lists) Cities() []Entry { return l.Offered(City) }

// Entry finds an entry by its code.
func (l *Lists) Entry(list Name, code string) (Entry, bool) {
	l = l.sure()
	i, ok := l.at[list][code]
	if !ok {
		return Entry{}, false
	}
	return l.entries[list][i], true
}

// City finds a city by its code.
func (l *Lists) City(code string) (Entry, bool) { return l.Entry(City, code) }

// CityName names a city in a language as it is called today; an unknown code is given back.
func (l *Lists) CityName(lang i18n.Language, code string) string {
	if e, ok := l.City(code); ok {
		return e.Now.Name.In(lang)
	}
	return code
}

// CityNameOn names a city as it was called on a day, for what happened then: of the zero
// day and of one to come, as it is called today.
func (l *Lists) CityNameOn(lang i18n.Language, code string, day time.Time) string {
	if e, ok := l.City(code); ok && !day.IsZero() && Day(day) < cmp.Or(l.sure().today, "9999") {
		return e.On(day).Name.In(lang)
	}
	return l.CityName(lang, code)
}

// CityAt says "in the city" in a language, empty for an unknown code.
func (l *Lists) CityAt(lang i18n.Language, code string) string {
	e, _ := l.City(code)
	return e.Now.In.In(lang)
}

// Find finds the code that somebody means by a word: a name of now, of before or to come in
// any of the languages, a spelling, or the code.
func (l *Lists) Find(list Name, word string) (code string, ok bool) {
	key := i18n.FoldKey(word)
	if key == "" {
		return "", false
	}
	code, ok = l.sure().words[list][key]
	return code, ok
}

// FindCity is Find for a city, with or without the word for city.
func (l *Lists) FindCity(words string) (code string, ok bool) {
	var kept []string
	for _, w := range strings.Fields(strings.ReplaceAll(words, ".", ". ")) {
		switch strings.ToLower(strings.Trim(w, ".,")) {
		case "г", "гор", "город", "ш", "шаар", "шаары", "city":
		default:
			kept = append(kept, w)
		}
	}
	return l.Find(City, strings.Join(kept, " "))
}

// Said gives the lists that a printer speaks with: i18n.Catalogue.Bring has brought them.
func Said(say *i18n.Printer) *Lists {
	if say == nil {
		return nil
	}
	l, _ := say.Brought().(*Lists)
	return l
}

// CityName names a city in the language of a printer as it is called today.
func CityName(say *i18n.Printer, code string) string { return Said(say).CityName(say.Lang, code) }

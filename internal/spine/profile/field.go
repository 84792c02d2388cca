package profile

import (
	"slices"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// Name is the name of a field as it is stored, exported and named at a fault.
type Name string

// The fields.
const (
	FullName     Name = "name"
	AddressAs    Name = "address_as"
	Email        Name = "email"
	Phone        Name = "phone"
	Sex          Name = "sex"
	BirthYear    Name = "birth_year"
	AgeBand      Name = "age_band"
	City         Name = "city"
	Village      Name = "village"
	Group        Name = "group"
	Level        Name = "level"
	Organisation Name = "organisation"
	Languages    Name = "languages"
	AccessNeeds  Name = "access_needs"
	Lang         Name = "lang"
)

// The codes that the house has a rule for, see Entry.Kept.
const (
	Female        = "female"
	Male          = "male"
	Undisclosed   = "undisclosed"
	Deputies      = "deputies"
	Activists     = "activists"
	Media         = "media"
	Parliament    = "jogorku" // the level of a deputy of the Jogorku Kenesh
	CityKenesh    = "city"
	VillageKenesh = "village"
	Dungan        = "dng"
	Other         = "other" // none of the values above it: another place, group or language
)

// The questions of a form that ask for a field: key and kind at once.
const (
	AskName         = "name"
	AskPhone        = "phone"
	AskEmail        = "email"
	AskSex          = "sex"
	AskAge          = "age"
	AskPlace        = "place"
	AskVillage      = "village"
	AskGroup        = "group"
	AskLevel        = "level"
	AskOrganisation = "organisation"
	AskLanguages    = "languages"
	AskAccess       = "access"
)

// The parts of the profile by which people are counted, filtered and balanced, as they
// stand in addresses and in stored numbers.
const (
	BySex   = "sex"
	ByAge   = "age"
	ByCity  = "city"
	ByGroup = "group"
)

// Code is one value that may be chosen.
type Code struct {
	Value string   // as it is stored
	Words []string // what tables of people write for it, in any language
}

// Field is one field of a person.
type Field struct {
	Name     Name
	Asks     string   // the question that asks for it, empty when no form does
	By       string   // the part of the profile by which people are counted, empty for none
	Codes    []Code   // what may be chosen, in the order in which it is shown; empty: it is written
	Listed   bool     // what may be chosen is a list of the house, and Codes are empty
	Open     bool     // more may be chosen than Codes: the cities of the house
	Several  bool     // more than one may be chosen
	Lines    bool     // written in several lines
	Contact  bool     // a way to reach her, which is changed by a command of its own
	Longest  int      // most characters of what is written
	Headings []string // of a table of people, in any language

	values []string // of Codes
}

// Chosen reports whether a value is chosen and not written.
func (f Field) Chosen() bool { return f.Listed || len(f.Codes) > 0 }

// Values gives the codes in their order, also those of the house that were closed; of an
// open field those that are no cities. Nobody writes into the list.
func (f Field) Values(l *Lists) []string {
	if !f.Listed {
		return f.values
	}
	return codes(l.All(f.Name))
}

// Offered is Values without what was closed.
func (f Field) Offered(l *Lists) []string {
	if !f.Listed {
		return f.values
	}
	return codes(l.Offered(f.Name))
}

func codes(list []Entry) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = e.Code
	}
	return out
}

// Takes reports whether a value may stand in the field, as far as it is chosen from its
// codes. Nothing may always stand there; of an open field its owner knows the rest.
func (f Field) Takes(l *Lists, value string) bool {
	return value == "" || !f.Chosen() || f.Open || slices.Contains(f.Values(l), value)
}

// Offers reports whether somebody may be given a value who did not have it: of what Takes
// takes, that which was not closed, and of an open field that which is in its list.
func (f Field) Offers(l *Lists, value string) bool {
	if slices.Contains(f.Offered(l), value) || !f.Chosen() {
		return true
	}
	e, there := l.Entry(f.Name, value)
	return f.Open && there && !e.Closed
}

// Named gives the offered codes that name something: neither Other nor Undisclosed.
func (f Field) Named(l *Lists) []string {
	return slices.DeleteFunc(slices.Clone(f.Offered(l)), func(v string) bool { return v == Other || v == Undisclosed })
}

// Known finds the code that a word of a table stands for.
func (f Field) Known(l *Lists, word string) (code string, ok bool) {
	if f.Listed {
		return l.Find(f.Name, word)
	}
	folded := i18n.FoldKey(word)
	for _, c := range f.Codes {
		if slices.ContainsFunc(c.Words, func(n string) bool { return i18n.FoldKey(n) == folded }) {
			return c.Value, true
		}
	}
	return "", false
}

// Of gives a field.
func Of(name Name) Field { return byName[name] }

// Asked gives the field that a question asks for; ok is false for other questions.
func Asked(question string) (f Field, ok bool) {
	f, ok = byQuestion[question]
	return f, ok
}

// Counted gives the field of a part of the profile; ok is false when there is none.
func Counted(by string) (f Field, ok bool) {
	f, ok = byPart[by]
	return f, ok
}

var byName, byQuestion, byPart = indexes()

func indexes() (names map[Name]Field, questions, parts map[string]Field) {
	names, questions, parts = map[Name]Field{}, map[string]Field{}, map[string]Field{}
	for i := range Fields {
		f := &Fields[i]
		for _, c := range f.Codes {
			f.values = append(f.values, c.Value)
		}
		names[f.Name] = *f
		if f.Asks != "" {
			questions[f.Asks] = *f
		}
		if f.By != "" {
			parts[f.By] = *f
		}
	}
	return names, questions, parts
}

// Questions lists the questions that ask for a field, in the order in which they are offered.
func Questions() []string { return list(func(f Field) string { return f.Asks }, asked) }

// Parts lists the parts by which people are counted, in the order in which they are shown.
func Parts() []string {
	return list(func(f Field) string { return f.By }, []Name{Sex, AgeBand, City, Group})
}

func list(of func(Field) string, names []Name) (out []string) {
	for _, n := range names {
		out = append(out, of(Of(n)))
	}
	return out
}

// Compare orders two values as the table does; those that it does not know come last.
func (f Field) Compare(l *Lists, a, b string) int {
	values := f.Values(l)
	place := func(v string) int {
		if i := slices.Index(values, v); i >= 0 {
			return i
		}
		return len(values)
	}
	return place(a) - place(b)
}

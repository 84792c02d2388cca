package lists

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/legible"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// The bounds of what is written.
const (
	LongestName = 60   // letters of a name
	LongestWord = 80   // letters of a spelling
	mostNames   = 20   // of one entry, one after the other
	mostWords   = 60   // of one entry
	longestCode = 40   // letters of a code
	LastPlace   = 9999 // in a list
)

// Most is how many entries a list may have, 0 when none may be added.
func Most(list profile.Name) int {
	switch list {
	case profile.City:
		return 100
	case profile.Group, profile.Level:
		return 20
	}
	return 0
}

// Regions are the ISO 3166-2 subdivisions of Kyrgyzstan, in which a city may lie.
func Regions() []string {
	return []string{"KG-GB", "KG-GO", "KG-B", "KG-C", "KG-J", "KG-N", "KG-O", "KG-T", "KG-Y"}
}

// NameField, InField, ManyField and FromField are the fields of the names of an entry,
// counted from 0.
func NameField(i int) string { return "name_" + strconv.Itoa(i) }

// InField is that of "in the city".
func InField(i int) string { return "in_" + strconv.Itoa(i) }

// ManyField is that of all who are of a group.
func ManyField(i int) string { return "many_" + strconv.Itoa(i) }

// FromField is that of the day from which a name holds.
func FromField(i int) string { return "from_" + strconv.Itoa(i) }

// check finds what is wrong with an entry, and gives it as it is kept, but for its names,
// which stay in the order of the form until all is judged, see inOrder: a fault is said where
// it was written. old is the entry as it stands, the zero one when it is new.
func check(form *fault.Form, lists *profile.Lists, e, old profile.Entry) profile.Entry {
	e = e.Only()
	checkNames(form, &e)
	checkWords(form, &e)
	if e.Place == 0 || old.Place > LastPlace { // what stands at the end stays there
		e.Place = old.Place
	} else {
		form.Check(e.Place >= 1 && e.Place <= LastPlace, "place", "programme.lists.fault.place", fault.Args{"count": LastPlace})
	}
	if e.List == profile.City {
		form.Check(slices.Contains(Regions(), e.ISO), "iso", "programme.lists.fault.region")
		within := func(field, key string, v, least, most float64) {
			form.Check(!math.IsNaN(v) && v >= least && v <= most, field, key, fault.Args{"min": least, "max": most})
		}
		within("lat", "programme.lists.fault.lat", e.Lat, profile.South, profile.North)
		within("lon", "programme.lists.fault.lon", e.Lon, profile.West, profile.East)
	}
	checkTaken(form, lists, e)
	return e
}

// inOrder gives an entry with its names in the order of their days.
func inOrder(e profile.Entry) profile.Entry {
	e.Names = slices.Clone(e.Names)
	slices.SortStableFunc(e.Names, func(a, b profile.Named) int { return strings.Compare(a.From, b.From) })
	return e
}

// checkNames looks at each name.
func checkNames(form *fault.Form, e *profile.Entry) {
	form.Check(len(e.Names) > 0, NameField(0)+"_"+string(i18n.Kyrgyz), "fault.required")
	form.Check(len(e.Names) <= mostNames, FromField(0), "programme.lists.fault.many", fault.Args{"count": mostNames})
	names := make([]profile.Named, len(e.Names))
	seen := map[string]bool{}
	for i, n := range e.Names {
		checkName(form, NameField(i), &n.Name, true)
		checkName(form, InField(i), &n.In, e.List == profile.City)
		checkName(form, ManyField(i), &n.Many, n.Many != (i18n.Text{}))
		switch {
		case i == 0:
			form.Check(n.From == "", FromField(i), "programme.lists.fault.first")
		case !goodDay(n.From):
			form.Add(FromField(i), "programme.lists.fault.day")
		case seen[n.From]:
			form.Add(FromField(i), "programme.lists.fault.day_twice")
		}
		seen[n.From] = true
		names[i] = n
	}
	e.Names = names
}

// goodDay tells a day on which a name may begin.
func goodDay(day string) bool {
	at, err := time.Parse(time.DateOnly, day)
	return err == nil && at.Year() >= 1900 && at.Year() <= 2100
}

// checkName writes a name as it is kept. A needed one stands in all three languages.
func checkName(form *fault.Form, field string, t *i18n.Text, needed bool) {
	if !needed {
		*t = i18n.Text{}
		return
	}
	programme.KeepText(form, field, t, false)
	for _, l := range i18n.Languages {
		text, at := t.Exactly(l), field+"_"+string(l)
		switch {
		case form.Has(at):
		case text == "":
			form.Add(at, "programme.lists.fault.language")
		case len([]rune(text)) > LongestName:
			form.Add(at, "programme.fault.long", fault.Args{"count": LongestName})
		case !plain(text):
			form.Add(at, "programme.lists.fault.script")
		default:
			form.Check(strings.ContainsFunc(text, unicode.IsLetter) || strings.ContainsFunc(text, unicode.IsDigit), at, "programme.lists.fault.letters")
		}
	}
}

// cyrillic are the letters of Kyrgyz and Russian.
const cyrillic = "абвгдеёжзийклмнңоөпрстуүфхцчшщъыьэюя"

// plain reports whether a name is written so that nobody takes it for another that looks the
// same: in the letters of Kyrgyz, Russian or Latin, not of two of them in one word, and not
// in letters of another width or form.
func plain(name string) bool {
	if norm.NFKC.String(name) != name {
		return false
	}
	for word := range strings.FieldsFuncSeq(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) }) {
		latin, cyr := false, false
		for _, r := range word {
			switch {
			case unicode.Is(unicode.Latin, r):
				latin = true
			case strings.ContainsRune(cyrillic, unicode.ToLower(r)):
				cyr = true
			default:
				return false
			}
		}
		if latin && cyr {
			return false
		}
	}
	return true
}

func checkWords(form *fault.Form, e *profile.Entry) {
	var kept []string
	for _, w := range e.Words {
		w, wrong := legible.Line(w)
		switch {
		case wrong != nil:
			form.Add("words", wrong.Key, wrong.Args)
		case w == "" || slices.Contains(kept, w):
		default:
			form.Check(len([]rune(w)) <= LongestWord, "words", "programme.fault.long", fault.Args{"count": LongestWord})
			kept = append(kept, w)
		}
	}
	form.Check(len(kept) <= mostWords, "words", "programme.lists.fault.words", fault.Args{"count": mostWords})
	e.Words = kept
}

// checkTaken refuses a name or spelling by which another entry of the list is found.
func checkTaken(form *fault.Form, lists *profile.Lists, e profile.Entry) {
	taken := func(field, text string) {
		if text == "" || form.Has(field) {
			return
		}
		code, found := lists.Find(e.List, text)
		if found && code != e.Code {
			other, _ := lists.Entry(e.List, code)
			form.Add(field, "programme.lists.fault.taken", fault.Args{"name": other.Now.Name})
		} else if f := profile.Of(e.List); !found && f.Open {
			_, rest := f.Known(lists, text)
			form.Check(!rest, field, "programme.lists.fault.rest")
		}
	}
	for i, n := range e.Names {
		for _, l := range i18n.Languages {
			taken(NameField(i)+"_"+string(l), n.Name.Exactly(l))
			taken(ManyField(i)+"_"+string(l), n.Many.Exactly(l))
		}
	}
	for _, w := range e.Words {
		taken("words", w)
	}
	if code, found := lists.Find(e.List, e.Code); found && code != e.Code { // a name of another
		taken("code", e.Code)
	}
}

// goodCode tells a code that may be stored and stand in an address.
func goodCode(code string) bool {
	return programme.SlugForm.MatchString(code) && len(code) <= longestCode && !slices.Contains([]string{profile.Other, "new", "all", "none"}, code)
}

// codeOf makes a code of an English name: "Kara-Balta" is kara-balta.
func codeOf(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	return strings.Join(words, "-")
}

package profile

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// The bounds of what an age band may be.
const (
	YoungestBegins = 14  // years: a set of bands begins here or below, so that nobody who may apply is too young for it
	OldestAge      = 120 // years
)

// Ages are the ages in years of a band, both included. To is 0 of the band without an end.
// They are the identity of a band: a band never gets others, and its code says them.
type Ages struct{ From, To int }

// Code is the code of the band of these ages: "25-34", or "60+" without an end.
func (a Ages) Code() string {
	if a.To == 0 {
		return strconv.Itoa(a.From) + "+"
	}
	return strconv.Itoa(a.From) + "-" + strconv.Itoa(a.To)
}

// AgesOf reads the code of a band; ok is false for what is none.
func AgesOf(code string) (a Ages, ok bool) {
	from, to, two := strings.Cut(code, "-")
	var err error
	if !two {
		from = strings.TrimSuffix(from, "+")
	} else if a.To, err = strconv.Atoi(to); err != nil || a.To == 0 {
		return Ages{}, false
	}
	if a.From, err = strconv.Atoi(from); err != nil || a.From < 0 || a.Code() != code {
		return Ages{}, false
	}
	return a, true
}

// covers reports whether all ages of another band lie in this one.
func (a Ages) covers(b Ages) bool {
	return a.From <= b.From && (a.To == 0 || b.To != 0 && b.To <= a.To)
}

// BandSet are the age bands that hold from a day: every age lies in exactly one of them,
// who is younger than the youngest being counted with it. A set that has begun is never
// changed; another begins on a later day.
type BandSet struct {
	From  string   // 2006-01-02 in Bishkek; empty: since ever
	Bands []string // codes, the youngest first; never empty
}

// OfAge gives the band of an age in years.
func (s BandSet) OfAge(age int) string {
	at := s.Bands[0]
	for _, code := range s.Bands {
		if a, _ := AgesOf(code); age >= a.From {
			at = code
		}
	}
	return at
}

// OfBand gives the band in which all ages of a band lie that was told; empty when its ages
// lie in several, so that nobody can say which.
func (s BandSet) OfBand(told string) string {
	if slices.Contains(s.Bands, told) {
		return told
	}
	ages, ok := AgesOf(told)
	if !ok {
		return ""
	}
	for i, code := range s.Bands {
		a, _ := AgesOf(code)
		if i == 0 { // who is younger is counted with it
			a.From = 0
		}
		if a.covers(ages) {
			return code
		}
	}
	return ""
}

// Youngest is the age in years below which nobody is of a band of its own.
func (s BandSet) Youngest() int {
	a, _ := AgesOf(s.Bands[0])
	return a.From
}

// BandSets lists the sets of age bands, the earliest first. Nobody writes into them.
func (l *Lists) BandSets() []BandSet { return l.sure().sets }

// BandsOn gives the age bands that hold on a day in Bishkek.
func (l *Lists) BandsOn(day time.Time) BandSet { return l.sure().bandsOn(Day(day)) }

// bandsOn is BandsOn for a written day; the empty one comes after all others.
func (l *Lists) bandsOn(day string) (now BandSet) {
	for i, s := range l.sets {
		if i == 0 || s.From <= day || day == "" {
			now = s
		}
	}
	return now
}

// BandOfAge gives the band at a time of who is of an age in years.
func (l *Lists) BandOfAge(age int, at time.Time) string { return l.BandsOn(at).OfAge(age) }

// BandOfYear gives the band at a time of who was born in a year, the year being that of
// a calendar in Bishkek.
func (l *Lists) BandOfYear(year int, at time.Time) string {
	return l.BandOfAge(at.In(i18n.Bishkek()).Year()-year, at)
}

// BandOfBand gives the band at a time of who told a band, which may be one of before;
// empty when the bands of that day do not tell.
func (l *Lists) BandOfBand(told string, at time.Time) string {
	if told == "" {
		return ""
	}
	return l.BandsOn(at).OfBand(told)
}

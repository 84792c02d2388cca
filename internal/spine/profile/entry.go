package profile

import (
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
)

// listed are the fields whose values are data: lists of the house, which a coordinator
// names, adds to and closes on a page.
var listed = [...]Name{City, Group, AgeBand, Level}

// ListNames gives the lists of the house in the order in which they are shown.
func ListNames() []Name { return slices.Clone(listed[:]) }

// Entry is one value of a list of the house.
type Entry struct {
	List    Name   `json:"-"`
	Code    string `json:"-"` // as it is stored in records, activities and facts; it never changes
	Place   int64  `json:"-"` // in the list, the smallest first
	Closed  bool   `json:"-"` // no longer offered, still named where it stands
	Version int64  `json:"-"`

	Names []Named  `json:"names"`           // by the day from which they hold, the earliest first; never empty
	Words []string `json:"words,omitempty"` // what tables of people write for it besides its names
	ISO   string   `json:"iso,omitempty"`   // of a city: its ISO 3166-2 subdivision
	Lat   float64  `json:"lat,omitempty"`   // of a city: WGS84 degrees north
	Lon   float64  `json:"lon,omitempty"`   // of a city: WGS84 degrees east

	Corrected []Correction `json:"corrected,omitempty"` // of names that had held, the latest last

	// Now is the name that holds today; set by Lists.
	Now Named `json:"-"`
}

// Correction is that a name which had held was written otherwise: past events are called
// so from then on.
type Correction struct {
	Day  string        `json:"day"`            // on which it was done, 2006-01-02 in Bishkek
	Lang i18n.Language `json:"lang"`           // of what was written otherwise
	Was  string        `json:"was,omitempty"`  // as it was written before
	Is   string        `json:"is,omitempty"`   // as it is written now
	Typo bool          `json:"typo,omitempty"` // a typing error; else it was said to have been called so before, too
}

// Named is what an entry is called from a day on.
type Named struct {
	From string    `json:"from,omitempty"` // 2006-01-02 in Bishkek; empty: since ever
	Name i18n.Text `json:"name"`
	In   i18n.Text `json:"in,omitzero"`   // of a city: "in the city", whole: no suffix is ever put to a name
	Many i18n.Text `json:"many,omitzero"` // of a group: all who are of it; empty: as Name
}

// On gives the names that hold on a day.
func (e Entry) On(day time.Time) Named { return e.on(Day(day)) }

// on is On for a written day; the empty one comes after all others.
func (e Entry) on(day string) (now Named) {
	for i, n := range e.Names {
		if i == 0 || n.From <= day || day == "" {
			now = n
		}
	}
	return now
}

// Day writes the day of a moment in Bishkek as names are kept by it.
func Day(at time.Time) string { return at.In(i18n.Bishkek()).Format(time.DateOnly) }

// Kept reports whether the house has a rule for the entry, so that it is never closed.
func (e Entry) Kept() bool {
	switch e.List {
	case Group:
		return slices.Contains([]string{Deputies, Activists, Media, Other}, e.Code)
	case Level:
		return slices.Contains([]string{Parliament, CityKenesh, VillageKenesh}, e.Code)
	case AgeBand:
		return true
	}
	return false
}

// many gives what all who have it are called.
func (n Named) many(l i18n.Language) string {
	if n.Many != (i18n.Text{}) {
		return n.Many.In(l)
	}
	return n.Name.In(l)
}

// texts are all that the entry was, is and will be called, and its spellings.
func (e Entry) texts() []string {
	out := append([]string{e.Code}, e.Words...)
	for _, n := range e.Names {
		for _, t := range []i18n.Text{n.Name, n.Many} {
			for _, l := range i18n.Languages {
				if s := t.Exactly(l); s != "" {
					out = append(out, s)
				}
			}
		}
	}
	return out
}

// Only leaves of an entry what entries of its list have.
func (e Entry) Only() Entry {
	if e.List != City {
		e.ISO, e.Lat, e.Lon = "", 0, 0
	}
	names := slices.Clone(e.Names)
	for i := range names {
		if e.List != City {
			names[i].In = i18n.Text{}
		}
		if e.List != Group {
			names[i].Many = i18n.Text{}
		}
	}
	e.Names = names
	return e
}

// The bounds of Kyrgyzstan in WGS84 degrees, within which a city lies.
const (
	South, North = 39.15, 43.3
	West, East   = 69.2, 80.3
)

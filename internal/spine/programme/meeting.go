package programme

import (
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/spine/profile"
)

// Meeting is when and where people come together: what they have to be told when it changes.
type Meeting struct {
	Starts  time.Time `json:"starts,omitzero"` // zero while no day is set
	Ends    time.Time `json:"ends,omitzero"`
	Online  bool      `json:"online,omitempty"`
	City    string    `json:"city,omitempty"` // key of a city, empty when online
	Venue   i18n.Text `json:"venue,omitzero"`
	Address i18n.Text `json:"address,omitzero"`
}

// Meeting is when and where people come to the activity.
func (a Activity) Meeting() Meeting {
	return Meeting{Starts: a.Starts.UTC(), Ends: a.Ends.UTC(), Online: a.Online, City: a.City, Venue: a.Venue, Address: a.Address}
}

// The parts of a meeting, in the order in which they are told.
const (
	PartWhen    = "when"
	PartOnline  = "online"
	PartCity    = "city"
	PartVenue   = "venue"
	PartAddress = "address"
)

// Differs names the parts in which two meetings are not the same to who comes. A translation
// that is added moves nobody.
func (m Meeting) Differs(to Meeting) (out []string) {
	add := func(part string, differs bool) {
		if differs {
			out = append(out, part)
		}
	}
	add(PartWhen, !m.Starts.Equal(to.Starts) || !m.Ends.Equal(to.Ends))
	add(PartOnline, m.Online != to.Online)
	add(PartCity, m.City != to.City)
	add(PartVenue, saysAnother(m.Venue, to.Venue))
	add(PartAddress, saysAnother(m.Address, to.Address))
	return out
}

// Same reports whether who comes has nothing new to know.
func (m Meeting) Same(as Meeting) bool { return len(m.Differs(as)) == 0 }

// saysAnother reports whether a language in which both are written reads otherwise now;
// without such a language, whether they read otherwise at all.
func saysAnother(before, after i18n.Text) bool {
	common := false
	for _, l := range i18n.Languages {
		was, is := plain(before.Exactly(l)), plain(after.Exactly(l))
		if was == "" || is == "" {
			continue
		}
		if was != is {
			return true
		}
		common = true
	}
	return !common && plain(before.In(i18n.Kyrgyz)) != plain(after.In(i18n.Kyrgyz))
}

// plain is a text without the spaces that nobody sees.
func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

// CityName names the city of the meeting as it is called on its day.
func (m Meeting) CityName(lists *profile.Lists, l i18n.Language) string {
	if m.City == "" {
		return ""
	}
	return lists.CityNameOn(l, m.City, m.Starts)
}

// cityText is CityName in all languages.
func (m Meeting) cityText(lists *profile.Lists) i18n.Text {
	return i18n.Text{Ky: m.CityName(lists, i18n.Kyrgyz), Ru: m.CityName(lists, i18n.Russian), En: m.CityName(lists, i18n.English)}
}

// Place is where it is, part by part: venue, address and, when asked for, the city. Empty
// when it is online.
func (m Meeting) Place(lists *profile.Lists, city bool) (out []i18n.Text) {
	if m.Online {
		return nil
	}
	parts := []i18n.Text{m.Venue, m.Address}
	if city {
		parts = append(parts, m.cityText(lists))
	}
	for _, part := range parts {
		if part != (i18n.Text{}) {
			out = append(out, part)
		}
	}
	return out
}

package programme

import (
	"slices"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
)

// StaysNames are the texts of a place that are seldom right at another one, in the order of the
// page.
var StaysNames = []string{PartVenue, PartAddress, "directions"}

// StaysField is the field at which it is said that a text of StaysNames is right as it is.
func StaysField(name string) string { return "stays_" + name }

// placesBehind names the texts that a change to another city, or to another venue in it, left as
// they were, and of which nobody said that they are right.
func placesBehind(before, after Activity, stays []string) (out []string) {
	if after.Online {
		return nil
	}
	otherCity := before.City != after.City && before.City != ""
	otherVenue := otherCity || before.Venue != (i18n.Text{}) && saysAnother(before.Venue, after.Venue)
	for _, name := range StaysNames {
		text := *after.Text(name)
		if text == (i18n.Text{}) || slices.Contains(stays, name) || saysAnother(*before.Text(name), text) {
			continue
		}
		if name == PartVenue && otherCity || name != PartVenue && otherVenue {
			out = append(out, name)
		}
	}
	return out
}

// elsewhere reports whether the point on the map can no longer be right within the same city:
// there is another address, or another venue at none that stays.
func elsewhere(before, after Activity, stays []string) bool {
	if saysAnother(before.Address, after.Address) {
		return true
	}
	stayed := after.Address != (i18n.Text{}) && slices.Contains(stays, PartAddress)
	return !stayed && before.Venue != (i18n.Text{}) && saysAnother(before.Venue, after.Venue)
}

// refuseBehind is Invalid at each text of the old place.
func refuseBehind(names []string) error {
	var form fault.Form
	for _, name := range names {
		form.Add(StaysField(name), "programme.fault.stays."+name)
	}
	return form.Err()
}

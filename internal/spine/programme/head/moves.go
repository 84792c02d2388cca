package head

import (
	"slices"
	"strings"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// PartWords says one part of when and where an activity is in the language of a printer;
// something is said also where nothing stands there.
func PartWords(say *i18n.Printer, m programme.Meeting, part string) string {
	words := ""
	switch part {
	case programme.PartWhen:
		switch {
		case m.Starts.IsZero():
			return say.T("programme.when.none")
		case !m.Ends.After(m.Starts):
			words = i18n.DateTime(say.Lang, m.Starts)
		default:
			words = i18n.DateTimeRange(say.Lang, m.Starts, m.Ends)
		}
		return kit.Unbroken(words)
	case programme.PartOnline:
		if m.Online {
			return say.T("programme.online")
		}
		return say.T("programme.in_place")
	case programme.PartCity:
		words = m.CityName(profile.Said(say), say.Lang)
	case programme.PartVenue:
		words = m.Venue.In(say.Lang)
	case programme.PartAddress:
		words = m.Address.In(say.Lang)
	}
	if words == "" {
		return say.T("programme.where.none")
	}
	return words
}

// wasAndIs says what was and what is, each in one line: what is no longer so, and the whole
// of what is.
func wasAndIs(say *i18n.Printer, m programme.Move) (was, is string) {
	differs := m.Was.Differs(m.Is)
	line := func(at programme.Meeting, parts []string) string {
		var out []string
		for _, part := range parts {
			if at.Online && (part == programme.PartCity || part == programme.PartVenue || part == programme.PartAddress) {
				continue
			}
			if part == programme.PartOnline && !at.Online {
				continue
			}
			if words := PartWords(say, at, part); words != say.T("programme.where.none") || len(parts) == 1 {
				out = append(out, words)
			}
		}
		return strings.Join(out, "; ")
	}
	parts := []string{programme.PartWhen, programme.PartOnline, programme.PartVenue, programme.PartAddress}
	if slices.Contains(differs, programme.PartCity) {
		parts = append(parts, programme.PartCity)
	}
	gone := differs
	if len(differs) > 1 || differs[0] != programme.PartWhen { // where it was is said whole
		gone = slices.DeleteFunc(slices.Clone(parts), func(part string) bool {
			return part == programme.PartWhen && !slices.Contains(differs, part)
		})
	}
	return line(m.Was, gone), line(m.Is, parts)
}

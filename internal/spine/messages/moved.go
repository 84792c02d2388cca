package messages

import (
	"slices"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// Moved gives what a message says of a move: was is what is no longer so, now is when and
// where it is now, both whole sentences' worth of words in the reader's language.
func Moved(m programme.Move, lists *profile.Lists) (was, now Joined) {
	differs := m.Was.Differs(m.Is)
	city := slices.Contains(differs, programme.PartCity)
	otherDay := slices.Contains(differs, programme.PartWhen)
	elsewhere := len(differs) > 1 || len(differs) == 1 && !otherDay
	return meeting(m.Was, lists, otherDay, elsewhere, city), meeting(m.Is, lists, true, true, city)
}

func meeting(m programme.Meeting, lists *profile.Lists, when, where, city bool) (out Joined) {
	switch {
	case !when:
	case m.Starts.IsZero():
		out = append(out, Term("programme.when.none"))
	default:
		out = append(out, Stretch{m.Starts, m.Ends})
	}
	if !where {
		return out
	}
	place := m.Place(lists, city)
	for _, part := range place {
		out = append(out, part)
	}
	switch {
	case m.Online:
		out = append(out, Term("programme.online"))
	case len(place) == 0:
		out = append(out, Term("programme.where.none"))
	}
	return out
}

// MovedKey is by which a person is told of one move once, as whatever she is concerned.
func MovedKey(move, person storage.ID) string { return MovedKeys(move) + person.String() }

// MovedKeys begins the keys of all messages that tell of one move.
func MovedKeys(move storage.ID) string { return "moved/" + move.String() + "/" }

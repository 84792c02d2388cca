package seats

import (
	"context"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/forms"
)

// Ruling is what the last draw of an activity decided on an application.
type Ruling string

// The rulings.
const (
	Unruled   Ruling = ""     // she took no part in a draw, or had a seat before it
	RuledSeat Ruling = "seat" // she was drawn
	RuledLine Ruling = "line" // she was not, and has a place in the reserve
)

// NeedsReason is the one rule of when staff have to say why they move an application: when a
// seat, an invitation or a place in the line is taken away, and when a hand decides otherwise
// than the draw did. What only gives needs none.
func NeedsReason(from, to State, by Ruling) bool {
	if to.HoldsSeat() {
		return by == RuledLine
	}
	if from.HoldsSeat() || from == Waitlisted && to != Waitlisted {
		return true
	}
	switch to {
	case Declined:
		return by != Unruled
	case Waitlisted:
		return by == RuledSeat
	}
	return false
}

// Rulings are what the last draw decided on the applications to an activity. While people may
// still apply a draw is a rehearsal, and has decided nothing.
func (m *Service) Rulings(ctx context.Context, tx *storage.Tx, a Activity) (map[storage.ID]Ruling, error) {
	if m.Drawn == nil || a.TakesApplications(tx.Now) {
		return nil, nil
	}
	return m.Drawn(ctx, tx, a.ID)
}

// reasonMissing is what is said at the field of a reason that was left empty.
func reasonMissing(from, to State) error {
	if from.HoldsSeat() && !to.HoldsSeat() || from == Waitlisted && to != Waitlisted && !to.HoldsSeat() {
		return fault.At("why", "seminars.fault.reason_takes")
	}
	return fault.At("why", "seminars.fault.reason_draw")
}

// ownWords checks the reason that an organiser wrote in a field; of nothing but blanks it is
// empty.
func ownWords(field, s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", nil
	}
	fixed, wrong, args := forms.Question{Key: field, Kind: forms.AskText, Max: 300}.Fix(s, forms.Sources{})
	if wrong != "" {
		return "", fault.At(field, wrong, args)
	}
	return strings.TrimSpace(fixed), nil
}

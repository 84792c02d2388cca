package seats

import (
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
)

// Application is one person's wish to take part in one activity.
type Application struct {
	ID        storage.ID
	Activity  storage.ID
	Person    storage.ID
	State     State
	Place     int64      // order on the waiting list, 0 outside it
	Expires   time.Time  // of an invitation, zero when it has no end
	Reconfirm string     // "", "asked" or "yes"
	Answers   []byte     // sealed under the person's key
	Form      storage.ID // the version of the form that was answered, zero for the usual one
	Version   int64      // grows with every change
	Made      time.Time
	Changed   time.Time
	Proven    time.Time // when its person was proven, zero until then
	Held      time.Time // until when an unproven seat is held, zero for none

	lapsed bool // it was held in vain: offers pass it over until it is proven

	facts int64     // bits of the facts already in the ledger
	Came  time.Time // when she came, as far as the caller of a move knows; not stored
	Line  int64     // the place on the waiting list that the caller of a move gives, 0: behind all; not stored
}

// Move is one change of state. By is zero when the house itself made it.
type Move struct {
	ID          storage.ID
	Application storage.ID
	From, To    State
	By          storage.ID
	Why         string
	At          time.Time
}

// The facts of this module. Value is 1; an attendance that is taken back stands
// once more with Value -1 and the same day, so that sums stay right in every
// period and nothing is deleted.
const (
	FactApplied   ledger.Kind = "seminars.applied"
	FactInvited   ledger.Kind = "seminars.invited"
	FactConfirmed ledger.Kind = "seminars.confirmed"
	FactAttended  ledger.Kind = "seminars.attended"
)

// fact gives the fact that entering a state stands for, and its bit; bit 0 for none.
func (s State) fact() (kind ledger.Kind, bit int64) {
	switch s {
	case Applied:
		return FactApplied, 1
	case Invited:
		return FactInvited, 2
	case Confirmed:
		return FactConfirmed, 4
	case Attended:
		return FactAttended, 8
	}
	return "", 0
}

package door

import "platforma.kg/ashar/internal/modules/seminars/seats"

// Desk is the door of each seminar.
type Desk struct {
	*seats.Service
	Taking func() // told in tests before a link is used or a place is handed over, nil else
	locks  deskLocks
}

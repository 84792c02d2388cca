// Package door is what happens on the day: who may stand at the desk (Keeper), codes that
// are scanned, marks that are put by hand and taken back, batches that a device kept,
// people who come without an application, and the devices themselves.
//
// What a device may decide without a network stands in Decide, and what it needs for that is
// given by Pack; docs/offline.md.
//
// It judges with what the seats know (package seats) and keeps scans and devices of its
// own. It knows no page.
package door

import "platforma.kg/ashar/internal/modules/seminars/seats"

// Desk is the door of each seminar.
type Desk struct {
	*seats.Service
	Taking func() // told in tests before a link is used or a place is handed over, nil else
	locks  deskLocks
}

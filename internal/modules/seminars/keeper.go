package seminars

import (
	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// keeper is who stands at the door: a person of the staff or an enrolled phone.
type keeper struct {
	device   string
	by       storage.ID
	phone    storage.ID // an enrolled one, zero for staff
	activity storage.ID // of an enrolled phone, zero for staff
}

// reader is who sees the names that the door shows: a person, or the phone.
func (k keeper) reader() storage.ID {
	if k.by.IsZero() {
		return k.phone
	}
	return k.by
}

// may refuses whoever does not stand at the door of this activity.
func (k keeper) may(actor access.Actor, a Activity) error {
	if k.activity == a.ID || k.activity.IsZero() && actor.May(MayAdmit, scopeOf(a)) {
		return nil
	}
	return fault.New(fault.Forbidden, "seminars.fault.forbidden")
}

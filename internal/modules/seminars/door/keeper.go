package door

import (
	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Keeper is who stands at the door: a person of the staff or an enrolled phone.
type Keeper struct {
	Device   string
	By       storage.ID
	Phone    storage.ID // an enrolled one, zero for staff
	Activity storage.ID // of an enrolled phone, zero for staff
	Leads    bool       // of an enrolled phone: it runs the day, too
}

// Keeper is who stands at the door with an enrolled phone.
func (d Device) Keeper() Keeper {
	return Keeper{Device: d.ID.String(), Phone: d.ID, Activity: d.Activity, Leads: d.Leads}
}

// Reader is who sees the names that the door shows: a person, or the phone.
func (k Keeper) Reader() storage.ID {
	if k.By.IsZero() {
		return k.Phone
	}
	return k.By
}

// May refuses whoever does not stand at the door of this activity.
func (k Keeper) May(actor access.Actor, a seats.Activity) error {
	if k.Activity == a.ID || k.Activity.IsZero() && actor.May(seats.MayAdmit, seats.ScopeOf(a)) {
		return nil
	}
	return fault.New(fault.Forbidden, "seminars.fault.forbidden")
}

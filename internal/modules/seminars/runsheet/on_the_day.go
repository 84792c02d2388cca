package runsheet

import (
	"context"
	"net/http"
	"net/url"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// leader is who reads or runs the day of an activity: somebody of the staff, or a phone that was
// let in at its door.
type leader struct {
	access.Actor
	Phone storage.ID // zero for staff
}

// reader is whose look at a name is noted.
func (l leader) reader() storage.ID {
	if l.Phone.IsZero() {
		return l.Person
	}
	return l.Phone
}

// device is what her marks come from.
func (l leader) device() string {
	if l.Phone.IsZero() {
		return seats.StaffDevice(l.Person)
	}
	return l.Phone.String()
}

// ofPhones is what a phone may: it reads, and the one of a substitute runs the day. Nothing else
// of the house, and nowhere but at its activity.
var ofPhones = access.Table{
	seats.MayAdmit: {access.FrontDesk, access.Facilitator},
	MayRun:         {access.Facilitator},
}

func byPhone(k door.Keeper, a seats.Activity) leader {
	role := access.FrontDesk
	if k.Leads {
		role = access.Facilitator
	}
	return leader{access.Actor{Grants: []access.Grant{{Role: role, Scope: seats.ScopeOf(a)}}, Table: ofPhones}, k.Phone}
}

// onTheDay finds the activity of the address for who has a permission there, by a role or by a
// phone of its door. Who has neither anywhere does not learn which activities there are.
//
// Faults: Unauthenticated; NotFound; Forbidden, also for whoever's place is a substitute's.
func (m *Module) onTheDay(ctx context.Context, tx *storage.Tx, r *web.Request, needs access.Permission) (a seats.Activity, l leader, err error) {
	var phone door.Keeper
	if m.Phone != nil {
		if phone, err = m.Phone(ctx, tx, r); err != nil && !fault.Is(err, fault.Unauthenticated) {
			return a, l, err
		}
	}
	if l.Actor = r.Actor; phone.Phone.IsZero() && !r.Actor.MaySomewhere(needs) {
		if r.Actor.SignedIn() {
			return a, l, fault.New(fault.Forbidden, "seminars.fault.forbidden")
		}
		return a, l, fault.New(fault.Unauthenticated, "fault.unauthenticated")
	}
	if a, err = m.Schedule().BySlug(ctx, tx, r.PathValue("slug")); err != nil {
		return a, l, err
	}
	if phone.Activity == a.ID {
		more, err := m.givesMore(ctx, tx, l, phone, a, needs)
		if err != nil {
			return a, l, err
		}
		if more {
			l = byPhone(phone, a)
		}
	}
	if !l.May(needs, seats.ScopeOf(a)) {
		err = fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	return a, l, err
}

// givesMore reports whether a phone of the door may do on the day what who holds it may not by
// her own role: she has none that is needed; or the phone leads in somebody's place, and she
// leads nothing here or her own place is a substitute's, perhaps this very phone's.
func (m *Module) givesMore(ctx context.Context, tx *storage.Tx, l leader, phone door.Keeper, a seats.Activity, needs access.Permission) (bool, error) {
	scope := seats.ScopeOf(a)
	if !l.May(needs, scope) || phone.Leads && !l.May(MayRun, scope) {
		return true, nil
	}
	if !phone.Leads {
		return false, nil
	}
	err := door.Present(ctx, tx, l.Person, a.ID)
	if fault.Is(err, fault.Forbidden) {
		return true, nil
	}
	return false, err
}

// led leads a stranger who wants the page to sign in, and back; everything else stays as it is.
func led(r *web.Request, err error) error {
	if fault.Is(err, fault.Unauthenticated) && r.Method == http.MethodGet {
		return r.Redirect("/sign-in?back=" + url.QueryEscape(r.Path(r.URL.Path)))
	}
	return err
}

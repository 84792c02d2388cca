package seats

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/programme"
)

// Knows reports whether somebody may know when and where an activity by
// invitation is: who works there, and who has an application that the
// organiser did not decline.
func (m *Service) Knows(ctx context.Context, tx *storage.Tx, actor access.Actor, a Activity) (bool, error) {
	if actor.May(MayAdmit, ScopeOf(a)) {
		return true, nil
	}
	if !actor.SignedIn() {
		return false, nil
	}
	app, has, err := ApplicationOf(ctx, tx, a.ID, actor.Person)
	return has && app.State != Declined, err
}

// PublicActivity finds the activity of an address that is open to everybody. A
// draft, or one by invitation, is NotFound for strangers, as if it were not there.
func (m *Service) PublicActivity(ctx context.Context, tx *storage.Tx, r *web.Request) (Activity, error) {
	a, err := m.Schedule().BySlug(ctx, tx, r.PathValue("slug"))
	if err != nil || a.State != programme.Draft && !a.InvitationOnly {
		return a, err
	}
	knows, err := m.Knows(ctx, tx, r.Actor, a)
	if err == nil && !knows {
		err = fault.New(fault.NotFound, "programme.fault.activity") // to the letter what is said of an unknown address
	}
	if err != nil {
		return Activity{}, err
	}
	return a, nil
}

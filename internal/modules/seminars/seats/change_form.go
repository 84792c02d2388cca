package seats

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/forms"
)

// ChangeForm changes one thing of the form of an activity or, when Shared, of its template.
type ChangeForm struct {
	Activity storage.ID
	Actor    access.Actor
	Shared   bool
	forms.Change
}

// ScopeOfForm is where a form holds: its activity's own there alone, a shared
// one wherever its template is copied, and so in all cities of the programme.
func ScopeOfForm(a Activity, shared bool) access.Scope {
	if shared {
		return access.Scope{Programme: a.Programme}
	}
	return ScopeOf(a)
}

// ChangeForm makes a new version of a form, see forms.Shelf.Change.
//
// Forbidden for whoever may not set up all that it holds for; NotFound for the form of a
// template where there is none; else the faults of forms.Shelf.Change.
func (m *Service) ChangeForm(ctx context.Context, tx *storage.Tx, cmd ChangeForm) error {
	a, err := m.ActivityByID(ctx, tx, cmd.Activity)
	if err != nil {
		return err
	}
	if !cmd.Actor.May(MaySetUp, ScopeOfForm(a, cmd.Shared)) {
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	if cmd.Shared && a.Template.IsZero() {
		return fault.New(fault.NotFound, "seminars.fault.activity")
	}
	sources, err := m.Sources(ctx, tx)
	if err != nil {
		return err
	}
	if err := ApplicationForms.Change(ctx, tx, FormOwner(a), cmd.Shared, cmd.Change, sources); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Action: "seminars.audit.form", Object: a.ID})
}

package seminars

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// scopeOfForm is where a form holds: its activity's own there alone, a shared
// one wherever its template is copied, and so in all cities of the programme.
func scopeOfForm(a Activity, shared bool) access.Scope {
	if shared {
		return access.Scope{Programme: a.Programme}
	}
	return scopeOf(a)
}

// ChangeForm writes the form of an activity or, when shared, of its template.
// Forbidden for whoever may not set up all that it holds for; Invalid when the
// questions make no form; Conflict when somebody else changed it since its
// version was read.
func (m *Module) ChangeForm(ctx context.Context, tx *storage.Tx, actor access.Actor, a Activity, shared bool, f Form) error {
	if !actor.May(MaySetUp, scopeOfForm(a, shared)) {
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	if err := f.check(); err != nil {
		return err
	}
	if err := saveForm(ctx, tx, a, shared, f); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: actor.Person, Action: "seminars.audit.form", Object: a.ID})
}

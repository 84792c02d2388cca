package pages

import (
	"context"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// noteLooks notes, before a page with names is shown, that the reader saw each
// of these people in this activity.
func (m *Module) noteLooks(r *web.Request, reader storage.ID, a seats.Activity, action string, persons []storage.ID) error {
	if len(persons) == 0 {
		return nil
	}
	return m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return audit.Looked(ctx, tx, audit.Looks{Reader: reader, Persons: persons, Action: action, Object: a.ID})
	})
}

// showList shows the applicants of one page of the list.
func (m *Module) showList(r *web.Request, status int, d selectionData) error {
	var persons []storage.ID
	for _, a := range d.shown() {
		persons = append(persons, a.Person)
	}
	for _, a := range d.Done.List {
		persons = append(persons, a.Person)
	}
	persons = append(persons, afterDraw(d.Table)...)
	if err := m.noteLooks(r, r.Actor.Person, d.Activity, "seminars.audit.listed", persons); err != nil {
		return err
	}
	return r.Page(status, selectionPage(r, m.Parts, d))
}

package seats

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/programme/materials"
)

// Materials are the files that go with activities.
type Materials interface {
	// ForParticipants lists what people of an activity may read.
	ForParticipants(ctx context.Context, tx *storage.Tx, a Activity) ([]materials.Material, error)
	// Send sends one; who may read it has been decided.
	Send(r *web.Request, m materials.Material) error
}

// TakesPart reports whether a person has a seat at an activity, or had one and came.
func (m *Service) TakesPart(ctx context.Context, tx *storage.Tx, person, activity storage.ID) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, `SELECT COUNT(*)
		FROM application
		WHERE activity_id = $1 AND person_id = $2 AND state IN ('confirmed', 'attended')`, activity, person).Scan(&n)
	return n > 0, err
}

// MaterialsOf lists the materials of an activity that who takes part may have.
func (m *Service) MaterialsOf(ctx context.Context, tx *storage.Tx, a Activity) ([]materials.Material, error) {
	if m.Materials == nil {
		return nil, nil
	}
	return m.Materials.ForParticipants(ctx, tx, a)
}

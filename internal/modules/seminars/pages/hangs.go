package pages

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/mailing"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
)

// hangs tells what of the seminars hangs on the day of an activity.
func (m *Module) hangs(ctx context.Context, tx *storage.Tx, before, after seats.Activity) (programme.Hanging, error) {
	out, err := m.Hangs(ctx, tx, before, after)
	if err != nil {
		return out, err
	}
	mailings, err := mailing.Hangs(ctx, tx, after)
	out.Moments = append(out.Moments, mailings...)
	return out, err
}

package pages

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/module"
)

// brief counts the applications of a person, and how often she came, of the events that the
// asker selects for.
func (m *Module) brief(ctx context.Context, tx *storage.Tx, r *web.Request, person storage.ID) ([]module.Brief, error) {
	apps, err := seats.ApplicationsBy(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	applied, came := 0, 0
	for _, app := range apps {
		a, err := m.ActivityByID(ctx, tx, app.Activity)
		if err != nil {
			return nil, err
		}
		if !r.Actor.May(seats.MaySelect, seats.ScopeOf(a)) {
			continue
		}
		applied++
		if app.State == seats.Attended {
			came++
		}
	}
	return []module.Brief{
		{Label: r.Say.T("seminars.kept.applications"), Words: kit.Number(r, applied)},
		{Label: r.Say.T("seminars.state.attended"), Words: kit.Number(r, came)},
	}, nil
}

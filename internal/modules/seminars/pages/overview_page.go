package pages

import (
	"context"
	"net/http"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// staffActivity finds the activity of the address for those who may work on it.
func (m *Module) staffActivity(ctx context.Context, tx *storage.Tx, r *web.Request, need access.Permission) (seats.Activity, error) {
	a, err := m.Schedule().BySlug(ctx, tx, r.PathValue("slug"))
	if err == nil && !r.Actor.May(need, seats.ScopeOf(a)) {
		err = fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	return a, err
}

func (m *Module) showOverviews(r *web.Request) error {
	var list []seats.Overview
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		list, err = m.Overviews(ctx, tx, r.Actor)
		return err
	}); err != nil {
		return err
	}
	return r.Page(http.StatusOK, overviewsPage(r, list))
}

func (m *Module) overview(r *web.Request, need access.Permission) (o seats.Overview, err error) {
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, err := m.staffActivity(ctx, tx, r, need)
		if err != nil {
			return err
		}
		o, err = m.OverviewOf(ctx, tx, a)
		return err
	})
	return o, err
}

func (m *Module) showOverview(r *web.Request) error {
	o, err := m.overview(r, seats.MaySelect)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, overviewPage(r, m.Parts, o))
}

package seminars

import (
	"context"
	"net/http"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// staffActivity finds the activity of the address for those who may work on it.
func (m *Module) staffActivity(ctx context.Context, tx *storage.Tx, r *web.Request, need access.Permission) (Activity, error) {
	a, err := m.calendar().BySlug(ctx, tx, r.PathValue("slug"))
	if err == nil && !r.Actor.May(need, scopeOf(a)) {
		err = fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	return a, err
}

func (m *Module) showOverviews(r *web.Request) error {
	var list []Overview
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		list, err = m.Overviews(ctx, tx, r.Actor)
		return err
	}); err != nil {
		return err
	}
	return r.Page(http.StatusOK, overviewsPage(r, list))
}

func (m *Module) overview(r *web.Request, need access.Permission) (o Overview, err error) {
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
	o, err := m.overview(r, MaySelect)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, overviewPage(r, o))
}

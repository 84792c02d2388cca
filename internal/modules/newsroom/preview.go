package newsroom

import (
	"context"
	"net/http"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// preview shows staff a release in any state as everybody will read it, with what it is
// not yet said above it: on the screen and on paper.
func (m *Module) preview(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return unknown()
	}
	var p releasePage
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p = releasePage{Preview: true, Now: tx.Now}
		if p.Release, err = ByID(ctx, tx, id); err != nil {
			return err
		}
		if err := m.may(ctx, tx, r.Actor, p.Release, MayWrite); err != nil {
			return err
		}
		return p.around(ctx, tx, r.Lang)
	}); err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, preview(r, p))
}

func (r Release) previewPath() string { return "/staff/news/preview/" + r.ID.String() }

// waits reports whether a release may not be told of yet.
func (p releasePage) waits() bool { return p.Release.Embargo.After(p.Now) && !p.Release.Open() }

package programme

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

func (s *Service) show(r *web.Request) error {
	var a Activity
	var panel templ.Component
	var materials []Material
	var now time.Time
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		now = tx.Now
		if a, err = s.See(ctx, tx, r.Actor, r.PathValue("slug")); err != nil {
			return err
		}
		if p := s.panels[a.Kind]; p != nil {
			if panel, err = p(ctx, tx, r, a); err != nil {
				return err
			}
		}
		materials, err = s.readable(ctx, tx, r.Actor, a)
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(200, activityPage(r, a, panel, materials, now))
}

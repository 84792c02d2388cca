package public

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/materials"
)

func (s *Service) show(r *web.Request) error {
	var a programme.Activity
	var panels []templ.Component
	var list []materials.Material
	var now time.Time
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		now = tx.Now
		if a, err = s.programme.See(ctx, tx, r.Actor, r.PathValue("slug")); err != nil {
			return err
		}
		if s.panels != nil {
			if panels, err = s.panels(ctx, tx, r, a); err != nil {
				return err
			}
		}
		list, err = s.materials.Readable(ctx, tx, r.Actor, a)
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(200, activityPage(r, a, panels, list, now))
}

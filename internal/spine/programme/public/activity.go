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

// activityParts are what stands on the page of an activity besides what is said of it.
type activityParts struct {
	Panels []templ.Component
	List   []materials.Material
	Ready  bool             // false of a publication that cannot be read yet
	Next   []Activity       // what comes, when it is over
	Moves  []programme.Move // how it was moved lately
}

func (s *Service) show(r *web.Request) error {
	var a programme.Activity
	var panels []templ.Component
	var list []materials.Material
	var now time.Time
	var then []Activity
	var moves []programme.Move
	ready := true
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
		if list, err = s.materials.Readable(ctx, tx, r.Actor, a); err != nil {
			return err
		}
		if a.Kind == programme.Publication {
			ready = len(list) > 0
		}
		if moves = nil; a.State == programme.Published && !a.Past(now) {
			if moves, err = programme.RecentMoves(ctx, tx, a.ID); err != nil {
				return err
			}
		}
		if then = nil; isOver(a, now) {
			then, err = next(ctx, tx, a)
		}
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(200, activityPage(r, a, activityParts{panels, list, ready, then, moves}, now))
}

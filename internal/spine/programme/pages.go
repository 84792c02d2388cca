package programme

import (
	"context"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

func (s *Service) home(r *web.Request) error {
	var next []Activity
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		next, err = List(ctx, tx, Filter{State: Published, From: tx.Now})
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(200, homePage(r, next[:min(3, len(next))]))
}

func (s *Service) list(r *web.Request) error {
	var all []Activity
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		all, err = List(ctx, tx, Filter{State: Published})
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(200, listPage(r, all))
}

func (s *Service) show(r *web.Request) error {
	var a Activity
	var panel templ.Component
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = BySlug(ctx, tx, r.PathValue("slug")); err != nil {
			return err
		}
		if a.State == Draft {
			return unknownActivity()
		}
		if p := s.panels[a.Kind]; p != nil {
			panel, err = p(ctx, tx, r, a)
		}
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(200, activityPage(r, a, panel))
}

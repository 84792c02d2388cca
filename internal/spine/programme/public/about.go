package public

import (
	"context"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/programme"
)

func (s *Service) about(r *web.Request) error {
	var p programme.Programme
	n := 0
	if err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if p, err = programme.Current(ctx, tx); err != nil {
			return err
		}
		n, err = cities(ctx, tx, r, tx.Now)
		return err
	}); err != nil {
		return err
	}
	return r.Page(200, aboutPage(r, p, n))
}

func (s *Service) contact(r *web.Request) error {
	var p programme.Programme
	var parts []templ.Component
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if p, err = programme.Current(ctx, tx); err != nil || s.write == nil {
			return err
		}
		parts, err = s.write(ctx, tx, r)
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(200, contactPage(r, p, parts))
}

package people

import (
	"context"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

const demoLink = "people.demo"

// DemoSignIn makes a link that signs in as an invented person again and again:
// GET /demo/in/{token}. Forbidden outside the demo.
func (s *Service) DemoSignIn(ctx context.Context, tx *storage.Tx, person storage.ID) (string, error) {
	if !s.demo {
		return "", fault.New(fault.Forbidden, "people.fault.demo_only")
	}
	return s.NewLink(ctx, tx, Link{Person: person, Purpose: demoLink, Until: tx.Now.AddDate(10, 0, 0)})
}

// demoIn answers GET /demo/in/{token}.
func (s *Service) demoIn(r *web.Request) error {
	if !s.demo {
		return unknown()
	}
	var token string
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		l, err := s.OpenLink(ctx, tx, r.PathValue("token"), demoLink)
		if err != nil {
			return err
		}
		token, err = s.StartSession(ctx, tx, l.Person, ByDemo)
		return err
	})
	if err != nil {
		return err
	}
	s.signIn(r, token)
	return r.Redirect(s.home)
}

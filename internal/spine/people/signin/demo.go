package signin

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

// enterDemo signs in by a link of the demo.
func (p *Pages) enterDemo(r *web.Request) error {
	if !p.people.Demo() {
		return people.Unknown()
	}
	var token string
	err := p.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		token, err = p.people.EnterDemo(ctx, tx, r.PathValue("token"), r.Actor.Session)
		return err
	})
	if err != nil {
		return err
	}
	p.enter(r, token)
	return r.Redirect(p.home)
}

package signin

import (
	"context"
	"net/http"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

// saveSession names the device of a session of hers, or ends it.
func (p *Pages) saveSession(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return people.Unknown()
	}
	err = p.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if r.PostFormValue("end") != "" {
			return p.people.EndSession(ctx, tx, r.Actor.Person, id)
		}
		return p.people.NameDevice(ctx, tx, r.Actor.Person, id, r.PostFormValue("device"))
	})
	if err != nil {
		return err
	}
	if id == r.Actor.Session && r.PostFormValue("end") != "" {
		http.SetCookie(r.W, p.people.Cookie(""))
		return r.Redirect("/")
	}
	r.SetFlash("good", "people.saved")
	return r.Redirect("/me#sessions")
}

// endOthers signs her out everywhere but here.
func (p *Pages) endOthers(r *web.Request) error {
	err := p.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return p.people.EndSessions(ctx, tx, r.Actor.Person, r.Actor.Session)
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "people.sessions.ended")
	return r.Redirect("/me#sessions")
}

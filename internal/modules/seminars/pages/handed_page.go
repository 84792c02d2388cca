package pages

import (
	"context"
	"net/http"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
)

// handedBefore leads on from a later page of a form that was handed in already: its
// other pages are gone. The browser of that draft goes to the application, like the one
// whose session is of it, as long as nobody has proven that it is hers.
func (m *Module) handedBefore(r *web.Request, d applyData, own bool) (done bool, err error) {
	id, err := m.handedAs(r, d)
	if err != nil || id.IsZero() {
		return false, err
	}
	if id != r.Actor.Application && (!own || r.Actor.SignedIn()) {
		return true, m.toApplied(r, d)
	}
	m.newDraft(r)
	if id == r.Actor.Application {
		return true, r.Redirect("/my/applications/" + id.String())
	}
	var session string
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		session = ""
		app, there, err := seats.ApplicationIfThere(ctx, tx, id)
		if err != nil || !there {
			return err
		}
		if proven, err := m.People.IsProven(ctx, tx, app.Person); err != nil || proven {
			return err
		}
		session, err = m.opens(ctx, tx, r, app)
		return err
	})
	if err != nil {
		return true, err
	}
	if session == "" {
		return true, m.toApplied(r, d)
	}
	http.SetCookie(r.W, m.People.Cookie(session))
	return true, r.Redirect("/my/applications/" + id.String())
}

// opens gives this browser the session of an application. It has one: what was handed
// in before is opened by its letter or link.
func (m *Module) opens(ctx context.Context, tx *storage.Tx, r *web.Request, app seats.Application) (session string, err error) {
	if err := m.People.LeaveSession(ctx, tx, r.Actor.Session); err != nil {
		return "", err
	}
	return m.People.StartApplication(ctx, tx, app.Person, app.ID)
}

// handedAs gives the application that this form has become, zero for none.
func (m *Module) handedAs(r *web.Request, d applyData) (id storage.ID, err error) {
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		id, err = seats.HandedIn(ctx, tx, d.Activity.ID, d.Mark)
		return err
	})
	return id, err
}

// handedHere gives the application that this form has become, when this browser's session
// is of it and the same person fills it in again.
func (m *Module) handedHere(r *web.Request, d applyData) (id storage.ID, err error) {
	if r.Actor.Application.IsZero() {
		return id, nil
	}
	if id, err = m.handedAs(r, d); err != nil || id != r.Actor.Application {
		return storage.ID{}, err
	}
	same := false
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		app, there, err := seats.ApplicationIfThere(ctx, tx, id)
		if err != nil || !there {
			return err
		}
		p, err := m.People.ByID(ctx, tx, app.Person)
		if err != nil {
			return err
		}
		now, err := people.Tidy(m.People.Lists(), seats.DetailsOf(d.Answers, d.Activity), tx.Now)
		same = err == nil && p.Is(now)
		return nil // what is wrong in it is told when it is handed in
	})
	if err != nil || !same {
		return storage.ID{}, err
	}
	return id, nil
}

// toApplied leads a browser on that does not show whose application it is.
func (m *Module) toApplied(r *web.Request, d applyData) error {
	return r.Redirect("/events/" + d.Activity.Slug + "/applied")
}

// applied tells a browser that has not proven who it is that all went well.
func (m *Module) applied(r *web.Request) error {
	var a seats.Activity
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		a, err = m.PublicActivity(ctx, tx, r)
		return err
	}); err != nil {
		return err
	}
	return r.Page(http.StatusOK, handedPage(r, a))
}

package signin

import (
	"context"
	"net/http"
	"net/url"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

func (p *Pages) signInPage(r *web.Request) error {
	back, next := p.back(r.URL.Query().Get("back"))
	anew := r.URL.Query().Get("anew") != "" && r.Actor.SignedIn()
	return r.Page(http.StatusOK, signInPage(r, signInForm{Back: back, Next: next, Issuer: p.issuerPath(back, anew), Anew: anew}))
}

// issuerPath is where the button of the organisation's account leads to.
func (p *Pages) issuerPath(back string, anew bool) string {
	if p.issuer == nil {
		return ""
	}
	query := url.Values{}
	if back != "" {
		query.Set("back", back)
	}
	if anew {
		query.Set("anew", "1")
	}
	if len(query) == 0 {
		return "/sign-in/oidc"
	}
	return "/sign-in/oidc?" + query.Encode()
}

func (p *Pages) askToSignIn(r *web.Request) error {
	back, next := p.back(r.PostFormValue("back"))
	form := signInForm{Address: r.PostFormValue("address"), Back: back, Next: next, Issuer: p.issuerPath(back, false)}
	browser := p.bind(r)
	err := p.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return p.people.AskToSignIn(ctx, tx, browser, form.Address)
	})
	if f, err := web.Invalid(err); err != nil {
		return err
	} else if f != nil {
		form.Fault = f
		return r.Page(web.Status(f.Code), signInPage(r, form))
	}
	p.keepBack(r, back)
	return r.Redirect("/sign-in/code")
}

func (p *Pages) codePage(r *web.Request) error {
	return r.Page(http.StatusOK, codePage(r, signInForm{}))
}

func (p *Pages) signInByCode(r *web.Request) error {
	var res people.SignInResult
	err := p.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		res, err = p.people.SignInByCode(ctx, tx, p.browser(r), r.PostFormValue("code"), r.Actor.Session)
		return err
	})
	if err != nil {
		return err
	}
	if res.Fault != nil {
		return r.Page(web.Status(res.Fault.Code), codePage(r, signInForm{Fault: res.Fault}))
	}
	return p.signedIn(r, res)
}

func (p *Pages) linkPage(r *web.Request) error {
	return r.Page(http.StatusOK, linkPage(r, r.PathValue("token")))
}

func (p *Pages) signInByLink(r *web.Request) error {
	var res people.SignInResult
	err := p.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		res, err = p.people.SignInByLink(ctx, tx, p.browser(r), r.PathValue("token"), r.Actor.Session)
		return err
	})
	if err != nil {
		return err
	}
	if res.Fault != nil {
		return r.Page(web.Status(res.Fault.Code), codePage(r, signInForm{Fault: res.Fault}))
	}
	return p.signedIn(r, res)
}

// signedIn puts the session in the browser and leads on: staff to their passkey,
// everybody else to where she wanted to go, or home.
func (p *Pages) signedIn(r *web.Request, res people.SignInResult) error {
	if res.Choose {
		return r.Redirect("/sign-in/who")
	}
	p.enter(r, res.Token)
	staff := false
	err := p.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		staff, err = p.people.WorksHere(ctx, tx, res.Person)
		return err
	})
	if err != nil {
		return err
	}
	if staff {
		return r.Redirect("/me/passkeys")
	}
	if back := p.keptBack(r); back != "" {
		p.keepBack(r, "")
		return r.Redirect(back)
	}
	return r.Redirect(p.home)
}

func (p *Pages) signOut(r *web.Request) error {
	if !r.Actor.Session.IsZero() {
		err := p.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
			return p.people.LeaveSession(ctx, tx, r.Actor.Session)
		})
		if err != nil {
			return err
		}
	}
	// Half-filled forms go, too: the next person at this computer is another.
	r.Forget()
	return r.Redirect("/")
}

type signInForm struct {
	Address string
	Back    string // where she wanted to go, "" for nowhere
	Next    string // where a passkey leads to
	Issuer  string // where the organisation's account leads to, "" without one
	Anew    bool   // she is signed in, but too long ago for what she asked
	Fault   *fault.Error
}

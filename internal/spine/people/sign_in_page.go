package people

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// browser gives the token that binds codes to this browser, and makes one when
// there is none. It names nobody, and lives as long as a code.
func (s *Service) browser(r *web.Request) string {
	name := s.cookieName("sign-in")
	if c, err := r.Cookie(name); err == nil && len(c.Value) == 24 {
		return c.Value
	}
	return ""
}

func (s *Service) bind(r *web.Request) string {
	token := s.browser(r)
	if token == "" {
		token = newToken()
	}
	http.SetCookie(r.W, &http.Cookie{
		Name: s.cookieName("sign-in"), Value: token, Path: "/", MaxAge: int(codeLife.Seconds()),
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	})
	return token
}

// back gives where a stranger wanted to go before she was asked to sign in; only
// a page of this site counts.
func (s *Service) back(asked string) (back, next string) {
	back, ok := web.LocalPath(asked)
	if !ok {
		return "", s.home
	}
	return back, back
}

// keepBack carries the way back from asking for a code to using it, which may
// happen in another tab, by the link of the message.
func (s *Service) keepBack(r *web.Request, back string) {
	age := int(codeLife.Seconds())
	if back == "" {
		age = -1
	}
	http.SetCookie(r.W, &http.Cookie{
		Name: s.cookieName("back"), Value: url.QueryEscape(back), Path: "/", MaxAge: age,
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	})
}

// keptBack reads the way back.
func (s *Service) keptBack(r *web.Request) string {
	c, err := r.Cookie(s.cookieName("back"))
	if err != nil {
		return ""
	}
	asked, err := url.QueryUnescape(c.Value)
	if err != nil {
		return ""
	}
	back, _ := s.back(asked)
	return back
}

func (s *Service) signInPage(r *web.Request) error {
	back, next := s.back(r.URL.Query().Get("back"))
	anew := r.URL.Query().Get("anew") != "" && r.Actor.SignedIn()
	return r.Page(http.StatusOK, signInPage(r, signInForm{Back: back, Next: next, Issuer: s.issuerPath(back, anew), Anew: anew}))
}

// issuerPath is where the button of the organisation's account leads to.
func (s *Service) issuerPath(back string, anew bool) string {
	if s.issuer == nil {
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

func (s *Service) askToSignIn(r *web.Request) error {
	back, next := s.back(r.PostFormValue("back"))
	form := signInForm{Address: r.PostFormValue("address"), Back: back, Next: next, Issuer: s.issuerPath(back, false)}
	browser := s.bind(r)
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return s.AskToSignIn(ctx, tx, browser, form.Address)
	})
	if f, err := web.Invalid(err); err != nil {
		return err
	} else if f != nil {
		form.Fault = f
		return r.Page(web.Status(f.Code), signInPage(r, form))
	}
	s.keepBack(r, back)
	return r.Redirect("/sign-in/code")
}

func (s *Service) codePage(r *web.Request) error {
	return r.Page(http.StatusOK, codePage(r, signInForm{}))
}

func (s *Service) signInByCode(r *web.Request) error {
	var res SignInResult
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		res, err = s.SignInByCode(ctx, tx, s.browser(r), r.PostFormValue("code"), r.Actor.Session)
		return err
	})
	if err != nil {
		return err
	}
	if res.Fault != nil {
		return r.Page(web.Status(res.Fault.Code), codePage(r, signInForm{Fault: res.Fault}))
	}
	return s.signedIn(r, res)
}

func (s *Service) linkPage(r *web.Request) error {
	return r.Page(http.StatusOK, linkPage(r, r.PathValue("token")))
}

func (s *Service) signInByLink(r *web.Request) error {
	var res SignInResult
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		res, err = s.SignInByLink(ctx, tx, s.browser(r), r.PathValue("token"), r.Actor.Session)
		return err
	})
	if err != nil {
		return err
	}
	if res.Fault != nil {
		return r.Page(web.Status(res.Fault.Code), codePage(r, signInForm{Fault: res.Fault}))
	}
	return s.signedIn(r, res)
}

// signedIn puts the session in the browser and leads on: staff to their passkey,
// everybody else to where she wanted to go, or home.
func (s *Service) signedIn(r *web.Request, res SignInResult) error {
	if res.Choose {
		return r.Redirect("/sign-in/who")
	}
	s.signIn(r, res.Token)
	staff := false
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		staff, err = s.worksHere(ctx, tx, res.Person)
		return err
	})
	if err != nil {
		return err
	}
	if staff {
		return r.Redirect("/me/passkeys")
	}
	if back := s.keptBack(r); back != "" {
		s.keepBack(r, "")
		return r.Redirect(back)
	}
	return r.Redirect(s.home)
}

func (s *Service) signOut(r *web.Request) error {
	if !r.Actor.Session.IsZero() {
		err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
			return s.LeaveSession(ctx, tx, r.Actor.Session)
		})
		if err != nil {
			return err
		}
	}
	// Every cookie of ours goes, half-filled forms too, also where the browser does not
	// know Clear-Site-Data: the next person at this computer is another.
	for _, c := range r.Cookies() {
		if plain := strings.TrimPrefix(c.Name, "__Host-"); strings.HasPrefix(plain, "ashar-") && plain != "ashar-lang" {
			http.SetCookie(r.W, &http.Cookie{Name: c.Name, Path: "/", MaxAge: -1, HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode})
		}
	}
	r.W.Header().Set("Clear-Site-Data", `"cache", "cookies", "storage"`)
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

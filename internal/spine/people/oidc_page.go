package people

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/oidc"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// IssuerBack is the path of the redirect address that is registered at the issuer.
const IssuerBack = "/sign-in/oidc/back"

const questionLife = 10 * time.Minute

// asked is what this browser keeps, sealed, while its person is at the issuer.
type asked struct {
	oidc.Question
	Back  string        `json:"b,omitempty"`
	Own   storage.ID    `json:"o,omitzero"` // who adds the account to herself
	Fresh bool          `json:"f,omitempty"`
	Lang  i18n.Language `json:"l"`
	Until time.Time     `json:"u"`
}

// askIssuer leads to the issuer: GET, since a page's policy holds back forms that
// lead to another site.
func (s *Service) askIssuer(r *web.Request) error {
	back, _ := s.back(r.URL.Query().Get("back"))
	return s.toIssuer(r, asked{Back: back, Fresh: r.URL.Query().Get("anew") != ""})
}

// askOwnIssuer is askIssuer for who is signed in and wants to add her account.
func (s *Service) askOwnIssuer(r *web.Request) error {
	return s.toIssuer(r, asked{Own: r.Actor.Person})
}

func (s *Service) toIssuer(r *web.Request, a asked) error {
	if s.issuer == nil {
		return unknown()
	}
	r.W.Header().Set("Cache-Control", "no-store")
	s.bind(r) // tells this browser apart where tries are counted
	a.Lang, a.Until = r.Lang, s.store.Now().Add(questionLife)
	_, most := lifetime(access.OfPasskey)
	address, q, err := s.issuer.Ask(r.Context(), oidc.Manner{Fresh: a.Fresh || !a.Own.IsZero(), Age: most, Lang: string(r.Lang)})
	if err != nil {
		return s.issuerFailed(r, a, err)
	}
	a.Question = q
	plain, err := json.Marshal(a)
	if err != nil {
		return err
	}
	s.keepAsked(r, base64.RawURLEncoding.EncodeToString(s.keys.Seal(nil, fieldAsked, plain)))
	return r.Redirect(address)
}

const fieldAsked = "cookie.oidc"

func (s *Service) keepAsked(r *web.Request, value string) {
	age := int(questionLife.Seconds())
	if value == "" {
		age = -1
	}
	http.SetCookie(r.W, &http.Cookie{
		Name: s.cookieName("oidc"), Value: value, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode,
	})
}

// keptAsked opens what the browser keeps; false when it keeps nothing of us, or
// nothing that is still good.
func (s *Service) keptAsked(r *web.Request) (a asked, ok bool) {
	c, err := r.Cookie(s.cookieName("oidc"))
	if err != nil {
		return a, false
	}
	box, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return a, false
	}
	plain, err := s.keys.Open(nil, fieldAsked, box)
	if err != nil || json.Unmarshal(plain, &a) != nil || !s.store.Now().Before(a.Until) {
		return asked{}, false
	}
	return a, true
}

// issuerBack takes what the issuer sent the browser back with. It ends in a
// redirect always, so that no code stays in the address.
func (s *Service) issuerBack(r *web.Request) error {
	if s.issuer == nil {
		return unknown()
	}
	r.W.Header().Set("Cache-Control", "no-store")
	a, ok := s.keptAsked(r)
	if !ok || !a.Matches(r.URL.Query()) {
		return s.sayAt(r, asked{Lang: r.Lang}, "wait", "people.oidc.again") // what is kept stays: a link of somebody else's must not spoil a sign-in
	}
	s.keepAsked(r, "")
	var first bool
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		first, err = s.answeredOnce(ctx, tx, a.State)
		return err
	})
	if err != nil {
		return err
	}
	if !first {
		return s.sayAt(r, a, "wait", "people.oidc.again")
	}
	claims, err := s.issuer.Answer(r.Context(), a.Question, r.URL.Query())
	if err != nil {
		return s.issuerFailed(r, a, err)
	}
	if !a.Own.IsZero() && a.Own != r.Actor.Person {
		return s.sayAt(r, asked{Lang: a.Lang}, "wait", "people.oidc.again") // she signed out meanwhile
	}
	var res SignInResult
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		res, err = s.SignInByIssuer(ctx, tx, SignInByIssuer{Claims: claims, Actor: r.Actor, Own: !a.Own.IsZero(), Fresh: a.Fresh})
		return err
	})
	if err != nil {
		return err
	}
	if res.Fault != nil {
		return s.sayAt(r, a, "bad", res.Fault.Key)
	}
	s.signIn(r, res.Token)
	if res.Linked {
		r.SetFlash("good", "people.oidc.linked")
	}
	to := a.Back
	switch {
	case !a.Own.IsZero():
		to = "/me/passkeys"
	case to == "":
		to = s.home
	}
	return r.Redirect(web.PathIn(a.Lang, to))
}

// issuerFailed tells the person why it did not work, and whoever runs the
// installation what the issuer said.
func (s *Service) issuerFailed(r *web.Request, a asked, err error) error {
	kind, key := "bad", "people.oidc.failed"
	switch {
	case errors.Is(err, oidc.ErrCancelled):
		kind, key = "wait", "people.oidc.cancelled"
	case errors.Is(err, oidc.ErrDown):
		key = "people.oidc.down"
	}
	if kind == "bad" && r.Context().Err() == nil {
		s.log.WarnContext(r.Context(), "sign-in by issuer", "id", r.ID, "error", err.Error())
	}
	return s.sayAt(r, a, kind, key)
}

// sayAt leads to where the person can go on, with a message.
func (s *Service) sayAt(r *web.Request, a asked, kind, key string) error {
	r.SetFlash(kind, key)
	if !a.Own.IsZero() && r.Actor.SignedIn() {
		return r.Redirect(web.PathIn(a.Lang, "/me/passkeys"))
	}
	to, query := web.PathIn(a.Lang, "/sign-in"), url.Values{}
	if a.Back != "" {
		query.Set("back", a.Back)
	}
	if a.Fresh {
		query.Set("anew", "1")
	}
	if len(query) > 0 {
		to += "?" + query.Encode()
	}
	return r.Redirect(to)
}

// dropAccount takes the account from the person who is signed in.
func (s *Service) dropAccount(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return unknown()
	}
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if err := MustBeFresh(tx.Now, r.Actor); err != nil {
			return err
		}
		if err := s.mustBeStrong(r.Actor); err != nil {
			return err
		}
		return s.unlink(ctx, tx, r.Actor.Person, id, r.Actor.Session)
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "people.oidc.removed")
	return r.Redirect("/me/passkeys")
}

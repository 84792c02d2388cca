package signin

import (
	"context"
	"errors"
	"net/url"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/oidc"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

// askIssuer leads to the issuer: GET, since a page's policy holds back forms that
// lead to another site.
func (p *Pages) askIssuer(r *web.Request) error {
	back, _ := p.back(r.URL.Query().Get("back"))
	return p.toIssuer(r, people.IssuerQuestion{Back: back, Fresh: r.URL.Query().Get("anew") != ""})
}

// askOwnIssuer is askIssuer for who is signed in and wants to add her account.
func (p *Pages) askOwnIssuer(r *web.Request) error {
	return p.toIssuer(r, people.IssuerQuestion{Own: r.Actor.Person})
}

func (p *Pages) toIssuer(r *web.Request, a people.IssuerQuestion) error {
	if p.issuer == nil {
		return people.Unknown()
	}
	r.W.Header().Set("Cache-Control", "no-store")
	p.bind(r) // tells this browser apart where tries are counted
	a.Lang = r.Lang
	_, most := people.Lifetime(access.OfPasskey)
	address, q, err := p.issuer.Ask(r.Context(), oidc.Manner{Fresh: a.Fresh || !a.Own.IsZero(), Age: most, Lang: string(r.Lang)})
	if err != nil {
		return p.issuerFailed(r, a, err)
	}
	a.Question = q
	sealed, err := p.people.SealQuestion(a)
	if err != nil {
		return err
	}
	p.keepAsked(r, sealed)
	return r.Redirect(address)
}

func (p *Pages) keepAsked(r *web.Request, value string) {
	age := people.QuestionLife
	if value == "" {
		age = -1
	}
	p.setCookie(r, askedCookie, value, age)
}

// keptAsked opens what the browser keeps; false when it keeps nothing of us, or
// nothing that is still good.
func (p *Pages) keptAsked(r *web.Request) (a people.IssuerQuestion, ok bool) {
	c, err := r.Cookie(p.people.CookieName(askedCookie))
	if err != nil {
		return a, false
	}
	return p.people.OpenQuestion(c.Value)
}

// issuerBack takes what the issuer sent the browser back with. It ends in a
// redirect always, so that no code stays in the address.
func (p *Pages) issuerBack(r *web.Request) error {
	if p.issuer == nil {
		return people.Unknown()
	}
	r.W.Header().Set("Cache-Control", "no-store")
	a, ok := p.keptAsked(r)
	if !ok || !a.Matches(r.URL.Query()) {
		return p.sayAt(r, people.IssuerQuestion{Lang: r.Lang}, "wait", "people.oidc.again") // what is kept stays: a link of somebody else's must not spoil a sign-in
	}
	p.keepAsked(r, "")
	var first bool
	err := p.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		first, err = p.people.AnsweredOnce(ctx, tx, a.State)
		return err
	})
	if err != nil {
		return err
	}
	if !first {
		return p.sayAt(r, a, "wait", "people.oidc.again")
	}
	claims, err := p.issuer.Answer(r.Context(), a.Question, r.URL.Query())
	if err != nil {
		return p.issuerFailed(r, a, err)
	}
	if !a.Own.IsZero() && a.Own != r.Actor.Person {
		return p.sayAt(r, people.IssuerQuestion{Lang: a.Lang}, "wait", "people.oidc.again") // she signed out meanwhile
	}
	var res people.SignInResult
	err = p.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		res, err = p.people.SignInByIssuer(ctx, tx, people.SignInByIssuer{Claims: claims, Actor: r.Actor, Own: !a.Own.IsZero(), Fresh: a.Fresh})
		return err
	})
	if err != nil {
		return err
	}
	if res.Fault != nil {
		return p.sayAt(r, a, "bad", res.Fault.Key)
	}
	p.enter(r, res.Token)
	if res.Linked {
		r.SetFlash("good", "people.oidc.linked")
	}
	to := a.Back
	switch {
	case !a.Own.IsZero():
		to = "/me/passkeys"
	case to == "":
		to = p.home
	}
	return r.Redirect(web.PathIn(a.Lang, to))
}

// issuerFailed tells the person why it did not work, and whoever runs the
// installation what the issuer said.
func (p *Pages) issuerFailed(r *web.Request, a people.IssuerQuestion, err error) error {
	kind, key := "bad", "people.oidc.failed"
	switch {
	case errors.Is(err, oidc.ErrCancelled):
		kind, key = "wait", "people.oidc.cancelled"
	case errors.Is(err, oidc.ErrDown):
		key = "people.oidc.down"
	}
	if kind == "bad" && r.Context().Err() == nil {
		p.log.WarnContext(r.Context(), "sign-in by issuer", "id", r.ID, "error", err.Error())
	}
	return p.sayAt(r, a, kind, key)
}

// sayAt leads to where the person can go on, with a message.
func (p *Pages) sayAt(r *web.Request, a people.IssuerQuestion, kind, key string) error {
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
func (p *Pages) dropAccount(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return people.Unknown()
	}
	err = p.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return p.people.DropAccount(ctx, tx, r.Actor, id)
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "people.oidc.removed")
	return r.Redirect("/me/passkeys")
}

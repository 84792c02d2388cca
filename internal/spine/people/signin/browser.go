package signin

import (
	"net/http"
	"net/url"
	"time"

	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

// What a browser keeps here; the session is a cookie of people's own.
const (
	backCookie  = "back" // where she wanted to go
	askedCookie = "oidc" // what she asks the organisation's issuer, sealed
)

// setCookie keeps a value in the browser for a while; a negative age removes it.
func (p *Pages) setCookie(r *web.Request, name, value string, age time.Duration) {
	c := p.people.Cookie(value)
	c.Name = p.people.CookieName(name)
	if c.MaxAge = int(age.Seconds()); age < 0 {
		c.MaxAge = -1
	}
	http.SetCookie(r.W, c)
}

// enter puts a new session in the browser, in place of the one before.
func (p *Pages) enter(r *web.Request, token string) {
	http.SetCookie(r.W, p.people.Cookie(token))
}

// browser gives the token that binds codes to this browser, and makes one when
// there is none. It names nobody, and lives as long as a code.
func (p *Pages) browser(r *web.Request) string {
	if c, err := r.Cookie(p.people.CookieName(people.BrowserCookie)); err == nil && len(c.Value) == 24 {
		return c.Value
	}
	return ""
}

func (p *Pages) bind(r *web.Request) string {
	token := p.browser(r)
	if token == "" {
		token = people.NewToken()
	}
	p.setCookie(r, people.BrowserCookie, token, people.CodeLife)
	return token
}

// back gives where a stranger wanted to go before she was asked to sign in; only
// a page of this site counts.
func (p *Pages) back(asked string) (back, next string) {
	back, ok := web.LocalPath(asked)
	if !ok {
		return "", p.home
	}
	return back, back
}

// keepBack carries the way back from asking for a code to using it, which may
// happen in another tab, by the link of the message.
func (p *Pages) keepBack(r *web.Request, back string) {
	age := people.CodeLife
	if back == "" {
		age = -1
	}
	p.setCookie(r, backCookie, url.QueryEscape(back), age)
}

// keptBack reads the way back.
func (p *Pages) keptBack(r *web.Request) string {
	c, err := r.Cookie(p.people.CookieName(backCookie))
	if err != nil {
		return ""
	}
	asked, err := url.QueryUnescape(c.Value)
	if err != nil {
		return ""
	}
	back, _ := p.back(asked)
	return back
}

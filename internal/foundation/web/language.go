package web

import (
	"net/http"

	"platforma.kg/ashar/internal/foundation/i18n"
)

const languageCookie = "lang"

// cookie is the name of a cookie of ours: where the site speaks HTTPS, one that only the
// site itself can set.
func (s *server) cookie(name string) string {
	if s.Secure {
		return "__Host-" + name
	}
	return name
}

// prefer chooses a language for who has not said one in the address: what she
// chose before, else what her browser asks for.
func (s *server) prefer(req *http.Request) i18n.Language {
	if c, err := req.Cookie(s.cookie(languageCookie)); err == nil {
		if l, ok := i18n.Parse(c.Value); ok {
			return l
		}
	}
	return i18n.Match(req.Header.Get("Accept-Language"))
}

// remember keeps the language of a page when it is not the one we would have
// chosen; whoever reads in the language of her browser gets no cookie.
func (s *server) remember(r *Request) {
	if r.Method != http.MethodGet || s.prefer(r.Request) == r.Lang {
		return
	}
	http.SetCookie(r.W, &http.Cookie{
		Name: s.cookie(languageCookie), Value: string(r.Lang), Path: "/", MaxAge: 365 * 24 * 60 * 60,
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
}

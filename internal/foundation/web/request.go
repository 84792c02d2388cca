package web

import (
	"net/http"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
)

// Request is what a handler gets: the HTTP exchange, who asks, in which
// language, and the texts of that language.
type Request struct {
	*http.Request
	W     http.ResponseWriter
	ID    string // names this request in the log
	Actor access.Actor
	Lang  i18n.Language
	Say   *i18n.Printer
	Site  *Site
	Token string // form token for dangerous actions
}

// Site is what every page shows around its content.
type Site struct {
	Programme i18n.Text // the name of the current programme
	PublicURL string    // without a slash at the end
	Demo      bool      // people are invented, and a band says so
	Nav       []NavItem
}

// NavItem is one of the few words of the navigation.
type NavItem struct {
	Key   string            // of the catalogues
	Path  string            // without the language
	Needs access.Permission // shown to those only
}

// Page renders a component with a status.
func (r *Request) Page(status int, c templ.Component) error {
	r.W.Header().Set("Content-Type", "text/html; charset=utf-8")
	r.W.WriteHeader(status)
	return c.Render(r.Context(), r.W)
}

// Redirect answers a POST: 303 to a path of this site. A path that begins with
// "/" gets the language put before it.
func (r *Request) Redirect(path string) error {
	http.Redirect(r.W, r.Request, r.Path(path), http.StatusSeeOther)
	return nil
}

// Path puts the language before a path of a page.
func (r *Request) Path(path string) string { return "/" + string(r.Lang) + path }

// Invalid gives the fault of a form that is to be shown again, nil and the
// error itself when the page must end otherwise.
func Invalid(err error) (*fault.Error, error) {
	if f := fault.Of(err); f != nil {
		switch f.Code {
		case fault.Invalid, fault.Full, fault.Conflict, fault.TooEarly, fault.TooLate, fault.Limited:
			return f, nil
		}
	}
	return nil, err
}

// Status is the HTTP status of a fault's code.
func Status(c fault.Code) int {
	switch c {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict, fault.Full, fault.TooEarly:
		return http.StatusConflict
	case fault.Gone, fault.TooLate:
		return http.StatusGone
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.Limited:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

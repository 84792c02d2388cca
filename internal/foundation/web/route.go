package web

import (
	"time"

	"platforma.kg/ashar/internal/foundation/access"
)

// Route is one line of a module's list: what is asked for, who may, who answers.
//
// Pattern is a path of http.ServeMux. Pages are written without the language,
// "/seminars/{slug}", and are served under "/{ky|ru|en}"; a GET without the
// prefix redirects by Accept-Language. Raw routes (feeds, API, health, files)
// are served exactly as written. The last part of a pattern may carry an
// ending, "/events/{slug}.ics"; PathValue("slug") is then without it.
type Route struct {
	Method  string
	Pattern string
	Needs   access.Permission
	Handler Handler
	Raw     bool
	// Limit is the greatest body in bytes, 0 for the usual 1 MiB. Of a route that
	// takes files it bounds what is kept of all of them, 0 for one.
	Limit int64
	// Upload is the greatest file in bytes that a form may bring, 0 for none. A
	// form with a larger one is read all the same: r.Files says at its field what
	// is wrong, and what was typed is there.
	Upload int64
	// Danger asks for the form token besides the same-origin check: role
	// changes, deletion, export.
	Danger bool
	// Fresh asks for a sign-in of the last FreshFor, besides the permission: a
	// session left open must not give roles or carry data away. It names the page
	// where the action stands, "/people/{id}"; the person signs in anew and is led
	// back to it.
	Fresh string
	// Shared says that the page is the same for every stranger: it depends on
	// nothing but its language, its address and what is stored. It is drawn once
	// for many; see share.
	Shared bool
	// Rate bounds how often one client may ask, for sign-in codes, look-ups by
	// code and the like.
	Rate Rate
}

// FreshFor is how long a sign-in is good for what is asked of few.
const FreshFor = 15 * time.Minute

// Handler answers a request. A returned fault becomes a page (or, for Raw
// routes, a problem document) with its status; any other error an incident.
type Handler func(r *Request) error

// Rate bounds how often one client may use a route: a person by herself,
// others by a pseudonym of their address. The zero Rate bounds nothing.
type Rate struct {
	Count int
	Per   time.Duration
	// Cookie names the cookie that tells apart the strangers behind one address,
	// a classroom or a whole mobile network: each may come Count times, and all
	// of the address together Crowd times as often.
	Cookie string
	Crowd  int
}

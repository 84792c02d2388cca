package web

import "platforma.kg/ashar/internal/foundation/access"

// Route is one line of a module's list: what is asked for, who may, who answers.
//
// Pattern is a path of http.ServeMux. Pages are written without the language,
// "/seminars/{slug}", and are served under "/{ky|ru|en}"; a GET without the
// prefix redirects by Accept-Language. Raw routes (feeds, API, health, files)
// are served exactly as written.
type Route struct {
	Method  string
	Pattern string
	Needs   access.Permission
	Handler Handler
	Raw     bool
	// Limit is the greatest body in bytes, 0 for the usual 1 MiB.
	Limit int64
	// Danger asks for the form token besides the same-origin check: role
	// changes, deletion, export.
	Danger bool
}

// Handler answers a request. A returned fault becomes a page (or, for Raw
// routes, a problem document) with its status; any other error an incident.
type Handler func(r *Request) error

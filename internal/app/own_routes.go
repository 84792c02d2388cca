package app

import (
	_ "embed"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/web"
)

//go:embed openapi.json
var openAPI []byte

// ownRoutes are those of the house itself.
func (a *App) ownRoutes() []web.Route {
	return []web.Route{
		{Method: "GET", Pattern: "/healthz", Needs: access.Public, Raw: true, Handler: a.alive},
		{Method: "GET", Pattern: "/readyz", Needs: access.Public, Raw: true, Handler: a.ready},
		{Method: "GET", Pattern: "/api/openapi.json", Needs: access.Public, Raw: true, Handler: a.openAPI},
	}
}

// alive answers as long as the process does.
func (a *App) alive(r *web.Request) error {
	r.W.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := r.W.Write([]byte("alive\n"))
	return err
}

func (a *App) openAPI(r *web.Request) error {
	r.W.Header().Set("Content-Type", "application/json")
	_, err := r.W.Write(openAPI)
	return err
}

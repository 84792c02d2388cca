package app

import (
	"context"
	_ "embed"
	"encoding/json"
	"net/http"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
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

// ready asks the database and the bus.
func (a *App) ready(r *web.Request) error {
	parts := map[string]string{"database": "ok", "bus": "ok"}
	ok := true
	if err := a.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		var one int
		return tx.QueryRow(ctx, "SELECT 1").Scan(&one)
	}); err != nil {
		parts["database"], ok = "does not answer", false
	}
	if a.bus.Ready() != nil {
		parts["bus"], ok = "does not answer", false
	}
	r.W.Header().Set("Content-Type", "application/json")
	r.W.Header().Set("Cache-Control", "no-store")
	if !ok {
		r.W.WriteHeader(http.StatusServiceUnavailable)
	}
	return json.NewEncoder(r.W).Encode(map[string]any{"ready": ok, "parts": parts})
}

func (a *App) openAPI(r *web.Request) error {
	r.W.Header().Set("Content-Type", "application/json")
	_, err := r.W.Write(openAPI)
	return err
}

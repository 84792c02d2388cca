package app_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"platforma.kg/ashar/internal/app"
	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/config"
)

// demo opens a house with the demo in a folder of its own.
func demo(t *testing.T) (*app.App, app.DemoLinks) {
	t.Helper()
	a, err := app.Open(t.Context(), config.Config{Addr: "127.0.0.1:8080", Data: t.TempDir()}, app.Options{Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	links, err := a.LoadDemo(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return a, links
}

func TestTheDemoOpensWithALinkForEachRole(t *testing.T) {
	t.Parallel()
	a, links := demo(t)
	for _, role := range access.Roles {
		if links[role] == "" {
			t.Errorf("no link for %s", role)
		}
	}
	for _, path := range []string{"/healthz", "/readyz", "/api/openapi.json", "/ky/", "/ru/", "/en/", "/en/events"} {
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusOK {
			t.Errorf("%s answers %d: %s", path, w.Code, w.Body)
		}
	}
}

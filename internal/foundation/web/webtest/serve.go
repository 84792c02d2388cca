package webtest

import (
	"bytes"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web"
)

// Serve serves the routes of o until the test ends and gives the address of the site. What
// o leaves out is filled: the catalogue (of the given texts and those of web), a secret, and
// whom a request comes from, which is nobody.
func Serve(t testing.TB, o web.Options, texts ...fs.FS) (address string) {
	t.Helper()
	if o.Catalogue == nil {
		catalogue, err := i18n.Load(append([]fs.FS{web.Texts()}, texts...)...)
		if err != nil {
			t.Fatalf("load the texts: %v", err)
		}
		o.Catalogue = catalogue
	}
	if o.Secret == nil {
		o.Secret = bytes.Repeat([]byte{1}, 32)
	}
	if o.Identify == nil {
		o.Identify = func(*http.Request) (access.Actor, error) { return access.Actor{}, nil }
	}
	site, err := web.NewServer(o)
	if err != nil {
		t.Fatalf("make the server: %v", err)
	}
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	return server.URL
}

package webtest_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"platforma.kg/ashar/internal/foundation/web/webtest"
)

func TestABrowserKeepsCookiesFollowsNothingAndSendsFiles(t *testing.T) {
	t.Parallel()
	site := http.NewServeMux()
	site.HandleFunc("GET /in", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "seat", Value: "12"})
		http.SetCookie(w, &http.Cookie{Name: "draft", Value: "7"})
		http.Redirect(w, r, "/room", http.StatusSeeOther)
	})
	site.HandleFunc("GET /out", func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "seat", MaxAge: -1})
	})
	site.HandleFunc("GET /room", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, len(r.Cookies()), r.Header.Get("Who"), r.Header.Get("Sec-Fetch-Site"))
	})
	site.HandleFunc("POST /files", func(w http.ResponseWriter, r *http.Request) {
		in, head, err := r.FormFile("paper")
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		text, _ := io.ReadAll(in)
		fmt.Fprint(w, head.Filename, string(text), r.FormValue("about"))
	})
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	for name, b := range map[string]*webtest.Browser{"network": {URL: server.URL}, "handler": {Handler: site}} {
		t.Run(name, func(t *testing.T) {
			b.Header = http.Header{"who": {"her"}}
			if a := b.Get(t, "/in"); a.Status != http.StatusSeeOther || a.To() != "/room" || len(b.Cookies) != 2 {
				t.Fatalf("%d to %q with %v", a.Status, a.To(), b.Cookies)
			}
			if a := b.Get(t, "/room"); a.Body != "2hersame-origin" {
				t.Errorf("the room sees %q", a.Body)
			}
			b.Get(t, "/out")
			if a := b.Get(t, "/room"); a.Body != "1hersame-origin" {
				t.Errorf("after going out the room sees %q", a.Body)
			}
			a := b.Upload(t, "/files", url.Values{"about": {"Ө"}}, webtest.File{Field: "paper", Name: "баракча.pdf", Body: []byte("кат")})
			if a.Status != http.StatusOK || a.Body != "баракча.pdfкатӨ" {
				t.Errorf("%d %q", a.Status, a.Body)
			}
		})
	}
}

func TestTheTokenOfAFormIsFound(t *testing.T) {
	t.Parallel()
	if got := webtest.FormToken(`<form><input name="form_token" value="a&amp;b"><input name="form_token" value="c">`); got != "a&b" {
		t.Errorf("%q", got)
	}
	if got := webtest.FormToken("<p>none</p>"); got != "" {
		t.Errorf("%q", got)
	}
}

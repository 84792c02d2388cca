package app

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/web/kit/gallery"
)

// The gallery is open in the demo, in three languages, and keeps nothing.
func TestTheGalleryIsOpenInTheDemo(t *testing.T) {
	t.Parallel()
	a, err := Open(t.Context(), config.Config{Addr: "127.0.0.1:8080", Data: t.TempDir()}, Options{Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, l := range i18n.Languages {
		for _, part := range append([]string{""}, gallery.Parts()...) {
			path := "/" + string(l) + strings.TrimSuffix(gallery.Path+"/"+part, "/")
			if status, _, body := ask(a, http.MethodGet, path); status != http.StatusOK || !strings.Contains(body, `name="robots" content="noindex`) {
				t.Errorf("%s: %d", path, status)
			}
		}
	}
	if status, _, _ := ask(a, http.MethodGet, "/en/_style/none"); status != http.StatusNotFound {
		t.Errorf("a part that is not there: %d", status)
	}
	if status, _, _ := ask(a, http.MethodPost, "/en/_style/none"); status != http.StatusNotFound {
		t.Errorf("a form of a part that is not there: %d", status)
	}
	if status, to, _ := ask(a, http.MethodPost, "/en/_style/forms"); status != http.StatusSeeOther || to != "/en/_style/forms" {
		t.Errorf("a form: %d to %q", status, to)
	}
}

// A house that is no demo has no such page, for nobody and by no method.
func TestOutsideTheDemoThereIsNoGallery(t *testing.T) {
	t.Parallel()
	h := bareHouse(t, "")
	for _, route := range h.Routes() {
		if strings.Contains(route.Pattern, "_style") {
			t.Errorf("%s %s is a route", route.Method, route.Pattern)
		}
	}
	for _, l := range i18n.Languages {
		for _, part := range append([]string{""}, gallery.Parts()...) {
			path := "/" + string(l) + strings.TrimSuffix(gallery.Path+"/"+part, "/")
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
				if status, _, body := ask(h.App, method, path); status != http.StatusNotFound || strings.Contains(body, "data-component") {
					t.Errorf("%s %s: %d", method, path, status)
				}
			}
		}
	}
}

// ask asks as nobody.
func ask(a *App, method, path string) (status int, to, body string) {
	r := httptest.NewRequest(method, path, nil)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	w := httptest.NewRecorder()
	a.Handler().ServeHTTP(w, r)
	return w.Code, w.Header().Get("Location"), w.Body.String()
}

var (
	paragraph = regexp.MustCompile(`(?s)<p\b[^>]*>.*?</p>`)
	block     = regexp.MustCompile(`<(form|div|ul|ol|dl|table|fieldset|details|section|figure|nav|article|h[1-6])\b`)
)

// A browser ends a paragraph where a block begins: what stands in it falls apart, each form in
// a row of its own.
func TestNoParagraphHoldsABlock(t *testing.T) {
	if !block.MatchString(paragraph.FindString(`<p class="a"><form></form></p>`)) {
		t.Fatal("a form in a paragraph is not seen")
	}
	seen := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".templ" {
			return err
		}
		text, err := os.ReadFile(path)
		for _, p := range paragraph.FindAllString(string(text), -1) {
			seen++
			if found := block.FindString(p); found != "" {
				t.Errorf("%s: %s> stands in %.60q", path, found, p)
			}
		}
		return err
	})
	if err != nil || seen < 500 {
		t.Errorf("%d paragraphs were read: %v", seen, err)
	}
}

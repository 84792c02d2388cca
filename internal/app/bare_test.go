package app

import (
	"context"
	"fmt"
	"hash/crc32"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/config"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
	"platforma.kg/ashar/internal/foundation/web/webtest"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/public"
)

// bare is a house with a programme and nobody in it, that is no demo, at a
// fixed moment. It answers without a socket.
type bare struct {
	*App
	t   *testing.T
	now time.Time
}

// eachBare runs f in a bare house on both engines.
func eachBare(t *testing.T, f func(t *testing.T, h bare)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		f(t, bareHouse(t, ""))
	})
	t.Run("postgresql", func(t *testing.T) {
		t.Parallel()
		f(t, bareHouse(t, storagetest.Database(t, true)))
	})
}

func bareHouse(t *testing.T, database string) bare {
	t.Helper()
	h := bare{t: t, now: time.Date(2026, 11, 2, 4, 0, 0, 0, time.UTC)}
	var err error
	again := &plans{}
	h.App, err = Open(t.Context(), config.Config{Addr: "127.0.0.1:8080", Data: t.TempDir(), DatabaseURL: database}, Options{
		Clock: func() time.Time { return h.now }, replanned: again.note,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
		again.check(t)
	})
	if err := h.demoProgramme(t.Context()); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h bare) write(f func(ctx context.Context, tx *storage.Tx) error) {
	h.t.Helper()
	if err := h.Store().Write(h.t.Context(), f); err != nil {
		h.t.Fatal(err)
	}
}

// activity finds an activity of the programme.
func (h bare) activity(slug string) (a programme.Activity) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *storage.Tx) (err error) {
		a, err = programme.BySlug(ctx, tx, slug)
		return err
	})
	return a
}

// person registers somebody, with the grants that she holds.
func (h bare) person(name, city string, grants ...access.Grant) (id storage.ID) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *storage.Tx) error {
		p, err := h.rooms.people.Register(ctx, tx, people.Details{FullName: name, Email: addressOf(name), Sex: "female", City: city, Group: "activists", Lang: i18n.Kyrgyz})
		if err != nil {
			return err
		}
		id = p.ID
		for _, g := range grants {
			if err := h.rooms.people.Grant(ctx, tx, id, g); err != nil {
				return err
			}
		}
		return nil
	})
	return id
}

// addressOf invents the address of a name.
func addressOf(name string) string {
	return fmt.Sprintf("p%08x@example.org", crc32.ChecksumIEEE([]byte(name)))
}

// upcoming is a seminar of the programme that is open to everybody and to come.
func (h bare) upcoming(city string) (a programme.Activity) {
	h.t.Helper()
	h.write(func(ctx context.Context, tx *storage.Tx) error {
		list, err := public.ForStrangers(ctx, tx, programme.Filter{Kind: programme.Seminar, State: programme.Published, City: city, From: h.now.AddDate(0, 0, 1)})
		if err != nil || len(list) == 0 {
			return fmt.Errorf("no seminar is to come in %s: %w", city, err)
		}
		a, err = programme.BySlug(ctx, tx, list[0].Slug)
		return err
	})
	return a
}

// browser is signed in as a person, or as nobody.
type browser struct {
	h      bare
	cookie *http.Cookie
	token  string // for forms that ask for one
}

// signIn signs a person in by passkey; nobody when she is zero.
func (h bare) signIn(person storage.ID) *browser {
	h.t.Helper()
	b := &browser{h: h}
	if person.IsZero() {
		return b
	}
	h.write(func(ctx context.Context, tx *storage.Tx) error {
		token, err := h.rooms.people.StartSession(ctx, tx, person, access.OfPasskey)
		b.cookie = h.rooms.people.Cookie(token)
		return err
	})
	_, page, _ := b.do(http.MethodGet, "/ky/me/erase", nil)
	if b.token = webtest.FormToken(page); b.token == "" {
		h.t.Fatal("there is no form token")
	}
	return b
}

// do asks as a browser on the site would; a form carries the token.
func (b *browser) do(method, path string, form url.Values) (int, string, http.Header) {
	b.h.t.Helper()
	w := &webtest.Browser{URL: "http://127.0.0.1:8080", Handler: b.h.Handler()}
	if b.cookie != nil {
		w.Cookies = map[string]string{b.cookie.Name: b.cookie.Value}
	}
	if form != nil {
		form.Set("form_token", b.token)
	}
	a := w.Do(b.h.t, method, path, form)
	return a.Status, a.Body, a.Header
}

// fillWith puts values into the places of a pattern. It fails for a place that
// has none: a new route must say what stands there.
func fillWith(t *testing.T, pattern string, values map[string]string) string {
	t.Helper()
	return wildcard.ReplaceAllStringFunc(pattern, func(w string) string {
		name := strings.Trim(w, "{}.")
		if name == "$" {
			return ""
		}
		v, ok := values[name]
		if !ok {
			t.Errorf("%s: the test has nothing for {%s}", pattern, name)
		}
		return v
	})
}

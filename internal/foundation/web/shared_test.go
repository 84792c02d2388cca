package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
)

// sharing is a door with one shared page that counts how often it was drawn.
type sharing struct {
	*door
	drawn int
	stamp string
	fail  error // of the stamp
	saw   string
}

func newSharing(t *testing.T) *sharing {
	t.Helper()
	texts, err := i18n.Load(web.Texts())
	if err != nil {
		t.Fatal(err)
	}
	s := &sharing{door: &door{clock: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}, stamp: "1"}
	site := &web.Site{PublicURL: "https://ashar.example", SignIn: "/sign-in"}
	s.Handler, err = web.NewServer(web.Options{
		Routes: []web.Route{
			{Method: "GET", Pattern: "/page/{slug}", Needs: access.Public, Shared: true, Handler: func(r *web.Request) error {
				s.drawn++
				s.saw = r.Header.Get("X-Mine") + r.Header.Get("Cookie") + r.Host + r.RemoteAddr + r.Token
				switch r.PathValue("slug") {
				case "missing":
					return fault.New(fault.NotFound, "fault.not_found")
				case "moved":
					return r.Redirect("/elsewhere")
				}
				return r.Page(http.StatusOK, templ.Raw("drawn "+strconv.Itoa(s.drawn)+" "+r.URL.RawQuery+" "+r.Actor.Person.String()))
			}},
		},
		Catalogue: texts, Secret: bytes.Repeat([]byte("k"), 32), ErrorPage: kit.ErrorPage,
		Clock: func() time.Time { return s.clock },
		Site:  func(context.Context) (*web.Site, error) { return site, nil },
		Stamp: func(context.Context) (string, error) { return s.stamp, s.fail },
		Identify: func(req *http.Request) (access.Actor, error) {
			if req.Header.Get("X-Test-Person") != "" {
				return access.Actor{Person: storage.ID{1}, Session: storage.ID{2}}, nil
			}
			return access.Actor{}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *sharing) get(t *testing.T, target string, head ...string) string {
	t.Helper()
	w := s.ask("GET", target, "", head...)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d", target, w.Code)
	}
	return w.Body.String()
}

func TestASharedPageIsDrawnOnceWhileNothingChanges(t *testing.T) {
	t.Parallel()
	s := newSharing(t)
	first := s.get(t, "/ky/page/a")
	if again := s.get(t, "/ky/page/a"); again != first || s.drawn != 1 {
		t.Errorf("drawn %d times: %q, %q", s.drawn, first, again)
	}
	for name, change := range map[string]func() string{
		"another language": func() string { return s.get(t, "/ru/page/a") },
		"another address":  func() string { return s.get(t, "/ky/page/b") },
		"another query":    func() string { return s.get(t, "/ky/page/a?x=1") },
		"a change":         func() string { s.stamp += "1"; return s.get(t, "/ky/page/a") },
		"a second later":   func() string { s.clock = s.clock.Add(time.Second); return s.get(t, "/ky/page/a") },
		"a clock set back": func() string { s.clock = s.clock.Add(-time.Hour); return s.get(t, "/ky/page/a") },
	} {
		before := s.drawn
		if change(); s.drawn != before+1 {
			t.Errorf("%s: drawn %d times", name, s.drawn-before)
		}
	}
	s.fail = errors.New("gone")
	before := s.drawn
	s.get(t, "/ky/page/a")
	s.get(t, "/ky/page/a")
	if s.drawn != before+2 {
		t.Error("without a stamp a page was shared")
	}
}

func TestWhatBelongsToOneVisitorIsInNoSharedPage(t *testing.T) {
	t.Parallel()
	s := newSharing(t)
	s.get(t, "/ky/page/a", "X-Mine", "mine", "Cookie", "ashar-draft=mine")
	if s.saw != "" {
		t.Errorf("the handler of a shared page saw %q", s.saw)
	}
	mine := s.get(t, "/ky/page/a", "X-Test-Person", "someone", "X-Mine", "mine")
	if !strings.Contains(mine, storage.ID{1}.String()) || !strings.Contains(s.saw, "mine") {
		t.Errorf("whoever is signed in got %q", mine)
	}
	if strangers := s.get(t, "/ky/page/a"); strings.Contains(strangers, storage.ID{1}.String()) {
		t.Errorf("a stranger got %q", strangers)
	}
}

func TestASharedPageGoesOutAsAnyOther(t *testing.T) {
	t.Parallel()
	s := newSharing(t)
	for range 2 { // drawn, then shared
		plain := s.ask("GET", "/ky/page/a", "")
		zipped := s.ask("GET", "/ky/page/a", "", "Accept-Encoding", "gzip")
		r, err := gzip.NewReader(zipped.Body)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil || string(body) != plain.Body.String() || len(body) == 0 {
			t.Errorf("unzipped %q, plain %q, %v", body, plain.Body, err)
		}
		for _, h := range []string{"Content-Type", "Content-Language", "ETag", "Cache-Control", "Content-Security-Policy"} {
			if v := plain.Header().Get(h); v == "" || v != zipped.Header().Get(h) {
				t.Errorf("%s is %q and %q", h, v, zipped.Header().Get(h))
			}
		}
		for _, w := range []http.Header{plain.Header(), zipped.Header()} {
			if vary := strings.Join(w.Values("Vary"), ", "); !strings.Contains(vary, "Cookie") || strings.Count(vary, "Accept-Encoding") != 1 {
				t.Errorf("Vary is %q", vary)
			}
		}
		if w := s.ask("GET", "/ky/page/a", "", "If-None-Match", plain.Header().Get("ETag")); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
			t.Errorf("a page that is the same: %d, %q", w.Code, w.Body)
		}
		if w := s.ask("HEAD", "/ky/page/a", "", "Accept-Encoding", "gzip"); w.Code != http.StatusOK || w.Header().Get("Content-Encoding") != "" {
			t.Errorf("HEAD: %d %v", w.Code, w.Header())
		}
		if w := s.ask("GET", "/ky/page/missing", ""); w.Code != http.StatusNotFound {
			t.Errorf("a page that is not there: %d", w.Code)
		}
		if w := s.ask("GET", "/ky/page/moved", ""); w.Code != http.StatusSeeOther {
			t.Errorf("a page that leads elsewhere: %d", w.Code)
		}
	}
}

func TestTheSharedPagesAreBounded(t *testing.T) {
	t.Parallel()
	s := newSharing(t)
	for i := range 2000 {
		s.get(t, "/ky/page/a?"+strconv.Itoa(i))
	}
	long := "/ky/page/a?" + strings.Repeat("x", 300)
	s.get(t, long)
	before := s.drawn
	s.get(t, long)
	if s.drawn != before+1 {
		t.Error("a page with an endless address was kept")
	}
}

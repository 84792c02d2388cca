package public_test

import (
	"context"
	"image/png"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"platforma.kg/ashar/internal/foundation/gate"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme/programmetest"
)

// desk shows the pictures to share.
type desk struct{ programmetest.Desk }

func openDesk(t *testing.T, f func(d desk)) {
	t.Helper()
	programmetest.OpenDesk(t, func(d programmetest.Desk) { f(desk{d}) })
}

// card asks for a picture to share and gives status and header; the body is let go of.
func (d desk) card(slug, lang string) (int, http.Header) {
	res, err := http.Get(d.URL + "/events/" + slug + "/share.png?lang=" + lang)
	if err != nil {
		d.T.Error(err)
		return 0, nil
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusOK && res.Header.Get("Content-Type") != "image/png" {
		d.T.Errorf("a picture of the type %s", res.Header.Get("Content-Type"))
	}
	return res.StatusCode, res.Header
}

// open lists the slugs of public activities.
func (d desk) open() (slugs []string) {
	d.T.Helper()
	if err := d.Store.Read(d.T.Context(), func(ctx context.Context, tx *storage.Tx) error {
		list, err := storage.All(ctx, tx, func(row storage.Scanner) (slug string, err error) { return slug, row.Scan(&slug) },
			`SELECT slug
			FROM activity
			WHERE state = 'published' AND invitation_only = $1
			ORDER BY slug`, false)
		slugs = list
		return err
	}); err != nil {
		d.T.Fatal(err)
	}
	return slugs
}

func TestThePictureOfAPageIsDrawnOnceForAllWhoAsk(t *testing.T) {
	t.Parallel()
	openDesk(t, func(d desk) {
		slugs := d.open()
		if len(slugs) < 2 {
			d.T.Fatalf("%d public activities prove nothing", len(slugs))
		}
		var drawn atomic.Int32
		begun, open := make(chan struct{}, 100), make(chan struct{})
		d.Public.Draw(func(string, string, []string) ([]byte, error) {
			drawn.Add(1)
			begun <- struct{}{}
			<-open
			return []byte("\x89PNG"), nil
		})
		const all = 60
		results := make(chan int, all)
		for range all {
			go func() { code, _ := d.card(slugs[0], "ky"); results <- code }()
		}
		<-begun
		close(open)
		for range all {
			if code := <-results; code != http.StatusOK {
				d.T.Errorf("answered %d", code)
			}
		}
		if n := drawn.Load(); n != 1 {
			d.T.Errorf("drawn %d times for %d who asked", n, all)
		}
		d.card(slugs[0], "ky")
		d.card(slugs[0], "ru")
		if n := drawn.Load(); n != 2 {
			d.T.Errorf("drawn %d times, want once for each of two languages", n)
		}
		// Another title is another picture; something else that changes is none.
		programmetest.Write(d.T, d.Store, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE activity SET version = version + 1 WHERE slug = $1`, slugs[0])
			return err
		})
		d.card(slugs[0], "ky")
		if n := drawn.Load(); n != 2 {
			d.T.Errorf("drawn anew though it shows the same")
		}
	})
}

// A messenger asks in whatever language it was set to; the page says in which it is shared.
func TestAPageIsSharedWithThePictureOfItsLanguage(t *testing.T) {
	t.Parallel()
	openDesk(t, func(d desk) {
		slug := d.open()[0]
		programmetest.Write(d.T, d.Store, func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE activity SET online = $2 WHERE slug = $1`, slug, true)
			return err
		})
		for lang, online := range map[string]string{"ky": "Онлайн", "ru": "Онлайн", "en": "Online"} {
			other := map[string]string{"ky": "en", "ru": "en", "en": "ru"}[lang]
			_, page := d.Ask(http.MethodGet, "/"+lang+"/events/"+slug, "", nil, nil)
			picture := "/events/" + slug + "/share.png?lang=" + lang
			if !strings.Contains(page, picture+`"`) {
				d.T.Errorf("%s: the page is shared with another picture", lang)
			}
			var said []string
			d.Public.Draw(func(_, _ string, under []string) ([]byte, error) {
				said = under
				return []byte("\x89PNG"), nil
			})
			if res, _ := d.Ask(http.MethodGet, picture, "", nil, nil, "Accept-Language", other); res.StatusCode != http.StatusOK {
				d.T.Fatalf("%s: %d", lang, res.StatusCode)
			}
			if !slices.Contains(said, online) {
				d.T.Errorf("%s, asked for in %s: %q", lang, other, said)
			}
		}
	})
}

func TestTooManyDifferentPicturesAtOnceAreTurnedAway(t *testing.T) {
	t.Parallel()
	openDesk(t, func(d desk) {
		type page struct{ slug, lang string }
		var pages []page
		for _, slug := range d.open() {
			for _, lang := range []string{"ky", "ru", "en"} {
				pages = append(pages, page{slug, lang})
			}
		}
		const taken = 1 + 8 // one is drawn, eight wait
		if len(pages) < taken+5 {
			d.T.Fatalf("%d pictures prove nothing", len(pages))
		}
		open := make(chan struct{})
		d.Public.Draw(func(string, string, []string) ([]byte, error) {
			<-open
			return []byte("\x89PNG"), nil
		})
		type answer struct {
			code int
			head http.Header
		}
		results := make(chan answer, len(pages))
		for _, p := range pages {
			go func() { code, head := d.card(p.slug, p.lang); results <- answer{code, head} }()
		}
		for range len(pages) - taken {
			if a := <-results; a.code != http.StatusServiceUnavailable || a.head.Get("Retry-After") != strconv.Itoa(gate.Later) {
				d.T.Errorf("turned away with %d, Retry-After %q", a.code, a.head.Get("Retry-After"))
			}
		}
		close(open)
		for range taken {
			if a := <-results; a.code != http.StatusOK {
				d.T.Errorf("who waited got %d", a.code)
			}
		}
	})
}

func TestThePictureThatIsKeptIsAPictureAndIsNotSentTwice(t *testing.T) {
	t.Parallel()
	openDesk(t, func(d desk) {
		address := d.URL + "/events/" + d.open()[0] + "/share.png"
		for range 2 {
			res, err := http.Get(address)
			if err != nil {
				d.T.Fatal(err)
			}
			pic, err := png.DecodeConfig(res.Body)
			res.Body.Close()
			if err != nil || pic.Width != 1200 || pic.Height != 630 || !strings.Contains(res.Header.Get("Cache-Control"), "max-age=3600") {
				d.T.Errorf("%v %v, Cache-Control %q", pic, err, res.Header.Get("Cache-Control"))
			}
			req, err := http.NewRequestWithContext(d.T.Context(), "GET", address, nil)
			if err != nil {
				d.T.Fatal(err)
			}
			req.Header.Set("If-None-Match", res.Header.Get("ETag"))
			again, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				d.T.Fatal(err)
			}
			again.Body.Close()
			if again.StatusCode != http.StatusNotModified {
				d.T.Errorf("who has it gets %d", again.StatusCode)
			}
		}
	})
}

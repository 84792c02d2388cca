package app

import (
	"bytes"
	"context"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/config"
)

// house is the demo, served on a real socket for the time of a test.
type house struct {
	*App
	url    string
	dir    string
	signIn DemoLinks
	log    *lockedBuffer
	plans  *plans
}

// plans gathers the statements that SQLite planned anew: none may be left at the end.
type plans struct {
	mu    sync.Mutex
	again []string
}

func (p *plans) note(query string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.again = append(p.again, query)
}

// take gives what was gathered and begins anew.
func (p *plans) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer func() { p.again = nil }()
	return p.again
}

func (p *plans) check(t *testing.T) {
	t.Helper()
	if again := p.take(); len(again) > 0 {
		t.Errorf("SQLite planned statements anew %d times:\n%s", len(again), strings.Join(again, "\n"))
	}
}

// lockedBuffer gathers the log of all requests.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func openHouse(t *testing.T) house {
	t.Helper()
	socket, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := house{dir: t.TempDir(), url: "http://" + socket.Addr().String(), log: &lockedBuffer{}, plans: &plans{}}
	h.App, err = Open(t.Context(), config.Config{Addr: socket.Addr().String(), Data: h.dir}, Options{
		Demo: true, Log: slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug})), replanned: h.plans.note,
	})
	if err != nil {
		t.Fatal(err)
	}
	if h.signIn, err = h.LoadDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx, socket) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		h.Close()
		h.plans.check(t)
	})
	return h
}

// visitor is a browser without script.
type visitor struct {
	t    *testing.T
	home house
	http.Client
}

// as gives a browser that is signed in as a role; "" is nobody.
func (h house) as(t *testing.T, role access.Role) visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := visitor{t: t, home: h, Client: http.Client{Jar: jar, Transport: plain, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	if role != "" {
		link, ok := h.signIn[role]
		if !ok {
			t.Fatalf("the demo has no sign-in link for %s", role)
		}
		if status := v.enter(strings.TrimPrefix(link, h.url)); status >= 400 {
			t.Fatalf("the sign-in link of %s gives %d", role, status)
		}
	}
	return v
}

// plain asks for pages that are not compressed: reading a house takes thousands of them, and
// what is compressed is read by the browsers.
var plain = func() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DisableCompression = true
	return t
}()

// do asks for a path, with a form when there is one, as a browser on the site would.
func (v visitor) do(method, path string, form url.Values) (status int, body string, header http.Header) {
	v.t.Helper()
	var in io.Reader
	if form != nil {
		in = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.home.url+path, in)
	if err != nil {
		v.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if method != http.MethodGet {
		r.Header.Set("Origin", v.home.url)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	answer, err := v.Do(r)
	if err != nil {
		v.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(answer.Body, 20<<20))
	if err != nil {
		v.t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer.StatusCode, string(raw), answer.Header
}

// linksIn gives the values of href, src and action in a page, as they stand there. Reading a
// house takes thousands of pages: it looks for the rare letters first.
func linksIn(body string) (out []string) {
	for at := 0; ; {
		next := strings.Index(body[at:], `="`)
		if next < 0 {
			return out
		}
		name := body[at : at+next]
		name = name[strings.LastIndexFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' })+1:]
		at += next + 2
		end := strings.IndexByte(body[at:], '"')
		if end < 0 {
			return out
		}
		switch name {
		case "href", "src", "action":
			out = append(out, body[at:at+end])
			at += end + 1
		}
	}
}

// mostAlike is how many of the pages of one kind are followed that differ in their query
// alone, of all people and all activities together: sorted, filtered, the next fifty.
const mostAlike = 200

// kindOf is the address of a page without whom or what it is of.
func kindOf(path string) string {
	return slugs.ReplaceAllString(ids.ReplaceAllString(path, "…"), "/$1/…")
}

// crawl follows every link from a page on and gives what each address of the
// site answered, files included. At most so many of the pages of one list are
// followed.
func (v visitor) crawl(from string, see func(path string, status int, body string)) {
	v.t.Helper()
	v.crawlWhile(from, everywhere, func(path string, status int, body string) bool { see(path, status, body); return true })
}

// everywhere is the choice of who follows every link.
func everywhere(string) bool { return true }

// wholeInOne is the choice of who reads every page of one language, and of the others so
// many of each kind: what people are called and what they wrote is the same in all of them.
func wholeInOne(language string, ofEach int) func(path string) bool {
	kinds := map[string]int{}
	return func(path string) bool {
		if strings.HasPrefix(path, language) || len(path) < 4 || path[3] != '/' {
			return true
		}
		kind := kindOf(strings.Split(path, "?")[0])
		kinds[kind]++
		return kinds[kind] <= ofEach
	}
}

// crawlWhile is crawl that follows what it chooses and ends where it has seen enough. Ways in and
// the quick way out are followed by nobody: who takes one is somebody else from then on.
func (v visitor) crawlWhile(from string, follow func(path string) bool, see func(path string, status int, body string) bool) {
	v.t.Helper()
	queue, seen, lists, alike := []string{from}, map[string]bool{from: true}, map[string]int{}, map[string]int{}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		status, body, header := v.do(http.MethodGet, path, nil)
		if !see(path, status, body) {
			return
		}
		if to := header.Get("Location"); to != "" {
			body = `href="` + to + `"`
		} else if !strings.HasPrefix(header.Get("Content-Type"), "text/html") {
			continue
		}
		for _, link := range linksIn(body) {
			to, err := url.Parse(html.UnescapeString(link))
			if err != nil {
				v.t.Errorf("%s has the link %q", path, link)
				continue
			}
			base, _ := url.Parse(v.home.url + path)
			to = base.ResolveReference(to)
			if to.Host != base.Host || strings.Contains(to.Path, "/demo/in/") || strings.HasPrefix(to.Path, "/live/") || to.Path == "/leave" {
				continue
			}
			if to.RawQuery != "" {
				kind := kindOf(to.Path)
				if lists[to.Path]++; lists[to.Path] > 5 || seen[to.RequestURI()] || alike[kind] == mostAlike {
					continue
				}
				alike[kind]++
			}
			if next := to.RequestURI(); !seen[next] && follow(next) {
				seen[next] = true
				queue = append(queue, next)
			}
		}
	}
}

// enter follows a sign-in link over the choice of a language.
func (v visitor) enter(path string) (status int) {
	for range 3 {
		var header http.Header
		status, _, header = v.do(http.MethodGet, path, nil)
		to := header.Get("Location")
		if to == "" || !strings.Contains(to, "/demo/in/") {
			return status
		}
		path = strings.TrimPrefix(to, v.home.url)
	}
	return status
}

package webtest

import (
	"bytes"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// Browser is one without script. Its zero value with a URL or a Handler is a new one.
type Browser struct {
	URL     string             // of the site, "http://127.0.0.1:8080"
	Handler http.Handler       // asked in this process; nil: over the network
	Header  http.Header        // sent with every request
	Cookies map[string]string  // by name, as they were set last
	Set     func(*http.Cookie) // sees each cookie that is set; nil for nobody

	Last *http.Response // its body is read
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// To is where the answer leads, "" when it does not.
func (a Answer) To() string { return a.Header.Get("Location") }

// File is one file of a form.
type File struct {
	Field, Name string
	Kind        string // its content type; "" as browsers say of what they do not know
	Body        []byte
}

// Get asks for a page.
func (b *Browser) Get(t testing.TB, path string) Answer {
	t.Helper()
	return b.Send(t, http.MethodGet, path, "", nil)
}

// Do asks for a path, with a form when there is one.
func (b *Browser) Do(t testing.TB, method, path string, form url.Values) Answer {
	t.Helper()
	if form == nil {
		return b.Send(t, method, path, "", nil)
	}
	return b.Send(t, method, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// Upload posts a form with files, which stand before its words, as they may.
func (b *Browser) Upload(t testing.TB, path string, form url.Values, list ...File) Answer {
	t.Helper()
	var raw bytes.Buffer
	w := multipart.NewWriter(&raw)
	must := func(err error) {
		if err != nil {
			t.Fatalf("write the form of %s: %v", path, err)
		}
	}
	for _, f := range list {
		kind := f.Kind
		if kind == "" {
			kind = "application/octet-stream"
		}
		part, err := w.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {multipart.FileContentDisposition(f.Field, f.Name)}, "Content-Type": {kind},
		})
		must(err)
		_, err = part.Write(f.Body)
		must(err)
	}
	for name, values := range form {
		for _, v := range values {
			must(w.WriteField(name, v))
		}
	}
	must(w.Close())
	return b.Send(t, http.MethodPost, path, w.FormDataContentType(), &raw)
}

// Send asks with any body, whose content type is kind.
func (b *Browser) Send(t testing.TB, method, path, kind string, body io.Reader) Answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, b.URL+path, body)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	if method != http.MethodGet && method != http.MethodHead {
		req.Header.Set("Origin", b.URL)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	for name, values := range b.Header {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	for name, value := range b.Cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	res, err := b.ask(req)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("read %s %s: %v", method, path, err)
	}
	b.keep(res.Cookies())
	b.Last = res
	return Answer{res.StatusCode, res.Header, string(text)}
}

func (b *Browser) ask(req *http.Request) (*http.Response, error) {
	if b.Handler == nil {
		return http.DefaultTransport.RoundTrip(req)
	}
	if req.Body == nil {
		req.Body = http.NoBody // as of a request that came in
	}
	req.RequestURI, req.RemoteAddr = req.URL.RequestURI(), "192.0.2.1:1234"
	w := httptest.NewRecorder()
	b.Handler.ServeHTTP(w, req)
	return w.Result(), nil
}

// keep keeps cookies as a browser would, and drops those that end.
func (b *Browser) keep(list []*http.Cookie) {
	for _, c := range list {
		if b.Set != nil {
			b.Set(c)
		}
		if b.Cookies == nil {
			b.Cookies = map[string]string{}
		}
		if b.Cookies[c.Name] = c.Value; c.MaxAge < 0 || c.Value == "" {
			delete(b.Cookies, c.Name)
		}
	}
}

var formToken = regexp.MustCompile(`name="form_token" value="([^"]*)"`)

// FormToken gives the token of the first form of a page, "" when there is none.
func FormToken(page string) string {
	if m := formToken.FindStringSubmatch(page); m != nil {
		return html.UnescapeString(m[1])
	}
	return ""
}

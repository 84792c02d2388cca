package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/memory/memorytest"
	"platforma.kg/ashar/internal/foundation/web"
)

// bodyOf is a form of so many bytes, in which no value is beyond its own bound.
func bodyOf(bytes int) string {
	var b strings.Builder
	for b.Len() < bytes {
		b.WriteString("&n=" + strings.Repeat("x", min(60_000, max(bytes-b.Len()-3, 0))))
	}
	return b.String()[:bytes]
}

func manyOf(values int) string { return strings.Repeat("&n=1", values)[1:] }

func parts(n int, p func() piece) (list []piece) {
	for range n {
		list = append(list, p())
	}
	return list
}

// TestEachBoundOfAFormHoldsAtItsNumber sends what is just taken and one more: that is
// refused in words, in the language of the page, and reaches no handler.
func TestEachBoundOfAFormHoldsAtItsNumber(t *testing.T) {
	t.Parallel()
	reached := 0
	taken := func(r *web.Request) error { reached++; return told(r) }
	d := newDoor(t,
		web.Route{Method: "POST", Pattern: "/upload", Needs: access.Public, Upload: 2 << 20, Limit: 5 << 20, Handler: taken},
		web.Route{Method: "POST", Pattern: "/words", Needs: access.Public, Handler: taken},
		web.Route{Method: "POST", Pattern: "/long", Needs: access.Public, Limit: 3 << 20, Handler: taken},
		web.Route{Method: "POST", Pattern: "/api/v1/things", Needs: access.Public, Raw: true, Handler: func(r *web.Request) error {
			if _, err := io.ReadAll(r.Body); err != nil {
				return err
			}
			return taken(r)
		}},
	)
	plain := func(path, kind, body string, declared bool) func() *httptest.ResponseRecorder {
		return func() *httptest.ResponseRecorder {
			req := httptest.NewRequest("POST", path, strings.NewReader(body))
			if !declared {
				req.ContentLength = -1 // it comes in pieces
			}
			req.Header.Set("Content-Type", kind)
			req.Header.Set("Accept-Language", "ru")
			w := httptest.NewRecorder()
			d.ServeHTTP(w, req)
			return w
		}
	}
	formed := func(path, body string) func() *httptest.ResponseRecorder {
		return plain(path, "application/x-www-form-urlencoded", body, true)
	}
	pieces := func(path string, list ...piece) func() *httptest.ResponseRecorder {
		return func() *httptest.ResponseRecorder { return post(t, d, path, list...) }
	}
	const megabyte = 1 << 20
	words := func(bytes int64) (list []piece) { // of names and values together, no value beyond its own bound
		for ; bytes > 0; bytes -= 50_000 {
			list = append(list, piece{field: "n", body: xs(min(bytes, 50_000) - 1)})
		}
		return list
	}
	for name, c := range map[string]struct {
		at, beyond func() *httptest.ResponseRecorder
		status     int
		says       string
	}{
		"bytes of a form":            {formed("/ru/words", bodyOf(megabyte)), formed("/ru/words", bodyOf(megabyte+1)), 413, "не больше 1 МБ"},
		"bytes that nobody declared": {plain("/ru/words", "application/x-www-form-urlencoded", bodyOf(megabyte), false), plain("/ru/words", "application/x-www-form-urlencoded", bodyOf(megabyte+1), false), 413, "не больше 1 МБ"},
		"bytes where a route says":   {formed("/ru/long", bodyOf(3*megabyte)), formed("/ru/long", bodyOf(3*megabyte+1)), 413, "не больше 3 МБ"},
		"bytes of JSON":              {plain("/api/v1/things", "application/json", bodyOf(megabyte), true), plain("/api/v1/things", "application/json", bodyOf(megabyte+1), true), 413, `"code":"fault.too_large"`},
		"bytes of JSON in pieces":    {plain("/api/v1/things", "application/json", bodyOf(megabyte), false), plain("/api/v1/things", "application/json", bodyOf(megabyte+1), false), 413, `"detail":"Слишком большой объём: не больше 1 МБ"`},
		"a value":                    {formed("/ru/words", "n="+strings.Repeat("x", 64<<10)), formed("/ru/words", "n="+strings.Repeat("x", 64<<10+1)), 422, "не больше 65"},
		"values":                     {formed("/ru/words", manyOf(2000)), formed("/ru/words", manyOf(2001)), 422, "слишком много полей"},
		"values in parts":            {pieces("/ru/upload", parts(2000, func() piece { return value("n", "1") })...), pieces("/ru/upload", parts(2001, func() piece { return value("n", "1") })...), 422, "слишком много полей"},
		"parts":                      {pieces("/ru/upload", parts(2100, func() piece { return file("photo", "-", 0) })...), pieces("/ru/upload", parts(2101, func() piece { return file("photo", "-", 0) })...), 422, "слишком много полей"},
		"words beside files":         {pieces("/ru/upload", words(megabyte)...), pieces("/ru/upload", words(megabyte+1)...), 413, "не больше 1 МБ"},
		"names of fields":            {pieces("/ru/upload", parts(128, func() piece { return value(strings.Repeat("n", 8191), "1") })...), pieces("/ru/upload", append(parts(128, func() piece { return value(strings.Repeat("n", 8191), "1") }), value("n", ""))...), 413, "не больше 1 МБ"},
		"the head of a part":         {pieces("/ru/upload", value(strings.Repeat("n", 16<<10-len(headOfValue)), "1")), pieces("/ru/upload", value(strings.Repeat("n", 16<<10-len(headOfValue)+1), "1")), 400, "Запрос повреждён"},
		"a body with files":          {pieces("/ru/upload", file("photo", "film.mp4", 100<<20-around), value("name", "")), pieces("/ru/upload", file("photo", "film.mp4", 100<<20-around+1), value("name", "")), 413, "не больше 100 МБ"},
	} {
		reached = 0
		if w := c.at(); w.Code != http.StatusOK || reached != 1 {
			t.Errorf("%s, at the bound: %d %.300s", name, w.Code, w.Body)
		}
		reached = 0
		w := c.beyond()
		if w.Code != c.status || reached != 0 || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s, beyond the bound: %d, the handler was reached %d times, %q is not in %.3000s", name, w.Code, reached, c.says, w.Body)
		}
		page := w.Header().Get("Content-Type") == "text/html; charset=utf-8" && strings.Contains(w.Body.String(), `<html lang="ru"`) && strings.Contains(w.Body.String(), "<h1>")
		if !page && w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: a bare page, %s", name, w.Header())
		}
	}
}

const headOfValue = "Content-Disposition: form-data; name=\"\"\r\n\r\n"

// around is how much of the form of one film is not the film.
var around = func() int64 {
	body, _ := formOf(file("photo", "film.mp4", 0), value("name", ""))
	n, _ := io.Copy(io.Discard, body)
	return n
}()

// TestAFormThatSaysItIsTooLargeIsRefusedUnread spares her the sending.
func TestAFormThatSaysItIsTooLargeIsRefusedUnread(t *testing.T) {
	t.Parallel()
	d := newDoor(t, uploadRoutes()...)
	body, kind := formOf(file("photo", "film.mp4", 10))
	read := &counted{Reader: body}
	req := httptest.NewRequest("POST", "/ky/upload", read)
	req.ContentLength = 100<<20 + 1
	req.Header.Set("Content-Type", kind)
	w := httptest.NewRecorder()
	d.ServeHTTP(w, req)
	if w.Code != http.StatusRequestEntityTooLarge || !strings.Contains(w.Body.String(), "100 МБга чейин") || read.bytes > 0 {
		t.Errorf("%d after %d bytes: %s", w.Code, read.bytes, w.Body)
	}
}

type counted struct {
	io.Reader
	bytes int
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.bytes += n
	return n, err
}

func TestNamesOfFieldsAndFilesTakeNoMemory(t *testing.T) {
	peak := memorytest.Peak(t, func() []byte { return nil }, func(t *testing.T, _ []byte) {
		d := newDoor(t, uploadRoutes()...)
		for _, before := range []string{`form-data; name="`, `form-data; name="photo"; filename="`} {
			var all []io.Reader
			for range 10 { // each below what the library takes for one head
				all = append(all, strings.NewReader("--between\r\nContent-Disposition: "+before), xs(9<<20), strings.NewReader("\"\r\n\r\nx\r\n"))
			}
			req := httptest.NewRequest("POST", "/ky/upload", io.MultiReader(append(all, strings.NewReader("--between--\r\n"))...))
			req.Header.Set("Content-Type", "multipart/form-data; boundary=between")
			w := httptest.NewRecorder()
			if d.ServeHTTP(w, req); w.Code != http.StatusBadRequest {
				t.Errorf("%d %.200s", w.Code, w.Body)
			}
		}
	})
	if t.Logf("%d MB", peak>>20); peak > 60<<20 {
		t.Errorf("forms with names of 90 MB took %d MB", peak>>20)
	}
}

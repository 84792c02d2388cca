package web_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/memory/memorytest"
	"platforma.kg/ashar/internal/foundation/web"
)

// told is a page that says what came: the values, and of each file its size or
// what is wrong with it.
func told(r *web.Request) error {
	var b strings.Builder
	fmt.Fprintf(&b, "[name %s]", strings.Join(r.PostForm["name"], "+"))
	for _, field := range []string{"photo", "paper", "other"} {
		for _, f := range r.Files(field) {
			raw, err := io.ReadAll(f.Open())
			if err != nil {
				return err
			}
			if f.Fault != nil {
				fmt.Fprintf(&b, "[%s %s %s %d]", field, f.Name, f.Fault.Key, len(raw))
				continue
			}
			fmt.Fprintf(&b, "[%s %s %d %d %q]", field, f.Name, f.Size, len(raw), raw[max(0, len(raw)-1):])
		}
	}
	return r.Page(http.StatusOK, templ.Raw(b.String()))
}

// piece is a value, or a file when it has a name.
type piece struct {
	field, name string
	body        io.Reader
}

// form gives the body of a form, made while it is read.
func formOf(list ...piece) (body io.Reader, kind string) {
	const boundary = "between-two-parts"
	var all []io.Reader
	for _, p := range list {
		head := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + p.field + "\""
		if p.name != "" {
			head += "; filename=\"" + strings.TrimPrefix(p.name, "-") + "\"\r\nContent-Type: application/octet-stream"
		}
		all = append(all, strings.NewReader(head+"\r\n\r\n"), p.body, strings.NewReader("\r\n"))
	}
	all = append(all, strings.NewReader("--"+boundary+"--\r\n"))
	return io.MultiReader(all...), "multipart/form-data; boundary=" + boundary
}

// xs are so many bytes that take no memory.
func xs(n int64) io.Reader { return io.LimitReader(xes{}, n) }

type xes struct{}

func (xes) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = 'x'
	}
	return len(b), nil
}

func post(t *testing.T, h http.Handler, path string, list ...piece) *httptest.ResponseRecorder {
	t.Helper()
	body, kind := formOf(list...)
	req := httptest.NewRequest("POST", path, body)
	req.Header.Set("Content-Type", kind)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w
}

func value(field, text string) piece { return piece{field: field, body: strings.NewReader(text)} }

func file(field, name string, size int64) piece { return piece{field, name, xs(size)} }

func uploadRoutes() []web.Route {
	return []web.Route{
		{Method: "POST", Pattern: "/upload", Needs: access.Public, Upload: 2 << 20, Limit: 5 << 20, Handler: told},
		{Method: "POST", Pattern: "/words", Needs: access.Public, Handler: told},
	}
}

func TestAFileIsTakenOrToldAtItsFieldAndTheRestOfTheFormIsKept(t *testing.T) {
	t.Parallel()
	d := newDoor(t, uploadRoutes()...)
	for name, c := range map[string]struct {
		list []piece
		want string
	}{
		"small":                           {[]piece{value("name", "Айгүл"), file("photo", "a.jpg", 10)}, `[name Айгүл][photo a.jpg 10 10 "x"]`},
		"on the disk":                     {[]piece{value("name", "Айгүл"), file("photo", "a.jpg", 1<<20)}, `[name Айгүл][photo a.jpg 1048576 1048576 "x"]`},
		"at the limit":                    {[]piece{file("photo", "a.jpg", 2<<20), value("name", "Айгүл")}, `[name Айгүл][photo a.jpg 2097152 2097152 "x"]`},
		"beyond":                          {[]piece{file("photo", "a.jpg", 2<<20+1), value("name", "Айгүл")}, `[name Айгүл][photo a.jpg fault.file_large 0]`},
		"far beyond":                      {[]piece{file("photo", "a.jpg", 60<<20), value("name", "Айгүл")}, `[name Айгүл][photo a.jpg fault.file_large 0]`},
		"room that one beyond gives back": {[]piece{file("photo", "a.jpg", 50<<20), file("paper", "b.pdf", 2<<20), file("other", "c.pdf", 2<<20), value("name", "Айгүл")}, `[name Айгүл][photo a.jpg fault.file_large 0][paper b.pdf 2097152 2097152 "x"][other c.pdf 2097152 2097152 "x"]`},
		"beyond together":                 {[]piece{file("photo", "a.jpg", 2<<20), file("paper", "b.pdf", 2<<20), file("other", "c.pdf", 2<<20), value("name", "Айгүл")}, `[name Айгүл][photo a.jpg 2097152 2097152 "x"][paper b.pdf 2097152 2097152 "x"][other c.pdf fault.files_large 0]`},
		"none chosen":                     {[]piece{file("photo", "-", 0), value("name", "Айгүл")}, `[name Айгүл]`},
		"empty":                           {[]piece{file("photo", "a.jpg", 0), value("name", "Айгүл")}, `[name Айгүл][photo a.jpg 0 0 ""]`},
	} {
		if w := post(t, d, "/ky/upload", c.list...); w.Code != http.StatusOK || w.Body.String() != c.want {
			t.Errorf("%s: %d %s\n want %s", name, w.Code, w.Body, c.want)
		}
	}
}

func TestAFormWithoutFilesKeepsNoneAndIsBounded(t *testing.T) {
	t.Parallel()
	d := newDoor(t, uploadRoutes()...)
	if w := post(t, d, "/ky/words", value("name", "Айгүл"), file("photo", "a.jpg", 1000)); w.Code != http.StatusOK || w.Body.String() != "[name Айгүл]" {
		t.Errorf("a file that nobody asked for: %d %s", w.Code, w.Body)
	}
	for name, list := range map[string][]piece{
		"a long body":      {value("name", "Айгүл"), file("photo", "a.jpg", 2<<20)},
		"a long value":     {{field: "name", body: xs(2 << 20)}},
		"many long values": {{field: "a", body: xs(400 << 10)}, {field: "b", body: xs(400 << 10)}, {field: "c", body: xs(400 << 10)}},
	} {
		if w := post(t, d, "/ky/words", list...); w.Code != http.StatusRequestEntityTooLarge && w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, w.Code)
		}
		if w := post(t, d, "/ky/upload", list[len(list)-1], value("name", "x")); name == "a long value" && w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("%s where files are taken: %d", name, w.Code)
		}
	}
	for name, want := range map[string]string{
		"list\u202evsc.exe":                 "listvsc.exe",
		"\u200elist\u00ad.csv":              "list.csv",
		"a\x00b\x1b[2J\u2028c.csv":          "ab[2J c.csv",
		"\xff\xfe.pdf":                      "\ufffd.pdf",
		"\u202e":                            "",
		strings.Repeat("ы", 2000) + "й.jpg": strings.Repeat("ы", (1<<10-6)/2) + "й.jpg",
	} {
		if w := post(t, d, "/ky/upload", file("photo", name, 10)); w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), "[name ][photo "+want+" 10 10 ") {
			t.Errorf("a file called %q: %d %s", name, w.Code, w.Body)
		}
	}
	body, kind := formOf(value("name", "Айгүл"), file("photo", "a.jpg", 1000))
	req := httptest.NewRequest("POST", "/ky/upload", io.LimitReader(body, 300))
	req.Header.Set("Content-Type", kind)
	w := httptest.NewRecorder()
	if d.ServeHTTP(w, req); w.Code != http.StatusBadRequest {
		t.Errorf("a body that breaks off: %d", w.Code)
	}
}

// doorWithRoom has room for so many bytes of uploads.
func doorWithRoom(t *testing.T, room int64, routes ...web.Route) http.Handler {
	t.Helper()
	texts, err := i18n.Load(web.Texts())
	if err != nil {
		t.Fatal(err)
	}
	h, err := web.NewServer(web.Options{Routes: routes, Catalogue: texts, Secret: bytes.Repeat([]byte("k"), 32), Uploads: room})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestUploadsOfAllTogetherHaveABoundAndOneClientCannotFillIt(t *testing.T) {
	t.Parallel()
	inside, open := make(chan struct{}), make(chan struct{})
	h := doorWithRoom(t, 8<<20, web.Route{Method: "POST", Pattern: "/upload", Needs: access.Public, Upload: 2 << 20, Handler: func(r *web.Request) error {
		if r.PostForm.Get("name") == "stays" {
			inside <- struct{}{}
			<-open
		}
		return told(r)
	}})
	send := func(from, name string) string {
		body, kind := formOf(file("photo", "a.jpg", 2<<20), value("name", name))
		req := httptest.NewRequest("POST", "/ky/upload", body)
		req.Header.Set("Content-Type", kind)
		req.RemoteAddr = from + ":1234"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		return w.Body.String()
	}
	const good, full = `[photo a.jpg 2097152 2097152 "x"]`, `[photo a.jpg fault.file_busy 0]`
	done := make(chan string, 4)
	stay := func(from string) {
		go func() { done <- send(from, "stays") }()
		<-inside
	}
	stay("192.0.2.1")
	if got := send("192.0.2.1", "again"); got != "[name again]"+full {
		t.Errorf("one client beyond her part: %s", got)
	}
	if got := send("192.0.2.2", "other"); got != "[name other]"+good {
		t.Errorf("another beside her: %s", got)
	}
	for _, from := range []string{"192.0.2.2", "192.0.2.3", "192.0.2.4"} {
		stay(from)
	}
	if got := send("192.0.2.5", "late"); got != "[name late]"+full {
		t.Errorf("beyond the room of all: %s", got)
	}
	close(open)
	for range 4 {
		if got := <-done; got != "[name stays]"+good {
			t.Errorf("who was first: %s", got)
		}
	}
	if got := send("192.0.2.1", "later"); got != "[name later]"+good {
		t.Errorf("when all have gone: %s", got)
	}
}

func TestUploadsTakeNoMemoryAndLeaveNothingBehind(t *testing.T) {
	peak := memorytest.Peak(t, func() []byte { return nil }, func(t *testing.T, _ []byte) {
		dir := t.TempDir()
		t.Setenv("TMPDIR", dir)
		h := doorWithRoom(t, 0, web.Route{Method: "POST", Pattern: "/upload", Needs: access.Public, Upload: 10 << 20, Limit: 60 << 20, Handler: func(r *web.Request) error {
			for _, f := range r.Files("photo") {
				if f.Fault != nil || f.Size != 10<<20 {
					t.Errorf("%d bytes, %v", f.Size, f.Fault)
				}
			}
			if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) > 0 {
				t.Errorf("named in the folder: %v %v", left, err)
			}
			return r.Page(http.StatusOK, templ.Raw("ok"))
		}})
		for range 4 {
			w := post(t, h, "/ky/upload", file("photo", "a", 10<<20), file("photo", "b", 10<<20), file("photo", "c", 10<<20), file("photo", "d", 10<<20), file("photo", "e", 10<<20))
			if w.Code != http.StatusOK {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		}
		if list, err := os.ReadDir(dir); err != nil || len(list) > 0 {
			t.Errorf("left behind: %v %v", list, err)
		}
	})
	if t.Logf("%d MB", peak>>20); peak > 60<<20 {
		t.Errorf("200 MB of uploads took %d MB", peak>>20)
	}
}

func TestAFileIsOneBecauseItHasANameNotBecauseOfItsType(t *testing.T) {
	t.Parallel()
	d := newDoor(t, uploadRoutes()...)
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, err := m.CreatePart(map[string][]string{"Content-Disposition": {`form-data; name="name"`}, "Content-Type": {"text/plain; charset=utf-8"}})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(part, "Айгүл")
	_ = m.Close()
	req := httptest.NewRequest("POST", "/ky/upload", &b)
	req.Header.Set("Content-Type", m.FormDataContentType())
	w := httptest.NewRecorder()
	if d.ServeHTTP(w, req); w.Body.String() != "[name Айгүл]" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

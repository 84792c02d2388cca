package files_test

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"platforma.kg/ashar/internal/foundation/files"
)

// each runs a test over a folder and over a bucket.
func each(t *testing.T, f func(t *testing.T, s files.Store)) {
	t.Helper()
	t.Run("folder", func(t *testing.T) {
		t.Parallel()
		s, err := files.New("", t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		f(t, s)
	})
	t.Run("bucket", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(&shelf{objects: map[string]string{}})
		t.Cleanup(server.Close)
		s, err := files.New("s3://key:secret@"+strings.TrimPrefix(server.URL, "http://")+"/ashar?tls=0", "")
		if err != nil {
			t.Fatal(err)
		}
		f(t, s)
	})
}

func put(t *testing.T, s files.Store, name, text string) {
	t.Helper()
	if err := s.Put(t.Context(), name, strings.NewReader(text), int64(len(text))); err != nil {
		t.Fatalf("put %s: %v", name, err)
	}
}

func read(t *testing.T, s files.Store, name string) string {
	t.Helper()
	f, err := s.Open(t.Context(), name)
	if err != nil {
		t.Fatalf("open %s: %v", name, err)
	}
	defer f.Close()
	raw, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func names(t *testing.T, s files.Store, prefix string) (out []string) {
	t.Helper()
	list, err := s.List(t.Context(), prefix)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		out = append(out, f.Name+" "+strconv.FormatInt(f.Size, 10))
		if f.Changed.IsZero() {
			t.Errorf("%s was never changed", f.Name)
		}
	}
	return out
}

func TestAFileIsPutReplacedListedAndDeleted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s files.Store) {
		put(t, s, "materials/b.pdf", "second")
		put(t, s, "materials/a.pdf", "first")
		put(t, s, "other/c.png", "third")
		put(t, s, "materials/b.pdf", "second anew")
		if got := read(t, s, "materials/b.pdf"); got != "second anew" {
			t.Errorf("got %q", got)
		}
		if got := names(t, s, "materials/"); !slices.Equal(got, []string{"materials/a.pdf 5", "materials/b.pdf 11"}) {
			t.Errorf("listed %q", got)
		}
		if err := s.Delete(t.Context(), "materials/b.pdf"); err != nil {
			t.Fatal(err)
		}
		if err := s.Delete(t.Context(), "materials/b.pdf"); err != nil {
			t.Errorf("deleted twice: %v", err)
		}
		if _, err := s.Open(t.Context(), "materials/b.pdf"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a deleted file opens: %v", err)
		}
		if got := names(t, s, ""); !slices.Equal(got, []string{"materials/a.pdf 5", "other/c.png 5"}) {
			t.Errorf("left %q", got)
		}
	})
}

func TestAFileIsThereWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s files.Store) {
		if err := s.Put(t.Context(), "a.pdf", strings.NewReader("half"), 8); err == nil {
			t.Error("half a file was taken")
		}
		if got := names(t, s, ""); len(got) != 0 {
			t.Errorf("%q is there", got)
		}
	})
}

func TestNoNameLeavesTheFolder(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s files.Store) {
		for _, name := range []string{
			"", ".", "..", "../a", "a/../../b", "/etc/passwd", "a//b", "a/", `a\b`, ".hidden", "a/.hidden", "a/./b", "a\x00b", "a b", "А.pdf", "A.pdf",
			strings.Repeat("a", 201), "a\nb", "%2e%2e/a",
		} {
			if err := s.Put(t.Context(), name, strings.NewReader("x"), 1); !errors.Is(err, files.ErrName) {
				t.Errorf("put %q: %v", name, err)
			}
			if _, err := s.Open(t.Context(), name); !errors.Is(err, files.ErrName) {
				t.Errorf("open %q: %v", name, err)
			}
			if err := s.Delete(t.Context(), name); !errors.Is(err, files.ErrName) {
				t.Errorf("delete %q: %v", name, err)
			}
		}
		if got := names(t, s, ""); len(got) != 0 {
			t.Errorf("%q is there", got)
		}
	})
}

func TestNoLinkLeadsOutOfTheFolder(t *testing.T) {
	t.Parallel()
	data, outside := t.TempDir(), t.TempDir()
	secret := filepath.Join(outside, "secret")
	if err := os.WriteFile(secret, []byte("keys"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := files.New("", data)
	if err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"file": secret, "folder": outside} {
		if err := os.Symlink(to, filepath.Join(files.Folder(data), link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"file", "folder/secret"} {
		if _, err := s.Open(t.Context(), name); err == nil {
			t.Errorf("%s opens", name)
		}
	}
	if err := s.Put(t.Context(), "folder/new", strings.NewReader("x"), 1); err == nil {
		t.Error("a file was put outside")
	}
	if list, _ := os.ReadDir(outside); len(list) != 1 {
		t.Errorf("outside lies %v", list)
	}
}

func TestAWrongAddressIsRefusedWithoutBeingShown(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"s3://host/bucket", "s3://key@host/bucket", "s3://key:hunter2@host", "s3://key:hunter2@host/a/b", "http://key:hunter2@host/bucket",
		"s3://key:hunter2@:x/bucket", "s3://:hunter2@host/bucket", "s3://key:hunter2@ho st/bucket",
	} {
		_, err := files.New(address, t.TempDir())
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// shelf answers the few requests that the store makes of S3. It checks no
// signatures: that is the library's part and the real server's.
type shelf struct {
	mu      sync.Mutex
	objects map[string]string
}

func (s *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	bucket, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	if bucket != "ashar" || r.Header.Get("Authorization") == "" {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	q := r.URL.Query()
	switch text, there := s.objects[name]; {
	case q.Has("location"):
		io.WriteString(w, `<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></LocationConstraint>`)
	case q.Has("list-type"):
		s.list(w, q.Get("prefix"))
	case r.Method == http.MethodPut:
		body, err := unwrapped(r)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		s.objects[name] = body
		w.Header().Set("ETag", `"1"`)
	case r.Method == http.MethodDelete:
		delete(s.objects, name)
		w.WriteHeader(http.StatusNoContent)
	case !there:
		w.WriteHeader(http.StatusNotFound)
		if r.Method == http.MethodGet {
			io.WriteString(w, `<Error><Code>NoSuchKey</Code></Error>`)
		}
	default:
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Last-Modified", "Mon, 02 Nov 2026 15:04:05 GMT")
		w.Header().Set("Content-Length", strconv.Itoa(len(text)))
		if r.Method == http.MethodGet {
			io.WriteString(w, text)
		}
	}
}

func (s *shelf) list(w io.Writer, prefix string) {
	type content struct {
		Key          string
		LastModified string
		ETag         string
		Size         int
	}
	var answer struct {
		XMLName  xml.Name `xml:"ListBucketResult"`
		Name     string
		Contents []content
	}
	answer.Name = "ashar"
	for name, text := range s.objects {
		if strings.HasPrefix(name, prefix) {
			answer.Contents = append(answer.Contents, content{name, "2026-11-02T15:04:05.000Z", `"1"`, len(text)})
		}
	}
	slices.SortFunc(answer.Contents, func(a, b content) int { return strings.Compare(a.Key, b.Key) })
	_ = xml.NewEncoder(w).Encode(answer)
}

// unwrapped reads a body that may be cut into signed pieces: the length in
// hexadecimal digits, a semicolon, the signature, a line end, the piece.
func unwrapped(r *http.Request) (string, error) {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		raw, err := io.ReadAll(r.Body)
		return string(raw), err
	}
	in, out := bufio.NewReader(r.Body), strings.Builder{}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return "", err
		}
		digits, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		length, err := strconv.ParseInt(digits, 16, 64)
		if err != nil {
			return "", err
		}
		if length == 0 {
			return out.String(), nil
		}
		if _, err := io.CopyN(&out, in, length); err != nil {
			return "", err
		}
		if _, err := in.Discard(2); err != nil {
			return "", err
		}
	}
}

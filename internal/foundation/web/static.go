package web

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"mime"
	"net/http"
	"path"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"

	"platforma.kg/ashar/internal/foundation/web/assets"
)

//go:embed icon.svg
var icon []byte

// staticFile is a file that never changes while the program runs, compressed once.
type staticFile struct {
	kind, tag, cache string
	plain, gzipped   []byte
	brotli           []byte
}

// loadedStatic is what loadStatic gives, made once: the files lie in the program.
// Nobody changes it.
var loadedStatic = sync.OnceValues(loadStatic)

// loadStatic reads the built files and the icon. The names of built files
// carry their hash, so that browsers need never ask again.
func loadStatic() (map[string]staticFile, error) {
	files, err := assets.Files()
	if err != nil {
		return nil, err
	}
	out := map[string]staticFile{}
	for name, raw := range files {
		f, err := newStaticFile(name, raw)
		if err != nil {
			return nil, err
		}
		f.cache = "public, max-age=31536000, immutable"
		out[assets.Prefix+name] = f
	}
	f, err := newStaticFile("icon.svg", icon)
	if err != nil {
		return nil, err
	}
	f.cache = "public, max-age=86400"
	out["/icon.svg"] = f
	return out, nil
}

func newStaticFile(name string, raw []byte) (staticFile, error) {
	sum := sha256.Sum256(raw)
	f := staticFile{plain: raw, tag: `"` + hex.EncodeToString(sum[:8]) + `"`}
	switch path.Ext(name) {
	case ".js":
		f.kind = "text/javascript; charset=utf-8"
	case ".css":
		f.kind = "text/css; charset=utf-8"
	case ".svg":
		f.kind = "image/svg+xml"
	default:
		f.kind = mime.TypeByExtension(path.Ext(name))
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return f, err
	}
	if _, err := w.Write(raw); err != nil {
		return f, err
	}
	if err := w.Close(); err != nil {
		return f, err
	}
	var smaller bytes.Buffer
	z := brotli.NewWriterLevel(&smaller, 6) // 9 takes 32 MB a file and saves seven bytes
	if _, err := z.Write(raw); err != nil {
		return f, err
	}
	if err := z.Close(); err != nil {
		return f, err
	}
	if b.Len() < len(raw) {
		f.gzipped = b.Bytes()
	}
	if smaller.Len() < b.Len() {
		f.brotli = smaller.Bytes()
	}
	return f, nil
}

// serveStatic answers for a static file; false when the path is none.
func (s *server) serveStatic(out *reply, req *http.Request) bool {
	f, ok := s.static[req.URL.Path]
	if !ok || req.Method != http.MethodGet && req.Method != http.MethodHead {
		return false
	}
	h := out.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", f.cache)
	h.Set("ETag", f.tag)
	if matches(req.Header.Get("If-None-Match"), f.tag) {
		out.WriteHeader(http.StatusNotModified)
		return true
	}
	h.Set("Vary", "Accept-Encoding")
	wishes := req.Header.Get("Accept-Encoding")
	body := f.plain
	switch {
	case f.brotli != nil && accepts(wishes, "br"):
		body = f.brotli
		h.Set("Content-Encoding", "br")
	case f.gzipped != nil && accepts(wishes, "gzip"):
		body = f.gzipped
		h.Set("Content-Encoding", "gzip")
	default:
		out.plain = true
	}
	out.WriteHeader(http.StatusOK)
	if req.Method == http.MethodGet {
		_, _ = out.Write(body) // an error means that nobody listens any more
	}
	return true
}

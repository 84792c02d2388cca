package web

import (
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// reply is the ResponseWriter of the house: it knows whether the answer has
// begun, and compresses text. Streams of events go out as they are.
type reply struct {
	http.ResponseWriter
	request *http.Request
	status  int
	gz      *gzip.Writer
	plain   bool // compression is decided already
}

var compressors = sync.Pool{New: func() any {
	w, err := gzip.NewWriterLevel(io.Discard, 5)
	if err != nil {
		return nil // cannot be: 5 is a level
	}
	return w
}}

// compressor gives one of the pool, to be put back; nil when there is none.
func compressor() *gzip.Writer {
	gz, _ := compressors.Get().(*gzip.Writer)
	return gz
}

func newReply(w http.ResponseWriter, req *http.Request) *reply {
	return &reply{ResponseWriter: w, request: req}
}

func (w *reply) wrote() bool { return w.status != 0 }

func (w *reply) statusCode() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

// WriteHeader begins the answer.
func (w *reply) WriteHeader(status int) {
	if w.wrote() {
		return
	}
	if status >= 100 && status < 200 {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	w.status = status
	h := w.Header()
	if !w.plain && h.Get("Content-Encoding") == "" && compressible(h.Get("Content-Type")) {
		h.Add("Vary", "Accept-Encoding")
		if w.mayCompress(status) {
			if gz := compressor(); gz != nil {
				gz.Reset(w.ResponseWriter)
				w.gz = gz
				h.Set("Content-Encoding", "gzip")
				h.Del("Content-Length")
				h.Del("Accept-Ranges")
			}
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *reply) mayCompress(status int) bool {
	return status != http.StatusNoContent && status != http.StatusNotModified && status != http.StatusPartialContent &&
		w.request.Method != http.MethodHead && accepts(w.request.Header.Get("Accept-Encoding"), "gzip")
}

// Write sends a part of the body.
func (w *reply) Write(b []byte) (int, error) {
	if !w.wrote() {
		if w.Header().Get("Content-Type") == "" {
			w.Header().Set("Content-Type", http.DetectContentType(b))
		}
		w.WriteHeader(http.StatusOK)
	}
	if w.gz != nil {
		return w.gz.Write(b)
	}
	return w.ResponseWriter.Write(b)
}

// FlushError sends what is written so far.
func (w *reply) FlushError() error {
	if w.gz != nil {
		if err := w.gz.Flush(); err != nil {
			return err
		}
	}
	if !w.wrote() {
		w.WriteHeader(http.StatusOK)
	}
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Flush is FlushError for who does not ask.
func (w *reply) Flush() { _ = w.FlushError() }

// Unwrap lets http.ResponseController reach deadlines and hijacking.
func (w *reply) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// close ends the compressed stream.
func (w *reply) close() {
	if w.gz != nil {
		_ = w.gz.Close() // an error means that nobody listens any more
		w.gz.Reset(io.Discard)
		compressors.Put(w.gz)
		w.gz = nil
	}
}

// compressible names the types that shrink.
func compressible(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil || kind == "text/event-stream" {
		return false
	}
	switch kind {
	case "application/json", "application/problem+json", "application/javascript", "image/svg+xml",
		"application/xml", "application/atom+xml", "application/manifest+json", "application/ld+json":
		return true
	}
	return strings.HasPrefix(kind, "text/")
}

// accepts reads Accept-Encoding; "gzip;q=0" refuses.
func accepts(header, coding string) bool {
	for _, part := range strings.Split(header, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) != coding {
			continue
		}
		_, q, has := strings.Cut(weight, "q=")
		if !has {
			return true
		}
		x, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		return err == nil && x > 0
	}
	return false
}

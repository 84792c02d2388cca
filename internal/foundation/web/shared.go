package web

import (
	"bytes"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// A page that is the same for every stranger is drawn once for all who ask
// while the data stay as they are. Whether they do says Options.Stamp, asked
// before each answer; a page is not older than sharedFor, for what it says of
// the hour.
//
// The handler of such a page is given a request without headers, host and
// address, so that it cannot put into it what belongs to one visitor.
const (
	sharedFor   = time.Second
	mostShared  = 200       // pages
	largeShared = 300 << 10 // bytes of one that is not kept
	longQuery   = 200
)

type sharedPage struct {
	stamp        string
	site         *Site
	at           time.Time
	body, zipped []byte
	tag          string
	kind, keep   string // Content-Type, and Cache-Control when it is not the page's
}

type sharedPages struct {
	mu    sync.RWMutex
	pages map[string]*sharedPage
}

func (c *sharedPages) get(key, stamp string, site *Site, now time.Time) *sharedPage {
	c.mu.RLock()
	defer c.mu.RUnlock()
	p := c.pages[key]
	if p == nil || p.stamp != stamp || p.site != site || now.Before(p.at) || now.Sub(p.at) >= sharedFor {
		return nil
	}
	return p
}

func (c *sharedPages) put(key string, p *sharedPage) {
	if len(p.body) > largeShared {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pages == nil || len(c.pages) >= mostShared && c.pages[key] == nil {
		c.pages = map[string]*sharedPage{}
	}
	c.pages[key] = p
}

// share answers with a page that others are given as well; done is false when
// the handler has to answer by itself.
func (s *server) share(r *Request, route Route) (done bool, err error) {
	if !route.Shared || s.Stamp == nil || r.Actor.SignedIn() || !r.Actor.Session.IsZero() || r.flash != nil || len(r.URL.RawQuery) > longQuery ||
		r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false, nil
	}
	stamp, err := s.Stamp(r.Context())
	if err != nil {
		return false, nil // the handler will say what is wrong
	}
	now, key := s.Clock(), string(r.Lang)+r.URL.Path+"?"+r.URL.RawQuery
	p := s.shared.get(key, stamp, r.Site, now)
	if p == nil {
		bare := *r
		bare.Request = r.Request.WithContext(r.Context())
		bare.Header, bare.Host, bare.RemoteAddr, bare.Token, bare.ID = http.Header{}, "", "", "", ""
		bare.drawn = func(kind, keep string, body []byte, tag string) {
			p = &sharedPage{stamp: stamp, site: r.Site, at: now, body: bytes.Clone(body), tag: tag, kind: kind, keep: keep}
			if compressible(kind) {
				p.zipped = zip(body)
			}
		}
		if err := route.Handler(&bare); err != nil || p == nil {
			return true, err
		}
		s.shared.put(key, p)
	}
	h := r.W.Header()
	h.Set("Content-Type", p.kind)
	h.Set("ETag", p.tag)
	if p.keep != "" {
		h.Set("Cache-Control", p.keep)
	} else {
		h.Set("Content-Language", string(r.Lang))
		h.Add("Vary", "Cookie")
	}
	if matches(r.Header.Get("If-None-Match"), p.tag) {
		r.W.WriteHeader(http.StatusNotModified)
		return true, nil
	}
	body := p.body
	if p.zipped != nil && r.Method != http.MethodHead && accepts(r.Header.Get("Accept-Encoding"), "gzip") {
		body = p.zipped
		h.Add("Vary", "Accept-Encoding")
		h.Set("Content-Encoding", "gzip")
	}
	if r.Method != http.MethodHead {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	r.W.WriteHeader(http.StatusOK)
	_, err = r.W.Write(body)
	return true, err
}

// zip gives the compressed bytes, nil when that is impossible.
func zip(body []byte) []byte {
	w := compressor()
	if w == nil {
		return nil
	}
	defer compressors.Put(w)
	var out bytes.Buffer
	w.Reset(&out)
	if _, err := w.Write(body); err != nil || w.Close() != nil {
		return nil
	}
	return out.Bytes()
}

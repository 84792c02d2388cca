// Package smstest is a gateway of text messages for tests.
package smstest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// Got is a request that came.
type Got struct {
	Header http.Header
	Body   string
}

// Server keeps what comes, and answers as Answer says.
type Server struct {
	*httptest.Server
	mu     sync.Mutex
	got    []Got
	answer http.HandlerFunc
}

// New starts a gateway that takes everything.
func New(t testing.TB) *Server {
	s := &Server{}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// NewTLS is New with a certificate that nobody has signed.
func NewTLS(t testing.TB) *Server {
	s := &Server{}
	s.Server = httptest.NewUnstartedServer(s)
	s.Config.ErrorLog = nil
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// Answer sets how the next requests are answered; nil: 200.
func (s *Server) Answer(h http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = h
}

// Got gives the requests that came, the oldest first.
func (s *Server) Got() []Got {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Got(nil), s.got...)
}

// ServeHTTP keeps a request and answers it.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return
	}
	s.mu.Lock()
	s.got = append(s.got, Got{r.Header.Clone(), string(raw)})
	answer := s.answer
	s.mu.Unlock()
	if answer != nil {
		answer(w, r)
	}
}

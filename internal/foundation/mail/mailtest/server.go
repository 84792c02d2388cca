// Package mailtest is a small SMTP server for tests. It listens on a real TCP
// port, keeps what it takes, removes no duplicates, and misbehaves on demand.
package mailtest

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"io"
	"net"
	netmail "net/mail"
	"net/textproto"
	"strings"
	"sync"
	"testing"
)

// Mail is what the server took.
type Mail struct {
	From, To string
	Raw      string // with the headers
}

// Header reads a header, decoded as far as RFC 5322 goes.
func (m Mail) Header(name string) string {
	msg, err := netmail.ReadMessage(strings.NewReader(m.Raw))
	if err != nil {
		return ""
	}
	return msg.Header.Get(name)
}

// Options say how the server behaves.
type Options struct {
	TLS      *tls.Config // offers STARTTLS
	Implicit bool        // TLS from the first byte
	User     string      // asks for AUTH PLAIN or LOGIN
	Password string
	Login    bool // offers LOGIN only
	// Answer replaces the answer to a command, "RCPT TO:<…>" or "." for the
	// end of a message; empty for the usual, "drop" to break the connection.
	// A message that ends with "take and drop" is kept and not answered.
	Answer func(command string) string
}

// Server is a running server.
type Server struct {
	Addr        string
	o           Options
	l           net.Listener
	wg          sync.WaitGroup
	mu          sync.Mutex
	conns       map[net.Conn]bool
	mails       []Mail
	connections int
}

// Start runs a server until the test ends.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Addr: l.Addr().String(), o: o, l: l, conns: map[net.Conn]bool{}}
	s.wg.Add(1)
	go s.accept()
	t.Cleanup(s.Close)
	return s
}

// Close ends the server and all its connections.
func (s *Server) Close() {
	s.l.Close()
	s.mu.Lock()
	for c := range s.conns {
		c.Close()
	}
	s.mu.Unlock()
	s.wg.Wait()
}

// Mails gives what was taken so far.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Connections counts the connections so far.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connections
}

func (s *Server) accept() {
	defer s.wg.Done()
	for {
		c, err := s.l.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns[c] = true
		s.connections++
		s.mu.Unlock()
		s.wg.Add(1)
		go func() {
			defer s.wg.Done()
			defer c.Close()
			s.talk(c)
		}()
	}
}

func (s *Server) talk(c net.Conn) {
	secure := s.o.Implicit
	if secure {
		c = tls.Server(c, s.o.TLS)
	}
	r, from, to, known := bufio.NewReader(c), "", "", s.o.User == ""
	say := func(line string) bool {
		_, err := io.WriteString(c, line+"\r\n")
		return err == nil
	}
	say("220 mailtest")
	for {
		line, err := textproto.NewReader(r).ReadLine()
		if err != nil {
			return
		}
		if s.o.Answer != nil {
			if a := s.o.Answer(line); a == "drop" {
				return
			} else if a != "" {
				say(a)
				continue
			}
		}
		switch verb := strings.ToUpper(strings.SplitN(line+" ", " ", 2)[0]); verb {
		case "EHLO", "HELO":
			say("250-mailtest")
			if s.o.TLS != nil && !secure {
				say("250-STARTTLS")
			}
			if s.o.User != "" {
				if s.o.Login {
					say("250-AUTH LOGIN")
				} else {
					say("250-AUTH PLAIN")
				}
			}
			say("250 8BITMIME")
		case "STARTTLS":
			say("220 go on")
			c, secure = tls.Server(c, s.o.TLS), true
			r = bufio.NewReader(c)
		case "AUTH":
			known = s.auth(line, r, say)
		case "MAIL":
			if !known {
				say("530 5.7.0 sign in")
				continue
			}
			from = between(line)
			say("250 2.1.0 ok")
		case "RCPT":
			to = between(line)
			say("250 2.1.5 ok")
		case "DATA":
			say("354 go on")
			raw, err := io.ReadAll(textproto.NewReader(r).DotReader())
			if err != nil {
				return
			}
			answer := ""
			if s.o.Answer != nil {
				answer = s.o.Answer(".")
			}
			if answer == "drop" {
				return
			}
			if answer == "" || answer == "take and drop" {
				s.mu.Lock()
				s.mails = append(s.mails, Mail{From: from, To: to, Raw: string(raw)})
				s.mu.Unlock()
			}
			if answer == "take and drop" {
				return
			}
			if answer == "" {
				answer = "250 2.0.0 taken"
			}
			say(answer)
		case "RSET", "NOOP":
			say("250 ok")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("502 5.5.1 unknown")
		}
	}
}

func (s *Server) auth(line string, r *bufio.Reader, say func(string) bool) bool {
	var user, password string
	decode := func(b string) string { raw, _ := base64.StdEncoding.DecodeString(b); return string(raw) }
	if f := strings.Fields(line); len(f) == 3 && f[1] == "PLAIN" {
		if p := bytes.Split([]byte(decode(f[2])), []byte{0}); len(p) == 3 {
			user, password = string(p[1]), string(p[2])
		}
	} else {
		say("334 VXNlcm5hbWU6")
		a, _ := textproto.NewReader(r).ReadLine()
		say("334 UGFzc3dvcmQ6")
		b, _ := textproto.NewReader(r).ReadLine()
		user, password = decode(a), decode(b)
	}
	if user == s.o.User && password == s.o.Password {
		return say("235 2.7.0 welcome")
	}
	say("535 5.7.8 no")
	return false
}

func between(line string) string {
	i, j := strings.IndexByte(line, '<'), strings.IndexByte(line, '>')
	if i < 0 || j < i {
		return ""
	}
	return line[i+1 : j]
}

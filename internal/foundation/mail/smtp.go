package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/wneessen/go-mail/smtp"
)

// Limits of a connection.
const (
	stepTimeout = 30 * time.Second // connect, or all commands up to the end of a message
	idleTimeout = 30 * time.Second // an unused connection is not taken up again after that
	perConn     = 100              // messages over one connection
	keepIdle    = 4
)

// SMTP is a mail server that takes our messages. Connections are used again.
type SMTP struct {
	host, addr     string
	user, password string
	implicit       bool // TLS from the first byte
	clear          bool // unencrypted is accepted
	from           netmail.Address
	roots          *tls.Config

	mu     sync.Mutex
	idle   []*connection
	closed bool
}

// NewSMTP reads the address of a mail server:
//
//	smtp://user:password@mail.example.org:587?from=Ashar+<ashar@example.org>
//
// smtps:// is encrypted from the first byte, smtp:// by STARTTLS, which the
// server must offer unless it is on this machine or the address says
// tls=none. from is used when the address names none.
func NewSMTP(address, from string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("mail: the address of the mail server cannot be read") // it may hold a password
	}
	s := &SMTP{host: u.Hostname()}
	port := u.Port()
	switch u.Scheme {
	case "smtp":
		if port == "" {
			port = "587"
		}
	case "smtps":
		s.implicit = true
		if port == "" {
			port = "465"
		}
	default:
		return nil, fmt.Errorf("mail: a mail server is smtp:// or smtps://, not %q", u.Scheme)
	}
	if s.host == "" {
		return nil, errors.New("mail: the address of the mail server names no host")
	}
	s.addr = net.JoinHostPort(s.host, port)
	ip := net.ParseIP(s.host)
	s.clear = u.Query().Get("tls") == "none" || s.host == "localhost" || ip != nil && ip.IsLoopback()
	if u.User != nil {
		s.user = u.User.Username()
		s.password, _ = u.User.Password()
	}
	if f := u.Query().Get("from"); f != "" {
		from = f
	}
	a, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("mail: the sender %q is not an address", from)
	}
	s.from = *a
	s.from.Name = oneLine(a.Name)
	return s, nil
}

// Trust sets the authorities whose certificates are accepted instead of the system's.
func (s *SMTP) Trust(c *tls.Config) { s.roots = c }

// Check connects and signs in, for `ashar doctor`.
func (s *SMTP) Check(ctx context.Context) error {
	c, err := s.dial(ctx)
	if err != nil {
		return err
	}
	return c.Quit()
}

// Close ends the idle connections.
func (s *SMTP) Close() error {
	s.mu.Lock()
	idle := s.idle
	s.idle, s.closed = nil, true
	s.mu.Unlock()
	for _, c := range idle {
		c.Close()
	}
	return nil
}

// Send hands a message over. The server owns a message once it has answered
// to the single dot that ends it, so ready is called right before the dot.
func (s *SMTP) Send(ctx context.Context, m Message, ready func(context.Context) error) error {
	raw, err := encode(s.from, m)
	if err != nil {
		return err
	}
	c, err := s.take(ctx)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { c.conn.Close() })
	defer stop()
	c.UpdateDeadline(stepTimeout)

	dot, err := c.begin(s.from.Address, m.To, raw)
	if err != nil {
		var answer *textproto.Error
		if errors.As(err, &answer) && dot == nil && c.Reset() == nil {
			s.give(c)
		} else {
			c.Close()
		}
		return failure(err)
	}
	if !stop() { // the caller has gone; nothing is sent yet
		c.Close()
		return failure(ctx.Err())
	}
	if err := ready(ctx); err != nil {
		c.Close() // before the dot: the server throws the message away
		return err
	}
	c.UpdateDeadline(stepTimeout)
	if err := dot.Close(); err != nil {
		var answer *textproto.Error
		if errors.As(err, &answer) {
			s.give(c)
			return failure(err)
		}
		c.Close()
		return &Error{Reason: NoAnswer, Unsure: true, err: err}
	}
	s.give(c)
	return nil
}

// connection is a client with what Send needs to know of it.
type connection struct {
	*smtp.Client
	conn  net.Conn
	used  int
	since time.Time
}

type closer interface{ Close() error }

// begin says everything up to the dot.
func (c *connection) begin(from, to string, raw []byte) (closer, error) {
	if err := c.Mail("<" + from + ">"); err != nil {
		return nil, err
	}
	if err := c.Rcpt("<" + to + ">"); err != nil {
		return nil, err
	}
	w, err := c.Data()
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(raw); err != nil {
		return w, err
	}
	return w, nil
}

// take gives an idle connection that still answers, or a new one.
func (s *SMTP) take(ctx context.Context) (*connection, error) {
	for {
		s.mu.Lock()
		var c *connection
		if n := len(s.idle); n > 0 {
			c, s.idle = s.idle[n-1], s.idle[:n-1]
		}
		s.mu.Unlock()
		if c == nil {
			return s.dial(ctx)
		}
		if c.used < perConn && time.Since(c.since) < idleTimeout {
			c.UpdateDeadline(5 * time.Second)
			if c.Reset() == nil {
				return c, nil
			}
		}
		c.Close()
	}
}

func (s *SMTP) give(c *connection) {
	c.used++
	c.since = time.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.idle) >= keepIdle {
		c.Close()
		return
	}
	s.idle = append(s.idle, c)
}

func (s *SMTP) dial(ctx context.Context) (*connection, error) {
	d := &net.Dialer{Timeout: stepTimeout}
	raw, err := d.DialContext(ctx, "tcp", s.addr)
	if err != nil {
		return nil, failure(err)
	}
	stop := context.AfterFunc(ctx, func() { raw.Close() })
	defer stop()
	raw.SetDeadline(time.Now().Add(stepTimeout))
	conn := raw
	if s.implicit {
		conn = tls.Client(raw, s.tls())
	}
	client, err := smtp.NewClient(conn, s.host)
	if err != nil {
		raw.Close()
		return nil, failure(err)
	}
	if err := s.greet(client); err != nil {
		client.Close()
		return nil, err
	}
	return &connection{Client: client, conn: raw}, nil
}

// greet encrypts and signs in.
func (s *SMTP) greet(c *smtp.Client) error {
	_, name, _ := strings.Cut(s.from.Address, "@")
	if err := c.Hello(name); err != nil {
		return failure(err)
	}
	c.SkipSMTPUTF8(true)
	encrypted := s.implicit
	if !encrypted {
		if ok, _ := c.Extension("STARTTLS"); ok {
			if err := c.StartTLS(s.tls()); err != nil {
				return failure(err)
			}
			encrypted = true
		}
	}
	if !encrypted && !s.clear {
		return &Error{Reason: Insecure, Again: true}
	}
	if s.user == "" {
		return nil
	}
	_, offers := c.Extension("AUTH")
	auth := smtp.PlainAuth("", s.user, s.password, s.host, s.clear)
	if !strings.Contains(offers, "PLAIN") && strings.Contains(offers, "LOGIN") {
		auth = smtp.LoginAuth(s.user, s.password, s.host, s.clear)
	}
	if err := c.Auth(auth); err != nil {
		return &Error{Reason: BadSignIn, Again: true, err: err}
	}
	return nil
}

func (s *SMTP) tls() *tls.Config {
	c := &tls.Config{}
	if s.roots != nil {
		c = s.roots.Clone()
	}
	c.ServerName, c.MinVersion = s.host, tls.VersionTLS12
	return c
}

var enhanced = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}\b`)

// failure turns an error before the end of a message into an Error. Of the
// server's words only the numbers are kept: the words may repeat the address.
func failure(err error) error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	var answer *textproto.Error
	if !errors.As(err, &answer) {
		return &Error{Reason: Unreachable, Again: true, err: err}
	}
	reason := fmt.Sprint(answer.Code)
	if more := enhanced.FindString(answer.Msg); more != "" {
		reason += " " + more
	}
	return &Error{Reason: reason, Again: answer.Code < 500, err: err}
}

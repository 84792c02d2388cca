package mail_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/mail"
	"platforma.kg/ashar/internal/foundation/mail/mailtest"
)

func yes(context.Context) error { return nil }

func letter(to string) mail.Message {
	return mail.Message{
		ID: "m1@example.org", To: to, Subject: "Сиз чакырылдыңыз: Өзгөн", Lang: "ky", At: time.Unix(1_700_000_000, 0),
		Text: "Саламатсызбы, Айгүл!\n\n.Чекит менен башталган сап\n", HTML: "<p>Саламатсызбы, Айгүл!</p>",
	}
}

func dial(t *testing.T, address string) *mail.SMTP {
	t.Helper()
	s, err := mail.NewSMTP(address, "Ашар <ashar@example.org>")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func reason(t *testing.T, err error) *mail.Error {
	t.Helper()
	var e *mail.Error
	if !errors.As(err, &e) {
		t.Fatalf("want a mail error, got %v", err)
	}
	return e
}

func TestAKyrgyzLetterArrivesWithBothBodies(t *testing.T) {
	t.Parallel()
	srv := mailtest.Start(t, mailtest.Options{})
	if err := dial(t, "smtp://"+srv.Addr).Send(t.Context(), letter("aigul@example.kg"), yes); err != nil {
		t.Fatal(err)
	}
	got := srv.Mails()
	if len(got) != 1 || got[0].To != "aigul@example.kg" || got[0].From != "ashar@example.org" {
		t.Fatalf("envelope: %+v", got)
	}
	dec := new(mime.WordDecoder)
	if s, _ := dec.DecodeHeader(got[0].Header("Subject")); s != "Сиз чакырылдыңыз: Өзгөн" {
		t.Errorf("subject %q", s)
	}
	if s := got[0].Header("Message-Id"); s != "<m1@example.org>" {
		t.Errorf("message id %q", s)
	}
	for name, want := range map[string]string{"Auto-Submitted": "auto-generated", "Content-Language": "ky", "List-Unsubscribe": "", "X-Mailer": ""} {
		if s := got[0].Header(name); s != want {
			t.Errorf("%s is %q, want %q", name, s, want)
		}
	}
	for _, line := range strings.Split(got[0].Raw, "\n") {
		if len(line) > 998 {
			t.Error("a line is longer than the mail format allows")
		}
	}
	msg, err := netmail.ReadMessage(strings.NewReader(got[0].Raw))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	var bodies []string
	parts := multipart.NewReader(msg.Body, params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, p.Header.Get("Content-Type")+": "+strings.ReplaceAll(string(raw), "\r\n", "\n"))
	}
	if len(bodies) != 2 || !strings.Contains(bodies[0], "\n.Чекит менен башталган сап") || !strings.Contains(bodies[1], "<p>Саламатсызбы") {
		t.Errorf("bodies %q", bodies)
	}
}

func TestNothingInALetterAddsAHeaderOrARecipient(t *testing.T) {
	t.Parallel()
	srv := mailtest.Start(t, mailtest.Options{})
	s := dial(t, "smtp://"+srv.Addr)
	for _, to := range []string{
		"a@example.kg\r\nRCPT TO:<b@example.kg>", "a@example.kg\nBcc: b@example.kg", "a@example.kg, b@example.kg",
		"A <a@example.kg>", "a@example.kg> SIZE=1", "", "a", "a @example.kg",
	} {
		if e := reason(t, s.Send(t.Context(), letter(to), yes)); e.Reason != mail.BadAddress || e.Again {
			t.Errorf("%q: %v", to, e)
		}
	}
	for _, evil := range []string{"x\r\nBcc: b@example.kg", "x\nBcc: b@example.kg", "x\rBcc: b@example.kg", "x\u2028Bcc: b@example.kg", "ө\r\nBcc: b@example.kg\r\n\r\nbody", "x\u202egnp.exe"} {
		m := letter("a@example.kg")
		m.Subject, m.ID, m.Lang = evil, "m@example.org>\r\nBcc: b@example.kg", "ky\r\nBcc: b@example.kg"
		if err := s.Send(t.Context(), m, yes); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range srv.Mails() {
		if m.To != "a@example.kg" || m.Header("Bcc") != "" || strings.Contains(m.Raw, "\nBcc") {
			t.Errorf("a header got in: %q", m.Raw)
		}
		if s, _ := new(mime.WordDecoder).DecodeHeader(m.Header("Subject")); strings.ContainsAny(s, "\r\n\u2028\u202e") {
			t.Errorf("subject %q", s)
		}
	}
}

func TestANewsletterCanBeStoppedAndAPlainLetterNamesNobody(t *testing.T) {
	t.Parallel()
	srv := mailtest.Start(t, mailtest.Options{})
	m := letter("a@example.kg")
	m.Unsubscribe, m.Plain = "https://example.org/ky/stop/x", true
	if err := dial(t, "smtp://"+srv.Addr).Send(t.Context(), m, yes); err != nil {
		t.Fatal(err)
	}
	got := srv.Mails()[0]
	if s := got.Header("List-Unsubscribe"); s != "<https://example.org/ky/stop/x>" {
		t.Errorf("unsubscribe %q", s)
	}
	if s := got.Header("From"); s != "<ashar@example.org>" {
		t.Errorf("from %q", s)
	}
}

func TestOneConnectionCarriesManyLetters(t *testing.T) {
	t.Parallel()
	srv := mailtest.Start(t, mailtest.Options{})
	s := dial(t, "smtp://"+srv.Addr)
	for range 20 {
		if err := s.Send(t.Context(), letter("a@example.kg"), yes); err != nil {
			t.Fatal(err)
		}
	}
	if n := srv.Connections(); n != 1 {
		t.Errorf("%d connections", n)
	}
	if n := len(srv.Mails()); n != 20 {
		t.Errorf("%d letters", n)
	}
}

func TestALetterThatIsNotReleasedIsNotSent(t *testing.T) {
	t.Parallel()
	srv := mailtest.Start(t, mailtest.Options{})
	s := dial(t, "smtp://"+srv.Addr)
	no := errors.New("no")
	if err := s.Send(t.Context(), letter("a@example.kg"), func(context.Context) error { return no }); !errors.Is(err, no) {
		t.Fatal(err)
	}
	if err := s.Send(t.Context(), letter("b@example.kg"), yes); err != nil {
		t.Fatal(err)
	}
	if got := srv.Mails(); len(got) != 1 || got[0].To != "b@example.kg" {
		t.Errorf("%+v", got)
	}
}

func TestAnswersOfTheServerBecomeReasons(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		command, answer string
		want            mail.Error
	}{
		"an unknown mailbox is final":          {"RCPT", "550 5.1.1 <aigul@example.kg> unknown", mail.Error{Reason: "550 5.1.1"}},
		"grey listing is tried again":          {"RCPT", "451 4.7.1 later", mail.Error{Reason: "451 4.7.1", Again: true}},
		"a refused end of message is final":    {".", "554 5.7.1 spam aigul@example.kg", mail.Error{Reason: "554 5.7.1"}},
		"a delayed end of message comes again": {".", "452 4.3.1 full", mail.Error{Reason: "452 4.3.1", Again: true}},
		"a lost connection before is harmless": {"DATA", "drop", mail.Error{Reason: mail.Unreachable, Again: true}},
		"a lost answer leaves it unsure":       {".", "take and drop", mail.Error{Reason: mail.NoAnswer, Unsure: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := mailtest.Start(t, mailtest.Options{Answer: func(cmd string) string {
				if strings.HasPrefix(cmd, c.command) {
					return c.answer
				}
				return ""
			}})
			e := reason(t, dial(t, "smtp://"+srv.Addr).Send(t.Context(), letter("aigul@example.kg"), yes))
			if e.Reason != c.want.Reason || e.Again != c.want.Again || e.Unsure != c.want.Unsure {
				t.Errorf("got %+v", e)
			}
			if strings.Contains(e.Error(), "aigul") {
				t.Error("the error names the address")
			}
		})
	}
}

func TestNoServerIsTriedAgain(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if e := reason(t, dial(t, "smtp://"+l.Addr().String()).Send(t.Context(), letter("a@example.kg"), yes)); !e.Again || e.Unsure {
		t.Errorf("%+v", e)
	}
}

func TestCredentialsTravelEncrypted(t *testing.T) {
	t.Parallel()
	cert, pool := certificate(t)
	for name, o := range map[string]mailtest.Options{
		"STARTTLS, PLAIN":           {TLS: &tls.Config{Certificates: []tls.Certificate{cert}}},
		"STARTTLS, LOGIN":           {TLS: &tls.Config{Certificates: []tls.Certificate{cert}}, Login: true},
		"TLS from the first, PLAIN": {TLS: &tls.Config{Certificates: []tls.Certificate{cert}}, Implicit: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o.User, o.Password = "ashar", "secret"
			srv := mailtest.Start(t, o)
			scheme := "smtp"
			if o.Implicit {
				scheme = "smtps"
			}
			s := dial(t, scheme+"://ashar:secret@"+srv.Addr)
			s.Trust(&tls.Config{RootCAs: pool})
			if err := s.Send(t.Context(), letter("a@example.kg"), yes); err != nil {
				t.Fatal(err)
			}
			if len(srv.Mails()) != 1 {
				t.Error("nothing arrived")
			}
			wrong := dial(t, scheme+"://ashar:wrong@"+srv.Addr)
			wrong.Trust(&tls.Config{RootCAs: pool})
			if e := reason(t, wrong.Send(t.Context(), letter("a@example.kg"), yes)); e.Reason != mail.BadSignIn {
				t.Errorf("%+v", e)
			}
			if e := reason(t, dial(t, scheme+"://ashar:secret@"+srv.Addr).Send(t.Context(), letter("a@example.kg"), yes)); e.Unsure {
				t.Errorf("an unknown certificate: %+v", e)
			}
		})
	}
}

func TestTheAddressOfAServerIsChecked(t *testing.T) {
	t.Parallel()
	for _, a := range []string{"http://x", "smtp://", "smtp://u:pa ss@x:1:2", "smtp://x?from=nobody"} {
		if _, err := mail.NewSMTP(a, "a@example.org"); err == nil {
			t.Errorf("%q is taken", a)
		} else if strings.Contains(err.Error(), "pa ss") {
			t.Error("the error shows the password")
		}
	}
}

func TestTheMailboxKeepsTheLatestOnce(t *testing.T) {
	t.Parallel()
	b := mail.NewBox(2)
	for _, id := range []string{"a", "b", "b", "c"} {
		m := letter("a@example.kg")
		m.ID = id
		if err := b.Send(t.Context(), m, yes); err != nil {
			t.Fatal(err)
		}
	}
	if l := b.List(); len(l) != 2 || l[0].ID != "c" || l[1].ID != "b" {
		t.Errorf("%+v", l)
	}
	if _, ok := b.Find("a"); ok {
		t.Error("the oldest is still there")
	}
}

func certificate(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

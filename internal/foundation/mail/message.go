package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"
)

// Message is one mail to one person.
type Message struct {
	ID      string // Message-ID without angle brackets; the same at every try
	To      string // address alone
	Subject string
	Text    string
	HTML    string // the same content as Text; empty for none
	Lang    string // ky, ru or en
	At      time.Time
	// Plain leaves the sender's name away, so that the list of messages on a
	// telephone does not show it.
	Plain bool
	// Unsubscribe is an https address, for newsletters only.
	Unsubscribe string
}

// Sender hands a message over. ready is called once, when everything else is
// done and the next step cannot be taken back; when it fails, nothing has been
// sent and Send returns its error. All other errors are *Error.
type Sender interface {
	Send(ctx context.Context, m Message, ready func(context.Context) error) error
}

// Error tells why a message was not handed over. It never holds an address.
type Error struct {
	Reason string // for staff, "550 5.1.1" or one of the words below
	Again  bool   // another try may succeed
	Unsure bool   // the server may have taken the message: its answer was lost
	err    error
}

// Reasons that are not an answer of the server.
const (
	Unreachable = "unreachable" // no connection, or it broke
	Insecure    = "insecure"    // the server offers no encryption
	BadSignIn   = "sign-in"     // the server refuses our credentials
	BadAddress  = "address"     // the address is not one
	NoAnswer    = "no answer"   // the connection broke after the end of the message
)

// Error is for logs.
func (e *Error) Error() string { return "mail: " + e.Reason }

// Unwrap gives the cause; its text may hold an address, so it does not go to logs.
func (e *Error) Unwrap() error { return e.err }

// ErrAddress means that a string is not one mail address.
var ErrAddress = errors.New("not a mail address")

// parseAddress reads one plain address, and nothing that would add a header or a second recipient.
func parseAddress(s string) (string, error) {
	if strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) || len(s) > 254 {
		return "", ErrAddress
	}
	a, err := netmail.ParseAddress(s)
	if err != nil || a.Address != s {
		return "", ErrAddress
	}
	return s, nil
}

// oneLine makes a header's value safe: control characters, line ends and
// marks that turn the direction of writing become spaces.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// encode writes the message as it goes over the wire.
func encode(from netmail.Address, m Message) ([]byte, error) {
	to, err := parseAddress(m.To)
	if err != nil {
		return nil, &Error{Reason: BadAddress, err: err}
	}
	g := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))
	if m.Plain {
		from.Name = ""
	}
	g.FromMailAddress(&from)
	if err := g.To(to); err != nil {
		return nil, &Error{Reason: BadAddress, err: err}
	}
	g.Subject(oneLine(m.Subject))
	g.SetMessageIDWithValue(oneLine(m.ID))
	g.SetDateWithValue(m.At)
	g.SetGenHeader("Auto-Submitted", "auto-generated")
	if m.Lang != "" {
		g.SetGenHeader("Content-Language", oneLine(m.Lang))
	}
	if m.Unsubscribe != "" {
		if err := g.SetListUnsubscribeOneClick(oneLine(m.Unsubscribe)); err != nil {
			return nil, fmt.Errorf("unsubscribe address: %w", err)
		}
	}
	g.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		g.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	var b bytes.Buffer
	if _, err := g.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("encode mail: %w", err)
	}
	return b.Bytes(), nil
}

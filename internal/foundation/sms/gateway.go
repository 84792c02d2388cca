package sms

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base32"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Sender sends text messages.
type Sender interface {
	// Send sends a message. ready is called once, right before the request leaves; when it
	// fails nothing has been sent and Send returns its error. All other errors are *Error.
	Send(ctx context.Context, m Message, ready func(context.Context) error) error
}

// Message is a text for one telephone.
type Message struct {
	ID   string // the same in each try of one message
	To   string // E.164, "+996555123456"
	Text string
}

// MostParts is how many parts one message may have: a longer one is refused, never cut.
const MostParts = 4

// The reasons of ours; others are numbers of HTTP.
const (
	Unreachable = "unreachable" // no connection: nothing has left
	Insecure    = "insecure"    // the certificate is not that of the gateway: nothing has left
	Redirected  = "redirected"  // the gateway leads elsewhere, where nothing is sent
	NotTaken    = "not_taken"   // an answer without the words of one that takes
	TooLong     = "too_long"    // more than MostParts
	NoAnswer    = "no_answer"   // the answer was lost, or could not be read
)

// Error tells why a message was not sent. It never holds the number, the text, the address of
// the gateway or the secret.
type Error struct {
	Reason string
	Again  bool          // another try may succeed, and brings no second message
	Unsure bool          // the message may have been taken
	After  time.Duration // not before, when the gateway said so
}

// Error is for logs.
func (e *Error) Error() string { return "sms: " + e.Reason }

// Options say which gateway it is, and how it is spoken to.
type Options struct {
	// URL is where messages are posted to. With a name before the host, "https://name@host/",
	// requests carry that name and the secret by HTTP Basic. http:// is for this machine alone.
	URL    string
	Sender string // as the gateway has agreed to
	Secret string
	// Body is the request: a form ("to={phone}&text={text}"), JSON or XML, told apart by its
	// first letter. {phone} is the number with its plus, {digits} without; {text}, {sender},
	// {secret}; {id} twelve letters and digits that are the same in each try. Empty: DefaultBody.
	Body   string
	Header string // one more line of the request, "Authorization: Bearer {secret}"; empty: none
	// Taken are words that each answer holds that takes a message; empty: its status says it.
	Taken string
	// Known are words of the answer to an {id} that was taken before; "same" when it is answered
	// as it was. Empty: the gateway knows no ids, and what may have been taken is not repeated.
	Known  string
	Client *http.Client  // nil: one of its own; it never follows
	Limit  time.Duration // of one request; 0: half a minute
}

// DefaultBody is the request where nothing else is said.
const DefaultBody = `{"id":"{id}","from":"{sender}","to":"{phone}","text":"{text}"}`

// same is the Known of gateways that answer an id alike each time.
const same = "same"

// mostAnswer bounds what is read of an answer, in bytes.
const mostAnswer = 64 << 10

// Gateway sends through one gateway.
type Gateway struct {
	Options
	name   string // of HTTP Basic
	header [2]string
	kind   string // the content type
}

var places = regexp.MustCompile(`\{[a-z]+\}`)

// New makes a gateway. The error names what is wrong by the variable of the configuration, and
// no value.
func New(o Options) (*Gateway, error) {
	if o.Body == "" {
		o.Body = DefaultBody
	}
	if o.Limit == 0 {
		o.Limit = 30 * time.Second
	}
	g := &Gateway{Options: o, kind: kindOf(o.Body)}
	u, err := url.Parse(o.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.Fragment != "":
		return nil, errors.New("ASHAR_SMS_URL: must begin with https:// and name a host")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return nil, errors.New("ASHAR_SMS_URL: must begin with https://; http:// is for a gateway on this machine alone")
	}
	if u.User != nil {
		if _, has := u.User.Password(); has {
			return nil, errors.New("ASHAR_SMS_URL: holds a password, which belongs into ASHAR_SMS_SECRET or ASHAR_SMS_SECRET_FILE")
		}
		g.name, u.User = u.User.Username(), nil
		g.URL = u.String()
	}
	if err := g.checkBody(); err != nil {
		return nil, err
	}
	if o.Header != "" {
		name, value, ok := strings.Cut(o.Header, ":")
		value = strings.TrimSpace(value)
		if !ok || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") != "" || name == "" || strings.ContainsFunc(value+o.Secret, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return nil, errors.New(`ASHAR_SMS_HEADER: must be one line such as "Authorization: Bearer {secret}"`)
		}
		g.header = [2]string{name, strings.ReplaceAll(value, "{secret}", o.Secret)}
	}
	uses := g.name != "" || strings.Contains(o.Body, "{secret}") || strings.Contains(o.Header, "{secret}")
	if uses != (o.Secret != "") {
		return nil, errors.New("ASHAR_SMS_SECRET: must be given if, and only if, ASHAR_SMS_BODY, ASHAR_SMS_HEADER or a name in ASHAR_SMS_URL needs it")
	}
	client := http.Client{}
	if o.Client != nil {
		client = *o.Client
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	g.Client = &client
	return g, nil
}

// checkBody tries the template.
func (g *Gateway) checkBody() error {
	for _, p := range places.FindAllString(g.Body, -1) {
		if !slices.Contains([]string{"{phone}", "{digits}", "{text}", "{sender}", "{secret}", "{id}"}, p) {
			return fmt.Errorf("ASHAR_SMS_BODY: %s is none of {phone}, {digits}, {text}, {sender}, {secret}, {id}", p)
		}
	}
	if !strings.Contains(g.Body, "{text}") || !strings.Contains(g.Body, "{phone}") && !strings.Contains(g.Body, "{digits}") {
		return errors.New("ASHAR_SMS_BODY: must hold {text}, and {phone} or {digits}")
	}
	if g.Known != "" && !strings.Contains(g.Body, "{id}") {
		return errors.New("ASHAR_SMS_KNOWN: needs {id} in ASHAR_SMS_BODY")
	}
	if strings.Contains(g.Body, "{sender}") && g.Sender == "" {
		return errors.New("ASHAR_SMS_SENDER: is empty, and ASHAR_SMS_BODY holds {sender}")
	}
	body := g.body(Message{ID: "x", To: "+996555123456", Text: `a "b" <c> & d`})
	ok := true
	switch g.kind {
	case kindJSON:
		ok = json.Valid([]byte(body))
	case kindXML:
		for d := xml.NewDecoder(strings.NewReader(body)); ; {
			if _, err := d.Token(); err != nil {
				ok = errors.Is(err, io.EOF)
				break
			}
		}
	default:
		_, err := url.ParseQuery(body)
		ok = err == nil && strings.Contains(body, "=")
	}
	if !ok {
		return errors.New("ASHAR_SMS_BODY: is no form (to={phone}&text={text}), no JSON and no XML")
	}
	return nil
}

const (
	kindForm = "application/x-www-form-urlencoded"
	kindJSON = "application/json"
	kindXML  = "application/xml; charset=UTF-8"
)

func kindOf(body string) string {
	switch body = strings.TrimSpace(body); {
	case strings.HasPrefix(body, "["):
		return kindJSON
	case strings.HasPrefix(body, "{"):
		if at := places.FindStringIndex(body); at == nil || at[0] > 0 {
			return kindJSON
		}
	case strings.HasPrefix(body, "<"):
		return kindXML
	}
	return kindForm
}

// body fills the template.
func (g *Gateway) body(m Message) string {
	return places.ReplaceAllStringFunc(g.Body, func(p string) string {
		v := ""
		switch p {
		case "{phone}":
			v = m.To
		case "{digits}":
			v = strings.TrimPrefix(m.To, "+")
		case "{text}":
			v = m.Text
		case "{sender}":
			v = g.Sender
		case "{secret}":
			v = g.Secret
		case "{id}":
			v = shortID(m.ID)
		}
		switch g.kind {
		case kindJSON:
			var b bytes.Buffer
			e := json.NewEncoder(&b)
			e.SetEscapeHTML(false)
			if e.Encode(v) != nil { // a text is always JSON
				return ""
			}
			return b.String()[1 : b.Len()-2]
		case kindXML:
			var b bytes.Buffer
			if xml.EscapeText(&b, []byte(v)) != nil { // a buffer takes all
				return ""
			}
			return b.String()
		}
		return url.QueryEscape(v)
	})
}

// shortID is the id of a message as gateways take it that allow a dozen letters: 60 bits.
func shortID(id string) string {
	sum := sha256.Sum256([]byte("ashar sms " + id))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:12]
}

// Send posts a message. The answer is waited for also when the caller goes: half a request is
// neither sent nor not sent.
func (g *Gateway) Send(ctx context.Context, m Message, ready func(context.Context) error) error {
	if Count(m.Text).Parts > MostParts || !utf8.ValidString(m.Text) {
		return &Error{Reason: TooLong}
	}
	if err := ready(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.Limit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, g.URL, strings.NewReader(g.body(m)))
	if err != nil {
		return &Error{Reason: Unreachable} // the cause holds the address
	}
	req.Header.Set("Content-Type", g.kind)
	req.Header.Set("Idempotency-Key", shortID(m.ID))
	if g.name != "" {
		req.SetBasicAuth(g.name, g.Secret)
	}
	if g.header[0] != "" {
		req.Header.Set(g.header[0], g.header[1])
	}
	res, err := g.Client.Do(req)
	if err != nil {
		return g.noAnswer(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, mostAnswer+1))
	return g.verdict(res, string(raw), err == nil && len(raw) <= mostAnswer)
}

// noAnswer judges a request without an answer.
func (g *Gateway) noAnswer(err error) error {
	var op *net.OpError
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &certificate):
		return &Error{Reason: Insecure, Again: true}
	case errors.As(err, &op) && op.Op == "dial", errors.As(err, &dns):
		return &Error{Reason: Unreachable, Again: true}
	}
	return g.lost()
}

// lost is a message that may have been taken: it goes again by itself only where the gateway
// knows it by its id.
func (g *Gateway) lost() *Error {
	return &Error{Reason: NoAnswer, Again: g.Known != "", Unsure: true}
}

// verdict reads an answer. read is false when it could not be read whole.
func (g *Gateway) verdict(res *http.Response, answer string, read bool) error {
	code := strconv.Itoa(res.StatusCode)
	switch {
	case g.Known != "" && g.Known != same && read && strings.Contains(answer, g.Known):
		return nil
	case res.StatusCode < 300 && !read:
		return g.lost()
	case res.StatusCode < 300 && strings.Contains(answer, g.Taken):
		return nil
	case res.StatusCode < 300:
		return &Error{Reason: NotTaken}
	case res.StatusCode < 400:
		return &Error{Reason: Redirected}
	}
	switch res.StatusCode {
	case http.StatusUnauthorized, http.StatusPaymentRequired, http.StatusForbidden, http.StatusNotFound:
		return &Error{Reason: code, Again: true} // our secret, money or address, not the person
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		e := &Error{Reason: code, Again: true}
		if n, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && n > 0 {
			e.After = min(time.Duration(min(n, 86400))*time.Second, 6*time.Hour)
		}
		return e
	}
	if res.StatusCode >= 500 {
		e := g.lost()
		e.Reason = code
		return e
	}
	return &Error{Reason: code}
}

// Check opens a connection to the gateway, with its certificate where it has one, and sends
// nothing.
func (g *Gateway) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	u, err := url.Parse(g.URL)
	if err != nil {
		return &Error{Reason: Unreachable}
	}
	port := u.Port()
	if port == "" {
		port = u.Scheme
	}
	at := net.JoinHostPort(u.Hostname(), port)
	var c net.Conn
	if u.Scheme == "https" {
		c, err = new(tls.Dialer).DialContext(ctx, "tcp", at)
	} else {
		c, err = new(net.Dialer).DialContext(ctx, "tcp", at)
	}
	if err != nil {
		return g.noAnswer(err)
	}
	return c.Close()
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

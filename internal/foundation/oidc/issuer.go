package oidc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// The three ways in which asking ends without an answer. The text of an error is
// for logs: it holds no token, no code and nothing of a person.
var (
	ErrDown      = errors.New("the issuer does not answer")
	ErrCancelled = errors.New("cancelled at the issuer")
	ErrRefused   = errors.New("the answer is not good")
)

const (
	patience  = 8 * time.Second  // for all questions of one step together
	leeway    = time.Minute      // between the clock of the issuer and ours
	afterDown = 10 * time.Second // until a silent issuer is asked anew
	maxAnswer = 1 << 20          // bytes of one answer of the issuer
)

// Options are what the issuer and we have agreed on.
type Options struct {
	Issuer   string           // https://…, exactly as the issuer writes it
	ID       string           // client id
	Secret   string           // client secret
	Back     string           // redirect address, exactly as it is registered
	Clock    func() time.Time // nil: the system's clock
	Patience time.Duration    // 0: eight seconds
}

// Issuer is an issuer that was agreed with. It is safe for concurrent use.
type Issuer struct {
	options Options
	client  *http.Client

	mu     sync.Mutex
	found  *discovered
	silent time.Time // when it last did not answer
}

// discovered is what the issuer says of itself.
type discovered struct {
	verifier *oidc.IDTokenVerifier
	provider *oidc.Provider
	config   oauth2.Config
}

// New prepares an issuer without asking it anything.
func New(o Options) *Issuer {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Patience <= 0 {
		o.Patience = patience
	}
	return &Issuer{options: o, client: &http.Client{Timeout: o.Patience, Transport: bounded{http.DefaultTransport}}}
}

// Name is the issuer's address.
func (i *Issuer) Name() string { return i.options.Issuer }

// Discover asks the issuer for its endpoints, unless they are known. ErrDown when
// it does not answer, or not with what an issuer answers.
func (i *Issuer) Discover(ctx context.Context) error {
	_, err := i.discover(ctx)
	return err
}

func (i *Issuer) discover(ctx context.Context) (*discovered, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.found != nil {
		return i.found, nil
	}
	now := i.options.Clock()
	if since := now.Sub(i.silent); since >= 0 && since < afterDown {
		return nil, fmt.Errorf("%w: asked a moment ago", ErrDown)
	}
	found, err := i.ask(ctx)
	if err != nil {
		if ctx.Err() == nil { // not because the browser went away
			i.silent = now
		}
		return nil, fmt.Errorf("%w: %.300s", ErrDown, err.Error()) // it may hold the page that stood there instead
	}
	i.found = found
	return found, nil
}

func (i *Issuer) ask(ctx context.Context) (*discovered, error) {
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, i.client), i.options.Patience)
	defer cancel()
	provider, err := oidc.NewProvider(ctx, i.options.Issuer)
	if err != nil {
		return nil, err
	}
	var more struct {
		Keys    string   `json:"jwks_uri"`
		Methods []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := provider.Claims(&more); err != nil {
		return nil, err
	}
	endpoint := provider.Endpoint()
	for name, address := range map[string]string{"authorization_endpoint": endpoint.AuthURL, "token_endpoint": endpoint.TokenURL, "jwks_uri": more.Keys} {
		if !Safe(address) {
			return nil, fmt.Errorf("its %s is not an https address", name)
		}
	}
	if at := provider.UserInfoEndpoint(); at != "" && !Safe(at) {
		return nil, errors.New("its userinfo_endpoint is not an https address")
	}
	// Trying both ways, as the library does when it is not told, would show a code twice.
	endpoint.AuthStyle = oauth2.AuthStyleInHeader
	if len(more.Methods) > 0 && !slices.Contains(more.Methods, "client_secret_basic") {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	o := i.options
	return &discovered{
		provider: provider,
		verifier: provider.Verifier(&oidc.Config{ClientID: o.ID, Now: func() time.Time { return o.Clock().Add(-leeway) }}),
		config:   oauth2.Config{ClientID: o.ID, ClientSecret: o.Secret, Endpoint: endpoint, RedirectURL: o.Back, Scopes: []string{oidc.ScopeOpenID, "email"}},
	}, nil
}

// Safe reports whether an address may be that of an issuer: https, or http on
// this machine, for trying it out.
func Safe(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	here := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	return u.Scheme == "https" || u.Scheme == "http" && here
}

// bounded ends answers that are longer than any answer of an issuer.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		res.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(res.Body, maxAnswer), res.Body}
	}
	return res, err
}

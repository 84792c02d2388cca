// Package oidctest is an OpenID Connect issuer for tests: it speaks the real
// protocol over HTTP, signs with a real key, and checks what a client sends as an
// issuer should. A test tells it who signs in and how its tokens are to be spoilt.
package oidctest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// ID and Secret are those of the one client.
const (
	ID     = "ashar"
	Secret = "a secret of tests: only here"
)

// Person is somebody with an account at the issuer.
type Person struct {
	Subject  string
	Email    string
	Verified bool
	At       time.Time // when she last showed who she is; zero: not told, unless she is asked anew
}

// Issuer is a running issuer. Its fields are set before the first request.
type Issuer struct {
	URL      string
	Back     string // the registered redirect address
	Clock    func() time.Time
	Spoil    func(claims map[string]any)                   // changes claims before they are signed
	Sign     func(claims map[string]any) string            // signs instead of the issuer
	Change   func(answer map[string]any)                   // changes the answer of the token endpoint
	ByUser   bool                                          // e-mail only at the userinfo endpoint, as the standard lets
	Announce func(configuration map[string]any)            // changes what the issuer says of itself
	Deaf     func(http.ResponseWriter, *http.Request) bool // answers instead, when true

	key crypto.Signer

	mu     sync.Mutex
	person Person
	codes  map[string]grant
	tokens map[string]Person
	seen   []url.Values
	issued []string
}

// grant is what stands behind a code.
type grant struct {
	person                 Person
	nonce, challenge, back string
	used                   bool
}

// New starts an issuer that ends with the test.
func New(t testing.TB) *Issuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	i := &Issuer{Clock: time.Now, key: key, codes: map[string]grant{}, tokens: map[string]Person{}}
	server := httptest.NewServer(i)
	t.Cleanup(server.Close)
	i.URL = server.URL
	return i
}

// SignedIn says who sits at the issuer's sign-in page.
func (i *Issuer) SignedIn(p Person) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.person = p
}

// Seen gives the questions that came to the authorization endpoint.
func (i *Issuer) Seen() []url.Values {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]url.Values(nil), i.seen...)
}

// Issued gives every code and token that was given out.
func (i *Issuer) Issued() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]string(nil), i.issued...)
}

// ServeHTTP answers as an issuer does.
func (i *Issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if i.Deaf != nil && i.Deaf(w, r) {
		return
	}
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		about := map[string]any{
			"issuer": i.URL, "authorization_endpoint": i.URL + "/authorize", "token_endpoint": i.URL + "/token", "jwks_uri": i.URL + "/keys",
			"userinfo_endpoint": i.URL + "/me", "response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
			"id_token_signing_alg_values_supported": []string{"ES256"}, "code_challenge_methods_supported": []string{"S256"},
		}
		if i.Announce != nil {
			i.Announce(about)
		}
		answer(w, http.StatusOK, about)
	case "/keys":
		answer(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: i.key.Public(), KeyID: "one", Algorithm: "ES256", Use: "sig"}}})
	case "/authorize":
		i.mu.Lock()
		p := i.person
		i.mu.Unlock()
		back, err := i.Approve(r.URL.String(), p)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		http.Redirect(w, r, back, http.StatusFound)
	case "/token":
		i.token(w, r)
	case "/me":
		i.mu.Lock()
		p, ok := i.tokens[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
		i.mu.Unlock()
		if !ok {
			answer(w, http.StatusUnauthorized, map[string]any{"error": "invalid_token"})
			return
		}
		answer(w, http.StatusOK, map[string]any{"sub": p.Subject, "email": p.Email, "email_verified": p.Verified})
	default:
		http.NotFound(w, r)
	}
}

// Approve is the person's yes at the issuer's page: it checks the question and
// gives the address that the browser is sent back to.
func (i *Issuer) Approve(question string, p Person) (back string, err error) {
	u, err := url.Parse(question)
	if err != nil {
		return "", err
	}
	q := u.Query()
	i.mu.Lock()
	defer i.mu.Unlock()
	i.seen = append(i.seen, q)
	switch {
	case q.Get("client_id") != ID || q.Get("redirect_uri") != i.Back:
		return "", fmt.Errorf("another client or redirect address: %s %s", q.Get("client_id"), q.Get("redirect_uri"))
	case q.Get("response_type") != "code" || !strings.Contains(" "+q.Get("scope")+" ", " openid "):
		return "", errors.New("not the authorization code flow of OpenID Connect")
	case q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43:
		return "", errors.New("no proof key")
	case len(q.Get("state")) < 22 || len(q.Get("nonce")) < 22:
		return "", errors.New("state or nonce can be guessed")
	}
	if q.Get("prompt") == "login" || q.Get("max_age") == "0" {
		p.At = i.Clock()
	}
	code := i.random()
	i.codes[code] = grant{person: p, nonce: q.Get("nonce"), challenge: q.Get("code_challenge"), back: q.Get("redirect_uri")}
	return i.Back + "?" + url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {i.URL}}.Encode(), nil
}

func (i *Issuer) token(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	id, _ = url.QueryUnescape(id)
	secret, _ = url.QueryUnescape(secret)
	if id != ID || subtle.ConstantTimeCompare([]byte(secret), []byte(Secret)) != 1 {
		answer(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
		return
	}
	code := r.PostFormValue("code")
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	i.mu.Lock()
	g, ok := i.codes[code]
	good := ok && !g.used && g.back == r.PostFormValue("redirect_uri") && g.challenge == base64.RawURLEncoding.EncodeToString(sum[:])
	g.used = true
	i.codes[code] = g
	access := i.random()
	i.tokens[access] = g.person
	i.mu.Unlock()
	if !good {
		answer(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant"})
		return
	}
	now := i.Clock()
	claims := map[string]any{
		"iss": i.URL, "aud": ID, "sub": g.person.Subject, "nonce": g.nonce, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
	}
	if !i.ByUser {
		claims["email"], claims["email_verified"] = g.person.Email, g.person.Verified
	}
	if !g.person.At.IsZero() {
		claims["auth_time"] = g.person.At.Unix()
	}
	if i.Spoil != nil {
		i.Spoil(claims)
	}
	sign := i.sign
	if i.Sign != nil {
		sign = i.Sign
	}
	raw := sign(claims)
	i.mu.Lock()
	i.issued = append(i.issued, raw)
	i.mu.Unlock()
	out := map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": raw}
	if i.Change != nil {
		i.Change(out)
	}
	answer(w, http.StatusOK, out)
}

func (i *Issuer) sign(claims map[string]any) string { return Signed(i.key, "one", claims) }

// Signed gives a token signed with a key of P-256.
func Signed(key crypto.Signer, name string, claims map[string]any) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: name}}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return err.Error()
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return err.Error()
	}
	jws, err := signer.Sign(body)
	if err != nil {
		return err.Error()
	}
	raw, err := jws.CompactSerialize()
	if err != nil {
		return err.Error()
	}
	return raw
}

// Unsigned gives a token with the algorithm "none".
func Unsigned(claims map[string]any) string {
	body, err := json.Marshal(claims)
	if err != nil {
		return err.Error()
	}
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + base64.RawURLEncoding.EncodeToString(body) + "."
}

// random gives a code or token, and remembers it. The lock is held.
func (i *Issuer) random() string {
	text := rand.Text()
	i.issued = append(i.issued, text)
	return text
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

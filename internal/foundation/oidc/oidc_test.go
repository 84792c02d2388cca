package oidc_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/oidc"
	"platforma.kg/ashar/internal/foundation/oidc/oidctest"
)

const back = "http://localhost/sign-in/oidc/back"

var roza = oidctest.Person{Subject: "248289761001", Email: "roza@office.example", Verified: true}

func start(t *testing.T) (*oidctest.Issuer, *oidc.Issuer) {
	t.Helper()
	far := oidctest.New(t)
	far.Back = back
	return far, oidc.New(oidc.Options{Issuer: far.URL, ID: oidctest.ID, Secret: oidctest.Secret, Back: back})
}

// ask goes to the issuer and back, and gives the question with the answer.
func ask(t *testing.T, far *oidctest.Issuer, near *oidc.Issuer, m oidc.Manner) (oidc.Question, url.Values) {
	t.Helper()
	address, q, err := near.Ask(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	to, err := far.Approve(address, roza)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	return q, u.Query()
}

func TestTheIssuerTellsWhoSheIsOnce(t *testing.T) {
	t.Parallel()
	far, near := start(t)
	q, answer := ask(t, far, near, oidc.Manner{Age: time.Hour, Lang: "ky"})
	c, err := near.Answer(t.Context(), q, answer)
	if err != nil || c.Subject != roza.Subject || c.Email != roza.Email || !c.Verified || !c.At.IsZero() {
		t.Fatalf("got %+v, %v", c, err)
	}
	if _, err := near.Answer(t.Context(), q, answer); !errors.Is(err, oidc.ErrRefused) {
		t.Errorf("a code is good twice: %v", err)
	}
	if got := far.Seen()[0]; got.Get("max_age") != "3600" || got.Get("ui_locales") != "ky" || got.Has("prompt") {
		t.Errorf("asked %v", got)
	}
	q, answer = ask(t, far, near, oidc.Manner{Fresh: true, Age: time.Hour})
	if got := far.Seen()[1]; got.Get("max_age") != "0" || got.Get("prompt") != "login" {
		t.Errorf("asked anew by %v", got)
	}
	if c, err := near.Answer(t.Context(), q, answer); err != nil || time.Since(c.At) > time.Minute {
		t.Errorf("she signed in at %v: %v", c.At, err)
	}
}

func TestAnAddressThatIsOnlyInTheUserInfoCountsToo(t *testing.T) {
	t.Parallel()
	far, near := start(t)
	far.ByUser = true
	q, answer := ask(t, far, near, oidc.Manner{})
	if c, err := near.Answer(t.Context(), q, answer); err != nil || c.Email != roza.Email || !c.Verified {
		t.Errorf("got %+v, %v", c, err)
	}
}

func TestEveryTokenThatIsNotWholeIsRefused(t *testing.T) {
	t.Parallel()
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	set := func(name string, v any) func(*oidctest.Issuer) {
		return func(i *oidctest.Issuer) { i.Spoil = func(claims map[string]any) { claims[name] = v } }
	}
	for name, spoil := range map[string]func(*oidctest.Issuer){
		"another nonce":    set("nonce", "a nonce of somebody else's"),
		"no nonce":         func(i *oidctest.Issuer) { i.Spoil = func(c map[string]any) { delete(c, "nonce") } },
		"another audience": set("aud", "somebody-else"),
		"two audiences":    set("aud", []string{oidctest.ID, "somebody-else"}),
		"another party":    set("azp", "somebody-else"),
		"another issuer":   set("iss", "https://issuer.example"),
		"expired":          set("exp", time.Now().Add(-2*time.Minute).Unix()),
		"from the future":  set("iat", time.Now().Add(time.Hour).Unix()),
		"not yet good":     set("nbf", time.Now().Add(time.Hour).Unix()),
		"no subject":       set("sub", ""),
		"a long subject":   set("sub", strings.Repeat("x", 256)),
		"unsigned":         func(i *oidctest.Issuer) { i.Sign = oidctest.Unsigned },
		"unsigned, and the issuer says that it does so": func(i *oidctest.Issuer) {
			i.Sign = oidctest.Unsigned
			i.Announce = func(c map[string]any) { c["id_token_signing_alg_values_supported"] = []string{"none"} }
		},
		"another key": func(i *oidctest.Issuer) {
			i.Sign = func(c map[string]any) string { return oidctest.Signed(stranger, "one", c) }
		},
		"a key of no name here": func(i *oidctest.Issuer) {
			i.Sign = func(c map[string]any) string { return oidctest.Signed(stranger, "two", c) }
		},
		"keyed with the client's secret": func(i *oidctest.Issuer) {
			i.Sign = byHMAC
			i.Announce = func(c map[string]any) { c["id_token_signing_alg_values_supported"] = []string{"HS256"} }
		},
		"no token":    func(i *oidctest.Issuer) { i.Change = func(a map[string]any) { delete(a, "id_token") } },
		"no JWT":      func(i *oidctest.Issuer) { i.Change = func(a map[string]any) { a["id_token"] = "a.b.c" } },
		"other types": set("email", 7),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			far, near := start(t)
			spoil(far)
			q, answer := ask(t, far, near, oidc.Manner{})
			c, err := near.Answer(t.Context(), q, answer)
			if !errors.Is(err, oidc.ErrRefused) || c.Subject != "" {
				t.Fatalf("got %+v, %v", c, err)
			}
			for _, secret := range append(far.Issued(), roza.Email, roza.Subject, oidctest.Secret, q.State, q.Verifier) {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the error tells %q", secret)
				}
			}
		})
	}
}

// byHMAC signs with what is secret between client and issuer, which proves too little.
func byHMAC(claims map[string]any) string {
	body, err := json.Marshal(claims)
	if err != nil {
		return err.Error()
	}
	text := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + base64.RawURLEncoding.EncodeToString(body)
	m := hmac.New(sha256.New, []byte(oidctest.Secret))
	m.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

func TestAClockThatIsALittleOffIsForgiven(t *testing.T) {
	t.Parallel()
	far, near := start(t)
	far.Spoil = func(c map[string]any) {
		c["exp"], c["iat"] = time.Now().Add(-30*time.Second).Unix(), time.Now().Add(30*time.Second).Unix()
		c["auth_time"] = time.Now().Add(30 * time.Second).Unix()
	}
	q, answer := ask(t, far, near, oidc.Manner{})
	if c, err := near.Answer(t.Context(), q, answer); err != nil || c.At.After(time.Now()) || c.At.IsZero() {
		t.Errorf("got %+v, %v", c, err)
	}
	far.Spoil = func(c map[string]any) { c["auth_time"] = time.Now().Add(time.Hour).Unix() }
	q, answer = ask(t, far, near, oidc.Manner{})
	if c, err := near.Answer(t.Context(), q, answer); err != nil || !c.At.IsZero() {
		t.Errorf("a sign-in of the future counts: %+v, %v", c, err)
	}
}

func TestAnAnswerToAnotherQuestionIsRefused(t *testing.T) {
	t.Parallel()
	far, near := start(t)
	q, answer := ask(t, far, near, oidc.Manner{})
	other, _ := ask(t, far, near, oidc.Manner{})
	if _, err := near.Answer(t.Context(), other, answer); !errors.Is(err, oidc.ErrRefused) {
		t.Errorf("another state: %v", err)
	}
	if _, err := near.Answer(t.Context(), oidc.Question{}, url.Values{"code": answer["code"]}); !errors.Is(err, oidc.ErrRefused) {
		t.Errorf("no state at all: %v", err)
	}
	// The code alone, carried into a question of the thief's own, fails at the proof key.
	stolen := url.Values{"code": answer["code"], "state": {other.State}}
	if _, err := near.Answer(t.Context(), other, stolen); !errors.Is(err, oidc.ErrRefused) {
		t.Errorf("a stolen code: %v", err)
	}
	mixed := url.Values{"code": answer["code"], "state": answer["state"], "iss": {"https://issuer.example"}}
	if _, err := near.Answer(t.Context(), q, mixed); !errors.Is(err, oidc.ErrRefused) {
		t.Errorf("another issuer's answer: %v", err)
	}
	for code, want := range map[string]error{
		"access_denied": oidc.ErrCancelled, "temporarily_unavailable": oidc.ErrDown, "login_required": oidc.ErrRefused, "made up\nby somebody": oidc.ErrRefused,
	} {
		_, err := near.Answer(t.Context(), q, url.Values{"state": {q.State}, "error": {code}})
		if !errors.Is(err, want) || strings.Contains(err.Error(), "made up") {
			t.Errorf("%q: %v", code, err)
		}
	}
}

func TestAnIssuerThatIsDownIsAskedAgainLater(t *testing.T) {
	t.Parallel()
	far := oidctest.New(t)
	far.Back = back
	var deaf atomic.Bool
	var asked atomic.Int64
	deaf.Store(true)
	far.Deaf = func(w http.ResponseWriter, _ *http.Request) bool {
		asked.Add(1)
		if deaf.Load() {
			http.Error(w, strings.Repeat("<h1>Bad gateway</h1>", 1000), http.StatusBadGateway)
		}
		return deaf.Load()
	}
	now := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	near := oidc.New(oidc.Options{Issuer: far.URL, ID: oidctest.ID, Secret: oidctest.Secret, Back: back, Clock: func() time.Time { return now }})
	for range 3 {
		if err := near.Discover(t.Context()); !errors.Is(err, oidc.ErrDown) || len(err.Error()) > 500 {
			t.Fatalf("got %v", err)
		}
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("a silent issuer is asked %d times at once", n)
	}
	deaf.Store(false)
	now = now.Add(11 * time.Second)
	for range 2 {
		if err := near.Discover(t.Context()); err != nil {
			t.Fatalf("it answers again: %v", err)
		}
	}
	if n := asked.Load(); n != 2 {
		t.Errorf("asked %d times", n)
	}
}

func TestAnIssuerThatHangsIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	far := oidctest.New(t)
	end := make(chan struct{})
	t.Cleanup(func() { close(end) }) // before the server closes, which waits for its handlers
	far.Deaf = func(_ http.ResponseWriter, r *http.Request) bool {
		select {
		case <-end:
		case <-r.Context().Done():
		}
		return true
	}
	near := oidc.New(oidc.Options{Issuer: far.URL, ID: oidctest.ID, Secret: oidctest.Secret, Back: back, Patience: 50 * time.Millisecond})
	if err := near.Discover(t.Context()); !errors.Is(err, oidc.ErrDown) {
		t.Errorf("got %v", err)
	}
	// A browser that goes away says nothing of the issuer.
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	other, fine := start(t)
	if err := fine.Discover(gone); err == nil {
		t.Error("found without asking")
	}
	if err := fine.Discover(t.Context()); err != nil {
		t.Errorf("%s is taken for silent: %v", other.URL, err)
	}
}

func TestAnIssuerMustSpeakForItselfAndInSafety(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(map[string]any){
		"another name":       func(c map[string]any) { c["issuer"] = "https://issuer.example" },
		"tokens in clear":    func(c map[string]any) { c["token_endpoint"] = "http://issuer.example/token" },
		"keys in clear":      func(c map[string]any) { c["jwks_uri"] = "http://issuer.example/keys" },
		"no place to ask":    func(c map[string]any) { delete(c, "authorization_endpoint") },
		"people in clear":    func(c map[string]any) { c["userinfo_endpoint"] = "http://issuer.example/me" },
		"a script to ask by": func(c map[string]any) { c["authorization_endpoint"] = "javascript:alert(1)" },
	} {
		far, near := start(t)
		far.Announce = change
		if _, _, err := near.Ask(t.Context(), oidc.Manner{}); !errors.Is(err, oidc.ErrDown) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhichAddressesMayBeThoseOfAnIssuer(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"https://login.example.org": true, "https://login.example.org/realms/one?x=1": true, "http://localhost:8080": true, "http://127.0.0.1": true, "http://[::1]:80/": true,
		"http://login.example.org": false, "ftp://login.example.org": false, "login.example.org": false, "": false, "https://": false,
		"https://user:pass@login.example.org": false, "https://login.example.org#part": false, "http://127.0.0.1.example.org": false,
	} {
		if got := oidc.Safe(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}

package oidc

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"strconv"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Question is what the browser of the person must keep, unseen and unchanged by
// others, until the answer comes. It is good for one answer.
type Question struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"`
}

// Manner is how the issuer is to ask the person.
type Manner struct {
	Fresh bool          // she must show anew who she is, also when she is signed in there
	Age   time.Duration // else: how long ago she may have done so at most
	Lang  string        // of the issuer's pages, "ky"
}

// Ask gives the address to lead the browser to, and the question to keep. ErrDown
// when the issuer cannot be found.
func (i *Issuer) Ask(ctx context.Context, m Manner) (address string, q Question, err error) {
	found, err := i.discover(ctx)
	if err != nil {
		return "", q, err
	}
	q = Question{State: random(), Nonce: random(), Verifier: oauth2.GenerateVerifier()}
	options := []oauth2.AuthCodeOption{oidc.Nonce(q.Nonce), oauth2.S256ChallengeOption(q.Verifier)}
	if m.Fresh {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"))
		m.Age = 0
	}
	// With max_age the issuer must say when she last showed who she is.
	options = append(options, oauth2.SetAuthURLParam("max_age", strconv.Itoa(int(m.Age.Seconds()))))
	if m.Lang != "" {
		options = append(options, oauth2.SetAuthURLParam("ui_locales", m.Lang))
	}
	return found.config.AuthCodeURL(q.State, options...), q, nil
}

// random gives 192 bits in characters fit for an address.
func random() string {
	b := make([]byte, 24)
	rand.Read(b) // never fails, crypto/rand ends the process instead
	return base64.RawURLEncoding.EncodeToString(b)
}

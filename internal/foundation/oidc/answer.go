package oidc

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Claims are what the issuer says of a person.
type Claims struct {
	Subject  string    // her number at the issuer, which is never given to another
	Email    string    // empty when it is not told
	Verified bool      // the issuer has made sure that the address is hers
	At       time.Time // when she last showed the issuer who she is; zero: not told
}

// Matches reports whether an answer belongs to the question: it carries its state.
func (q Question) Matches(answer url.Values) bool {
	return q.State != "" && subtle.ConstantTimeCompare([]byte(q.State), []byte(answer.Get("state"))) == 1
}

// Answer reads what the issuer sent the browser back with, and asks the issuer for
// the token behind it. ErrCancelled when the person did not want to, ErrDown when
// the issuer does not answer, ErrRefused when anything is not as it must be.
func (i *Issuer) Answer(ctx context.Context, q Question, answer url.Values) (c Claims, err error) {
	if !q.Matches(answer) {
		return c, refused("another state")
	}
	if iss := answer.Get("iss"); iss != "" && iss != i.options.Issuer {
		return c, refused("the answer names another issuer")
	}
	if answer.Has("error") {
		return c, ended(answer.Get("error"))
	}
	found, err := i.discover(ctx)
	if err != nil {
		return c, err
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, i.client), i.options.Patience)
	defer cancel()
	token, err := found.config.Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(q.Verifier))
	if err != nil {
		return c, exchangeFailed(err)
	}
	raw, _ := token.Extra("id_token").(string)
	if raw == "" {
		return c, refused("no id token")
	}
	id, err := found.verifier.Verify(ctx, raw)
	if err != nil {
		return c, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(q.Nonce)) != 1 {
		return c, refused("another nonce")
	}
	return i.claims(ctx, found, id, token)
}

// claims reads a token that was verified.
func (i *Issuer) claims(ctx context.Context, found *discovered, id *oidc.IDToken, token *oauth2.Token) (c Claims, err error) {
	var more struct {
		Party    string  `json:"azp"`
		Email    string  `json:"email"`
		Verified yes     `json:"email_verified"`
		At       float64 `json:"auth_time"`
	}
	if err := id.Claims(&more); err != nil {
		return c, refused("claims of another form")
	}
	now := i.options.Clock()
	switch {
	case id.Subject == "" || len(id.Subject) > 255:
		return c, refused("no subject")
	case more.Party != "" && more.Party != i.options.ID, more.Party == "" && len(id.Audience) > 1:
		return c, refused("another authorised party")
	case id.IssuedAt.After(now.Add(leeway)):
		return c, refused("issued in the future")
	}
	c = Claims{Subject: id.Subject, Email: more.Email, Verified: bool(more.Verified)}
	if more.At > 0 && more.At < 1<<40 {
		c.At = time.Unix(int64(more.At), 0).UTC()
	}
	if c.At.After(now) { // by a little: their clock is ahead; by more: it says nothing
		ahead := c.At.Sub(now)
		if c.At = now; ahead > leeway {
			c.At = time.Time{}
		}
	}
	if c.Email == "" && found.provider.UserInfoEndpoint() != "" {
		// The standard lets an issuer keep the address out of the token.
		info, err := found.provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
		if err != nil {
			return c, fmt.Errorf("%w: user info", ErrDown)
		}
		if info.Subject != c.Subject {
			return c, refused("user info of another subject")
		}
		c.Email, c.Verified = info.Email, info.EmailVerified
	}
	return c, nil
}

// yes is a truth that some issuers write as a word.
type yes bool

// UnmarshalJSON takes true and "true"; all else is no.
func (y *yes) UnmarshalJSON(b []byte) error {
	*y = string(b) == "true" || string(b) == `"true"`
	return nil
}

var _ json.Unmarshaler = (*yes)(nil)

func refused(why string) error { return fmt.Errorf("%w: %s", ErrRefused, why) }

// ended reads the error that the issuer sent the browser back with.
func ended(code string) error {
	switch code {
	case "access_denied":
		return ErrCancelled
	case "server_error", "temporarily_unavailable":
		return fmt.Errorf("%w: %s", ErrDown, code)
	case "invalid_request", "unauthorized_client", "unsupported_response_type", "invalid_scope",
		"login_required", "interaction_required", "consent_required", "account_selection_required":
		return refused(code)
	}
	return refused("an error of another name") // its words came through the browser
}

// exchangeFailed says why there is no token, without the body of the answer.
func exchangeFailed(err error) error {
	var told *oauth2.RetrieveError
	if !errors.As(err, &told) {
		return fmt.Errorf("%w: token endpoint: %w", ErrDown, err)
	}
	status := 0
	if told.Response != nil {
		status = told.Response.StatusCode
	}
	kind := ErrRefused
	if status >= 500 {
		kind = ErrDown
	}
	return fmt.Errorf("%w: token endpoint: status %d, %.40q", kind, status, told.ErrorCode)
}

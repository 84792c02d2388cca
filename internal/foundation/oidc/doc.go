// Package oidc asks an OpenID Connect issuer who somebody is: the authorization
// code flow with PKCE (RFC 7636, S256), state and nonce. It keeps nothing itself:
// what must be remembered between the question and the answer is the caller's to
// bind to the browser, and what the answer is good for is the caller's to decide.
//
//	Ask ──► address of the issuer ──► the person signs in there ──► Answer ──► Claims
//
// The issuer is asked for its endpoints when somebody first needs them, not at
// the start: a site must work while its issuer does not.
//
// What is checked, beside what go-oidc checks of the token (signature by a key of
// the issuer with an algorithm that it announces and that is none of "none" and
// HMAC, issuer, audience, expiry, "not before"): state, nonce, the parameter iss
// of RFC 9207 when it is there, the authorised party, the time of issue. Access
// and refresh tokens are thrown away.
//
// Sources: OpenID Connect Core 1.0 (3.1), Discovery 1.0, RFC 6749, RFC 7636,
// RFC 9207, RFC 9700.
package oidc

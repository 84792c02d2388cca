package people

import (
	"context"
	"strings"
	"unicode/utf8"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/oidc"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// SignInByIssuer is the answer of the organisation's issuer, to sign in by.
type SignInByIssuer struct {
	Claims oidc.Claims
	Actor  access.Actor // who is signed in in this browser
	Own    bool         // she asked to add the account, from her own page
	Fresh  bool         // she was asked to show anew who she is
}

// SignInByIssuer signs in the person whom the account opens. An account opens
// nobody at first: then it is the person with the e-mail address that the issuer
// has verified, from now on the account alone. Nobody is made by it, and only who
// works for the programme comes in this way. A refusal is in the result, since it
// is noted in her log.
//
// Who has a passkey adds an account only while she is signed in with it: else
// whoever may correct the address in her record could come in as her.
func (s *Service) SignInByIssuer(ctx context.Context, tx *storage.Tx, c SignInByIssuer) (SignInResult, error) {
	p, linked, err := s.byAccount(ctx, tx, c.Claims.Subject)
	if err != nil {
		return SignInResult{}, err
	}
	address, wrong := Email(c.Claims.Email)
	verified := c.Claims.Verified && wrong == nil && address != "" && plainLetters(c.Claims.Email)
	known := linked
	if !linked && verified {
		if p, known, err = s.find(ctx, tx, `email_index`, s.emailIndex(address)); err != nil {
			return SignInResult{}, err
		}
	}
	switch {
	case !verified:
		return s.refuseIssuer(ctx, tx, p, fault.Forbidden, "unverified")
	case !known:
		return s.refuseIssuer(ctx, tx, p, fault.Forbidden, "unknown")
	case c.Own && c.Actor.Person != p.ID:
		return s.refuseIssuer(ctx, tx, p, fault.Conflict, "another")
	case c.Fresh && tx.Now.Sub(c.Claims.At) > web.FreshFor:
		return s.refuseIssuer(ctx, tx, p, fault.Forbidden, "not_fresh")
	}
	staff, err := s.worksHere(ctx, tx, p.ID)
	if err != nil {
		return SignInResult{}, err
	}
	if !staff {
		return s.refuseIssuer(ctx, tx, p, fault.Forbidden, "not_staff")
	}
	if linked {
		if _, err := tx.Exec(ctx, `UPDATE oidc_link SET used_at = $2 WHERE account_index = $1`,
			s.accountIndex(c.Claims.Subject), storage.Micros(tx.Now)); err != nil {
			return SignInResult{}, err
		}
	} else if refusal, err := s.linkFirst(ctx, tx, p, c); err != nil || refusal.Fault != nil {
		return refusal, err
	}
	if c.Actor.SignedIn() {
		if _, err := tx.Exec(ctx, `DELETE FROM session WHERE id = $1`, c.Actor.Session); err != nil {
			return SignInResult{}, err
		}
	}
	token, err := s.startSession(ctx, tx, p.ID, ByOIDC, c.Claims.At)
	if err != nil {
		return SignInResult{}, err
	}
	err = audit.Record(ctx, tx, audit.Entry{Actor: p.ID, Person: p.ID, Action: "people.audit.signed_in"})
	return SignInResult{Token: token, Person: p.ID, Linked: !linked}, err
}

// plainLetters reports whether an address is of ASCII: other letters have
// look-alikes that folding makes equal.
func plainLetters(address string) bool {
	return !strings.ContainsFunc(address, func(c rune) bool { return c >= utf8.RuneSelf })
}

// linkFirst adds the account to the person, or tells why not.
func (s *Service) linkFirst(ctx context.Context, tx *storage.Tx, p Person, c SignInByIssuer) (SignInResult, error) {
	guarded, err := s.hasPasskey(ctx, tx, p.ID)
	if err != nil {
		return SignInResult{}, err
	}
	if guarded {
		proven := c.Actor.Person == p.ID && tx.Now.Sub(c.Actor.Proven) <= web.FreshFor
		if proven {
			if proven, err = s.cameStrong(ctx, tx, c.Actor); err != nil {
				return SignInResult{}, err
			}
		}
		if !proven {
			return s.refuseIssuer(ctx, tx, p, fault.Forbidden, "passkey_first")
		}
	}
	done, err := s.link(ctx, tx, p.ID, c.Claims.Subject)
	if err != nil || done {
		return SignInResult{}, err
	}
	return s.refuseIssuer(ctx, tx, p, fault.Conflict, "taken")
}

// refuseIssuer tells why an account does not open, and notes it for the person
// when there is one.
func (s *Service) refuseIssuer(ctx context.Context, tx *storage.Tx, p Person, code fault.Code, why string) (SignInResult, error) {
	res := SignInResult{Fault: fault.New(code, "people.oidc."+why)}
	if p.ID.IsZero() {
		return res, nil
	}
	return res, audit.Record(ctx, tx, audit.Entry{Person: p.ID, Action: "people.audit.oidc_refused", Detail: why})
}

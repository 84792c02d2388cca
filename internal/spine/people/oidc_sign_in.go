package people

import (
	"context"

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

// SignInByIssuer signs in the person whom the account opens. An account opens nobody
// until somebody who works here has added it to herself, from a session that her
// passkey has just begun: no address that an issuer tells leads to a record. A refusal
// is in the result, since it is noted in her log.
func (s *Service) SignInByIssuer(ctx context.Context, tx *storage.Tx, c SignInByIssuer) (SignInResult, error) {
	p, linked, err := s.byAccount(ctx, tx, c.Claims.Subject)
	if err != nil {
		return SignInResult{}, err
	}
	switch {
	case !linked && (!c.Own || !c.Actor.SignedIn()):
		return s.refuseIssuer(ctx, tx, p, fault.Forbidden, "unknown")
	case !linked:
		if p, err = s.ByID(ctx, tx, c.Actor.Person); err != nil {
			return SignInResult{}, err
		}
	case c.Own && c.Actor.Person != p.ID:
		return s.refuseIssuer(ctx, tx, p, fault.Conflict, "another")
	}
	if (c.Fresh || c.Own) && tx.Now.Sub(c.Claims.At) > web.FreshFor {
		return s.refuseIssuer(ctx, tx, p, fault.Forbidden, "not_fresh")
	}
	works, err := s.worksAwake(ctx, tx, p.ID)
	if err != nil {
		return SignInResult{}, err
	}
	if !works {
		return s.refuseIssuer(ctx, tx, p, fault.Forbidden, "not_staff")
	}
	if linked {
		if _, err := tx.Exec(ctx, `UPDATE oidc_link SET used_at = $2 WHERE account_index = $1`,
			s.accountIndex(c.Claims.Subject), storage.Micros(tx.Now)); err != nil {
			return SignInResult{}, err
		}
	} else if refusal, err := s.linkOwn(ctx, tx, p, c); err != nil || refusal.Fault != nil {
		return refusal, err
	}
	if err := s.LeaveSession(ctx, tx, c.Actor.Session); err != nil {
		return SignInResult{}, err
	}
	token, err := s.startSession(ctx, tx, newSession{person: p.ID, origin: access.OfPasskey, proven: c.Claims.At})
	if err != nil {
		return SignInResult{}, err
	}
	err = audit.Record(ctx, tx, audit.Entry{Actor: p.ID, Person: p.ID, Action: "people.audit.signed_in"})
	return SignInResult{Token: token, Person: p.ID, Linked: !linked}, err
}

// linkOwn adds the account to the person who asked for it, or tells why not.
func (s *Service) linkOwn(ctx context.Context, tx *storage.Tx, p Person, c SignInByIssuer) (SignInResult, error) {
	if c.Actor.Origin != access.OfPasskey || tx.Now.Sub(c.Actor.Proven) > web.FreshFor {
		return s.refuseIssuer(ctx, tx, p, fault.Forbidden, "passkey_first")
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

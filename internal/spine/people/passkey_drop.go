package people

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// WaysIn are the passkeys of a person, and the accounts that open her.
type WaysIn struct {
	Passkeys []Passkey
	Named    bool         // the site has a name that passkeys accept
	Refused  *fault.Error // why she may not add a passkey now
	Accounts []Account
	Issuer   bool // she may add the account of the organisation
}

// WaysIn gives the ways in of who is signed in, and which she may add from this session.
func (s *Service) WaysIn(ctx context.Context, tx *storage.Tx, a access.Actor) (w WaysIn, err error) {
	w.Named = s.webauthn != nil
	if w.Passkeys, _, err = s.passkeys(ctx, tx, a.Person); err != nil {
		return w, err
	}
	if err = s.mayEnrol(ctx, tx, a, len(w.Passkeys)); fault.Of(err) == nil && err != nil {
		return w, err
	}
	w.Refused = fault.Of(err)
	if w.Accounts, err = s.Accounts(ctx, tx, a.Person); err != nil || s.issuer == nil {
		return w, err
	}
	linked, err := s.hasAccount(ctx, tx, a.Person)
	if err != nil || linked {
		return w, err
	}
	w.Issuer, err = s.WorksHere(ctx, tx, a.Person)
	return w, err
}

// DropPasskey removes a passkey of who is signed in; the last one of staff too, who then
// must make another. Forbidden unless she has just come in by a strong way; NotFound when
// it is none of hers.
func (s *Service) DropPasskey(ctx context.Context, tx *storage.Tx, a access.Actor, id storage.ID) error {
	if err := MustBeFresh(tx.Now, a); err != nil {
		return err
	}
	if err := s.mustBeStrong(a); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM passkey WHERE id = $1 AND person_id = $2`, id, a.Person)
	if err == nil && n == 0 {
		err = Unknown()
	}
	if err != nil {
		return err
	}
	// Whoever has the device of that key is signed in no more.
	if err := s.EndSessions(ctx, tx, a.Person, a.Session); err != nil {
		return err
	}
	if err := s.warn(ctx, tx, Change{Person: a.Person, What: passkeyRemoved}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: a.Person, Person: a.Person, Action: "people.audit.passkey_removed"})
}

// ResetPasskeys lets somebody who lost all passkeys make a new one: an administrator,
// who has made sure who asks, removes the old ones, and the organisation's account with
// them. Forbidden for who may not give roles.
func (s *Service) ResetPasskeys(ctx context.Context, tx *storage.Tx, by access.Actor, person storage.ID) error {
	if err := MayGiveRoles(tx.Now, by); err != nil {
		return err
	}
	if err := s.sleep(ctx, tx, person); err != nil {
		return err
	}
	if err := s.warn(ctx, tx, Change{Person: person, What: passkeyRemoved}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: by.Person, Person: person, Action: "people.audit.passkey_removed"})
}

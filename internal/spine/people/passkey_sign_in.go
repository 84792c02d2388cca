package people

import (
	"bytes"
	"context"
	"io"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/storage"
)

// ReadPasskey reads what a browser answers with a passkey that it has. Faults as
// ReadNewPasskey.
func (s *Service) ReadPasskey(body io.Reader) (*protocol.ParsedCredentialAssertionData, error) {
	if err := s.NoPasskeys(); err != nil {
		return nil, err
	}
	answer, err := protocol.ParseCredentialRequestResponseBody(body)
	if err != nil {
		return nil, refused()
	}
	return answer, nil
}

// BeginPasskey gives the question for any passkey of this site, and keeps it for the browser.
func (s *Service) BeginPasskey(ctx context.Context, tx *storage.Tx, browser string) (*protocol.CredentialAssertion, error) {
	if err := s.NoPasskeys(); err != nil {
		return nil, err
	}
	options, data, err := s.webauthn.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, err
	}
	return options, s.keepCeremony(ctx, tx, browser, data)
}

// SignInByPasskey starts a session for whoever answered the question that this browser
// was put, in place of the session before. Forbidden when no passkey of ours did.
func (s *Service) SignInByPasskey(ctx context.Context, tx *storage.Tx, browser string, answer *protocol.ParsedCredentialAssertionData, before storage.ID) (token string, err error) {
	data, err := s.takeCeremony(ctx, tx, browser)
	if err != nil {
		return "", err
	}
	var person storage.ID
	find := func(rawID, handle []byte) (webauthn.User, error) {
		if err := tx.QueryRow(ctx, `SELECT person_id FROM passkey WHERE id = $1`, credentialHash(rawID)).Scan(&person); err != nil {
			return nil, err
		}
		if !bytes.Equal(person[:], handle) {
			return nil, refused()
		}
		_, keys, err := s.passkeys(ctx, tx, person)
		return holder{id: person, label: "Ashar", keys: keys}, err
	}
	c, err := s.webauthn.ValidateDiscoverableLogin(find, data, answer)
	if err != nil || c.Authenticator.CloneWarning {
		return "", refused()
	}
	if err := s.savePasskey(ctx, tx, person, c); err != nil { // the counter moved
		return "", err
	}
	if err := s.LeaveSession(ctx, tx, before); err != nil {
		return "", err
	}
	if token, err = s.StartSession(ctx, tx, person, access.OfPasskey); err != nil {
		return "", err
	}
	return token, audit.Record(ctx, tx, audit.Entry{Actor: person, Person: person, Action: "people.audit.signed_in"})
}

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

// ReadNewPasskey reads what a browser answers when it has made a passkey. Forbidden
// when that is none, Unavailable where the site has no name that passkeys accept.
func (s *Service) ReadNewPasskey(body io.Reader) (*protocol.ParsedCredentialCreationData, error) {
	if err := s.NoPasskeys(); err != nil {
		return nil, err
	}
	answer, err := protocol.ParseCredentialCreationResponseBody(body)
	if err != nil {
		return nil, refused()
	}
	return answer, nil
}

// BeginEnrol gives what a browser needs to make a passkey for who is signed in; label
// is what her authenticator shows. Faults: Unavailable, and those of FinishEnrol.
func (s *Service) BeginEnrol(ctx context.Context, tx *storage.Tx, a access.Actor, browser, label string) (*protocol.CredentialCreation, error) {
	if err := s.NoPasskeys(); err != nil {
		return nil, err
	}
	_, keys, err := s.passkeys(ctx, tx, a.Person)
	if err != nil {
		return nil, err
	}
	if err := s.mayEnrol(ctx, tx, a, len(keys)); err != nil {
		return nil, err
	}
	h := holder{id: a.Person, label: label, keys: keys}
	var exclude []protocol.CredentialDescriptor
	for _, k := range keys {
		exclude = append(exclude, k.Descriptor())
	}
	options, data, err := s.webauthn.BeginRegistration(h, webauthn.WithExclusions(exclude))
	if err != nil {
		return nil, err
	}
	return options, s.keepCeremony(ctx, tx, browser, data)
}

// FinishEnrol keeps the new passkey of who is signed in, ends her sessions, and gives
// the token of one that has its strength. Forbidden when she may not add a passkey from
// this session, or the answer is not to the question that this browser was put.
func (s *Service) FinishEnrol(ctx context.Context, tx *storage.Tx, a access.Actor, browser string, answer *protocol.ParsedCredentialCreationData) (token string, err error) {
	data, err := s.takeCeremony(ctx, tx, browser)
	if err != nil {
		return "", err
	}
	if !bytes.Equal(data.UserID, a.Person[:]) {
		return "", refused()
	}
	_, keys, err := s.passkeys(ctx, tx, a.Person)
	if err != nil {
		return "", err
	}
	if err := s.mayEnrol(ctx, tx, a, len(keys)); err != nil {
		return "", err
	}
	c, err := s.webauthn.CreateCredential(holder{id: a.Person, label: "Ashar", keys: keys}, data, answer)
	if err != nil {
		return "", refused()
	}
	if err := s.savePasskey(ctx, tx, a.Person, c); err != nil {
		return "", err
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: a.Person, Person: a.Person, Action: "people.audit.passkey"}); err != nil {
		return "", err
	}
	if err := s.warn(ctx, tx, Change{Person: a.Person, What: passkeyAdded}); err != nil {
		return "", err
	}
	if err := s.EndSessions(ctx, tx, a.Person, storage.ID{}); err != nil {
		return "", err
	}
	return s.StartSession(ctx, tx, a.Person, access.OfPasskey)
}

package people

import (
	"context"

	"github.com/go-webauthn/webauthn/protocol"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// AcceptInvitation wakes the roles of somebody who has a passkey already and is signed
// in with it. Forbidden for anybody else, and the faults of PeekInvitation.
func (s *Service) AcceptInvitation(ctx context.Context, tx *storage.Tx, a access.Actor, token string) error {
	i, err := s.PeekInvitation(ctx, tx, token)
	if err != nil {
		return err
	}
	if !i.HeldBy(a) {
		return fault.New(fault.Forbidden, "people.fault.invitation_passkey")
	}
	_, err = s.wake(ctx, tx, token, true, a.Session)
	return err
}

// mayFollow refuses an invitation to make a passkey with when its person has one, or an
// account that is as good.
func mayFollow(i Invitation) error {
	if i.Strong {
		return fault.New(fault.Forbidden, "people.fault.invitation_passkey")
	}
	return nil
}

// BeginInvitation gives what a browser needs to make the first passkey of who was
// invited; label is what her authenticator shows. Faults: Unavailable, Forbidden when she
// has a strong way in already, and those of PeekInvitation.
func (s *Service) BeginInvitation(ctx context.Context, tx *storage.Tx, token, browser, label string) (*protocol.CredentialCreation, error) {
	if err := s.NoPasskeys(); err != nil {
		return nil, err
	}
	i, err := s.PeekInvitation(ctx, tx, token)
	if err != nil {
		return nil, err
	}
	if err := mayFollow(i); err != nil {
		return nil, err
	}
	options, data, err := s.webauthn.BeginRegistration(holder{id: i.Person.ID, label: label})
	if err != nil {
		return nil, err
	}
	return options, s.keepCeremony(ctx, tx, browser, data)
}

// FinishInvitation keeps the first passkey of who was invited, which wakes her roles, and
// gives the token of a session of hers, in place of the session before. Faults as
// BeginInvitation.
func (s *Service) FinishInvitation(ctx context.Context, tx *storage.Tx, invitation, browser string, answer *protocol.ParsedCredentialCreationData, before storage.ID) (token string, err error) {
	data, err := s.takeCeremony(ctx, tx, browser)
	if err != nil {
		return "", err
	}
	i, err := s.PeekInvitation(ctx, tx, invitation)
	if err != nil {
		return "", err
	}
	if err := mayFollow(i); err != nil {
		return "", err
	}
	if string(data.UserID) != string(i.Person.ID[:]) {
		return "", refused()
	}
	c, err := s.webauthn.CreateCredential(holder{id: i.Person.ID, label: "Ashar"}, data, answer)
	if err != nil {
		return "", refused()
	}
	person, err := s.wake(ctx, tx, invitation, false, storage.ID{})
	if err != nil {
		return "", err
	}
	if err := s.savePasskey(ctx, tx, person, c); err != nil {
		return "", err
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: person, Person: person, Action: "people.audit.passkey"}); err != nil {
		return "", err
	}
	if err := s.EndSessions(ctx, tx, person, storage.ID{}); err != nil {
		return "", err
	}
	if err := s.LeaveSession(ctx, tx, before); err != nil {
		return "", err
	}
	return s.StartSession(ctx, tx, person, access.OfPasskey)
}

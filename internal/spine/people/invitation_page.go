package people

import (
	"context"
	"net/http"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

type invitationData struct {
	invited
	Path  string
	Ready bool // she is signed in with her passkey: a button accepts
	Named bool // the site has a name that passkeys accept
}

func (s *Service) invitationPage(r *web.Request) error {
	d := invitationData{Path: invitationPath + r.PathValue("token"), Named: s.webauthn != nil}
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		d.invited, err = s.peekInvitation(ctx, tx, r.PathValue("token"))
		return err
	})
	if err != nil {
		return err
	}
	d.Ready = r.Actor.Origin == access.OfPasskey && r.Actor.Person == d.Person.ID
	r.W.Header().Set("Referrer-Policy", "no-referrer")
	return r.Page(http.StatusOK, invitationPage(r, d))
}

// acceptInvitation wakes the roles of somebody who has a passkey already and is signed
// in with it.
func (s *Service) acceptInvitation(r *web.Request) error {
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		i, err := s.peekInvitation(ctx, tx, r.PathValue("token"))
		if err != nil {
			return err
		}
		if r.Actor.Origin != access.OfPasskey || r.Actor.Person != i.Person.ID {
			return fault.New(fault.Forbidden, "people.fault.invitation_passkey")
		}
		_, err = s.wake(ctx, tx, r.PathValue("token"), true, r.Actor.Session)
		return err
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "people.invitation.done")
	return r.Redirect(s.home)
}

// mayFollow refuses an invitation to make a passkey with when its person has one, or an
// account that is as good.
func mayFollow(i invited) error {
	if i.Strong {
		return fault.New(fault.Forbidden, "people.fault.invitation_passkey")
	}
	return nil
}

// beginInvitation answers with what the browser needs to make the first passkey.
func (s *Service) beginInvitation(r *web.Request) error {
	if err := s.noPasskeys(); err != nil {
		return err
	}
	browser := s.bind(r)
	var options *protocol.CredentialCreation
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		i, err := s.peekInvitation(ctx, tx, r.PathValue("token"))
		if err != nil {
			return err
		}
		if err := mayFollow(i); err != nil {
			return err
		}
		var data *webauthn.SessionData
		if options, data, err = s.webauthn.BeginRegistration(holder{id: i.Person.ID, label: r.Say.T("people.passkey.label")}); err != nil {
			return err
		}
		return s.keepCeremony(ctx, tx, browser, data)
	})
	if err != nil {
		return err
	}
	return answerJSON(r, options)
}

// finishInvitation keeps the first passkey, which wakes the roles, and signs her in.
func (s *Service) finishInvitation(r *web.Request) error {
	if err := s.noPasskeys(); err != nil {
		return err
	}
	answer, err := protocol.ParseCredentialCreationResponseBody(r.Body)
	if err != nil {
		return refused()
	}
	var token string
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		data, err := s.takeCeremony(ctx, tx, s.browser(r))
		if err != nil {
			return err
		}
		i, err := s.peekInvitation(ctx, tx, r.PathValue("token"))
		if err != nil {
			return err
		}
		if err := mayFollow(i); err != nil {
			return err
		}
		if string(data.UserID) != string(i.Person.ID[:]) {
			return refused()
		}
		c, err := s.webauthn.CreateCredential(holder{id: i.Person.ID, label: "Ashar"}, data, answer)
		if err != nil {
			return refused()
		}
		person, err := s.wake(ctx, tx, r.PathValue("token"), false, storage.ID{})
		if err != nil {
			return err
		}
		if err := s.savePasskey(ctx, tx, person, c); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: person, Person: person, Action: "people.audit.passkey"}); err != nil {
			return err
		}
		if err := s.EndSessions(ctx, tx, person, storage.ID{}); err != nil {
			return err
		}
		if err := s.LeaveSession(ctx, tx, r.Actor.Session); err != nil {
			return err
		}
		token, err = s.StartSession(ctx, tx, person, access.OfPasskey)
		return err
	})
	if err != nil {
		return err
	}
	s.signIn(r, token)
	return answerJSON(r, struct{}{})
}

// inviteAgain makes a new invitation for somebody whose roles sleep.
func (s *Service) inviteAgain(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return unknown()
	}
	var link string
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if err := mayGiveRoles(tx.Now, r.Actor); err != nil {
			return err
		}
		link, err = s.Invite(ctx, tx, r.Actor.Person, id, true)
		return err
	})
	if err != nil {
		return err
	}
	return s.showPersonWith(r, http.StatusOK, nil, s.url+r.Path(link))
}

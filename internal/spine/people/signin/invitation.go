package signin

import (
	"context"
	"net/http"

	"github.com/go-webauthn/webauthn/protocol"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

// invitationView is an invitation to a role as who was invited sees it.
type invitationView struct {
	people.Invitation
	Path  string
	At    map[storage.ID]i18n.Text // what the activities are called that her roles are for
	Ready bool                     // she is signed in with her passkey: a button accepts
	Named bool                     // the site has a name that passkeys accept
}

func (p *Pages) invitationPage(r *web.Request) error {
	d := invitationView{Path: people.InvitationPath + r.PathValue("token"), Named: p.people.TakesPasskeys()}
	err := p.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d.Invitation, err = p.people.PeekInvitation(ctx, tx, r.PathValue("token")); err != nil || p.activity == nil {
			return err
		}
		d.At = map[storage.ID]i18n.Text{}
		for _, g := range d.Grants {
			if at := g.Scope.Activity; !at.IsZero() {
				if d.At[at], err = p.activity(ctx, tx, at); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	d.Ready = d.HeldBy(r.Actor)
	r.W.Header().Set("Referrer-Policy", "no-referrer")
	return r.Page(http.StatusOK, invitationPage(r, d))
}

// acceptInvitation wakes the roles of who is signed in with her passkey.
func (p *Pages) acceptInvitation(r *web.Request) error {
	err := p.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return p.people.AcceptInvitation(ctx, tx, r.Actor, r.PathValue("token"))
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "people.invitation.done")
	return r.Redirect(p.home)
}

// beginInvitation answers with what the browser needs to make the first passkey.
func (p *Pages) beginInvitation(r *web.Request) error {
	if err := p.people.NoPasskeys(); err != nil {
		return err
	}
	browser := p.bind(r)
	var options *protocol.CredentialCreation
	err := p.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		options, err = p.people.BeginInvitation(ctx, tx, r.PathValue("token"), browser, r.Say.T("people.passkey.label"))
		return err
	})
	if err != nil {
		return err
	}
	return answerJSON(r, options)
}

// finishInvitation keeps the first passkey, which wakes the roles, and signs her in.
func (p *Pages) finishInvitation(r *web.Request) error {
	answer, err := p.people.ReadNewPasskey(r.Body)
	if err != nil {
		return err
	}
	var token string
	err = p.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		token, err = p.people.FinishInvitation(ctx, tx, r.PathValue("token"), p.browser(r), answer, r.Actor.Session)
		return err
	})
	if err != nil {
		return err
	}
	p.enter(r, token)
	return answerJSON(r, struct{}{})
}

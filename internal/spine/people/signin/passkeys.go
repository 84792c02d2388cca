package signin

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/go-webauthn/webauthn/protocol"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

// beginEnrol answers with what the browser needs to make a passkey.
func (p *Pages) beginEnrol(r *web.Request) error {
	if err := p.people.NoPasskeys(); err != nil {
		return err
	}
	browser := p.bind(r)
	var options *protocol.CredentialCreation
	err := p.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		options, err = p.people.BeginEnrol(ctx, tx, r.Actor, browser, r.Say.T("people.passkey.label"))
		return err
	})
	if err != nil {
		return err
	}
	return answerJSON(r, options)
}

// finishEnrol keeps the new passkey and starts a session that has its strength.
func (p *Pages) finishEnrol(r *web.Request) error {
	answer, err := p.people.ReadNewPasskey(r.Body)
	if err != nil {
		return err
	}
	var token string
	err = p.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		token, err = p.people.FinishEnrol(ctx, tx, r.Actor, p.browser(r), answer)
		return err
	})
	if err != nil {
		return err
	}
	p.enter(r, token)
	return answerJSON(r, struct{}{})
}

// beginPasskey answers with the question for any passkey of this site.
func (p *Pages) beginPasskey(r *web.Request) error {
	if err := p.people.NoPasskeys(); err != nil {
		return err
	}
	browser := p.bind(r)
	var options *protocol.CredentialAssertion
	err := p.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		options, err = p.people.BeginPasskey(ctx, tx, browser)
		return err
	})
	if err != nil {
		return err
	}
	return answerJSON(r, options)
}

// finishPasskey signs in whoever answered the question.
func (p *Pages) finishPasskey(r *web.Request) error {
	answer, err := p.people.ReadPasskey(r.Body)
	if err != nil {
		return err
	}
	var token string
	err = p.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		token, err = p.people.SignInByPasskey(ctx, tx, p.browser(r), answer, r.Actor.Session)
		return err
	})
	if err != nil {
		return err
	}
	p.enter(r, token)
	return answerJSON(r, struct{}{})
}

func (p *Pages) passkeyPage(r *web.Request) error {
	var w people.WaysIn
	err := p.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		w, err = p.people.WaysIn(ctx, tx, r.Actor)
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, passkeyList(r, w))
}

func (p *Pages) dropPasskey(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return people.Unknown()
	}
	err = p.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		return p.people.DropPasskey(ctx, tx, r.Actor, id)
	})
	if err != nil {
		return err
	}
	r.SetFlash("good", "people.passkey.removed")
	return r.Redirect("/me/passkeys")
}

func answerJSON(r *web.Request, v any) error {
	r.W.Header().Set("Content-Type", "application/json; charset=utf-8")
	r.W.Header().Set("Cache-Control", "no-store")
	return json.NewEncoder(r.W).Encode(v)
}

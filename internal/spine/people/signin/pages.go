package signin

import (
	"context"
	"embed"
	"io/fs"
	"log/slog"
	"net/http"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/oidc"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
)

//go:embed text/*.json
var files embed.FS

// Options are what the pages need from the house.
type Options struct {
	People *people.Service
	Store  *storage.Store
	Home   string       // where to go after signing in, "/my"; empty: her own data
	Issuer *oidc.Issuer // of the organisation's accounts, the same as people has; nil: none
	Log    *slog.Logger // nil: silent
	// Activity names an activity that a role is held for; nil: none is named.
	Activity func(ctx context.Context, tx *storage.Tx, id storage.ID) (i18n.Text, error)
}

// Pages are the pages of coming in and going out.
type Pages struct {
	people *people.Service
	store  *storage.Store
	home   string
	issuer *oidc.Issuer
	log    *slog.Logger

	activity func(ctx context.Context, tx *storage.Tx, id storage.ID) (i18n.Text, error)
}

// New makes the pages.
func New(o Options) *Pages {
	p := &Pages{people: o.People, store: o.Store, home: o.Home, issuer: o.Issuer, log: o.Log, activity: o.Activity}
	if p.home == "" {
		p.home = "/me"
	}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	return p
}

const get, post = http.MethodGet, http.MethodPost

// Manifest tells the house what the pages offer.
func (p *Pages) Manifest() module.Manifest {
	texts, err := fs.Sub(files, "text")
	if err != nil {
		panic("signin: " + err.Error()) // the folder is embedded above
	}
	rate := p.people.Tries()
	return module.Manifest{
		Name:  "signin",
		Texts: texts,
		Routes: []web.Route{
			{Method: get, Pattern: "/sign-in", Needs: access.Public, Handler: p.signInPage},
			{Method: post, Pattern: "/sign-in", Needs: access.Public, Handler: p.askToSignIn, Rate: rate},
			{Method: get, Pattern: "/sign-in/code", Needs: access.Public, Handler: p.codePage},
			{Method: post, Pattern: "/sign-in/code", Needs: access.Public, Handler: p.signInByCode, Rate: rate},
			{Method: get, Pattern: "/sign-in/link/{token}", Needs: access.Public, Handler: p.linkPage},
			{Method: post, Pattern: "/sign-in/link/{token}", Needs: access.Public, Handler: p.signInByLink, Rate: rate},
			{Method: get, Pattern: "/sign-in/who", Needs: access.Public, Handler: p.whoPage},
			{Method: post, Pattern: "/sign-in/who", Needs: access.Public, Handler: p.takeWho, Rate: rate},
			{Method: post, Pattern: "/sign-in/passkey/begin", Needs: access.Public, Handler: p.beginPasskey, Raw: true, Rate: rate},
			{Method: post, Pattern: "/sign-in/passkey/finish", Needs: access.Public, Handler: p.finishPasskey, Raw: true, Rate: rate},
			{Method: get, Pattern: "/invitation/{token}", Needs: access.Public, Handler: p.invitationPage},
			{Method: post, Pattern: "/invitation/{token}", Needs: access.Public, Handler: p.acceptInvitation, Rate: rate},
			{Method: post, Pattern: "/invitation/{token}/begin", Needs: access.Public, Handler: p.beginInvitation, Raw: true, Rate: rate},
			{Method: post, Pattern: "/invitation/{token}/finish", Needs: access.Public, Handler: p.finishInvitation, Raw: true, Rate: rate},
			{Method: get, Pattern: "/sign-in/oidc", Needs: access.Public, Handler: p.askIssuer, Rate: rate},
			{Method: get, Pattern: people.IssuerBack, Needs: access.Public, Handler: p.issuerBack, Rate: rate},
			{Method: post, Pattern: "/sign-out", Needs: access.Public, Handler: p.signOut},
			{Method: get, Pattern: "/demo/in/{token}", Needs: access.Public, Handler: p.enterDemo},

			{Method: post, Pattern: "/me/sessions", Needs: access.SignedIn, Handler: p.endOthers},
			{Method: post, Pattern: "/me/sessions/{id}", Needs: access.SignedIn, Handler: p.saveSession},
			{Method: get, Pattern: "/me/passkeys", Needs: access.SignedIn, Handler: p.passkeyPage, Fresh: "/me/passkeys"},
			{Method: post, Pattern: "/me/passkeys/begin", Needs: access.SignedIn, Handler: p.beginEnrol, Raw: true, Fresh: "/me/passkeys"},
			{Method: post, Pattern: "/me/passkeys/finish", Needs: access.SignedIn, Handler: p.finishEnrol, Raw: true, Fresh: "/me/passkeys"},
			{Method: post, Pattern: "/me/passkeys/{id}", Needs: access.SignedIn, Handler: p.dropPasskey, Danger: true, Fresh: "/me/passkeys"},
			{Method: get, Pattern: "/me/oidc", Needs: access.SignedIn, Handler: p.askOwnIssuer, Rate: rate, Fresh: "/me/passkeys"},
			{Method: post, Pattern: "/me/oidc/{id}", Needs: access.SignedIn, Handler: p.dropAccount, Danger: true, Fresh: "/me/passkeys"},
		},
	}
}

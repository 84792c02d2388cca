package people

import (
	"embed"
	"io/fs"
	"net/http"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
)

//go:embed text/*.json
var files embed.FS

const get, post = http.MethodGet, http.MethodPost

// Manifest tells the house what this room offers.
func (s *Service) Manifest() module.Manifest {
	texts, err := fs.Sub(files, "text")
	if err != nil {
		panic("people: " + err.Error()) // the folder is embedded above
	}
	rate := s.Tries()
	return module.Manifest{
		Name:        "people",
		Texts:       texts,
		Built:       built(),
		Permissions: permissions,
		Routes: []web.Route{
			{Method: get, Pattern: "/prove/{token}", Needs: access.Public, Handler: s.provePage},
			{Method: post, Pattern: "/prove/{token}", Needs: access.Public, Handler: s.takeProof, Rate: rate},
			{Method: get, Pattern: "/contact/undo/{token}", Needs: access.Public, Handler: s.undoPage},
			{Method: post, Pattern: "/contact/undo/{token}", Needs: access.Public, Handler: s.takeBack, Rate: rate},

			{Method: get, Pattern: "/me", Needs: access.SignedIn, Handler: s.mePage},
			{Method: get, Pattern: "/me/edit", Needs: access.SignedIn, Handler: s.editMe},
			{Method: post, Pattern: "/me/edit", Needs: access.SignedIn, Handler: s.saveMe},
			{Method: post, Pattern: "/me/consents", Needs: access.SignedIn, Handler: s.saveConsents},
			{Method: post, Pattern: "/me/export", Needs: access.SignedIn, Handler: s.exportMe, Danger: true, Fresh: "/me"},
			{Method: get, Pattern: "/me/erase", Needs: access.SignedIn, Handler: s.erasePage, Fresh: "/me/erase"},
			{Method: post, Pattern: "/me/erase", Needs: access.SignedIn, Handler: s.eraseMe, Danger: true, Fresh: "/me/erase"},
			{Method: get, Pattern: "/me/contacts", Needs: access.SignedIn, Handler: s.contactsPage, Fresh: "/me/contacts"},
			{Method: post, Pattern: "/me/contacts", Needs: access.SignedIn, Handler: s.saveContacts, Danger: true, Fresh: "/me/contacts", Rate: rate},

			{Method: get, Pattern: "/people", Needs: "people.view", Handler: s.listPage},
			{Method: get, Pattern: "/import/people", Needs: "people.import", Handler: s.importPage},
			{Method: post, Pattern: "/import/people", Needs: "people.import", Handler: s.takeFile, Upload: maxImport},
			{Method: get, Pattern: "/import/people/{id}", Needs: "people.import", Handler: s.importPageOf},
			{Method: post, Pattern: "/import/people/{id}", Needs: "people.import", Handler: s.confirmImport, Danger: true},
			{Method: post, Pattern: "/import/people/{id}/table", Needs: "people.import", Handler: s.sendImported, Danger: true, Fresh: "/import/people/{id}"},
			{Method: get, Pattern: "/people/duplicates", Needs: "people.merge", Handler: s.duplicatesPage},
			{Method: post, Pattern: "/people/duplicates", Needs: "people.merge", Handler: s.settle, Danger: true},
			{Method: get, Pattern: "/people/roles", Needs: "people.roles", Handler: s.rolesPage},
			{Method: get, Pattern: "/people/{id}", Needs: "people.view", Handler: s.personPage},
			{Method: get, Pattern: "/people/{id}/edit", Needs: "people.edit", Handler: s.editPerson},
			{Method: post, Pattern: "/people/{id}/edit", Needs: "people.edit", Handler: s.savePerson},
			{Method: post, Pattern: "/people/{id}/roles", Needs: "people.roles", Handler: s.giveRole, Danger: true, Fresh: "/people/{id}"},
			{Method: post, Pattern: "/people/{id}/roles/{grant}", Needs: "people.roles", Handler: s.takeRole, Danger: true, Fresh: "/people/{id}"},
			{Method: post, Pattern: "/people/{id}/invitation", Needs: "people.roles", Handler: s.inviteAgain, Danger: true, Fresh: "/people/{id}"},
			{Method: post, Pattern: "/people/{id}/passkeys", Needs: "people.roles", Handler: s.resetPasskeys, Danger: true, Fresh: "/people/{id}"},
		},
		Jobs:  []jobs.Kind{s.signInJob(), s.tidyJob()},
		Nav:   []web.NavItem{{Key: "people.list.title", Path: "/people", Needs: "people.view", Order: 400}},
		Yours: []web.NavItem{{Key: "people.yours", Path: "/me", Needs: access.SignedIn, Order: 800}},
	}
}

// Tries bounds what may be tried to come in or to prove: thirty tries a browser in ten
// minutes; a network behind one address six hundred.
func (s *Service) Tries() web.Rate {
	return web.Rate{Count: 30, Per: 10 * time.Minute, Cookie: s.CookieName(BrowserCookie), Crowd: 20}
}

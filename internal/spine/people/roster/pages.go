package roster

import (
	"context"
	"embed"
	"io/fs"
	"net/http"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/exports"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
)

//go:embed text/*.json
var files embed.FS

// Options are what the pages need from the house.
type Options struct {
	People    *people.Service
	Store     *storage.Store
	PublicURL string // before the path of an invitation that is shown
	// Cities gives the cities to choose from; nil: the field is free.
	Cities func(l i18n.Language) []kit.Item
	// Activities gives those that a role may be limited to and the asker may know of, by id; nil: none.
	Activities func(ctx context.Context, tx *storage.Tx, a access.Actor, l i18n.Language) ([]kit.Item, error)
	// Exports makes the tables that are too long for one answer; nil: none is.
	Exports *exports.Service
	// Picks are what modules do with people who are ticked; nil: nothing.
	Picks func(access.Actor) []module.Pick
	// House tells what happened to a person, and what is wrong with her now; nil: nothing is told.
	House *module.House
	// Places gives where activities lie; those that there are not are left out. nil: nobody of a
	// part of the programme reads looks that were of an activity.
	Places func(ctx context.Context, tx *storage.Tx, ids []storage.ID) (map[storage.ID]access.Scope, error)
}

// Pages are the pages that show people.
type Pages struct {
	people     *people.Service
	store      *storage.Store
	url        string
	cities     func(l i18n.Language) []kit.Item
	activities func(ctx context.Context, tx *storage.Tx, a access.Actor, l i18n.Language) ([]kit.Item, error)
	exports    *exports.Service
	picks      func(access.Actor) []module.Pick
	house      *module.House
	places     func(ctx context.Context, tx *storage.Tx, ids []storage.ID) (map[storage.ID]access.Scope, error)
}

// New makes the pages.
func New(o Options) *Pages {
	return &Pages{people: o.People, store: o.Store, url: o.PublicURL, cities: o.Cities, activities: o.Activities, exports: o.Exports, picks: o.Picks, house: o.House, places: o.Places}
}

const get, post = http.MethodGet, http.MethodPost

// Manifest tells the house what the pages offer.
func (s *Pages) Manifest() module.Manifest {
	texts, err := fs.Sub(files, "text")
	if err != nil {
		panic("roster: " + err.Error()) // the folder is embedded above
	}
	rate := s.people.Tries()
	return module.Manifest{
		Name:  "roster",
		Texts: texts,
		Start: s.people.KeepWordings,
		Built: []i18n.Built{
			{Keys: "people.kept.*", Of: append([]string{"access"}, keptSections...), Why: "the sections of her archive"},
			{Keys: "people.kept.field.*", Of: keptFields, Why: "what a record of her archive holds"},
			{Keys: "people.contact.state.*", Of: i18n.Words(people.Typed, people.Proven, people.Called, people.Leaving), Why: "the states of a contact"},
			{Keys: "people.contact.*", Of: i18n.Words(people.EmailContact, people.PhoneContact, people.ChatContact), Why: "the kinds of contacts"},
			{Keys: "people.sessions.by.*", Of: i18n.Words(access.OfApplication, access.OfProof, access.OfPasskey), Why: "how a session began"},
			{Keys: "people.duplicates.same.*", Of: []string{"name", "name_part", "email", "phone", "birth_year", "city"}, Why: "what two records share"},
		},
		Routes: []web.Route{
			{Method: get, Pattern: "/prove/{token}", Needs: access.Public, Handler: s.provePage},
			{Method: post, Pattern: "/prove/{token}", Needs: access.Public, Handler: s.takeProof, Rate: rate},
			{Method: get, Pattern: "/contact/undo/{token}", Needs: access.Public, Handler: s.undoPage},
			{Method: post, Pattern: "/contact/undo/{token}", Needs: access.Public, Handler: s.takeBack, Rate: rate},

			{Method: get, Pattern: "/me", Needs: access.SignedIn, Handler: s.mePage},
			{Method: get, Pattern: keptPath, Needs: access.SignedIn, Handler: s.keptPage, Fresh: keptPath},
			{Method: get, Pattern: "/me/edit", Needs: access.SignedIn, Handler: s.editMe},
			{Method: post, Pattern: "/me/edit", Needs: access.SignedIn, Handler: s.saveMe},
			{Method: post, Pattern: "/me/consents", Needs: access.SignedIn, Handler: s.saveConsents},
			{Method: post, Pattern: "/me/export", Needs: access.SignedIn, Handler: s.exportMe, Danger: true, Fresh: "/me"},
			{Method: get, Pattern: "/me/erase", Needs: access.SignedIn, Handler: s.erasePage, Fresh: "/me/erase"},
			{Method: post, Pattern: "/me/erase", Needs: access.SignedIn, Handler: s.eraseMe, Danger: true, Fresh: "/me/erase"},
			{Method: get, Pattern: "/me/contacts", Needs: access.SignedIn, Handler: s.contactsPage, Fresh: "/me/contacts"},
			{Method: post, Pattern: "/me/contacts", Needs: access.SignedIn, Handler: s.saveContacts, Danger: true, Fresh: "/me/contacts", Rate: rate},

			{Method: get, Pattern: "/people", Needs: "people.view", Handler: s.listPage},
			{Method: post, Pattern: "/people", Needs: "people.view", Handler: s.findPeople},
			{Method: post, Pattern: "/people/change", Needs: "people.edit", Handler: s.changeMany, Danger: true},
			{Method: post, Pattern: "/people/undo", Needs: "people.edit", Handler: s.takeBackMany, Danger: true},
			{Method: post, Pattern: "/people/export", Needs: "people.view", Handler: s.sendList, Danger: true, Fresh: "/people"},
			{Method: get, Pattern: "/import/people", Needs: "people.import", Handler: s.importPage},
			{Method: post, Pattern: "/import/people", Needs: "people.import", Handler: s.takeFile, Upload: people.MaxImport},
			{Method: get, Pattern: "/import/people/{id}", Needs: "people.import", Handler: s.importPageOf},
			{Method: post, Pattern: "/import/people/{id}", Needs: "people.import", Handler: s.confirmImport, Danger: true},
			{Method: post, Pattern: "/import/people/{id}/table", Needs: "people.import", Handler: s.sendImported, Danger: true, Fresh: "/import/people/{id}"},
			{Method: get, Pattern: "/people/duplicates", Needs: "people.merge", Handler: s.duplicatesPage},
			{Method: post, Pattern: "/people/duplicates", Needs: "people.merge", Handler: s.settle, Danger: true},
			{Method: post, Pattern: undoMergePath, Needs: "people.merge", Handler: s.takeBackMerge, Danger: true},
			{Method: get, Pattern: "/people/{id}/merge", Needs: "people.merge", Handler: s.mergePage},
			{Method: get, Pattern: namePath, Needs: "people.roles", Handler: s.nameStaffPage, Fresh: namePath},
			{Method: post, Pattern: namePath, Needs: "people.roles", Handler: s.nameStaff, Danger: true, Fresh: namePath},
			{Method: get, Pattern: addPath, Needs: "people.edit", Handler: s.addPage},
			{Method: post, Pattern: addPath, Needs: "people.edit", Handler: s.addPerson, Danger: true},
			{Method: get, Pattern: "/people/{id}/added", Needs: "people.edit", Handler: s.addedPage},
			{Method: get, Pattern: "/people/roles", Needs: "people.roles", Handler: s.rolesPage},
			{Method: get, Pattern: "/people/{id}", Needs: "people.view", Handler: s.personPage},
			{Method: post, Pattern: "/people/{id}/contacts", Needs: "people.view", Handler: s.showContact, Danger: true, Rate: rate},
			{Method: get, Pattern: "/people/{id}/edit", Needs: "people.edit", Handler: s.editPerson},
			{Method: post, Pattern: "/people/{id}/edit", Needs: "people.edit", Handler: s.savePerson},
			{Method: post, Pattern: "/people/{id}/roles", Needs: "people.roles", Handler: s.giveRole, Danger: true, Fresh: "/people/{id}"},
			{Method: post, Pattern: "/people/{id}/roles/{grant}", Needs: "people.roles", Handler: s.takeRole, Danger: true, Fresh: "/people/{id}"},
			{Method: post, Pattern: "/people/{id}/invitation", Needs: "people.roles", Handler: s.inviteAgain, Danger: true, Fresh: "/people/{id}"},
			{Method: post, Pattern: "/people/{id}/passkeys", Needs: "people.roles", Handler: s.resetPasskeys, Danger: true, Fresh: "/people/{id}"},
		},
		Exports: []module.Export{s.export()},
		History: s.histories(),
		Find:    []module.Finder{{Kind: "people", Order: 200, Text: "people.list.title", Needs: "people.view", Seek: s.find}},
		Nav:     []web.NavItem{{Key: "people.list.title", Path: "/people", Needs: "people.view", Order: 400, Group: web.Persons, Icon: web.PersonsIcon}},
		Yours:   []web.NavItem{{Key: "people.yours", Path: "/me", Needs: access.SignedIn, Order: 800}},
	}
}

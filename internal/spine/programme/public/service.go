package public

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/share"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/materials"
)

// Options are what the room needs of the house.
type Options struct {
	Store     *storage.Store
	Programme *programme.Service
	Materials *materials.Service
	// Panels draws what the modules add to the page of an activity. Nil: nothing.
	Panels func(ctx context.Context, tx *storage.Tx, r *web.Request, a programme.Activity) ([]templ.Component, error)
	// Home draws what other rooms add to the first page. Nil: nothing.
	Home func(ctx context.Context, tx *storage.Tx, r *web.Request) ([]templ.Component, error)
	// Contact draws what other rooms add to the page of contacts. Nil: nothing.
	Contact func(ctx context.Context, tx *storage.Tx, r *web.Request) ([]templ.Component, error)
	// Marks says where who is signed in stands with activities. Nil: nowhere.
	Marks func(ctx context.Context, tx *storage.Tx, r *web.Request) (map[storage.ID]module.Mark, error)
	// Open lists the pages of other rooms that search engines may know. Nil: none.
	Open func(ctx context.Context, tx *storage.Tx) ([]module.OpenPage, error)
}

// Service shows the programme.
type Service struct {
	store     *storage.Store
	programme *programme.Service
	materials *materials.Service
	panels    func(ctx context.Context, tx *storage.Tx, r *web.Request, a programme.Activity) ([]templ.Component, error)
	parts     func(ctx context.Context, tx *storage.Tx, r *web.Request) ([]templ.Component, error)
	write     func(ctx context.Context, tx *storage.Tx, r *web.Request) ([]templ.Component, error)
	marks     func(ctx context.Context, tx *storage.Tx, r *web.Request) (map[storage.ID]module.Mark, error)
	open      func(ctx context.Context, tx *storage.Tx) ([]module.OpenPage, error)

	cards *share.Cards
	say   *i18n.Catalogue
}

// New opens the room.
func New(o Options) *Service {
	return &Service{store: o.Store, programme: o.Programme, materials: o.Materials, panels: o.Panels, parts: o.Home, write: o.Contact, marks: o.Marks, open: o.Open, cards: share.NewCards(share.Draw)}
}

// marked says where who is signed in stands with activities.
func (s *Service) marked(ctx context.Context, tx *storage.Tx, r *web.Request) (map[storage.ID]module.Mark, error) {
	if s.marks == nil || !r.Actor.SignedIn() {
		return nil, nil
	}
	return s.marks(ctx, tx, r)
}

// Speak gives the room the texts of all modules, before anybody asks for a picture to share.
func (s *Service) Speak(c *i18n.Catalogue) { s.say = c }

// Manifest tells the house what this room offers.
func (s *Service) Manifest() module.Manifest {
	return module.Manifest{
		Name: "public",
		Built: []i18n.Built{
			{Keys: "programme.map.*", Of: states, Why: "what is on in a city"},
			{Keys: "programme.map.legend.*", Of: states, Why: "what is on in a region"},
			{Keys: "programme.map.count.*", Of: states, Why: "how many activities there are in a city"},
			{Keys: "programme.calendar.*", Of: []string{"list", "month", "map"}, Why: "the views of the calendar"},
			{Keys: "programme.*.title", Of: toldParts(""), Why: "the pages about the site and their parts"},
			{Keys: "programme.*.text", Of: toldParts("."), Why: "the parts of the pages about the site"},
			{Keys: "programme.*.lead", Of: []string{privacy, accessibility}, Why: "what a page about the site says first"},
		},
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: "/{$}", Needs: access.Public, Handler: s.home, Shared: true},
			{Method: http.MethodGet, Pattern: "/events", Needs: access.Public, Handler: s.calendar("list"), Shared: true},
			{Method: http.MethodGet, Pattern: "/events/month", Needs: access.Public, Handler: s.calendar("month"), Shared: true},
			{Method: http.MethodGet, Pattern: "/events/map", Needs: access.Public, Handler: s.calendar("map"), Shared: true},
			{Method: http.MethodGet, Pattern: "/events/{slug}", Needs: access.Public, Handler: s.show, Shared: true},
			{Method: http.MethodGet, Pattern: "/about", Needs: access.Public, Handler: s.about, Shared: true},
			{Method: http.MethodGet, Pattern: "/contact", Needs: access.Public, Handler: s.contact, Shared: true},
			{Method: http.MethodGet, Pattern: "/privacy", Needs: access.Public, Handler: s.told(privacy), Shared: true},
			{Method: http.MethodGet, Pattern: "/accessibility", Needs: access.Public, Handler: s.told(accessibility), Shared: true},
			{Method: http.MethodGet, Pattern: "/calendar.ics", Needs: access.Public, Handler: s.calendarFeed, Raw: true},
			{Method: http.MethodGet, Pattern: "/events/{slug}.ics", Needs: access.Public, Handler: s.activityFeed, Raw: true},
			{Method: http.MethodGet, Pattern: "/events/{slug}/share.png", Needs: access.Public, Handler: s.shareImage, Raw: true, Shared: true},
			{Method: http.MethodGet, Pattern: "/robots.txt", Needs: access.Public, Handler: robots, Raw: true},
			{Method: http.MethodGet, Pattern: "/sitemap.xml", Needs: access.Public, Handler: s.sitemap, Raw: true},
		},
		Nav: []web.NavItem{
			{Key: "programme.nav.events", Path: "/events", Needs: access.Public, Order: 800, Group: web.Everybody},
			{Key: "programme.nav.about", Path: "/about", Needs: access.Public, Order: 900, Group: web.Everybody},
		},
		Footer: []web.NavItem{
			{Key: "programme.nav.events", Path: "/events", Needs: access.Public, Order: 100},
			{Key: "programme.about.title", Path: "/about", Needs: access.Public, Order: 200},
			{Key: "programme.contact.title", Path: "/contact", Needs: access.Public, Order: 300},
			{Key: "programme.privacy.title", Path: "/privacy", Needs: access.Public, Order: 400},
			{Key: "programme.accessibility.title", Path: "/accessibility", Needs: access.Public, Order: 500},
		},
		Yours: []web.NavItem{{Key: "programme.yours", Path: "/events", Needs: access.Public, Order: 900}},
	}
}

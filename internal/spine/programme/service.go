package programme

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/gate"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
)

//go:embed text/*.json
var texts embed.FS

// Panel is what a module adds to the page of an activity: places left, a
// button to apply. Nil for nothing.
type Panel func(ctx context.Context, tx *storage.Tx, r *web.Request, a Activity) (templ.Component, error)

// MayPlan is the permission to set up activities and templates.
const MayPlan access.Permission = "programme.plan"

// MayPrepare is the permission to read what is for staff, and what is in drafts.
const MayPrepare access.Permission = "programme.prepare"

// Options are what the room needs of the house.
type Options struct {
	Store  *storage.Store
	Panels map[string]Panel // by kind of activity
	// Changed is called in the transaction that changes an activity which was
	// there before; its fault stops the change. Nil: nobody wants to know.
	Changed func(ctx context.Context, tx *storage.Tx, before, after Activity) error
	// Say puts a fault into English words, for who imports a file. Nil: its key.
	Say func(f *fault.Error) string
	// Facilitators lists who may be chosen to lead what lies in a place, of the
	// zero scope everybody. Nil: nobody.
	Facilitators func(ctx context.Context, tx *storage.Tx, at access.Scope) ([]Facilitator, error)
	// Files keeps the materials. Nil: there are none.
	Files files.Store
	// TakesPart reports whether a person has a seat at an activity, or had one.
	// Nil: nobody has.
	TakesPart func(ctx context.Context, tx *storage.Tx, person, activity storage.ID) (bool, error)
	// Knows reports whether somebody was invited to an activity by invitation, or
	// works there. Nil: only who prepares it.
	Knows func(ctx context.Context, tx *storage.Tx, actor access.Actor, a Activity) (bool, error)
}

// Facilitator is somebody who leads activities.
type Facilitator struct {
	ID   storage.ID
	Name string
}

// Service shows the programme.
type Service struct {
	store  *storage.Store
	panels map[string]Panel

	say          func(f *fault.Error) string
	changed      func(ctx context.Context, tx *storage.Tx, before, after Activity) error
	facilitators func(ctx context.Context, tx *storage.Tx, at access.Scope) ([]Facilitator, error)

	files     files.Store
	takesPart func(ctx context.Context, tx *storage.Tx, person, activity storage.ID) (bool, error)
	known     func(ctx context.Context, tx *storage.Tx, actor access.Actor, a Activity) (bool, error)

	cards *gate.Once // pictures to share
	draw  func(over, title string, under []string) ([]byte, error)
}

// New opens the room.
func New(o Options) *Service {
	return &Service{
		store: o.Store, panels: o.Panels, say: o.Say, changed: o.Changed, facilitators: o.Facilitators, files: o.Files, takesPart: o.TakesPart,
		known: o.Knows, cards: newCards(), draw: shareCard,
	}
}

// Manifest tells the house what this room offers.
func (s *Service) Manifest() module.Manifest {
	text, err := fs.Sub(texts, "text")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return module.Manifest{
		Name:  "programme",
		Texts: text,
		Built: built(),
		Permissions: map[access.Permission][]access.Role{
			MayPlan:    {access.Coordinator, access.Admin},
			MayPrepare: {access.Facilitator, access.Coordinator, access.Admin},
		},
		Jobs:  []jobs.Kind{{Name: tidyKind, Text: "programme.job.tidy", Lane: jobs.Light, Limit: 5 * time.Minute, Attempts: 10, Do: s.tidy}},
		Erase: erase,
		Merge: merge,
		Routes: append(s.materialRoutes(), []web.Route{
			{Method: http.MethodGet, Pattern: "/{$}", Needs: access.Public, Handler: s.home, Shared: true},
			{Method: http.MethodGet, Pattern: "/events", Needs: access.Public, Handler: s.calendar("list"), Shared: true},
			{Method: http.MethodGet, Pattern: "/events/month", Needs: access.Public, Handler: s.calendar("month"), Shared: true},
			{Method: http.MethodGet, Pattern: "/events/map", Needs: access.Public, Handler: s.calendar("map"), Shared: true},
			{Method: http.MethodGet, Pattern: "/events/{slug}", Needs: access.Public, Handler: s.show, Shared: true},
			{Method: http.MethodGet, Pattern: "/about", Needs: access.Public, Handler: s.about, Shared: true},
			{Method: http.MethodGet, Pattern: "/contact", Needs: access.Public, Handler: s.contact, Shared: true},
			{Method: http.MethodGet, Pattern: "/calendar.ics", Needs: access.Public, Handler: s.calendarFeed, Raw: true},
			{Method: http.MethodGet, Pattern: "/events/{slug}.ics", Needs: access.Public, Handler: s.activityFeed, Raw: true},
			{Method: http.MethodGet, Pattern: "/events/{slug}/share.png", Needs: access.Public, Handler: s.shareImage, Raw: true, Shared: true},
			{Method: http.MethodGet, Pattern: "/robots.txt", Needs: access.Public, Handler: robots, Raw: true},
			{Method: http.MethodGet, Pattern: "/sitemap.xml", Needs: access.Public, Handler: s.sitemap, Raw: true},

			{Method: http.MethodGet, Pattern: "/plan", Needs: MayPlan, Handler: s.showPlan},
			{Method: http.MethodPost, Pattern: "/plan/templates", Needs: MayPlan, Handler: s.takeNewTemplate},
			{Method: http.MethodGet, Pattern: "/plan/templates/{key}", Needs: MayPlan, Handler: s.showTemplate},
			{Method: http.MethodPost, Pattern: "/plan/templates/{key}", Needs: MayPlan, Handler: s.takeTemplate},
			{Method: http.MethodGet, Pattern: "/plan/templates/{key}/copies", Needs: MayPlan, Handler: s.showCopies},
			{Method: http.MethodPost, Pattern: "/plan/templates/{key}/copies", Needs: MayPlan, Handler: s.takeCopies},
			{Method: http.MethodPost, Pattern: "/plan/templates/{key}/publish", Needs: MayPlan, Handler: s.takeDrafts},
			{Method: http.MethodGet, Pattern: "/plan/{slug}", Needs: MayPlan, Handler: s.showActivity},
			{Method: http.MethodPost, Pattern: "/plan/{slug}", Needs: MayPlan, Handler: s.takeActivity},
			{Method: http.MethodPost, Pattern: "/plan/publish/{slug}", Needs: MayPlan, Handler: s.takePublish},
			{Method: http.MethodGet, Pattern: "/plan/cancel/{slug}", Needs: MayPlan, Handler: s.showCancel},
			{Method: http.MethodPost, Pattern: "/plan/cancel/{slug}", Needs: MayPlan, Handler: s.takeCancel, Danger: true},
		}...),
		Nav: []web.NavItem{
			{Key: "programme.nav.plan", Path: "/plan", Needs: MayPlan, Order: 300},
			{Key: "programme.nav.events", Path: "/events", Needs: access.Public, Order: 800},
			{Key: "programme.nav.about", Path: "/about", Needs: access.Public, Order: 900},
		},
		Footer: []web.NavItem{
			{Key: "programme.nav.events", Path: "/events", Needs: access.Public, Order: 100},
			{Key: "programme.about.title", Path: "/about", Needs: access.Public, Order: 200},
			{Key: "programme.contact.title", Path: "/contact", Needs: access.Public, Order: 300},
		},
		Yours: []web.NavItem{{Key: "programme.yours", Path: "/events", Needs: access.Public, Order: 900}},
	}
}

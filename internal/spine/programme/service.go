package programme

import (
	"context"
	"embed"
	"io/fs"
	"net/http"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
)

//go:embed text/*.json
var files embed.FS

// Panel is what a module adds to the page of an activity: places left, a
// button to apply. Nil for nothing.
type Panel func(ctx context.Context, tx *storage.Tx, r *web.Request, a Activity) (templ.Component, error)

// MayPlan is the permission to set up activities and templates.
const MayPlan access.Permission = "programme.plan"

func scope(a Activity) access.Scope {
	return access.Scope{Programme: a.Programme, City: a.City, Activity: a.ID}
}

// Options are what the room needs of the house.
type Options struct {
	Store  *storage.Store
	Panels map[string]Panel // by kind of activity
}

// Service shows the programme.
type Service struct {
	store  *storage.Store
	panels map[string]Panel
}

// New opens the room.
func New(o Options) *Service { return &Service{store: o.Store, panels: o.Panels} }

// Manifest tells the house what this room offers.
func (s *Service) Manifest() module.Manifest {
	texts, err := fs.Sub(files, "text")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return module.Manifest{
		Name:        "programme",
		Texts:       texts,
		Permissions: map[access.Permission][]access.Role{MayPlan: {access.Coordinator, access.Admin}},
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: "/{$}", Needs: access.Public, Handler: s.home},
			{Method: http.MethodGet, Pattern: "/events", Needs: access.Public, Handler: s.calendar("list")},
			{Method: http.MethodGet, Pattern: "/events/month", Needs: access.Public, Handler: s.calendar("month")},
			{Method: http.MethodGet, Pattern: "/events/map", Needs: access.Public, Handler: s.calendar("map")},
			{Method: http.MethodGet, Pattern: "/events/{slug}", Needs: access.Public, Handler: s.show},
			{Method: http.MethodGet, Pattern: "/about", Needs: access.Public, Handler: s.about},
			{Method: http.MethodGet, Pattern: "/contact", Needs: access.Public, Handler: s.contact},
			{Method: http.MethodGet, Pattern: "/calendar.ics", Needs: access.Public, Handler: s.calendarFeed, Raw: true},
			{Method: http.MethodGet, Pattern: "/events/{slug}.ics", Needs: access.Public, Handler: s.activityFeed, Raw: true},
			{Method: http.MethodGet, Pattern: "/events/{slug}/share.png", Needs: access.Public, Handler: s.shareImage, Raw: true},
		},
		Nav: []web.NavItem{
			{Key: "programme.nav.events", Path: "/events", Needs: access.Public},
			{Key: "programme.nav.about", Path: "/about", Needs: access.Public},
		},
	}
}

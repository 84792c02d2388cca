package materials

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/head"
)

// Options are what the room needs of the house.
type Options struct {
	Store     *storage.Store
	Programme *programme.Service // tells who may know of an activity by invitation
	// Files keeps the materials. Nil: there are none.
	Files files.Store
	// TakesPart reports whether a person has a seat at an activity, or had one.
	// Nil: nobody has.
	TakesPart func(ctx context.Context, tx *storage.Tx, person, activity storage.ID) (bool, error)
	Parts     head.Parts // the pages of an activity, of all rooms
}

// Service keeps, shows and sends the materials.
type Service struct {
	store     *storage.Store
	programme *programme.Service
	files     files.Store
	takesPart func(ctx context.Context, tx *storage.Tx, person, activity storage.ID) (bool, error)
	parts     head.Parts
}

// New opens the room.
func New(o Options) *Service {
	return &Service{store: o.Store, programme: o.Programme, files: o.Files, takesPart: o.TakesPart, parts: o.Parts}
}

// Manifest tells the house what this room offers.
func (s *Service) Manifest() module.Manifest {
	return module.Manifest{
		Name:   "materials",
		Built:  built(),
		Jobs:   []jobs.Kind{{Name: tidyKind, Text: "programme.job.tidy", Lane: jobs.Light, Limit: 5 * time.Minute, Attempts: 10, Do: s.tidy}},
		Routes: s.routes(),
		Event:  []module.EventPart{{NavItem: web.NavItem{Key: "programme.material.heading", Path: shelfPattern, Needs: programme.MayPlan, Order: 800}, Under: module.Papers}},
		Find:   []module.Finder{{Kind: "materials", Order: 600, Text: "programme.find.materials", Needs: access.SignedIn, Find: s.find}},
	}
}

// built are the keys that are put together while the code runs.
func built() []i18n.Built {
	audiences := i18n.Words(Audiences[:]...)
	for _, a := range Audiences {
		audiences = append(audiences, string(a)+".help")
	}
	return []i18n.Built{
		{Keys: "programme.material.audience.*", Of: audiences, Why: "who may see a material, with what that means"},
		{Keys: "programme.material.in.*", Of: i18n.Words(i18n.Languages[:]...), Why: "the language of a material"},
		{Keys: "programme.material.*", Of: []string{"up", "down"}, Why: "the ways in which a material is moved"},
	}
}

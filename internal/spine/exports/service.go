package exports

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
)

//go:embed text/*.json
var files embed.FS

// Use is the permission to see one's own tables, of the roles that have a list of which
// tables are made; each table asks for the permission of its list besides.
const Use access.Permission = "exports.use"

// Path is the page of one's own tables, without language.
const Path = "/staff/exports"

// Bounds of tables.
const (
	AtOnce   = 2_000          // rows that are sent in the answer itself
	MostRows = 200_000        // of one table
	MostKept = 3              // tables of one person
	KeptFor  = 24 * time.Hour // from when it was asked for
	piece    = 500            // rows that are made, sealed and taken at a time
	still    = 10 * time.Minute
)

// Options are what the room needs from the house.
type Options struct {
	Store  *storage.Store
	People *people.Service
	Kinds  func() []module.Export // of the whole house
	Table  func() access.Table    // which roles carry which permission
	AtOnce int                    // other bounds, for tests; 0: those above
	Piece  int
}

// Service is the room.
type Service struct {
	Options
	say *i18n.Catalogue
}

// New opens the room.
func New(o Options) *Service {
	if o.AtOnce == 0 {
		o.AtOnce = AtOnce
	}
	if o.Piece == 0 {
		o.Piece = piece
	}
	return &Service{Options: o}
}

// Speak gives the room the texts of all modules, before the first table is made.
func (s *Service) Speak(c *i18n.Catalogue) { s.say = c }

// TooLong reports whether a table of so many rows is made beside.
func (s *Service) TooLong(rows int) bool { return s != nil && rows > s.AtOnce }

// Link leads to the tables of who asks, nowhere where there is no such room.
func (s *Service) Link(r *web.Request) kit.Link {
	if s == nil || !r.Actor.MaySomewhere(Use) {
		return kit.Link{}
	}
	return kit.Link{Path: Path, Label: r.Say.T("exports.title")}
}

func (s *Service) kind(name string) (module.Export, bool) {
	list := s.Kinds()
	i := slices.IndexFunc(list, func(k module.Export) bool { return k.Kind == name })
	if i < 0 {
		return module.Export{}, false
	}
	return list[i], true
}

// Manifest tells the house what this room offers.
func (s *Service) Manifest() module.Manifest {
	texts, err := fs.Sub(files, "text")
	if err != nil {
		panic("exports: " + err.Error()) // the folder is embedded above
	}
	return module.Manifest{
		Name:  "exports",
		Texts: texts,
		Built: []i18n.Built{{Keys: "exports.state.*", Of: i18n.Words(making, ready, stands, rights, other), Why: "the states of a table"}, {Keys: "exports.state.*_text", Of: i18n.Words(stands, rights, other), Why: "what a state that ends means"}},
		Permissions: map[access.Permission][]access.Role{
			Use: {access.Coordinator, access.Admin},
		},
		Routes: []web.Route{
			{Method: http.MethodGet, Pattern: Path, Needs: Use, Handler: s.page},
			{Method: http.MethodPost, Pattern: Path + "/{id}/take", Needs: Use, Handler: s.take, Danger: true, Fresh: Path},
			{Method: http.MethodPost, Pattern: Path + "/{id}/cancel", Needs: Use, Handler: s.cancel, Danger: true},
		},
		Jobs: []jobs.Kind{
			{Name: makeJob, Text: "exports.job.make", Lane: jobs.Heavy, Limit: 10 * time.Minute, Attempts: 8, Do: s.makeAll},
			{Name: endJob, Text: "exports.job.end", Lane: jobs.Light, Limit: time.Minute, Attempts: 20, Do: endAll},
		},
		Erase:  s.erase,
		Merge:  merge,
		Export: s.export,
		Reads:  map[string]string{"exports:": "exports.kept.exports"},
	}
}

// actor is who asked, with the roles that she has now.
func (s *Service) actor(ctx context.Context, tx *storage.Tx, person storage.ID) (access.Actor, error) {
	grants, err := s.People.Awake(ctx, tx, person)
	return access.Actor{Person: person, Origin: access.OfPasskey, Grants: grants, Table: s.Table()}, err
}

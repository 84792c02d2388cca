package seminars

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/module"
)

//go:embed text/*.json
var texts embed.FS

// Persons is what the module asks of spine/people in its use cases.
type Persons interface {
	Snapshot(ctx context.Context, tx *storage.Tx, person storage.ID) (subject storage.ID, profile ledger.Profile, err error)
}

// Module is the seminars of a programme.
type Module struct {
	Store     *storage.Store
	People    Persons
	PublicURL string
	Zone      *time.Location

	seat func(ctx context.Context, tx *storage.Tx, activity storage.ID) error // a test's own guard, nil for the real one
}

func (m *Module) takeSeat(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
	if m.seat != nil {
		return m.seat(ctx, tx, activity)
	}
	return takeSeat(ctx, tx, activity)
}

// The permissions.
const (
	MaySelect access.Permission = "seminars.select" // see applicants, choose, invite
	MaySetUp  access.Permission = "seminars.setup"  // form, seats, targets
)

// Manifest says what the module is made of.
func (m *Module) Manifest() module.Manifest {
	text, err := fs.Sub(texts, "text")
	if err != nil {
		text = texts
	}
	return module.Manifest{
		Name:   "seminars",
		Texts:  text,
		Routes: append(m.applicationRoutes(), m.doorRoutes()...),
		Permissions: map[access.Permission][]access.Role{
			MaySelect: {access.Coordinator, access.Admin},
			MaySetUp:  {access.Coordinator, access.Admin},
		},
		Facts: []ledger.Kind{FactApplied, FactInvited, FactConfirmed, FactAttended},
	}
}

func (m *Module) applicationRoutes() []web.Route { return nil }

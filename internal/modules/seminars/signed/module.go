package signed

import (
	"context"
	"embed"
	"io/fs"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/head"
)

//go:embed text/*.json
var texts embed.FS

// Who may do what with a signed sheet: who leads the day keys in, who selects decides.
const (
	MayKeyIn  access.Permission = "signed.key"
	MayDecide                   = seats.MaySelect
)

// Module is the signed sheets of the activities.
type Module struct {
	*seats.Service
	Desk  *door.Desk
	Parts head.Parts // the pages of an activity, of all rooms
}

// New makes the sheets of these seats, which tell of two applications that become one.
func New(s *seats.Service) *Module {
	before := s.Joined
	s.Joined = func(ctx context.Context, tx *storage.Tx, stays, goes storage.ID) error {
		if before != nil {
			if err := before(ctx, tx, stays, goes); err != nil {
				return err
			}
		}
		return joined(ctx, tx, stays, goes)
	}
	return &Module{Service: s, Desk: &door.Desk{Service: s}}
}

const signedPath = "/staff/seminars/{slug}/signed"

// both are the codes of the two readings.
var both = []string{"1", "2"}

// withSheets reports whether an activity has a sheet to sign.
func withSheets(a programme.Activity) bool { return a.Kind == programme.Seminar || a.Capacity > 0 }

// Manifest is what the room says of itself.
func (m *Module) Manifest() module.Manifest {
	text, err := fs.Sub(texts, "text")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return module.Manifest{
		Name:        "signed",
		Texts:       text,
		Permissions: map[access.Permission][]access.Role{MayKeyIn: {access.Facilitator, access.Coordinator, access.Admin}},
		Built: []i18n.Built{
			{Keys: "signed.reading.*", Of: both, Why: "the two readings"},
			{Keys: "signed.key.*", Of: both, Why: "to key in one of them"},
			{Keys: "signed.key.title.*", Of: both, Why: "the page of one of them"},
			{Keys: "signed.discard.*", Of: both, Why: "to discard one of them"},
		},
		Routes: []web.Route{
			{Method: "GET", Pattern: signedPath, Needs: MayKeyIn, Handler: m.show},
			{Method: "GET", Pattern: signedPath + "/key", Needs: MayKeyIn, Handler: m.showKey},
			{Method: "POST", Pattern: signedPath + "/key", Needs: MayKeyIn, Handler: m.takeKey},
			{Method: "POST", Pattern: signedPath + "/take", Needs: MayDecide, Handler: m.takeOver},
			{Method: "POST", Pattern: signedPath + "/again", Needs: MayDecide, Handler: m.takeAgain},
		},
		Event: []module.EventPart{{
			NavItem: web.NavItem{Key: "signed.part", Path: signedPath, Needs: MayKeyIn, Order: 560},
			Under:   module.Papers,
			Of:      withSheets,
		}},
		Merge:  merge,
		Erase:  erase,
		Export: m.export,
		Reads:  map[string]string{"signed:": "signed.kept", "signed.Days:": "signed.kept.days"},
	}
}

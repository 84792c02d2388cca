package ready

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/module"
)

//go:embed text/*.json
var texts embed.FS

// Module is the check of the phones.
type Module struct {
	*door.Desk
	Stand func(context.Context, *storage.Tx, *web.Request) (seats.Activity, door.Keeper, error) // who stands at which door
}

const (
	pagePattern = "/door/{slug}/ready"
	apiPattern  = "/api/v1/door/{slug}/ready"
)

// rate lets the phones behind one address of a hall send what waits, many at once.
var rate = web.Rate{Count: 120, Per: time.Minute}

// Manifest is what the room says of itself.
func (m *Module) Manifest() module.Manifest {
	text, err := fs.Sub(texts, "text")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return module.Manifest{
		Name:  "ready",
		Texts: text,
		Built: []i18n.Built{
			{Keys: "ready.line.*", Of: lines, Why: "what a check of a phone looks at"},
			{Keys: "ready.short.*", Of: door.ReadyLines, Why: "the same in a list of what is missing"},
			{Keys: "ready.said.*", Of: said, Why: "what a check of a phone has found, which its script chooses"},
		},
		Routes: []web.Route{
			{Method: "GET", Pattern: pagePattern, Needs: access.Public, Handler: m.show}, // a phone of the door holds no role: Stand judges
			{Method: "POST", Pattern: apiPattern, Needs: access.Public, Handler: m.take, Raw: true, Rate: rate, Limit: 4 << 10},
		},
	}
}

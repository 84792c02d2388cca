package next

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/programme"
)

//go:embed text/*.json
var files embed.FS

// texts are ky.json, ru.json and en.json.
func texts() fs.FS {
	text, err := fs.Sub(files, "text")
	if err != nil {
		panic("next: " + err.Error()) // the folder is embedded above
	}
	return text
}

// Module is the wishes to be told of the next activity.
type Module struct {
	*seats.Service

	Mark func(ctx context.Context, tx *storage.Tx, person, activity storage.ID) (bool, error) // a test's own guard, nil for the real one
}

// Manifest is what the module says of itself.
func (m *Module) Manifest() module.Manifest {
	rate := web.Rate{Count: 120, Per: time.Hour}
	return module.Manifest{
		Name:  "next",
		Texts: texts(),
		Built: append(messages.Built(notice),
			i18n.Built{Keys: "next.kind.*", Of: kindNames(), Why: "the kinds of activities that somebody may ask for"},
			i18n.Built{Keys: stopPurpose, Why: "no text: the purpose of a link"},
		),
		Routes: []web.Route{
			{Method: "GET", Pattern: "/next", Needs: access.SignedIn, Handler: m.show},
			{Method: "POST", Pattern: "/next", Needs: access.Public, Handler: m.take, Rate: rate},
			{Method: "GET", Pattern: "/next/{token}", Needs: access.Public, Handler: m.showLetter},
			{Method: "POST", Pattern: "/next/{token}", Needs: access.Public, Handler: m.takeLetter, Rate: rate},
		},
		Yours:     []web.NavItem{{Key: "next.yours", Path: "/next", Needs: access.SignedIn, Order: 150}},
		Jobs:      m.jobs(),
		Automatic: []module.Automatic{{Kind: notice, Text: "next.automatic.open", When: "next.automatic.open.when", To: "next.automatic.open.to"}},
		Panels:    map[string]module.Panel{programme.Seminar: m.panel},
		Planning:  m.planning,
		MyData:    m.myData,
		Merge:     merge,
		Erase:     erase,
		Export:    m.export,
		Reads:     map[string]string{"next:": "next.kept", "next.City:": "next.city", "next.Kind": "next.kind.", "next.Kind:": "next.kind"},
	}
}

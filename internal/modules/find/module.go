package find

import (
	"embed"
	"io/fs"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
)

//go:embed text/*.json
var texts embed.FS

// Use is the permission to open the page; each finder gives only what the person may see.
const Use access.Permission = "find.use"

// Path is the page, without language.
const Path = "/staff/find"

// Module is the page.
type Module struct {
	Store *storage.Store
	House *module.House // whose manifests it shows
}

// Manifest is what the module says of itself.
func (m *Module) Manifest() module.Manifest {
	text, err := fs.Sub(texts, "text")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return module.Manifest{
		Name:        "find",
		Texts:       text,
		Built:       []i18n.Built{{Keys: "find.js", Why: "no text: what the key / does"}},
		Permissions: map[access.Permission][]access.Role{Use: {access.Coordinator, access.Facilitator, access.Moderator, access.FrontDesk, access.Admin}},
		Routes:      []web.Route{{Method: "GET", Pattern: Path, Needs: Use, Handler: m.show}, {Method: "POST", Pattern: Path, Needs: Use, Handler: m.seek}, {Method: "GET", Pattern: "/staff/menu", Needs: Use, Handler: menu}},
		Strip:       []web.NavItem{{Key: "find.nav", Path: Path, Needs: Use, Order: 100}},
		More:        web.NavItem{Key: "web.nav.more", Path: "/staff/menu", Needs: Use, Order: 100, Icon: web.MoreIcon},
		Find: []module.Finder{
			{Kind: "tasks", Order: 100, Text: "find.tasks", Needs: Use, Find: m.tasks},
			{Kind: "pages", Order: 900, Text: "find.pages", Needs: Use, Find: m.pages},
		},
	}
}

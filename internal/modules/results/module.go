package results

import (
	"embed"
	"io/fs"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
)

//go:embed text/*.json
var texts embed.FS

// See is the permission to see numbers that are not protected, down to one person.
const See access.Permission = "results.see"

// Module shows results.
type Module struct {
	Store *storage.Store
	// House has the manifests whose kinds of facts are shown, in the order of the columns.
	House *module.House
}

// Manifest is what the module says of itself.
func (m *Module) Manifest() module.Manifest {
	text, err := fs.Sub(texts, "text")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return module.Manifest{
		Name:        "results",
		Texts:       text,
		Built:       built(),
		Permissions: map[access.Permission][]access.Role{See: {access.Coordinator, access.Admin}},
		Routes: []web.Route{
			{Method: "GET", Pattern: "/numbers", Needs: See, Handler: m.numbers},
			{Method: "GET", Pattern: "/numbers/facts", Needs: See, Handler: m.facts},
		},
		Nav: []web.NavItem{{Key: "results.nav", Path: "/numbers", Needs: See, Order: 500, Group: web.Reporting, Icon: web.BarsIcon}},
	}
}

// Package my is a participant's first page: her ticket first, what is next,
// and the way to everything that is hers.
//
// It knows nothing itself: every module adds its part by its manifest.
package my

import (
	"context"
	"embed"
	"io/fs"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
)

//go:embed text/*.json
var texts embed.FS

// Module is the page My programme.
type Module struct {
	Store *storage.Store
	House *module.House // whose manifests it shows
	// Address says how a person likes to be addressed; nil for nobody.
	Address func(ctx context.Context, tx *storage.Tx, person storage.ID) (string, error)
}

// Manifest is what the module says of itself.
func (m *Module) Manifest() module.Manifest {
	text, err := fs.Sub(texts, "text")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return module.Manifest{
		Name:  "my",
		Texts: text,
		Routes: []web.Route{
			{Method: "GET", Pattern: "/my", Needs: access.SignedIn, Handler: m.show},
			{Method: "GET", Pattern: "/start", Needs: access.SignedIn, Handler: m.start},
		},
		Account: web.NavItem{Key: "my.title", Path: "/my", Needs: access.SignedIn, Order: 100},
	}
}

// start leads from sign-in to the page that the person works with: the first that a module
// names, by which the rooms of one role come before those of all; My programme when none does.
func (m *Module) start(r *web.Request) error {
	to := ""
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		to, err = m.House.First(ctx, tx, r)
		return err
	}); err != nil {
		return err
	}
	if to == "" {
		to = "/my"
	}
	return r.Redirect(to)
}

func (m *Module) show(r *web.Request) error {
	var panels []templ.Component
	var address string
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		panels = nil
		if m.Address != nil {
			if address, err = m.Address(ctx, tx, r.Actor.Person); err != nil {
				return err
			}
		}
		for _, other := range m.House.Manifests() {
			if other.Mine == nil {
				continue
			}
			panel, err := other.Mine(ctx, tx, r)
			if err != nil {
				return err
			}
			if panel != nil {
				panels = append(panels, panel)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.Page(200, page(r, address, panels, m.links(r)))
}

// links are what every module has for her, where she may go.
func (m *Module) links(r *web.Request) (out []web.NavItem) {
	for _, other := range m.House.Manifests() {
		for _, link := range other.Yours {
			if link.Needs == access.Public || r.Actor.MaySomewhere(link.Needs) {
				out = append(out, link)
			}
		}
	}
	return web.InOrder(out)
}

package today

import (
	"context"
	"embed"
	"io/fs"
	"sort"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/module"
)

//go:embed text/*.json
var texts embed.FS

// See is the permission to see the page; each module shows only what the
// person may see.
const See access.Permission = "today.see"

// Module is the page Today.
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
		Name:        "today",
		Texts:       text,
		Permissions: map[access.Permission][]access.Role{See: {access.Coordinator, access.Facilitator, access.Moderator, access.FrontDesk, access.Admin}},
		Routes:      []web.Route{{Method: "GET", Pattern: "/today", Needs: See, Handler: m.show}},
		Nav:         []web.NavItem{{Key: "today.nav", Path: "/today", Needs: See, Order: 100, Icon: web.DayIcon}},
	}
}

// show gathers tasks and panels of all modules.
func (m *Module) show(r *web.Request) error {
	var tasks []module.Task
	var panels []templ.Component
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		tasks, panels = nil, nil
		for _, other := range m.House.Manifests() {
			if other.Today != nil {
				some, err := other.Today(ctx, tx, r)
				if err != nil {
					return err
				}
				tasks = append(tasks, some...)
			}
			if other.TodayPanel != nil {
				panel, err := other.TodayPanel(ctx, tx, r)
				if err != nil {
					return err
				}
				if panel != nil {
					panels = append(panels, panel)
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	inOrder(tasks)
	return r.Page(200, page(r, tasks, panels))
}

// inOrder sorts tasks: what is more urgent first, then what ends first; a task
// without an end comes after those with one.
func inOrder(tasks []module.Task) {
	sort.SliceStable(tasks, func(i, j int) bool {
		a, b := tasks[i], tasks[j]
		if a.Urgency != b.Urgency {
			return a.Urgency < b.Urgency
		}
		if a.Due.IsZero() != b.Due.IsZero() {
			return b.Due.IsZero()
		}
		return a.Due.Before(b.Due)
	})
}

package app

import (
	"net/http"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit/gallery"
	"platforma.kg/ashar/internal/spine/module"
)

// style is the gallery of all parts of pages. It is open in the demo alone: elsewhere there
// is no such page.
func (a *App) style() module.Manifest {
	m := module.Manifest{Name: "style", Texts: gallery.Texts(), Built: gallery.Built()}
	if a.options.Demo {
		m.Routes = []web.Route{
			{Method: http.MethodGet, Pattern: gallery.Path, Needs: access.Public, Handler: showStyle},
			{Method: http.MethodGet, Pattern: gallery.Path + "/{part}", Needs: access.Public, Handler: showStyle},
			{Method: http.MethodPost, Pattern: gallery.Path + "/{part}", Needs: access.Public, Handler: dropStyle},
		}
	}
	return m
}

func showStyle(r *web.Request) error {
	page := gallery.Page(r, r.PathValue("part"))
	if page == nil {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	return r.Page(http.StatusOK, page)
}

// dropStyle answers every form of the gallery: nothing is kept, and the page says so.
func dropStyle(r *web.Request) error {
	if gallery.Page(r, r.PathValue("part")) == nil {
		return fault.New(fault.NotFound, "fault.not_found")
	}
	r.SetFlash("wait", "style.flash")
	return r.Redirect(gallery.Path + "/" + r.PathValue("part"))
}

package find

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/spine/module"
)

// most is how many of a kind are shown.
const most = 20

// found is what one finder has found.
type found struct {
	module.Finder
	module.Found
}

// findPage is the page.
type findPage struct {
	View   kit.View
	Sought module.Sought
	Asked  bool   // something was sent
	Kind   string // the only one that is shown, empty for all
	Count  int    // of all kinds
	Groups []found
}

// viewOf is what the address of the page may ask for.
func viewOf() kit.ViewOf { return kit.ViewOf{Path: Path, Filters: []string{"kind"}} }

// seek is the form of the search: what is searched for may be a name, and no address may
// hold it.
func (m *Module) seek(r *web.Request) error { return kit.Find(r, viewOf()) }

// show asks every finder of the house.
func (m *Module) show(r *web.Request) error {
	view := kit.ReadView(r, viewOf())
	p := findPage{View: view, Sought: module.Seek(view.Text, most), Kind: view.Filter("kind")}
	p.Asked = p.Sought.Typed != ""
	if p.Sought.Empty() {
		return m.answer(r, p)
	}
	finders := m.finders(r)
	all := make([]module.Found, len(finders))
	for i, f := range finders {
		if f.Seek == nil {
			continue
		}
		var err error
		if all[i], err = f.Seek(r.Context(), r, p.Sought); err != nil {
			return err
		}
	}
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		for i, f := range finders {
			if f.Find == nil {
				continue
			}
			if all[i], err = f.Find(ctx, tx, r, p.Sought); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	var groups []found
	for i, f := range finders {
		if all[i].Count > 0 {
			groups = append(groups, found{f, all[i]})
		}
	}
	known := false
	for _, g := range groups {
		p.Count += g.Count
		known = known || g.Kind == p.Kind
	}
	if !known {
		p.Kind = ""
	}
	p.Groups = groups
	if err := m.note(r, p); err != nil {
		return err
	}
	return m.answer(r, p)
}

// finders are those of all modules that the asker may use, in the order of their places.
func (m *Module) finders(r *web.Request) (out []module.Finder) {
	for _, other := range m.House.Manifests() {
		for _, f := range other.Find {
			if r.Actor.MaySomewhere(f.Needs) {
				out = append(out, f)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b module.Finder) int { return cmp.Compare(a.Order, b.Order) })
	return out
}

// note writes down whose data the page is about to show.
func (m *Module) note(r *web.Request, p findPage) error {
	var notes []func(context.Context, *storage.Tx) error
	for _, g := range p.Groups {
		if g.Note != nil && p.shows(g.Kind) {
			notes = append(notes, g.Note)
		}
	}
	if len(notes) == 0 {
		return nil
	}
	return m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		for _, note := range notes {
			if err := note(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
}

func (p findPage) shows(kind string) bool { return p.Kind == "" || p.Kind == kind }

func (m *Module) answer(r *web.Request, p findPage) error {
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, view(r, p))
}

// tasks finds what waits for the asker now, as on her first page.
func (m *Module) tasks(ctx context.Context, tx *storage.Tx, r *web.Request, s module.Sought) (out module.Found, err error) {
	for _, other := range m.House.Manifests() {
		if other.Today == nil {
			continue
		}
		list, err := other.Today(ctx, tx, r)
		if err != nil {
			return out, err
		}
		for _, task := range list {
			words := r.Say.With(task.Key, task.Args)
			if !s.In(words) {
				continue
			}
			hit := module.Hit{Title: words, Path: task.Path}
			if !task.Due.IsZero() {
				hit.About = r.Say.T("find.due", "when", i18n.DateTime(r.Lang, task.Due))
			}
			out.Add(s, hit)
		}
	}
	return out, nil
}

// pages finds pages of the house by the words of the links that lead to them.
func (m *Module) pages(_ context.Context, _ *storage.Tx, r *web.Request, s module.Sought) (out module.Found, err error) {
	for _, other := range m.House.Manifests() {
		for _, list := range [][]web.NavItem{other.Nav, other.Footer, other.Yours} {
			for _, link := range list {
				if words := r.Say.T(link.Key); r.Actor.MaySomewhere(link.Needs) && s.In(words) {
					out.Add(s, module.Hit{Title: words, Path: link.Path})
				}
			}
		}
	}
	return out, nil
}

// menu shows everything that who asks may open.
func menu(r *web.Request) error { return r.Page(http.StatusOK, menuPage(r)) }

package pages

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/writing"
)

// planPage is the list of templates and activities.
type planPage struct {
	Choice     planChoice
	Templates  []programme.Template
	Copies     map[storage.ID]int
	Activities []programme.Activity
	New        writing.Form // of a new template
	MayNew     bool
	Beside     []templ.Component // of other rooms
}

// planChoice is what the address of the list asks for.
type planChoice struct{ Kind, City, State, Template string }

func (c planChoice) path(name, value string) string {
	v := url.Values{}
	for _, p := range [][2]string{{"kind", c.Kind}, {"city", c.City}, {"state", c.State}, {"template", c.Template}} {
		if p[0] == name {
			p[1] = value
		}
		if p[1] != "" {
			v.Set(p[0], p[1])
		}
	}
	if len(v) == 0 {
		return "/plan"
	}
	return "/plan?" + v.Encode()
}

func (s *Service) showPlan(r *web.Request) error {
	return s.planPage(r, http.StatusOK, writing.Form{Values: url.Values{}})
}

func (s *Service) planPage(r *web.Request, status int, f writing.Form) error {
	q := r.URL.Query()
	page := planPage{New: f, Choice: planChoice{Kind: q.Get("kind"), City: q.Get("city"), State: q.Get("state"), Template: q.Get("template")}}
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		page.Templates, page.Activities = nil, nil
		page.Copies = map[storage.ID]int{}
		p, err := programme.Current(ctx, tx)
		if err != nil {
			return err
		}
		page.MayNew = r.Actor.May(programme.MayPlan, access.Scope{Programme: p.ID})
		if page.Templates, err = programme.Templates(ctx, tx, p.ID); err != nil {
			return err
		}
		keys := map[storage.ID]string{}
		for _, t := range page.Templates {
			keys[t.ID] = t.Key
		}
		all, err := programme.All(ctx, tx, programme.Filter{})
		if err != nil {
			return err
		}
		c := page.Choice
		for _, a := range all {
			page.Copies[a.Template]++
			if a.Programme == p.ID && r.Actor.May(programme.MayPlan, a.Scope()) && (c.Kind == "" || a.Kind == c.Kind) && (c.City == "" || a.City == c.City) &&
				(c.State == "" || a.State == c.State) && (c.Template == "" || keys[a.Template] == c.Template) {
				page.Activities = append(page.Activities, a)
			}
		}
		if s.beside != nil {
			page.Beside, err = s.beside(ctx, tx, r)
		}
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(status, listPage(r, page))
}

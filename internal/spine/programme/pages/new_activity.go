package pages

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
)

// newPath is the page on which one activity is made.
const newPath = "/plan/activities/new"

// newPage makes one activity from a template: first which, then where and when.
type newPage struct {
	copiesPage // with one row
	Kind       string
	Templates  []programme.Template // of the kind, all when none is said
	Cities     []profile.Entry      // in which the actor may plan
}

// Row is the one that is filled in.
func (p newPage) Row() plan.Row { return p.Rows[0] }

// named is what a template is called: by its title alone, and with its key only where another
// has the same title or it has none.
func (p newPage) named(t programme.Template, l i18n.Language) string {
	name := t.Plain(l)
	if name == "" || slices.ContainsFunc(p.Templates, func(o programme.Template) bool { return o.ID != t.ID && o.Plain(l) == name }) {
		return t.Named(l)
	}
	return name
}

// newRow is an empty row of a form that has its own field for the city.
func newRow(t programme.Template) plan.Row {
	row := rowOf(t)
	row.Key = "new"
	return row
}

func (s *Service) readNewPage(r *web.Request, kind, key string) (page newPage, err error) {
	page.Kind = kind
	err = s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		p, err := programme.Current(ctx, tx)
		if err != nil {
			return err
		}
		if page.Templates, err = programme.Templates(ctx, tx, p.ID); err != nil {
			return err
		}
		page.Templates = slices.DeleteFunc(page.Templates, func(t programme.Template) bool { return kind != "" && t.Kind != kind })
		if page.Lists, err = s.programme.Lists(ctx, tx); err != nil {
			return err
		}
		page.Cities = slices.DeleteFunc(slices.Clone(page.Lists.Cities()), func(c profile.Entry) bool {
			return !r.Actor.May(programme.MayPlan, access.Scope{Programme: p.ID, City: c.Code})
		})
		if key == "" {
			return nil
		}
		page.Template, err = programme.TemplateByKey(ctx, tx, p.ID, key)
		return err
	})
	if err != nil || key == "" {
		return page, err
	}
	page.Rows = []plan.Row{newRow(page.Template)}
	if len(page.Cities) == 1 {
		page.Rows[0].City = page.Cities[0].Code
	}
	page.Facilitators, err = s.leaders(r, access.Scope{})
	return page, err
}

func (s *Service) showNew(r *web.Request) error {
	q := r.URL.Query()
	page, err := s.readNewPage(r, q.Get("kind"), q.Get("template"))
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, newActivity(r, page))
}

func (s *Service) takeNew(r *web.Request) error {
	page, err := s.readNewPage(r, "", r.PostForm.Get("template"))
	if err != nil {
		return err
	}
	if page.Template.ID.IsZero() {
		return r.Page(http.StatusUnprocessableEntity, newActivity(r, page)) // asks which
	}
	page.Rows = rowsOf(r.PostForm, page.Rows)
	if !page.Template.Online {
		page.Rows[0].City = r.PostForm.Get(page.Row().Field("city"))
	}
	var made []programme.Activity
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		made, err = s.plan.MakeCopies(ctx, tx, plan.MakeCopies{Actor: r.Actor, Key: page.Template.Key, Rows: page.Rows, Every: true})
		return err
	})
	if err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		for _, one := range f.Fields {
			if one.Args["row"] == page.Row().Key { // no city yet that would name it
				one.Args["row"] = page.named(page.Template, r.Lang)
			}
			// A text has a box in each language.
			if column := placeColumn(page.copiesPage); one.Field == page.Row().Field(column) {
				one.Field += "_" + string(r.Lang)
			}
		}
		page.Fault = f
		return r.Page(web.Status(f.Code), newActivity(r, page))
	}
	r.SetFlash("good", "programme.plan.new.made")
	return r.Redirect("/plan/" + made[0].Slug)
}

// newOf is the address of the page for a template.
func newOf(t programme.Template) string {
	return newPath + "?" + url.Values{"template": {t.Key}}.Encode()
}

package pages

import (
	"context"
	"net/http"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/writing"
)

func (s *Service) takeNewTemplate(r *web.Request) error {
	v := r.PostForm
	title := v.Get("title")
	c := programme.NewTemplate{Actor: r.Actor, Key: v.Get("key"), Kind: v.Get("kind"), From: v.Get("copy")}
	switch r.Lang {
	case i18n.Kyrgyz:
		c.Title.Ky = title
	case i18n.Russian:
		c.Title.Ru = title
	default:
		c.Title.En = title
	}
	var t programme.Template
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		t, err = s.programme.NewTemplate(ctx, tx, c)
		return err
	})
	if err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		return s.planPage(r, web.Status(f.Code), writing.Form{Values: v, Fault: f})
	}
	r.SetFlash("good", "programme.plan.template.made")
	return r.Redirect("/plan/templates/" + t.Key)
}

// templatePage is the data of the page of one template.
type templatePage struct {
	Template programme.Template
	Form     writing.Form
	Copies   []copyLine
	Lists    *profile.Lists
}

// copyLine is one copy of a template, and how it differs.
type copyLine struct {
	Activity programme.Activity
	Differs  []string
	Follow   bool // ticked
	Over     bool
}

// readTemplatePage finds the template of the address for those who may change it.
func (s *Service) readTemplatePage(r *web.Request) (page templatePage, err error) {
	err = s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		page = templatePage{}
		p, err := programme.Current(ctx, tx)
		if err != nil {
			return err
		}
		if page.Template, err = programme.TemplateByKey(ctx, tx, p.ID, r.PathValue("key")); err != nil {
			return err
		}
		if !r.Actor.May(programme.MayPlan, access.Scope{Programme: p.ID}) {
			return fault.New(fault.Forbidden, "fault.forbidden")
		}
		if page.Lists, err = s.programme.Lists(ctx, tx); err != nil {
			return err
		}
		list, err := programme.All(ctx, tx, programme.Filter{Template: page.Template.ID})
		if err != nil {
			return err
		}
		for _, a := range list {
			over := a.Past(tx.Now) || a.State == programme.Cancelled
			page.Copies = append(page.Copies, copyLine{Activity: a, Differs: page.Template.Differs(page.Lists, a), Follow: !over, Over: over})
		}
		return nil
	})
	return page, err
}

func (s *Service) showTemplate(r *web.Request) error {
	page, err := s.readTemplatePage(r)
	if err != nil {
		return err
	}
	page.Form = formOfTemplate(page.Template)
	return r.Page(http.StatusOK, templateEditor(r, page))
}

func (s *Service) takeTemplate(r *web.Request) error {
	page, err := s.readTemplatePage(r)
	if err != nil {
		return err
	}
	c := programme.ChangeTemplate{
		Actor: r.Actor, Template: page.Template.ID, Version: writing.Version(r.PostForm),
		Write: func(t programme.Template) (programme.Template, error) { return readTemplate(r.PostForm, t) },
	}
	chosen := map[string]bool{}
	for _, id := range r.PostForm["follow"] {
		chosen[id] = true
	}
	for i, line := range page.Copies {
		page.Copies[i].Follow = chosen[line.Activity.ID.String()]
		if page.Copies[i].Follow {
			c.Follow = append(c.Follow, line.Activity.ID)
		}
	}
	if r.PostForm.Get(moreField) != "" {
		page.Form = withMore(r.PostForm, page.Template.Stale)
		return r.Page(http.StatusOK, templateEditor(r, page))
	}
	followed := 0
	if err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		followed, err = s.programme.ChangeTemplate(ctx, tx, c)
		return err
	}); err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		page.Form = writing.Again(r.PostForm, f, formOfTemplate(page.Template))
		return r.Page(web.Status(f.Code), templateEditor(r, page))
	}
	r.SetFlash("good", "programme.plan.template.saved", "count", followed)
	return r.Redirect("/plan/templates/" + page.Template.Key)
}

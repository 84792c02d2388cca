package programme

import (
	"context"
	"net/http"
	"net/url"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// planPage is the list of templates and activities.
type planPage struct {
	Choice     planChoice
	Templates  []Template
	Copies     map[storage.ID]int
	Activities []Activity
	New        form // of a new template
	MayNew     bool
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
	return s.planPage(r, http.StatusOK, form{Values: url.Values{}})
}

func (s *Service) planPage(r *web.Request, status int, f form) error {
	q := r.URL.Query()
	page := planPage{New: f, Choice: planChoice{Kind: q.Get("kind"), City: q.Get("city"), State: q.Get("state"), Template: q.Get("template")}}
	err := s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		page.Templates, page.Activities = nil, nil
		page.Copies = map[storage.ID]int{}
		p, err := Current(ctx, tx)
		if err != nil {
			return err
		}
		page.MayNew = r.Actor.May(MayPlan, access.Scope{Programme: p.ID})
		if page.Templates, err = Templates(ctx, tx, p.ID); err != nil {
			return err
		}
		keys := map[storage.ID]string{}
		for _, t := range page.Templates {
			keys[t.ID] = t.Key
		}
		all, err := All(ctx, tx, Filter{})
		if err != nil {
			return err
		}
		c := page.Choice
		for _, a := range all {
			page.Copies[a.Template]++
			if a.Programme == p.ID && r.Actor.May(MayPlan, a.Scope()) && (c.Kind == "" || a.Kind == c.Kind) && (c.City == "" || a.City == c.City) &&
				(c.State == "" || a.State == c.State) && (c.Template == "" || keys[a.Template] == c.Template) {
				page.Activities = append(page.Activities, a)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return r.Page(status, planListPage(r, page))
}

func (s *Service) takeNewTemplate(r *web.Request) error {
	v := r.PostForm
	title := v.Get("title")
	c := NewTemplate{Actor: r.Actor, Key: v.Get("key"), Kind: v.Get("kind"), From: v.Get("copy")}
	switch r.Lang {
	case i18n.Kyrgyz:
		c.Title.Ky = title
	case i18n.Russian:
		c.Title.Ru = title
	default:
		c.Title.En = title
	}
	var t Template
	err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		t, err = s.NewTemplate(ctx, tx, c)
		return err
	})
	if err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		return s.planPage(r, web.Status(f.Code), form{Values: v, Fault: f})
	}
	r.SetFlash("good", "programme.plan.template.made")
	return r.Redirect("/plan/templates/" + t.Key)
}

// templatePage is the data of the page of one template.
type templatePage struct {
	Template Template
	Form     form
	Copies   []copyLine
}

// copyLine is one copy of a template, and how it differs.
type copyLine struct {
	Activity Activity
	Differs  []string
	Follow   bool // ticked
	Over     bool
}

// readTemplatePage finds the template of the address for those who may change it.
func (s *Service) readTemplatePage(r *web.Request) (page templatePage, err error) {
	err = s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		page = templatePage{}
		p, err := Current(ctx, tx)
		if err != nil {
			return err
		}
		if page.Template, err = TemplateByKey(ctx, tx, p.ID, r.PathValue("key")); err != nil {
			return err
		}
		if !r.Actor.May(MayPlan, access.Scope{Programme: p.ID}) {
			return fault.New(fault.Forbidden, "fault.forbidden")
		}
		list, err := All(ctx, tx, Filter{Template: page.Template.ID})
		if err != nil {
			return err
		}
		for _, a := range list {
			over := a.Past(tx.Now) || a.State == Cancelled
			page.Copies = append(page.Copies, copyLine{Activity: a, Differs: page.Template.Differs(a), Follow: !over, Over: over})
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
	c := ChangeTemplate{
		Actor: r.Actor, Template: page.Template.ID, Version: versionOf(r.PostForm),
		Write: func(t Template) (Template, error) { return readTemplate(r.PostForm, t) },
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
	followed := 0
	if err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		followed, err = s.ChangeTemplate(ctx, tx, c)
		return err
	}); err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		page.Form = form{Values: r.PostForm, Fault: f, Stale: page.Template.Stale}
		return r.Page(web.Status(f.Code), templateEditor(r, page))
	}
	r.SetFlash("good", "programme.plan.template.saved", "count", followed)
	return r.Redirect("/plan/templates/" + page.Template.Key)
}

// copiesPage is the table from which many activities are made at once.
type copiesPage struct {
	Template     Template
	Rows         []Row
	Facilitators []Facilitator
	Drafts       []Activity // of the template, that the actor may publish
	Chosen       map[string]bool
	Publish      bool
	Fault        *fault.Error
}

func (s *Service) readCopiesPage(r *web.Request) (page copiesPage, err error) {
	t, err := s.readTemplatePage(r)
	if err != nil {
		return page, err
	}
	page.Template, page.Rows = t.Template, blankRows(t.Template)
	page.Chosen = map[string]bool{}
	for _, line := range t.Copies {
		if a := line.Activity; a.State == Draft && r.Actor.May(MayPlan, a.Scope()) {
			page.Drafts = append(page.Drafts, a)
			page.Chosen[a.ID.String()] = !line.Over
		}
	}
	page.Facilitators, err = s.leaders(r, access.Scope{})
	return page, err
}

// leaders are who may be chosen to lead what lies in a place. Each is told that
// her name was shown.
func (s *Service) leaders(r *web.Request, at access.Scope) (list []Facilitator, err error) {
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if list, err = s.Facilitators(ctx, tx, at); err != nil {
			return err
		}
		seen := audit.Looks{Reader: r.Actor.Person, Action: "programme.audit.facilitators"}
		for _, f := range list {
			seen.Persons = append(seen.Persons, f.ID)
		}
		return audit.Looked(ctx, tx, seen)
	})
	return list, err
}

func (s *Service) showCopies(r *web.Request) error {
	page, err := s.readCopiesPage(r)
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, copiesTable(r, page))
}

func (s *Service) takeCopies(r *web.Request) error {
	page, err := s.readCopiesPage(r)
	if err != nil {
		return err
	}
	page.Rows, page.Publish = rowsOf(r.PostForm, page.Rows), r.PostForm.Get("publish") != ""
	var made []Activity
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		made, err = s.MakeCopies(ctx, tx, MakeCopies{Actor: r.Actor, Key: page.Template.Key, Rows: page.Rows, Publish: page.Publish})
		return err
	})
	if err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		page.Fault = f
		return r.Page(web.Status(f.Code), copiesTable(r, page))
	}
	if page.Template.ShortOf(made) > 0 {
		r.SetFlash("wait", "programme.plan.copies.made_short", "count", len(made))
	} else {
		r.SetFlash("good", "programme.plan.copies.made", "count", len(made))
	}
	return r.Redirect(planChoice{}.path("template", page.Template.Key))
}

// takeDrafts publishes the chosen drafts of a template.
func (s *Service) takeDrafts(r *web.Request) error {
	page, err := s.readCopiesPage(r)
	if err != nil {
		return err
	}
	page.Chosen = map[string]bool{}
	var chosen []storage.ID
	for _, value := range r.PostForm["drafts"] {
		id, err := storage.ParseID(value)
		if err != nil {
			return UnknownActivity()
		}
		chosen = append(chosen, id)
		page.Chosen[value] = true
	}
	count := 0
	if err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		count, err = s.PublishDrafts(ctx, tx, r.Actor, page.Template.ID, chosen)
		return err
	}); err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		page.Fault = f
		return r.Page(web.Status(f.Code), copiesTable(r, page))
	}
	r.SetFlash("good", "programme.plan.drafts.published", "count", count)
	return r.Redirect(planChoice{}.path("template", page.Template.Key))
}

// editPage is the data of the page of one activity.
type editPage struct {
	Activity     Activity
	Form         form
	Facilitators []Facilitator
}

func (s *Service) readEditPage(r *web.Request) (page editPage, err error) {
	err = s.store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		page.Activity, err = BySlug(ctx, tx, r.PathValue("slug"))
		if err == nil && !r.Actor.May(MayPlan, page.Activity.Scope()) {
			return fault.New(fault.Forbidden, "fault.forbidden")
		}
		return err
	})
	if err != nil {
		return page, err
	}
	page.Facilitators, err = s.leaders(r, page.Activity.Scope())
	return page, err
}

func (s *Service) showActivity(r *web.Request) error {
	page, err := s.readEditPage(r)
	if err != nil {
		return err
	}
	page.Form = formOfActivity(page.Activity)
	return r.Page(http.StatusOK, activityEditor(r, page))
}

func (s *Service) takeActivity(r *web.Request) error {
	page, err := s.readEditPage(r)
	if err != nil {
		return err
	}
	c := ChangeActivity{
		Actor: r.Actor, Activity: page.Activity.ID, Version: versionOf(r.PostForm),
		Write: func(a Activity) (Activity, error) { return readActivity(r.PostForm, a) },
	}
	var moved []string
	if err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		_, moved, err = s.ChangeAlong(ctx, tx, c)
		return err
	}); err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		page.Form = form{Values: r.PostForm, Fault: f, Stale: page.Activity.Stale}
		return r.Page(web.Status(f.Code), activityEditor(r, page))
	}
	r.SetFlash("good", movedKey(moved))
	return r.Redirect("/plan/" + page.Activity.Slug)
}

func (s *Service) takePublish(r *web.Request) error {
	public := r.PostForm.Get("to") == Published
	slug := r.PathValue("slug")
	if err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := s.Publish(ctx, tx, r.Actor, slug, public)
		return err
	}); err != nil {
		return err
	}
	key := "programme.plan.unpublished"
	if public {
		key = "programme.plan.published"
	}
	r.SetFlash("good", key)
	return r.Redirect("/plan/" + slug)
}

func (s *Service) showCancel(r *web.Request) error {
	page, err := s.readEditPage(r)
	if err != nil {
		return err
	}
	page.Form = form{Values: url.Values{}}
	return r.Page(http.StatusOK, cancelPage(r, page))
}

func (s *Service) takeCancel(r *web.Request) error {
	page, err := s.readEditPage(r)
	if err != nil {
		return err
	}
	reason := readText(r.PostForm, "reason")
	if err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := s.Cancel(ctx, tx, r.Actor, page.Activity.Slug, reason)
		return err
	}); err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		page.Form = form{Values: r.PostForm, Fault: f}
		return r.Page(web.Status(f.Code), cancelPage(r, page))
	}
	r.SetFlash("good", "programme.plan.cancelled")
	return r.Redirect("/plan/" + page.Activity.Slug)
}

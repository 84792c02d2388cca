package pages

import (
	"context"
	"net/http"
	"slices"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/plan"
)

// copiesPage is the table from which many activities are made at once.
type copiesPage struct {
	Template     programme.Template
	Rows         []plan.Row
	Facilitators []programme.Facilitator
	Drafts       []programme.Activity // of the template, that the actor may publish
	Chosen       map[string]bool
	Publish      bool
	Fault        *fault.Error
	Lists        *profile.Lists
}

func (s *Service) readCopiesPage(r *web.Request) (page copiesPage, err error) {
	t, err := s.readTemplatePage(r)
	if err != nil {
		return page, err
	}
	page.Lists = t.Lists
	page.Template, page.Rows = t.Template, blankRows(t.Lists, t.Template)
	page.Chosen = map[string]bool{}
	for _, line := range t.Copies {
		if a := line.Activity; a.State == programme.Draft && r.Actor.May(programme.MayPlan, a.Scope()) {
			page.Drafts = append(page.Drafts, a)
			page.Chosen[a.ID.String()] = !line.Over
		}
	}
	page.Facilitators, err = s.leaders(r, access.Scope{})
	return page, err
}

// sent are the rows that a form may have been drawn with: also of a city that is no longer
// offered, when something was written there.
func (p copiesPage) sent(r *web.Request) []plan.Row {
	offered := map[string]bool{}
	for _, row := range p.Rows {
		offered[row.Key] = true
	}
	return slices.DeleteFunc(tableOf(p.Lists.All(profile.City), p.Template), func(row plan.Row) bool {
		return !offered[row.Key] && r.PostForm.Get(row.Field("date")) == ""
	})
}

// leaders are who may be chosen to lead what lies in a place. Each is told that
// her name was shown.
func (s *Service) leaders(r *web.Request, at access.Scope) (list []programme.Facilitator, err error) {
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if list, err = s.programme.Facilitators(ctx, tx, at); err != nil {
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

// gaps are those of the chosen drafts, of what is made from the template where none is chosen.
func (p copiesPage) gaps() []programme.Gap {
	if len(p.Chosen) == 0 {
		t := p.Template
		made := []programme.Activity{{Title: t.Title, Summary: t.Summary, Description: t.Description, Gain: t.Gain}}
		for _, row := range p.Rows {
			made = append(made, programme.Activity{Subject: row.Subject})
		}
		return gapsOf(made...)
	}
	var chosen []programme.Activity
	for _, a := range p.Drafts {
		if p.Chosen[a.ID.String()] {
			chosen = append(chosen, a)
		}
	}
	return gapsOf(chosen...)
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
	page.Rows, page.Publish = rowsOf(r.PostForm, page.sent(r)), r.PostForm.Get("publish") != ""
	var made []programme.Activity
	err = s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		made, err = s.plan.MakeCopies(ctx, tx, plan.MakeCopies{Actor: r.Actor, Key: page.Template.Key, Rows: page.Rows, Publish: page.Publish, Gaps: knowsGaps(r)})
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
			return programme.UnknownActivity()
		}
		chosen = append(chosen, id)
		page.Chosen[value] = true
	}
	// What is typed into the table beside them is made by another button.
	if rows := rowsOf(r.PostForm, page.sent(r)); slices.ContainsFunc(rows, func(row plan.Row) bool { return !row.Empty() }) {
		f := fault.New(fault.Conflict, "programme.fault.rows_typed")
		page.Rows, page.Publish, page.Fault = rows, r.PostForm.Get("publish") != "", f
		return r.Page(web.Status(f.Code), copiesTable(r, page))
	}
	count := 0
	if err := s.store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		count, err = s.programme.PublishDrafts(ctx, tx, programme.PublishDrafts{Actor: r.Actor, Template: page.Template.ID, Chosen: chosen, Gaps: knowsGaps(r)})
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

package team

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
	"platforma.kg/ashar/internal/spine/programme/materials"
	"platforma.kg/ashar/internal/spine/programme/writing"
)

// mine is the module's part of My programme and My data: where she helps, and as what.
func (m *Module) mine(ctx context.Context, tx *storage.Tx, r *web.Request) (templ.Component, error) {
	list, err := m.People.HelpsOf(ctx, tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	var tasks []task
	for _, h := range list {
		a, err := programme.ByID(ctx, tx, h.Activity)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		t := task{Activity: a, Role: h.Role, State: stateOf(h, tx.Now), Until: until(r.Lang, h), Opens: r.Actor.May(MayHelp, a.Scope())}
		if t.State != over {
			tasks = append(tasks, t)
		}
	}
	if len(tasks) == 0 {
		return nil, nil
	}
	return panel(r, tasks), nil
}

// workPage is the data of the page of who helps.
type workPage struct {
	Activity  programme.Activity
	Helps     []people.Helper // as what she helps here
	Materials []materials.Material
	Words     bool // she may write its texts
}

// work shows who helps what she needs: when, where, the agenda, what to read.
func (m *Module) work(r *web.Request) error {
	var p workPage
	err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		p = workPage{}
		if p.Activity, err = helpedAt(ctx, tx, r); err != nil {
			return err
		}
		p.Words = p.Activity.State != programme.Cancelled && r.Actor.May(programme.MayReword, p.Activity.Scope())
		list, err := m.People.HelpsOf(ctx, tx, r.Actor.Person)
		if err != nil {
			return err
		}
		for _, h := range list {
			if h.Activity == p.Activity.ID && stateOf(h, tx.Now) == holds {
				p.Helps = append(p.Helps, h)
			}
		}
		p.Materials, err = m.Materials.Readable(ctx, tx, r.Actor, p.Activity)
		return err
	})
	if err != nil {
		return err
	}
	return r.Page(http.StatusOK, workShown(r, p))
}

// helpedAt finds the activity of an address for who helps there. To who helps elsewhere
// none is there.
func helpedAt(ctx context.Context, tx *storage.Tx, r *web.Request) (programme.Activity, error) {
	a, err := programme.BySlug(ctx, tx, r.PathValue("slug"))
	if err == nil && !r.Actor.May(MayHelp, a.Scope()) {
		return programme.Activity{}, programme.UnknownActivity()
	}
	return a, err
}

// wordsPage is the data of the page on which the texts are written.
type wordsPage struct {
	Activity programme.Activity
	Form     writing.Form
}

func (m *Module) readWords(r *web.Request) (p wordsPage, err error) {
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if p.Activity, err = helpedAt(ctx, tx, r); err != nil {
			return err
		}
		if !r.Actor.May(programme.MayReword, p.Activity.Scope()) {
			return fault.New(fault.Forbidden, "fault.forbidden")
		}
		return nil
	})
	return p, err
}

func (m *Module) showWords(r *web.Request) error {
	p, err := m.readWords(r)
	if err != nil {
		return err
	}
	p.Form = formOf(p.Activity)
	return r.Page(http.StatusOK, wordsShown(r, p))
}

func (m *Module) takeWords(r *web.Request) error {
	p, err := m.readWords(r)
	if err != nil {
		return err
	}
	cmd := programme.Reword{Actor: r.Actor, Activity: p.Activity.ID, Version: writing.Version(r.PostForm), Texts: map[string]i18n.Text{}}
	for _, name := range programme.WordNames(p.Activity) {
		if r.PostForm.Has(name + "_" + string(i18n.Kyrgyz)) {
			cmd.Texts[name] = writing.Read(r.PostForm, name)
		}
	}
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := m.Programme.Reword(ctx, tx, cmd)
		return err
	}); err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		p.Form = writing.Again(r.PostForm, f, formOf(p.Activity))
		return r.Page(web.Status(f.Code), wordsShown(r, p))
	}
	r.SetFlash("good", "team.words.saved")
	return r.Redirect("/helping/" + p.Activity.Slug + "/words")
}

// formOf fills the form with the texts of an activity.
func formOf(a programme.Activity) writing.Form {
	f := writing.Form{Values: url.Values{}, Stale: a.Stale}
	f.Set("version", strconv.FormatInt(a.Version, 10))
	for _, name := range programme.WordNames(a) {
		f.PutText(name, *a.WordOf(name))
	}
	return f
}

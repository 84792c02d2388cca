package pages

import (
	"context"
	"net/http"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

// formData is the page on which an organiser edits the questions.
type formData struct {
	forms.Editor
	Activity seats.Activity
	Shared   bool // the form of the template is being edited
	MayShare bool // the form of the template may be edited
}

// shared reports whether the form of the template is meant.
func shared(r *web.Request, a seats.Activity) bool {
	return r.URL.Query().Get("for") == "template" && !a.Template.IsZero()
}

func (m *Module) formData(ctx context.Context, tx *storage.Tx, r *web.Request) (d formData, err error) {
	if d.Activity, err = m.staffActivity(ctx, tx, r, seats.MaySetUp); err != nil {
		return d, err
	}
	d.Shared = shared(r, d.Activity)
	d.MayShare = r.Actor.May(seats.MaySetUp, seats.ScopeOfForm(d.Activity, true))
	if d.Shared && !d.MayShare {
		return d, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	d.Heading, d.Path = r.Say.T("seminars.form.heading"), staffPath(d.Activity, "/form")
	if d.Shared {
		d.Path += "?for=template"
	}
	if d.Sources, err = m.Sources(ctx, tx); err != nil {
		return d, err
	}
	d.Form, err = seats.ApplicationForms.ToChange(ctx, tx, seats.FormOwner(d.Activity), d.Shared)
	return d, err
}

func (m *Module) showFormEditor(r *web.Request) error {
	var d formData
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		d, err = m.formData(ctx, tx, r)
		return err
	}); err != nil {
		return err
	}
	d.Choose(r)
	return r.Page(http.StatusOK, formPage(r, m.Parts, d))
}

// takeFormEditor does one thing to the form: adds or changes a question, moves
// it up or down, or takes it out.
func (m *Module) takeFormEditor(r *web.Request) error {
	change, err := forms.WrittenChange(r)
	if err != nil {
		return err
	}
	cmd := seats.ChangeForm{Actor: r.Actor, Change: change}
	var d formData
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d, err = m.formData(ctx, tx, r); err != nil {
			return err
		}
		cmd.Activity, cmd.Shared = d.Activity.ID, d.Shared
		return m.ChangeForm(ctx, tx, cmd)
	})
	if err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		d.Again(change, f)
		return r.Page(web.Status(f.Code), formPage(r, m.Parts, d))
	}
	r.SetFlash("good", "seminars.saved")
	return r.Redirect(d.Path)
}

package pages

import (
	"context"
	"net/http"
	"strconv"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
)

// changeData is the page on which an applicant changes what she answered.
type changeData struct {
	Activity seats.Activity
	App      seats.Application
	Form     forms.Form
	Before   forms.Answers // as they are kept
	Answers  forms.Answers // as the page shows them
	Sources  forms.Sources
	Fault    *fault.Error
}

func (d changeData) path() string { return "/my/applications/" + d.App.ID.String() }

// asked are the questions as they stand on the page.
func (d changeData) asked() (out []forms.Asked) {
	for _, q := range d.Form.Amendable(d.Before, d.Answers) {
		out = append(out, forms.Asked{Question: q, Answers: d.Answers, Sources: d.Sources, Fault: d.Fault})
	}
	return out
}

func (d changeData) hasFile() bool {
	for _, q := range d.asked() {
		if q.Kind == forms.AskFile {
			return true
		}
	}
	return false
}

// readAnswers reads the application of who asks, with the form that she answered.
func (m *Module) readAnswers(r *web.Request) (d changeData, err error) {
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		o, err := m.own(ctx, tx, r)
		if err != nil {
			return err
		}
		if d.App, err = seats.ApplicationByID(ctx, tx, o.app); err != nil {
			return err
		}
		if !r.Actor.SignedIn() || d.App.Person != r.Actor.Person {
			return fault.New(fault.NotFound, "seminars.fault.application")
		}
		if d.Activity, err = m.ActivityByID(ctx, tx, d.App.Activity); err != nil {
			return err
		}
		if !seats.MayChangeAnswers(d.Activity, d.App, tx.Now) {
			return fault.New(fault.TooLate, "seminars.fault.answers_closed")
		}
		if d.Form, err = m.AnsweredForm(ctx, tx, d.Activity, d.App); err != nil {
			return err
		}
		if d.Sources, err = m.Sources(ctx, tx); err != nil {
			return err
		}
		d.Before, err = m.AnswersOf(ctx, tx, d.App)
		d.Answers = d.Before
		return err
	})
	return d, err
}

func (m *Module) showChangeAnswers(r *web.Request) error {
	d, err := m.readAnswers(r)
	if err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(http.StatusOK, changeAnswersPage(r, d))
}

func (m *Module) takeChangeAnswers(r *web.Request) error {
	d, err := m.readAnswers(r)
	if err != nil {
		return err
	}
	version, _ := strconv.ParseInt(r.PostFormValue("version"), 10, 64) // none is that of no application
	given, wrong, err := d.Form.Amending(r, d.Before, d.Sources)
	if err != nil {
		return err
	}
	before := d.App.Version
	if wrong == nil {
		err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
			d.App, err = m.ChangeAnswers(ctx, tx, seats.ChangeAnswers{Application: d.App.ID, Actor: r.Actor, Version: version, Answers: given, Lang: r.Lang})
			return err
		})
		if err == nil {
			if d.App.Version != before {
				r.SetFlash("good", "seminars.answers.changed")
			}
			return r.Redirect(d.path() + "#answers")
		}
		if wrong = fault.Of(err); wrong == nil || wrong.Code != fault.Invalid && wrong.Code != fault.Conflict {
			return err
		}
	}
	d.Answers, d.Fault, d.App.Version = given, wrong, version
	if wrong.Code == fault.Conflict { // what she wrote stays, and goes once she has read that it is another by now
		d.App.Version = before
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return r.Page(web.Status(wrong.Code), changeAnswersPage(r, d))
}

package seminars

import (
	"context"
	"net/http"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/forms"
)

// showApplicant opens one application; that it was seen is noted for the person.
func (m *Module) showApplicant(r *web.Request) error {
	var d applicantData
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d, err = m.applicantOf(ctx, tx, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Person: d.Applicant.Person, Action: "seminars.audit.viewed", Object: d.Activity.ID})
	}); err != nil {
		return err
	}
	return r.Page(http.StatusOK, applicantPage(r, d))
}

func (m *Module) applicantOf(ctx context.Context, tx *storage.Tx, r *web.Request) (d applicantData, err error) {
	d.Now = tx.Now
	if d.Activity, err = m.staffActivity(ctx, tx, r, MaySelect); err != nil {
		return d, err
	}
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return d, fault.New(fault.NotFound, "seminars.fault.application")
	}
	app, err := applicationByID(ctx, tx, id)
	if err == nil && app.Activity != d.Activity.ID {
		err = fault.New(fault.NotFound, "seminars.fault.application")
	}
	if err != nil {
		return d, err
	}
	persons, err := m.People.ByIDs(ctx, tx, []storage.ID{app.Person})
	if err != nil {
		return d, err
	}
	d.Applicant = applicantOf(app, persons[app.Person].Details, tx.Now)
	if d.Applicant.Extra, err = onExtraSeat(ctx, tx, app.ID); err != nil {
		return d, err
	}
	if d.Form, err = m.answeredForm(ctx, tx, d.Activity, app); err != nil {
		return d, err
	}
	if d.Answers, err = m.answersOf(ctx, tx, app); err != nil {
		return d, err
	}
	if len(d.Answers.Values) == 0 { // invited by name: what is known of her
		d.Answers.Values = forms.Known(d.Applicant.Details).Values
	}
	if app.State == Waitlisted {
		if d.Position, err = position(ctx, tx, app); err != nil {
			return d, err
		}
	}
	d.Moves, err = movesOf(ctx, tx, app.ID)
	return d, err
}

// sendFile gives a file that was handed in with an application.
func (m *Module) sendFile(r *web.Request) error {
	var d applicantData
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d, err = m.applicantOf(ctx, tx, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Person: d.Applicant.Person, Action: "seminars.audit.viewed", Object: d.Activity.ID})
	}); err != nil {
		return err
	}
	return giveFile(r, d.Answers)
}

// sendMyFile gives a person the file that she handed in.
func (m *Module) sendMyFile(r *web.Request) error {
	var answers forms.Answers
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		o, err := m.own(ctx, tx, r)
		if err != nil {
			return err
		}
		app, err := applicationByID(ctx, tx, o.app)
		if err != nil {
			return err
		}
		if app.Person != r.Actor.Person {
			return fault.New(fault.NotFound, "seminars.fault.application")
		}
		answers, err = m.answersOf(ctx, tx, app)
		return err
	}); err != nil {
		return err
	}
	r.W.Header().Set("Cache-Control", "no-store")
	return giveFile(r, answers)
}

// giveFile answers with the file of the address.
func giveFile(r *web.Request, answers forms.Answers) error {
	up, ok := answers.Files[r.PathValue("key")]
	if !ok {
		return fault.New(fault.NotFound, "seminars.fault.application")
	}
	return up.Send(r)
}

package pages

import (
	"context"
	"net/http"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/foundation/web/kit"
	"platforma.kg/ashar/internal/modules/seminars/review"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/profile"
)

// showApplicant opens one application; that it was seen is noted for the person.
func (m *Module) showApplicant(r *web.Request) error {
	return m.applicantAs(r, http.StatusOK, func(*applicantData) {})
}

func (m *Module) applicantAs(r *web.Request, status int, with func(*applicantData)) error {
	var d applicantData
	if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if d, err = m.applicantOf(ctx, tx, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, audit.Entry{Actor: r.Actor.Person, Person: d.Applicant.Person, Action: "seminars.audit.viewed", Object: d.Activity.ID})
	}); err != nil {
		return err
	}
	var err error
	if d.In, err = m.selection(r); err != nil {
		return err
	}
	d.Near = d.In.neighbours(d.Applicant.ID)
	with(&d)
	return r.Page(status, applicantPage(r, d))
}

func (m *Module) applicantOf(ctx context.Context, tx *storage.Tx, r *web.Request) (d applicantData, err error) {
	d.Now = tx.Now
	if d.Activity, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
		return d, err
	}
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return d, fault.New(fault.NotFound, "seminars.fault.application")
	}
	app, err := seats.ApplicationByID(ctx, tx, id)
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
	if d.Opens = people.Sees(r.Actor, persons[app.Person]); !d.Opens {
		if d.Contacts, err = m.People.ContactsOf(ctx, tx, persons[app.Person]); err != nil {
			return d, err
		}
	}
	d.Applicant = seats.ApplicantOf(app, persons[app.Person].Details, m.People.Lists(), seats.CountedOn(d.Activity, tx.Now))
	if d.Applicant.Extra, err = seats.OnExtraSeat(ctx, tx, app.ID); err != nil {
		return d, err
	}
	if d.Form, err = m.AnsweredForm(ctx, tx, d.Activity, app); err != nil {
		return d, err
	}
	if d.AnswersChanged, err = seats.AnswersChanged(ctx, tx, app.ID); err != nil {
		return d, err
	}
	if d.Answers, err = m.AnswersOf(ctx, tx, app); err != nil {
		return d, err
	}
	if len(d.Answers.Values) == 0 { // invited by name: what is known of her
		d.Answers.Values = forms.Known(d.Applicant.Details).Values
	}
	if d.Why, d.AskedWhy, err = m.WhyOf(ctx, tx, app); err != nil {
		return d, err
	}
	if app.State == seats.Waitlisted {
		if d.Position, err = seats.PositionOf(ctx, tx, app); err != nil {
			return d, err
		}
	}
	if d.Notes, err = m.Reviews.NotesOf(ctx, tx, app); err != nil {
		return d, err
	}
	if d.Scores, err = m.Reviews.ScoresOf(ctx, tx, r.Actor, d.Activity, app); err != nil {
		return d, err
	}
	writers := make([]storage.ID, len(d.Notes))
	for i, n := range d.Notes {
		writers[i] = n.By
	}
	if d.Writers, err = m.People.ByIDs(ctx, tx, writers); err != nil {
		return d, err
	}
	if d.Moves, err = seats.MovesOf(ctx, tx, app.ID); err != nil {
		return d, err
	}
	if d.Calls, err = seats.CallsOf(ctx, tx, app.ID); err != nil {
		return d, err
	}
	if d.Partings, err = m.ExplainedPartings(ctx, tx, app); err != nil {
		return d, err
	}
	callers := make([]storage.ID, 0, len(d.Calls)+len(d.Partings))
	for _, c := range d.Calls {
		if !c.By.IsZero() {
			callers = append(callers, c.By)
		}
	}
	for _, p := range d.Partings {
		if !p.By.IsZero() {
			callers = append(callers, p.By)
		}
	}
	d.Callers, err = m.People.ByIDs(ctx, tx, callers)
	return d, err
}

// unheardWords say why nothing that is written reaches an applicant, and until when to call.
func unheardWords(r *web.Request, reason seats.CallReason, app seats.Application) string {
	if reason == seats.Unasked {
		return r.Say.T("seminars.unheard.unasked", "until", i18n.DateTime(r.Lang, app.Expires))
	}
	return r.Say.T("seminars.unheard." + string(reason))
}

// takeNote keeps a note on an application, or takes one back.
func (m *Module) takeNote(r *web.Request) error {
	words := r.PostFormValue("note")
	return m.onApplicant(r, func(ctx context.Context, tx *storage.Tx, a seats.Activity, app storage.ID) error {
		if drop := r.PostFormValue("drop"); drop != "" {
			id, err := storage.ParseID(drop)
			if err != nil {
				return fault.New(fault.NotFound, "seminars.review.fault.note")
			}
			return m.Reviews.DropNote(ctx, tx, review.DropNote{Actor: r.Actor, Activity: a.ID, Application: app, Note: id})
		}
		return m.Reviews.AddNote(ctx, tx, review.AddNote{Actor: r.Actor, Activity: a.ID, Application: app, Words: words})
	}, "#notes", func(d *applicantData, wrong *fault.Error) { d.Note, d.NoteFault = words, wrong })
}

// takeTag puts a tag on an application, or takes it off.
func (m *Module) takeTag(r *web.Request) error {
	cmd := review.SetTag{Actor: r.Actor, Tag: r.PostFormValue("tag")}
	if off := r.PostFormValue("off"); off != "" {
		cmd.Tag, cmd.Off = off, true
	} else if on := r.PostFormValue("on"); on != "" {
		cmd.Tag = on
	}
	return m.onApplicant(r, func(ctx context.Context, tx *storage.Tx, a seats.Activity, app storage.ID) error {
		cmd.Activity, cmd.Application = a.ID, app
		return m.Reviews.SetTag(ctx, tx, cmd)
	}, "#tags", func(d *applicantData, wrong *fault.Error) { d.Tag, d.TagFault = cmd.Tag, wrong })
}

// onApplicant does something to the application of the address and leads back to its page, or
// shows there what is wrong.
func (m *Module) onApplicant(r *web.Request, do func(ctx context.Context, tx *storage.Tx, a seats.Activity, app storage.ID) error, part string, with func(*applicantData, *fault.Error)) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return fault.New(fault.NotFound, "seminars.fault.application")
	}
	var a seats.Activity
	wrong, err := web.Invalid(m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		return do(ctx, tx, a, id)
	}))
	if err != nil {
		return err
	}
	if wrong != nil {
		return m.applicantAs(r, web.Status(wrong.Code), func(d *applicantData) { with(d, wrong) })
	}
	return r.Redirect(kit.ReadView(r, applicantsOf(r)).To(staffPath(a, "/applicants/"+id.String())) + part)
}

// showApplicantContact answers with the page on which one contact stands whole, for who may
// not open the person's own page: in this answer alone.
func (m *Module) showApplicantContact(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return fault.New(fault.NotFound, "seminars.fault.application")
	}
	cmd := seats.ShowContact{Application: id, Actor: r.Actor, Reason: r.PostFormValue("reason"), Words: r.PostFormValue("words")}
	cmd.Contact, _ = storage.ParseID(r.PostFormValue("contact")) // what is no contact, the use case does not find
	var shown people.Contact
	wrong, err := web.Invalid(m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		a, err := m.staffActivity(ctx, tx, r, seats.MaySelect)
		if err != nil {
			return err
		}
		cmd.Activity = a.ID
		shown, err = m.Service.ShowContact(ctx, tx, cmd)
		return err
	}))
	if err != nil {
		return err
	}
	if wrong != nil {
		return m.applicantAs(r, web.Status(wrong.Code), func(d *applicantData) { d.Reason, d.Words, d.ReachFault = cmd.Reason, cmd.Words, wrong })
	}
	return m.applicantAs(r, http.StatusOK, func(d *applicantData) { d.Shown = shown })
}

// reasonItems are the reasons to choose from; none is chosen beforehand.
func reasonItems(r *web.Request) []kit.Item {
	out := []kit.Item{{Label: r.Say.T("people.reach.choose")}}
	for _, reason := range people.LookReasons {
		out = append(out, kit.Item{Value: reason, Label: r.Say.T("people.reason." + reason)})
	}
	return out
}

// answersMasked are the answers as staff read them: a telephone and an address are masked,
// since the page of the person shows them to who says what for.
func (d applicantData) answersMasked(r *web.Request) []forms.Shown {
	list := d.Form.Shown(r.Say, d.Answers)
	for i, one := range list {
		contact := people.Contact{Kind: people.PhoneContact, Value: one.Words}
		switch one.Key {
		case profile.AskEmail:
			contact.Kind = people.EmailContact
		case profile.AskPhone:
		default:
			continue
		}
		list[i].Words = contact.Masked()
	}
	return list
}

// answerWhy takes the answer to the question why.
func (m *Module) answerWhy(r *web.Request) error {
	id, err := storage.ParseID(r.PathValue("id"))
	if err != nil {
		return fault.New(fault.NotFound, "seminars.fault.application")
	}
	var a seats.Activity
	words := r.PostFormValue("answer")
	err = m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		if a, err = m.staffActivity(ctx, tx, r, seats.MaySelect); err != nil {
			return err
		}
		return m.AnswerWhy(ctx, tx, seats.AnswerWhy{Activity: a.ID, Application: id, Actor: r.Actor, Words: words})
	})
	wrong, err := web.Invalid(err)
	if err != nil {
		return err
	}
	if wrong != nil {
		return m.applicantAs(r, web.Status(wrong.Code), func(d *applicantData) { d.Answer, d.Fault = words, wrong })
	}
	r.SetFlash("good", "seminars.why.told")
	return r.Redirect(kit.ReadView(r, applicantsOf(r)).To(staffPath(a, "/applicants/"+id.String())))
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
		app, err := seats.ApplicationByID(ctx, tx, o.app)
		if err != nil {
			return err
		}
		if app.Person != r.Actor.Person {
			return fault.New(fault.NotFound, "seminars.fault.application")
		}
		answers, err = m.AnswersOf(ctx, tx, app)
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

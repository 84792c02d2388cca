package seminars

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

// maxForm is the greatest body of an application: its files and some words.
const maxForm = 2*maxUpload + 1<<20

// draftCookie carries the secret of half-filled applications, readable by nobody else.
const draftCookie = "ashar-draft"

// applyRate lets one browser send forty pages of forms in ten minutes, and a
// classroom or a mobile network behind one address a thousand.
var applyRate = web.Rate{Count: 40, Per: 10 * time.Minute, Cookie: draftCookie, Crowd: 25}

func (m *Module) secret(r *web.Request) string {
	if c, err := r.Cookie(draftCookie); err == nil && len(c.Value) == 32 {
		return c.Value
	}
	return ""
}

// giveSecret gives the browser a secret unless it has one.
func (m *Module) giveSecret(r *web.Request) string {
	s := m.secret(r)
	if s == "" {
		s = newSecret()
	}
	http.SetCookie(r.W, &http.Cookie{
		Name: draftCookie, Value: s, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: strings.HasPrefix(m.PublicURL, "https://"), MaxAge: int(draftLife / time.Second),
	})
	return s
}

// showForm shows the form, with what the browser's draft or the person's own
// record knows already.
func (m *Module) showForm(r *web.Request) error {
	secret := m.secret(r)
	d, mine, err := m.readForm(r, secret)
	if err != nil {
		return err
	}
	if !mine.IsZero() {
		return r.Redirect("/my/applications/" + mine.String())
	}
	if d.Admission != Open && d.Admission != LateList {
		return m.closed(r, d)
	}
	if step, err := strconv.Atoi(r.URL.Query().Get("step")); err == nil && step > 0 && step < len(d.Form.steps()) {
		if next, ok := d.Form.nextStep(step, d.Answers); ok && d.Continued {
			d.Step = next
		}
	}
	m.giveSecret(r)
	return r.Page(http.StatusOK, applyPage(r, d))
}

func (m *Module) closed(r *web.Request, d applyData) error {
	if d.Admission == Hidden {
		return fault.New(fault.NotFound, "seminars.fault.activity")
	}
	f := fault.Of(d.Admission.fault(d.Activity))
	if f == nil {
		f = fault.New(fault.NotFound, "seminars.fault.activity")
	}
	return r.Page(web.Status(f.Code), closedPage(r, d.Activity, d.Admission))
}

// readForm gathers what the page needs. mine is the person's application when
// she is signed in and has one.
func (m *Module) readForm(r *web.Request, secret string) (d applyData, mine storage.ID, err error) {
	err = m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
		if d.Activity, err = m.publicActivity(ctx, tx, r); err != nil {
			return err
		}
		if d.Seats, err = seatsOf(ctx, tx, d.Activity); err != nil {
			return err
		}
		if d.Form, err = formOf(ctx, tx, d.Activity); err != nil {
			return err
		}
		d.Admission = admission(d.Activity, d.Seats, tx.Now)
		if d.Sources, err = m.sources(ctx, tx); err != nil {
			return err
		}
		draft, ok, err := openDraft(ctx, tx, d.Activity.ID, secret)
		if err != nil {
			return err
		}
		d.Answers, d.Continued = draft.Answers, ok && draft.Application.IsZero()
		if !r.Actor.SignedIn() {
			return nil
		}
		app, has, err := applicationOf(ctx, tx, d.Activity.ID, r.Actor.Person)
		if err != nil || has {
			mine = app.ID
			return err
		}
		if !d.Continued {
			p, err := m.People.ByID(ctx, tx, r.Actor.Person)
			if err != nil {
				return err
			}
			d.Answers = known(p.Details)
		}
		return nil
	})
	return d, mine, err
}

func (m *Module) sources(ctx context.Context, tx *storage.Tx) (Sources, error) {
	cities, err := m.calendar().Cities(ctx, tx)
	return Sources{Cities: cities, Today: tx.Now}, err
}

// known gives the answers that a person need not type again.
func known(d people.Details) Answers {
	a := Answers{}.clone()
	for key, v := range map[string]string{
		"name": d.FullName, "phone": d.Phone, "email": d.Email, "sex": d.Sex, "age": d.AgeBand, "place": d.City,
		"village": d.Village, "group": d.Group, "level": d.Level, "organisation": d.Organisation, "access": d.AccessNeeds,
	} {
		if v != "" {
			a.Values[key] = []string{v}
		}
	}
	if len(d.Languages) > 0 {
		a.Values["languages"] = d.Languages
	}
	return a
}

// takeForm takes one page of the form: keeps it, asks what is still to be
// asked, or hands the application in.
func (m *Module) takeForm(r *web.Request) error {
	secret := m.giveSecret(r)
	d, mine, err := m.readForm(r, secret)
	if err != nil {
		return err
	}
	if !mine.IsZero() {
		return r.Redirect("/my/applications/" + mine.String())
	}
	if d.Admission != Open && d.Admission != LateList {
		return m.closed(r, d)
	}
	steps := d.Form.steps()
	if d.Step, err = strconv.Atoi(r.PostFormValue("step")); err != nil || d.Step < 0 || d.Step >= len(steps) {
		d.Step = 0
	}
	saving := r.PostFormValue("do") == "save"
	d.Answers = d.Answers.clone()
	var form fault.Form
	var questions []Question
	for _, q := range steps[d.Step] {
		if d.Form.shown(q, d.Answers) {
			questions = append(questions, q)
		}
	}
	files, err := m.uploads(r, questions, &form)
	if err != nil {
		return err
	}
	read(d.Answers, questions, r.PostForm, files, d.Sources, !saving, &form)
	// Known details may stand for a question of an earlier page only.
	if d.Step == 0 && !saving && d.Form.asks(AskPhone) && d.Form.asks(AskEmail) {
		contact(d.Answers, &form)
	}
	d.Fault, d.Continued = fault.Of(form.Err()), false
	if d.Fault != nil {
		return r.Page(http.StatusUnprocessableEntity, applyPage(r, d))
	}
	next, more := d.Form.nextStep(d.Step+1, d.Answers)
	if saving || more {
		if err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) error {
			return m.keepDraft(ctx, tx, d.Activity.ID, secret, d.Answers)
		}); err != nil {
			return err
		}
		if saving {
			r.SetFlash("good", "seminars.apply.saved")
			return r.Redirect("/events/" + d.Activity.Slug + "/apply?step=" + strconv.Itoa(d.Step))
		}
		return r.Redirect("/events/" + d.Activity.Slug + "/apply?step=" + strconv.Itoa(next))
	}
	return m.handIn(r, d, secret)
}

func (m *Module) handIn(r *web.Request, d applyData, secret string) error {
	// Answers to questions that no longer apply are not kept.
	for _, q := range d.Form.Questions {
		if !d.Form.shown(q, d.Answers) {
			delete(d.Answers.Values, q.Key)
			delete(d.Answers.Files, q.Key)
		}
	}
	var handed Handed
	var session string
	err := m.Store.Write(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		session = ""
		handed, err = m.Apply(ctx, tx, Apply{
			Activity: d.Activity, Form: d.Form, Answers: d.Answers, Secret: secret, Lang: r.Lang, Actor: r.Actor,
			Demo: r.Site != nil && r.Site.Demo,
		})
		if err != nil || !handed.Fresh || r.Actor.SignedIn() {
			return err
		}
		session, err = m.People.StartSession(ctx, tx, handed.Application.Person, people.ByApplication)
		return err
	})
	if err != nil {
		f, err := web.Invalid(err)
		if err != nil {
			return err
		}
		if f.Code != fault.Invalid {
			return f
		}
		d.Fault = f
		if step, ok := d.stepOf(f); ok {
			d.Step = step
		}
		return r.Page(http.StatusUnprocessableEntity, applyPage(r, d))
	}
	if session != "" {
		http.SetCookie(r.W, m.People.Cookie(session))
	}
	if session != "" || handed.Application.Person == r.Actor.Person && r.Actor.SignedIn() {
		r.SetFlash("good", "seminars.apply.done")
		return r.Redirect("/my/applications/" + handed.Application.ID.String())
	}
	return r.Redirect("/events/" + d.Activity.Slug + "/applied")
}

// stepOf finds the page that holds the first wrong field.
func (d applyData) stepOf(f *fault.Error) (int, bool) {
	for i, questions := range d.Form.steps() {
		for _, q := range questions {
			if len(f.At(q.field())) > 0 {
				return i, true
			}
		}
	}
	return 0, false
}

// applied tells a browser that has not proven who it is that all went well.
func (m *Module) applied(r *web.Request) error {
	var a Activity
	if err := m.Store.Read(r.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
		a, err = m.publicActivity(ctx, tx, r)
		return err
	}); err != nil {
		return err
	}
	return r.Page(http.StatusOK, handedPage(r, a))
}

// uploads reads the files that were given to questions; a wrong one is noted at its field.
func (m *Module) uploads(r *web.Request, questions []Question, form *fault.Form) (map[string]Upload, error) {
	out := map[string]Upload{}
	if r.MultipartForm == nil {
		return out, nil
	}
	for _, q := range questions {
		headers := r.MultipartForm.File[q.field()]
		if q.Kind != AskFile || len(headers) == 0 || headers[0].Size == 0 {
			continue
		}
		up, err := readUpload(q.field(), headers[0])
		if err != nil {
			if err := form.Join(err); err != nil {
				return nil, err
			}
			continue
		}
		out[q.Key] = up
	}
	return out, nil
}

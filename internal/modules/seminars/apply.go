package seminars

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web/effort"
	"platforma.kg/ashar/internal/spine/people"
)

// Apply hands an application in. The answers were read from the form.
type Apply struct {
	Activity Activity
	Form     Form // that was answered; read when it has no questions
	Answers  Answers
	Secret   string // of the draft; makes a second tap find the first
	Lang     i18n.Language
	Actor    access.Actor
	Demo     bool
	Effort   effort.Given // what came with the form, for a rush
}

// Handed is what became of it.
type Handed struct {
	Application Application
	Fresh       bool // this form made the person, so the browser may be hers
	Again       bool // there was an application already; this one changed nothing
}

// Apply checks that the activity takes applications now, finds or makes the
// person, and makes her application: confirmed at once where the first to come
// is served, on the waiting list when that is full or the deadline has passed.
//
// Faults: those of the fields; TooEarly, TooLate, Forbidden (by invitation
// only), Gone (cancelled); effort.Refused in a rush.
func (m *Module) Apply(ctx context.Context, tx *storage.Tx, cmd Apply) (Handed, error) {
	a := cmd.Activity
	if cmd.Secret != "" {
		d, ok, err := openDraft(ctx, tx, a.ID, cmd.Secret)
		if err != nil {
			return Handed{}, err
		}
		if ok && !d.Application.IsZero() {
			app, err := applicationByID(ctx, tx, d.Application)
			return Handed{Application: app, Fresh: d.Fresh, Again: true}, err
		}
	}
	s, err := seatsOf(ctx, tx, a)
	if err != nil {
		return Handed{}, err
	}
	how := admission(a, s, tx.Now)
	if err := how.fault(a); err != nil {
		return Handed{}, err
	}
	if err := m.askedForEffort(ctx, tx, cmd, s, how); err != nil {
		return Handed{}, err
	}
	if !s.open {
		if err := openSeminar(ctx, tx, a.ID, a.Capacity); err != nil {
			return Handed{}, err
		}
	}
	form := cmd.Form
	if len(form.Questions) == 0 {
		if form, err = formOf(ctx, tx, a); err != nil {
			return Handed{}, err
		}
	}
	p, fresh, err := m.applicant(ctx, tx, cmd)
	if err != nil {
		return Handed{}, err
	}
	plain, err := cmd.Answers.encode()
	if err != nil {
		return Handed{}, err
	}
	app, made, err := m.beginWith(ctx, tx, p, Application{
		Activity: a.ID, Person: p.ID, Answers: p.Seal(plain), FormVersion: form.Version,
	}, p.ID, "seminars.why.applied")
	if err != nil {
		return Handed{}, err
	}
	if !made {
		return Handed{Application: app, Fresh: fresh, Again: true}, closeDraft(ctx, tx, a.ID, cmd.Secret, app.ID, fresh)
	}
	for _, q := range form.Questions {
		if q.Kind == AskConsent && form.shown(q, cmd.Answers) {
			given := cmd.Answers.First(q.Key) == "on"
			if err := m.People.SetConsentIn(ctx, tx, p.ID, p.Lang, "seminars."+q.Key, strconv.FormatInt(form.Version, 10), given); err != nil {
				return Handed{}, err
			}
		}
	}
	if err := closeDraft(ctx, tx, a.ID, cmd.Secret, app.ID, fresh); err != nil {
		return Handed{}, err
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: p.ID, Person: p.ID, Action: "seminars.audit.applied", Object: a.ID}); err != nil {
		return Handed{}, err
	}
	switch {
	case how == LateList:
		app, err = m.move(ctx, tx, app, Waitlisted, storage.ID{}, "seminars.why.late")
	case s.FirstCome:
		app, err = m.seatOrWait(ctx, tx, app)
	default:
		err = m.send(ctx, tx, a, p, app, "seminars.received", tellKey(app, "seminars.received"))
	}
	m.news(tx, a.ID)
	return Handed{Application: app, Fresh: fresh}, err
}

// seatOrWait gives a seat at once, or a place on the waiting list when there is
// none, or when others wait already.
func (m *Module) seatOrWait(ctx context.Context, tx *storage.Tx, app Application) (Application, error) {
	_, others, err := nextWaiting(ctx, tx, app.Activity)
	if err != nil {
		return app, err
	}
	if !others {
		confirmed, err := m.move(ctx, tx, app, Confirmed, storage.ID{}, "seminars.why.first_come")
		if !fault.Is(err, fault.Full) {
			return confirmed, err
		}
	}
	return m.move(ctx, tx, app, Waitlisted, storage.ID{}, "seminars.why.full")
}

// applicant gives the person who applies: who is signed in, or who is known by
// the same contact, or a new one. What is known of a known person is not
// overwritten by somebody who merely types her address; her answers are kept
// with the application.
func (m *Module) applicant(ctx context.Context, tx *storage.Tx, cmd Apply) (p people.Person, fresh bool, err error) {
	d := details(cmd.Answers, cmd.Activity)
	d.Lang, d.Demo = cmd.Lang, cmd.Demo
	if cmd.Actor.SignedIn() {
		have, err := m.People.ByID(ctx, tx, cmd.Actor.Person)
		if err != nil {
			return p, false, err
		}
		if err := m.People.Update(ctx, tx, have.ID, fillIn(have.Details, d)); err != nil {
			return p, false, fields(err)
		}
		p, err = m.People.ByID(ctx, tx, have.ID)
		return p, false, err
	}
	p, fresh, err = m.People.Register(ctx, tx, d)
	return p, fresh, fields(err)
}

// details takes the person's own fields out of the answers.
func details(a Answers, activity Activity) people.Details {
	d := people.Details{
		FullName: a.First("name"), Phone: a.First("phone"), Email: a.First("email"),
		Sex: a.First("sex"), AgeBand: a.First("age"), City: a.First("place"), Village: a.First("village"),
		Group: a.First("group"), Level: a.First("level"), Organisation: a.First("organisation"),
		Languages: slices.Clone(a.Values["languages"]), AccessNeeds: a.First("access"),
	}
	if d.Group == "" {
		d.Group = activity.Group
	}
	return d
}

// fillIn adds to what is known what was answered now.
func fillIn(have, now people.Details) people.Details {
	for _, f := range []struct{ to, from *string }{
		{&have.FullName, &now.FullName},
		{&have.Phone, &now.Phone},
		{&have.Email, &now.Email},
		{&have.Sex, &now.Sex},
		{&have.AgeBand, &now.AgeBand},
		{&have.City, &now.City},
		{&have.Village, &now.Village},
		{&have.Level, &now.Level},
		{&have.Organisation, &now.Organisation},
		{&have.AccessNeeds, &now.AccessNeeds},
	} {
		if *f.from != "" {
			*f.to = *f.from
		}
	}
	if have.Group == "" {
		have.Group = now.Group
	}
	if len(now.Languages) > 0 {
		have.Languages = now.Languages
	}
	return have
}

// ownFields names, for each field of spine/people, the question that asks for it.
var ownFields = map[string]string{
	"full_name": "name", "fullname": "name", "name": "name", "phone": "phone", "email": "email", "sex": "sex",
	"birth_year": "age", "age_band": "age", "age": "age", "city": "place", "village": "village", "group": "group",
	"level": "level", "organisation": "organisation", "languages": "languages", "access_needs": "access", "access": "access",
}

// fields turns a fault at a field of the person into one at the question of this form.
func fields(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.Invalid {
		return err
	}
	list := f.Fields
	if len(list) == 0 {
		list = []*fault.Error{f}
	}
	var form fault.Form
	for _, e := range list {
		if key, ok := ownFields[strings.ToLower(e.Field)]; ok {
			form.Add(Question{Key: key}.field(), e.Key, e.Args)
		} else {
			form.Add("", e.Key, e.Args)
		}
	}
	return form.Err()
}

// contact notes a fault when there is no way to reach the person.
func contact(a Answers, form *fault.Form) {
	if a.First("phone") == "" && a.First("email") == "" {
		form.Add("q_phone", "seminars.fault.contact")
	}
}

// beforeStart is the earlier of an instant and the start of the activity.
func beforeStart(at time.Time, a Activity) time.Time {
	if !a.Starts.IsZero() && a.Starts.Before(at) {
		return a.Starts
	}
	return at
}

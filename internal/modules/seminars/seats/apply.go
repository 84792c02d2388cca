package seats

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web/effort"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/people"
)

// Apply hands an application in, with everything that she wrote on all pages of the form.
type Apply struct {
	Activity storage.ID
	Answers  forms.Answers // as they came; Apply judges them
	Secret   string        // of the draft
	Mark     string        // of the draft that the form was drawn for, DraftMark of Secret when empty
	Lang     i18n.Language
	Actor    access.Actor
	Demo     bool
	Effort   effort.Given // what came with the form, for a rush

	ready *ready // see Prepare
}

// ready is what was made of the command before its transaction began, to be used where
// the transaction finds what it was made from.
type ready struct {
	form     forms.Form
	group    string // of the activity, for the usual form
	sources  forms.Sources
	answers  forms.Answers
	newcomer *people.Newcomer
	sealed   []byte // the answers, under the newcomer's key
}

// judged gives the answers as they were judged by this form, with these values to choose
// from; ok is false when they were judged by another, or not at all.
func (r *ready) judged(form forms.Form, group string, s forms.Sources) (_ forms.Answers, ok bool) {
	if r == nil || r.form.Ref() != form.Ref() || r.group != group || !r.sources.Same(s) {
		return forms.Answers{}, false
	}
	return r.answers, true
}

// who gives the newcomer who is ready, nil for none.
func (r *ready) who() *people.Newcomer {
	if r == nil {
		return nil
	}
	return r.newcomer
}

// Handed is what became of it.
type Handed struct {
	Application Application
	Again       bool // the application was there already, see Replaced
	Replaced    bool // its answers are those of this form now
}

// applying is an application on its way: the command, with what was read for it in its
// own transaction. Its answers are judged.
type applying struct {
	Apply
	Activity Activity
	id       storage.ID // of the application that it becomes
	closed   bool       // its drafts are noted to have become that
	judged   bool       // the answers are those that are ready
}

// details gives the person as the form describes her.
func (cmd applying) details() people.Details {
	d := DetailsOf(cmd.Answers, cmd.Activity)
	d.Lang, d.Demo = cmd.Lang, cmd.Demo
	return d
}

// Prepare seals who applies before the transaction begins, as far as the page knows what
// will be found good. Apply judges anew; where it finds otherwise, or finds a fault, what
// was prepared is not used.
func (m *Service) Prepare(cmd *Apply, a Activity, form forms.Form, s forms.Sources, now time.Time) {
	if cmd.Actor.SignedIn() {
		return
	}
	answers, err := form.Validate(cmd.Answers, s)
	if err != nil {
		return
	}
	judged := *cmd
	judged.Answers = answers
	newcomer, err := m.People.Prepare(applying{Apply: judged, Activity: a}.details(), now)
	if err != nil {
		return
	}
	plain, err := answers.Encode()
	if err != nil {
		return
	}
	cmd.ready = &ready{form: form, group: a.Group, sources: s, answers: answers, newcomer: newcomer, sealed: newcomer.Seal(plain)}
}

// Apply checks that the activity takes applications now, judges the answers to the
// whole form as it is now, and makes an application: confirmed at once where the first to come is served, on the waiting list when that is
// full or the deadline has passed.
//
// Who is signed in applies with her own record. Everybody else gets a new one, with
// contacts that are typed and not proven: nobody is looked up, so that neither the page
// nor what is stored tells who is known. The same draft with the same name and contacts
// is a second tap and replaces the answers; with others it is another person at the
// same computer.
//
// Faults: those of the fields; TooEarly, TooLate, Forbidden (by invitation
// only), Gone (cancelled); effort.Refused in a rush.
func (m *Service) Apply(ctx context.Context, tx *storage.Tx, asked Apply) (Handed, error) {
	a, err := m.Schedule().Held(ctx, tx, asked.Activity)
	if err != nil {
		return Handed{}, err
	}
	cmd := applying{Apply: asked, Activity: a, id: tx.NewID()}
	s, err := SeatsOf(ctx, tx, a)
	if err != nil {
		return Handed{}, err
	}
	how := AdmissionOf(a, s, tx.Now)
	if err := how.Fault(a); err != nil {
		return Handed{}, err
	}
	form, err := m.FormOf(ctx, tx, a)
	if err != nil {
		return Handed{}, err
	}
	if err := m.judgeAnswers(ctx, tx, &cmd, form); err != nil {
		return Handed{}, err
	}
	if again, done, err := m.secondTap(ctx, tx, &cmd, form); err != nil || done {
		return again, err
	}
	if err := m.askedForEffort(ctx, tx, cmd, s, how); err != nil {
		return Handed{}, err
	}
	if !s.open {
		if err := OpenSeminar(ctx, tx, a.ID, a.Capacity); err != nil {
			return Handed{}, err
		}
	}
	p, err := m.applicant(ctx, tx, cmd)
	if err != nil {
		return Handed{}, err
	}
	app := Application{ID: cmd.id, Activity: a.ID, Person: p.ID, Form: form.ID}
	if app.Answers, err = cmd.sealed(p); err != nil {
		return Handed{}, err
	}
	if cmd.Actor.SignedIn() {
		app.Proven = tx.Now
	}
	app, made, err := m.BeginWith(ctx, tx, p, app, p.ID, "seminars.why.applied")
	if err != nil {
		return Handed{}, err
	}
	if !made {
		return Handed{Application: app, Again: true}, cmd.closeDraft(ctx, tx, app.ID)
	}
	if err := m.Consents(ctx, tx, p, cmd.Lang, form, cmd.Answers); err != nil {
		return Handed{}, err
	}
	if err := cmd.closeDraft(ctx, tx, app.ID); err != nil {
		return Handed{}, err
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: p.ID, Person: p.ID, Action: "seminars.audit.applied", Object: a.ID}); err != nil {
		return Handed{}, err
	}
	app, err = m.receive(ctx, tx, cmd, how, s, p, app)
	m.News(tx, a.ID)
	return Handed{Application: app}, err
}

// sealed gives the answers under the person's key.
func (cmd applying) sealed(p people.Person) ([]byte, error) {
	if cmd.judged && cmd.ready.newcomer.Is(p) {
		return cmd.ready.sealed, nil
	}
	plain, err := cmd.Answers.Encode()
	if err != nil {
		return nil, err
	}
	return p.Seal(plain), nil
}

// receive gives a new application its first place, and sends the letter about it. What
// a form without a sign-in may send to an address is bounded.
func (m *Service) receive(ctx context.Context, tx *storage.Tx, cmd applying, how Admission, s Seminar, p people.Person, app Application) (Application, error) {
	stranger := !cmd.Actor.SignedIn()
	byLetter := p.Email != ""
	quiet := *m
	if stranger && m.Messages != nil {
		may, err := m.People.MayWrite(ctx, tx, p.Email)
		if err != nil {
			return app, err
		}
		if !may {
			quiet.Messages = silentFor{p.ID, m.Messages}
		}
	}
	switch {
	case how == LateList:
		return quiet.Move(ctx, tx, app, Waitlisted, storage.ID{}, "seminars.why.late")
	case s.FirstCome:
		app, err := quiet.seatOrWait(ctx, tx, app)
		if err == nil && stranger && app.State == Confirmed {
			app, err = m.holdSeat(ctx, tx, app, byLetter)
		}
		return app, err
	}
	return app, quiet.send(ctx, tx, cmd.Activity, p, app, "seminars.received", TellKey(app, "seminars.received"))
}

// Consents notes the answers to the questions that ask for a consent.
func (m *Service) Consents(ctx context.Context, tx *storage.Tx, p people.Person, lang i18n.Language, form forms.Form, answers forms.Answers) error {
	if lang == "" {
		lang = p.Lang
	}
	return form.Consents(ctx, tx, m.People, "seminars", p.ID, lang, answers)
}

// seatOrWait gives a seat at once, or a place on the waiting list when there is
// none, or when others wait already.
func (m *Service) seatOrWait(ctx context.Context, tx *storage.Tx, app Application) (Application, error) {
	_, others, err := nextWaiting(ctx, tx, app.Activity)
	if err != nil {
		return app, err
	}
	if !others {
		confirmed, err := m.Move(ctx, tx, app, Confirmed, storage.ID{}, "seminars.why.first_come")
		if !fault.Is(err, fault.Full) {
			return confirmed, err
		}
	}
	return m.Move(ctx, tx, app, Waitlisted, storage.ID{}, "seminars.why.full")
}

// applicant gives the person who applies: who is signed in, or a new one. What is new
// of who is signed in is kept with her; an address or number that her record lacks is
// added as typed, and one that it has is changed on her own page alone.
func (m *Service) applicant(ctx context.Context, tx *storage.Tx, cmd applying) (people.Person, error) {
	d := cmd.details()
	if !cmd.Actor.SignedIn() {
		if d.Phone == "" && d.Email == "" { // nobody could ever answer her
			return people.Person{}, fault.At("q_phone", "forms.fault.contact")
		}
		p, err := m.People.RegisterPrepared(ctx, tx, d, cmd.ready.who())
		return p, forms.AtQuestions(err)
	}
	have, err := m.People.ByID(ctx, tx, cmd.Actor.Person)
	if err != nil {
		return have, err
	}
	if err := m.People.Update(ctx, tx, have.ID, forms.FillIn(have.Details, d)); err != nil {
		return have, forms.AtQuestions(err)
	}
	for _, c := range []people.ChangeContact{{Kind: people.EmailContact, Value: d.Email}, {Kind: people.PhoneContact, Value: d.Phone}} {
		if c.Value == "" || c.Kind == people.EmailContact && have.Email != "" || c.Kind == people.PhoneContact && have.Phone != "" {
			continue
		}
		c.Person, c.By = have.ID, have.ID
		if err := m.People.ChangeContact(ctx, tx, c); err != nil {
			return have, forms.AtQuestions(err)
		}
	}
	return m.People.ByID(ctx, tx, have.ID)
}

// DetailsOf takes the fields of the person out of the answers.
func DetailsOf(a forms.Answers, activity Activity) people.Details {
	d := a.Details()
	if d.Group == "" {
		d.Group = activity.Group
	}
	return d
}

// beforeStart is the earlier of an instant and the start of the activity.
func beforeStart(at time.Time, a Activity) time.Time {
	if !a.Starts.IsZero() && a.Starts.Before(at) {
		return a.Starts
	}
	return at
}

package followup

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/people"
)

// kept is what is kept of one application.
type kept struct {
	Form     storage.ID // the version that was answered, zero for the ready questions
	box      []byte     // sealed
	Version  int64      // grows with each answer, 0 while there is none
	Answered time.Time  // first, zero while she has not
	Changed  time.Time  // last
	Asked    time.Time  // last, zero while she was not
	Again    time.Time  // when the house asked her once more, zero while it has not
}

const keptColumns = `form_version_id, answers, version, answered_at, changed_at, asked_at, again_at`

func scanKept(row storage.Scanner) (k kept, err error) {
	var answered, changed, asked, again int64
	err = row.Scan(&k.Form, &k.box, &k.Version, &answered, &changed, &asked, &again)
	k.Answered, k.Changed = storage.Instant(answered), storage.Instant(changed)
	k.Asked, k.Again = storage.Instant(asked), storage.Instant(again)
	return k, err
}

// keptOf reads what is kept of an application; the zero value where there is nothing.
func keptOf(ctx context.Context, tx *storage.Tx, application storage.ID) (kept, error) {
	k, err := storage.One(ctx, tx, scanKept, `SELECT `+keptColumns+`
		FROM followup_answer
		WHERE application_id = $1`, application)
	if errors.Is(err, sql.ErrNoRows) {
		return kept{}, nil
	}
	return k, err
}

// answersOf opens what she answered, empty while she has not.
func (m *Module) answersOf(ctx context.Context, tx *storage.Tx, person storage.ID, k kept) (forms.Answers, error) {
	if len(k.box) == 0 {
		return forms.Answers{}.Clone(), nil
	}
	plain, err := m.People.Unseal(ctx, tx, person, k.box)
	if err != nil {
		return forms.Answers{}.Clone(), err
	}
	return forms.Decode(plain)
}

// saidYesAt is when she got the seat that she has.
func saidYesAt(ctx context.Context, tx *storage.Tx, application storage.ID) (time.Time, error) {
	var at sql.NullInt64
	err := tx.QueryRow(ctx, `SELECT MAX(at)
		FROM application_move
		WHERE application_id = $1 AND to_state = 'confirmed'`, application).Scan(&at)
	return storage.Instant(at.Int64), err
}

// Asking is one application and what it is asked.
type Asking struct {
	Activity seats.Activity
	App      seats.Application
	Rules    Rules
	Closes   time.Time // until when she may answer
	Form     forms.Form
	Sources  forms.Sources
	kept
}

// Refusal tells why she cannot answer now; nil when she can.
//
// Faults: NotFound where nothing is asked; Gone when the activity is cancelled; Conflict for
// who has no seat; TooLate after the deadline.
func (k Asking) Refusal(now time.Time) error {
	if err := k.Rules.open(k.Activity, now); err != nil {
		return err
	}
	switch {
	case k.App.State != seats.Confirmed:
		return fault.New(fault.Conflict, "followup.fault.no_seat")
	case !now.Before(k.Closes):
		return fault.New(fault.TooLate, "followup.fault.closed")
	}
	return nil
}

// Open reports whether she may answer now.
func (k Asking) Open(now time.Time) bool { return k.Refusal(now) == nil }

// AskingOf reads what an application is asked, as it is now. NotFound.
func (m *Module) AskingOf(ctx context.Context, tx *storage.Tx, application storage.ID) (k Asking, err error) {
	if k.App, err = seats.ApplicationByID(ctx, tx, application); err != nil {
		return k, err
	}
	if k.Activity, err = m.ActivityByID(ctx, tx, k.App.Activity); err != nil {
		return k, err
	}
	return k, m.fill(ctx, tx, &k)
}

func (m *Module) fill(ctx context.Context, tx *storage.Tx, k *Asking) (err error) {
	if k.Rules, err = RulesOf(ctx, tx, k.Activity.ID); err != nil || !k.Rules.Asks {
		return err
	}
	yes, err := saidYesAt(ctx, tx, k.App.ID)
	if err != nil {
		return err
	}
	k.Closes = k.Rules.closes(k.Activity, m.Service.Goes(yes, k.Activity))
	if k.kept, err = keptOf(ctx, tx, k.App.ID); err != nil {
		return err
	}
	if k.Form, err = Questions.Now(ctx, tx, Owner(k.Activity)); err != nil {
		return err
	}
	k.Sources, err = m.Sources(ctx, tx)
	return err
}

// Answer is what she answers.
type Answer struct {
	Application storage.ID
	Actor       access.Actor
	Link        bool          // a link of a letter or the browser that applied was judged to be hers
	Version     int64         // of her answers as the page saw them, 0 for none
	Answers     forms.Answers // to the questions of now; with the versions that the page was drawn of
	Photo       string        // the mark of the consent to photos that the page showed, see PhotoMark
	Lang        i18n.Language // in which she read it
}

// Answer judges the whole form as it is now and keeps it, in place of what she answered before.
// A link of a letter writes and reads nothing: to photos she agrees, or does not, signed in.
// It gives false when nothing is different.
//
// Faults: NotFound for whoever is not she and has no link, and where nothing is asked; Gone when
// the activity is cancelled; TooLate after the deadline; Conflict for who has no seat, and
// when her answers or her consent are others by now; Invalid with a fault for each field.
func (m *Module) Answer(ctx context.Context, tx *storage.Tx, cmd Answer) (changed bool, err error) {
	app, err := seats.ApplicationByID(ctx, tx, cmd.Application)
	if err != nil {
		return false, err
	}
	herself := cmd.Actor.SignedIn() && app.Person == cmd.Actor.Person
	if !herself && !cmd.Link {
		return false, fault.New(fault.NotFound, "seminars.fault.application")
	}
	if _, err := m.Schedule().Held(ctx, tx, app.Activity); err != nil {
		return false, err
	}
	k, err := m.AskingOf(ctx, tx, app.ID)
	if err != nil {
		return false, err
	}
	if err := k.Refusal(tx.Now); err != nil {
		return false, err
	}
	if k.Version != cmd.Version {
		return false, fault.New(fault.Conflict, "followup.fault.changed")
	}
	form := k.Form
	if !herself {
		form = withoutPhoto(form)
	}
	now, wrong := form.Validate(cmd.Answers, k.Sources)
	wrong = checkNights(form, now, wrong)
	if err := Questions.SameWords(ctx, tx, Owner(k.Activity), form, cmd.Answers, now, wrong); err != nil {
		return false, err
	}
	agreed, err := m.agree(ctx, tx, cmd, form, app.Person, now)
	if err != nil {
		return false, err
	}
	delete(now.Values, string(forms.AskPhoto)) // it stands with her consents alone
	now.Asked = nil
	if herself && k.Version > 0 && k.Form.ID == k.kept.Form {
		before, err := m.answersOf(ctx, tx, app.Person, k.kept)
		if err != nil || same(before, now) {
			return agreed, err
		}
	}
	plain, err := now.Encode()
	if err != nil {
		return false, err
	}
	box, err := m.People.Seal(ctx, tx, app.Person, plain)
	if err != nil {
		return false, err
	}
	if err := beginRow(ctx, tx, app); err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `UPDATE followup_answer
		SET answers = $3, form_version_id = $4, version = version + 1, changed_at = $5,
			answered_at = CASE WHEN answered_at = 0 THEN $5 ELSE answered_at END
		WHERE application_id = $1 AND version = $2`, app.ID, cmd.Version, box, form.ID, storage.Micros(tx.Now))
	if err != nil {
		return false, err
	}
	if n == 0 {
		return false, fault.New(fault.Conflict, "followup.fault.changed")
	}
	if err := planForgetting(ctx, tx, k.Rules.forgets(k.Activity)); err != nil {
		return false, err
	}
	m.News(tx, k.Activity.ID)
	return true, audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Person: app.Person, Action: "followup.audit.answered", Object: k.Activity.ID})
}

// beginRow makes the row of an application where there is none.
func beginRow(ctx context.Context, tx *storage.Tx, app seats.Application) error {
	_, err := tx.Exec(ctx, `INSERT INTO followup_answer (application_id, person_id, version)
		VALUES ($1, $2, 0)
		ON CONFLICT (application_id) DO NOTHING`, app.ID, app.Person)
	return err
}

// same reports whether two answers to one form say the same.
func same(a, b forms.Answers) bool {
	if len(a.Values) != len(b.Values) {
		return false
	}
	for key, values := range a.Values {
		if !slices.Equal(values, b.Values[key]) {
			return false
		}
	}
	return true
}

// PhotoMark names what the house knows of a consent to photos, with the words in which it asks
// for it: a page carries it, so that a yes is to the words that were read, and an old page
// brings back nothing that she took back since.
func (m *Module) PhotoMark(c people.Consent, said bool) string {
	mark := "none"
	if said && c.Given {
		mark = "yes"
	} else if said {
		mark = "no"
	}
	return mark + " " + m.People.WordingVersion(people.ForPhoto)
}

// photo reads her consent to photos; said is false while she has said nothing.
func (m *Module) photo(ctx context.Context, tx *storage.Tx, person storage.ID) (c people.Consent, said bool, err error) {
	all, err := m.People.ConsentOf(ctx, tx, people.ForPhoto, []storage.ID{person})
	c, said = all[person]
	return c, said, err
}

// agree notes the consent to photos when it is another one than before, in the words of the house.
func (m *Module) agree(ctx context.Context, tx *storage.Tx, cmd Answer, form forms.Form, person storage.ID, now forms.Answers) (bool, error) {
	q, asked := form.Question(string(forms.AskPhoto))
	if !asked || !form.Applies(q, now) {
		return false, nil
	}
	c, said, err := m.photo(ctx, tx, person)
	if err != nil {
		return false, err
	}
	if m.PhotoMark(c, said) != cmd.Photo {
		return false, fault.New(fault.Conflict, "followup.fault.photo_changed")
	}
	given := now.First(q.Key) == "on"
	if said && c.Given == given && (!given || c.Current()) {
		return false, nil
	}
	return true, m.People.Consent(ctx, tx, people.SayConsent{Person: person, Purpose: people.ForPhoto, Lang: cmd.Lang, Given: given})
}

// withoutPhoto is what a link asks: no consent, since it does not tell who reads.
func withoutPhoto(f forms.Form) forms.Form {
	f.Questions = slices.DeleteFunc(slices.Clone(f.Questions), func(q forms.Question) bool { return q.Key == string(forms.AskPhoto) })
	return f
}

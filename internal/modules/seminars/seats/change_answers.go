package seats

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/programme"
)

// ChangeAnswers changes what somebody answered when she applied.
type ChangeAnswers struct {
	Application storage.ID
	Actor       access.Actor
	Version     int64         // of the application that the page was drawn of
	Answers     forms.Answers // to the questions of forms.Form.Amendable
	Lang        i18n.Language // in which they were read
}

// MayChangeAnswers reports whether answers may be changed: until the deadline, or the start
// where there is none, by who waits for a decision, waits in line, or comes. An invitation is
// answered first.
func MayChangeAnswers(a Activity, app Application, now time.Time) bool {
	until := a.Starts
	if !a.Deadline.IsZero() {
		until = beforeStart(a.Deadline, a)
	}
	if a.State != programme.Published || !now.Before(until) {
		return false
	}
	switch app.State {
	case Applied, Shortlisted, Waitlisted, Confirmed:
		return true
	}
	return false
}

// ChangeAnswers judges the answers by the form that she answered, and keeps them. Who she is
// and what she agreed to stay as they are; a consent that is asked for by what she answers now
// is noted. Nothing happens when nothing is different. It gives
// the application as it is then.
//
// Faults: NotFound for whoever is not signed in as her; TooLate once MayChangeAnswers says no;
// Conflict when the application is another by now; Invalid with a fault for each field.
func (m *Service) ChangeAnswers(ctx context.Context, tx *storage.Tx, cmd ChangeAnswers) (Application, error) {
	app, err := ApplicationByID(ctx, tx, cmd.Application)
	if err == nil && (!cmd.Actor.SignedIn() || app.Person != cmd.Actor.Person) {
		err = fault.New(fault.NotFound, "seminars.fault.application")
	}
	if err != nil {
		return app, err
	}
	a, err := m.Schedule().Held(ctx, tx, app.Activity)
	if err != nil {
		return app, err
	}
	switch {
	case !MayChangeAnswers(a, app, tx.Now):
		return app, fault.New(fault.TooLate, "seminars.fault.answers_closed")
	case app.Version != cmd.Version:
		return app, fault.New(fault.Conflict, "seminars.fault.changed")
	}
	form, err := m.AnsweredForm(ctx, tx, a, app)
	if err != nil {
		return app, err
	}
	sources, err := m.Sources(ctx, tx)
	if err != nil {
		return app, err
	}
	before, err := m.AnswersOf(ctx, tx, app)
	if err != nil {
		return app, err
	}
	now, changed, err := form.Amend(before, cmd.Answers, sources)
	if err != nil || !changed {
		return app, err
	}
	plain, err := now.Encode()
	if err != nil {
		return app, err
	}
	if app.Answers, err = m.People.Seal(ctx, tx, app.Person, plain); err != nil {
		return app, err
	}
	n, err := tx.Exec(ctx, `UPDATE application
		SET answers = $3, answers_changed_at = $4, changed_at = $4, version = version + 1
		WHERE id = $1 AND version = $2`, app.ID, app.Version, app.Answers, storage.Micros(tx.Now))
	if err != nil {
		return app, err
	}
	if n == 0 {
		return app, fault.New(fault.Conflict, "seminars.fault.changed")
	}
	app.Version++
	app.Changed = tx.Now
	if err := form.NewConsents(ctx, tx, m.People, "seminars", app.Person, cmd.Lang, before, now); err != nil {
		return app, err
	}
	m.News(tx, a.ID)
	return app, audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Person: app.Person, Action: "seminars.audit.answers", Object: a.ID})
}

// AnswersChanged is when an applicant changed her answers last, zero for never.
func AnswersChanged(ctx context.Context, tx *storage.Tx, application storage.ID) (time.Time, error) {
	var at int64
	err := tx.QueryRow(ctx, `SELECT answers_changed_at FROM application WHERE id = $1`, application).Scan(&at)
	if err != nil || at == 0 {
		return time.Time{}, err
	}
	return storage.Instant(at), nil
}

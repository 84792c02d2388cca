package mailing

import (
	"cmp"
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Plan decides that a draft goes.
type Plan struct {
	Actor    access.Actor
	Activity storage.ID
	Mailing  storage.ID
	Version  int64     // of the draft that was seen
	At       time.Time // zero: when Goes says
	Night    bool      // also between NightFrom and NightUntil
}

// Plan fixes whom a draft goes to and when. Until then it can be taken back. Two who plan at
// once plan it once.
//
// Faults: Forbidden; NotFound; Gone when the activity is cancelled; Invalid at "at" and at the
// texts that are missing, and when nobody is chosen or nothing reaches any; TooLarge beyond
// MostRecipients; Limited beyond MostADay; Conflict when the draft was changed or is planned.
func (m *Service) Plan(ctx context.Context, tx *storage.Tx, cmd Plan) (Mailing, error) {
	a, err := m.Schedule().Held(ctx, tx, cmd.Activity)
	if err != nil {
		return Mailing{}, err
	}
	v, err := m.of(ctx, tx, cmd.Actor, a, cmd.Mailing)
	if err != nil {
		return v, err
	}
	if err := open(a); err != nil {
		return v, err
	}
	due, err := m.when(tx.Now, a, cmd.At, cmd.Night)
	if err != nil {
		return v, err
	}
	n, err := m.claim(ctx, tx, v, cmd.Version, due)
	if err != nil {
		return v, err
	}
	if n == 0 {
		return v, fault.New(fault.Conflict, "seminars.mailing.fault.changed")
	}
	if at, is := v.Words.empty(a); is {
		return v, fault.New(fault.Invalid, "seminars.mailing.fault.empty", fault.Args{"variable": at})
	}
	c, err := m.crowd(ctx, tx, a, v.Chosen, v.Words)
	if err != nil {
		return v, err
	}
	switch {
	case len(c.Reached()) == 0:
		return v, fault.New(fault.Invalid, "seminars.mailing.fault.nobody")
	case len(c.Readers) > cmp.Or(m.Most, MostRecipients):
		return v, fault.New(fault.TooLarge, "seminars.mailing.fault.many", fault.Args{"count": MostRecipients})
	case len(c.Unwritten) > 0:
		return v, fault.New(fault.Invalid, "seminars.mailing.fault.unwritten")
	}
	ids := make([]storage.ID, len(c.Readers))
	for i, r := range c.Readers {
		ids[i] = r.ID
	}
	return m.planned(ctx, tx, cmd.Actor, a, v.ID, ids, due)
}

// claim takes a draft for whoever plans it first.
func (m *Service) claim(ctx context.Context, tx *storage.Tx, v Mailing, version int64, due time.Time) (int64, error) {
	v.Version = version
	if m.Claim != nil {
		return m.Claim(ctx, tx, v, due)
	}
	return tx.Exec(ctx, `UPDATE mailing SET state = 'waiting', planned_at = $3, due_at = $4
		WHERE id = $1 AND version = $2 AND state = 'draft'`, v.ID, version, storage.Micros(tx.Now), storage.Micros(due))
}

// planned keeps whom a mailing goes to, and asks for the job that makes its letters.
func (m *Service) planned(ctx context.Context, tx *storage.Tx, actor access.Actor, a seats.Activity, id storage.ID, to []storage.ID, due time.Time) (Mailing, error) {
	n := 0
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM mailing
		WHERE activity_id = $1 AND planned_at >= $2 AND state <> 'taken_back'`, a.ID, storage.Micros(dayOf(tx.Now))).Scan(&n); err != nil {
		return Mailing{}, err
	}
	if n > MostADay { // it is counted itself
		return Mailing{}, fault.New(fault.Limited, "seminars.mailing.fault.a_day", fault.Args{"count": MostADay})
	}
	if err := keep(ctx, tx, id, to); err != nil {
		return Mailing{}, err
	}
	if err := jobs.Enqueue(ctx, tx, jobs.Job{Kind: jobKind, Payload: ask{id}, Key: id.String(), After: due}); err != nil {
		return Mailing{}, err
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: actor.Person, Action: "seminars.audit.mailing_planned", Object: a.ID}); err != nil {
		return Mailing{}, err
	}
	m.News(tx, a.ID)
	return byID(ctx, tx, id)
}

func dayOf(t time.Time) time.Time {
	t = t.In(i18n.Bishkek())
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// Goes is when a mailing goes for which nobody says when: as soon as it cannot be taken back any
// more, and not at night unless that is asked for.
func (m *Service) Goes(now time.Time, a seats.Activity, night bool) time.Time {
	at := now.Add(cmp.Or(m.Undo, UndoFor))
	if night {
		return at
	}
	return m.Service.Goes(at, a)
}

// when judges the time at which a mailing goes.
func (m *Service) when(now time.Time, a seats.Activity, at time.Time, night bool) (time.Time, error) {
	undo := cmp.Or(m.Undo, UndoFor)
	if at.IsZero() {
		return m.Goes(now, a, night), nil
	}
	switch {
	case at.Before(now):
		return at, fault.At("at", "seminars.mailing.fault.past")
	case at.Before(now.Add(undo)):
		at = now.Add(undo)
	case at.After(now.Add(MostFar)):
		return at, fault.At("at", "seminars.mailing.fault.far", fault.Args{"count": int(MostFar.Hours() / 24)})
	}
	if hour := at.In(i18n.Bishkek()).Hour(); !night && (hour >= NightFrom || hour < NightUntil) {
		return at, fault.At("night", "seminars.mailing.fault.night", fault.Args{"from": NightFrom, "until": NightUntil})
	}
	return at, nil
}

// TakeBack stops a mailing that waits; nobody has got it.
//
// Faults: Forbidden; NotFound; Conflict when it goes already, or does not wait.
func (m *Service) TakeBack(ctx context.Context, tx *storage.Tx, actor access.Actor, a seats.Activity, id storage.ID) error {
	v, err := m.of(ctx, tx, actor, a, id)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE mailing SET state = 'taken_back' WHERE id = $1 AND state = 'waiting'`, v.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "seminars.mailing.fault.late")
	}
	m.News(tx, a.ID)
	return audit.Record(ctx, tx, audit.Entry{Actor: actor.Person, Action: "seminars.audit.mailing_taken_back", Object: a.ID})
}

// Repeat plans that a mailing goes once more to those whom it failed to reach: whose message
// nobody took, or whom nothing reached and something reaches now. A message that may have
// arrived is not sent again.
//
// Faults: as of Plan; Conflict when it was repeated, or is not done.
func (m *Service) Repeat(ctx context.Context, tx *storage.Tx, actor access.Actor, activity, id storage.ID, night bool) (Mailing, error) {
	a, err := m.Schedule().Held(ctx, tx, activity)
	if err != nil {
		return Mailing{}, err
	}
	r, err := m.Result(ctx, tx, actor, a, id)
	if err != nil {
		return Mailing{}, err
	}
	if err := open(a); err != nil {
		return Mailing{}, err
	}
	if r.State != Done {
		return r.Mailing, fault.New(fault.Conflict, "seminars.mailing.fault.not_done")
	}
	due, err := m.when(tx.Now, a, time.Time{}, night)
	if err != nil {
		return r.Mailing, err
	}
	var to []storage.ID
	for _, o := range r.List {
		if o.Again {
			to = append(to, o.Application)
		}
	}
	if len(to) == 0 {
		return r.Mailing, fault.New(fault.Invalid, "seminars.mailing.fault.nobody")
	}
	next := tx.NewID()
	if _, err := tx.Exec(ctx, `INSERT INTO mailing (id, activity_id, state, version, chosen, texts, repeats, made_at, planned_at, due_at, by_person)
		SELECT $1, activity_id, 'waiting', 1, chosen, texts, id, $3, $3, $4, $5
		FROM mailing
		WHERE id = $2`, next, id, storage.Micros(tx.Now), storage.Micros(due), actor.Person); err != nil {
		if storage.IsUnique(err) {
			return r.Mailing, fault.New(fault.Conflict, "seminars.mailing.fault.repeated")
		}
		return r.Mailing, err
	}
	return m.planned(ctx, tx, actor, a, next, to, due)
}

package mailing

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/modules/seminars/wording"
)

const jobKind = "seminars.mailing"

type ask struct {
	Mailing storage.ID `json:"mailing"`
}

// atOnce is how many letters are made in one transaction.
const atOnce = 50

// Jobs are what mailings do later.
func (m *Service) Jobs() []jobs.Kind {
	return []jobs.Kind{{Name: jobKind, Text: "seminars.job.mailing", Lane: jobs.Heavy, Limit: 10 * time.Minute, Attempts: 10, Do: func(ctx context.Context, store *storage.Store, payload json.RawMessage) error {
		var p ask
		if err := json.Unmarshal(payload, &p); err != nil {
			return err
		}
		return m.Go(ctx, store, p.Mailing)
	}}}
}

// Go makes the letters of a mailing that is due, some at a time: who was given hers gets no
// other, wherever an earlier run has ended. One that was taken back, or is gone, is left alone.
func (m *Service) Go(ctx context.Context, store *storage.Store, id storage.ID) error {
	for {
		more := false
		err := store.Write(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
			more, err = m.slice(ctx, tx, id)
			return err
		})
		if err != nil || !more {
			return err
		}
		if m.Slice != nil {
			m.Slice()
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// slice makes the next letters; more is false when there are none left. Two runs of one
// mailing wait for each other at its row.
func (m *Service) slice(ctx context.Context, tx *storage.Tx, id storage.ID) (more bool, err error) {
	n, err := tx.Exec(ctx, `UPDATE mailing SET state = 'going'
		WHERE id = $1 AND (state = 'going' OR state = 'waiting' AND due_at <= $2)`, id, storage.Micros(tx.Now))
	if err != nil || n == 0 {
		return false, err
	}
	v, err := byID(ctx, tx, id)
	if err != nil {
		return false, err
	}
	a, err := m.ActivityByID(ctx, tx, v.Activity)
	switch {
	case fault.Is(err, fault.NotFound):
		return false, stop(ctx, tx, id, "seminars.mailing.fault.no_activity")
	case err != nil:
		return false, err
	}
	if open(a) != nil {
		return false, stop(ctx, tx, id, "seminars.mailing.fault.cancelled")
	}
	if _, is := v.Words.empty(a); is {
		return false, stop(ctx, tx, id, "seminars.mailing.stopped.empty")
	}
	list, err := storage.All(ctx, tx, scanRecipient, `SELECT application_id, place, state, reason
		FROM mailing_recipient
		WHERE mailing_id = $1 AND state = 'chosen'
		ORDER BY place
		LIMIT $2`, id, atOnce)
	if err != nil {
		return false, err
	}
	if len(list) == 0 {
		_, err := tx.Exec(ctx, `UPDATE mailing SET state = 'done' WHERE id = $1`, id)
		m.News(tx, a.ID)
		return false, err
	}
	return true, m.send(ctx, tx, v, a, list)
}

func stop(ctx context.Context, tx *storage.Tx, id storage.ID, why string) error {
	_, err := tx.Exec(ctx, `UPDATE mailing SET state = 'stopped', stopped = $2 WHERE id = $1`, id, why)
	return err
}

// send judges some recipients as they are now, and gives each of those who still are chosen
// and can be reached her letter.
func (m *Service) send(ctx context.Context, tx *storage.Tx, v Mailing, a seats.Activity, list []Recipient) error {
	var apps []seats.Application
	for _, r := range list {
		app, there, err := seats.ApplicationIfThere(ctx, tx, r.Application)
		if err != nil {
			return err
		}
		if there {
			apps = append(apps, app)
		}
	}
	in, out, err := m.judge(ctx, tx, a, v.Chosen, v.Words, apps)
	if err != nil {
		return err
	}
	if m.Letters == nil {
		return errors.New("mailing: nothing sends letters")
	}
	for _, r := range list {
		state, reason := LeftOut, reasonGone
		if why, ok := out[r.Application]; ok {
			reason = why
		}
		at := slices.IndexFunc(in, func(one Reader) bool { return one.ID == r.Application })
		if at >= 0 {
			if state, reason, err = m.sendTo(ctx, tx, v, a, in[at]); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE mailing_recipient SET state = $3, reason = $4
			WHERE mailing_id = $1 AND application_id = $2`, v.ID, r.Application, state, reason); err != nil {
			return err
		}
	}
	return nil
}

func (m *Service) sendTo(ctx context.Context, tx *storage.Tx, v Mailing, a seats.Activity, r Reader) (state, reason string, err error) {
	if r.Way.Reason != "" {
		return Unreachable, r.Way.Reason, nil
	}
	if _, ok := v.Words.For(r.Lang()); !ok { // she chose another language meanwhile
		for _, l := range v.Words.written() {
			wording.Set(&v.Words.Subject, r.Lang(), v.Words.Subject.Exactly(l))
			wording.Set(&v.Words.Body, r.Lang(), v.Words.Body.Exactly(l))
			break
		}
	}
	n := v.notice(a, r.Person)
	n.Person = r.Who
	if n.Path, err = m.LinkFor(ctx, tx, a, r.Who, r.Application); err != nil {
		return "", "", err
	}
	return LetterMade, "", m.Letters.Send(ctx, tx, n)
}

// written are the languages that are.
func (w Words) written() (out []i18n.Language) {
	for _, l := range i18n.Languages {
		if w.Subject.Exactly(l) != "" {
			out = append(out, l)
		}
	}
	return out
}

package mailing

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/forms"
	"platforma.kg/ashar/internal/spine/profile"
	"platforma.kg/ashar/internal/spine/programme"
)

// SaveDraft keeps what a mailing shall say to whom. Mailing is its id: that of a new draft is
// made with the form, so that a form that is sent twice makes one.
type SaveDraft struct {
	Actor    access.Actor
	Activity storage.ID
	Mailing  storage.ID
	Version  int64 // that was read, 0 for a new one
	Chosen   Chosen
	Words    Words
}

// SaveDraft judges and keeps a draft; nothing is sent.
//
// Faults: Forbidden; Invalid at the fields; NotFound when it is of another activity; Conflict
// when it was changed or sent meanwhile; Gone when the activity is cancelled; Limited beyond
// MostDrafts.
func (m *Service) SaveDraft(ctx context.Context, tx *storage.Tx, cmd SaveDraft) (Mailing, error) {
	a, err := m.Schedule().Held(ctx, tx, cmd.Activity)
	if err != nil {
		return Mailing{}, err
	}
	if err := allowed(cmd.Actor, a); err != nil {
		return Mailing{}, err
	}
	if err := open(a); err != nil {
		return Mailing{}, err
	}
	form, err := m.FormOf(ctx, tx, a)
	if err != nil {
		return Mailing{}, err
	}
	var wrong fault.Form
	words := cmd.Words.fix(&wrong)
	cmd.Chosen.check(&wrong, form, m.People.Lists())
	if at, is := words.empty(a); is {
		wrong.Add("", "seminars.mailing.fault.empty", fault.Args{"variable": at})
	}
	if err := wrong.Err(); err != nil {
		return Mailing{}, err
	}
	chosen, err := json.Marshal(cmd.Chosen)
	if err != nil {
		return Mailing{}, err
	}
	texts, err := json.Marshal(words)
	if err != nil {
		return Mailing{}, err
	}
	if cmd.Version == 0 {
		if _, err := tx.Exec(ctx, `DELETE FROM mailing WHERE activity_id = $1 AND state = 'draft' AND made_at < $2`, a.ID, storage.Micros(tx.Now.Add(-keeps))); err != nil {
			return Mailing{}, err
		}
		n := 0
		if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM mailing WHERE activity_id = $1 AND state = 'draft'`, a.ID).Scan(&n); err != nil {
			return Mailing{}, err
		}
		if n >= MostDrafts {
			return Mailing{}, fault.New(fault.Limited, "seminars.mailing.fault.drafts", fault.Args{"count": MostDrafts})
		}
		if n, err := tx.Exec(ctx, `INSERT INTO mailing (id, activity_id, state, version, chosen, texts, made_at, by_person)
			VALUES ($1, $2, 'draft', 1, $3, $4, $5, $6)
			ON CONFLICT (id) DO NOTHING`, cmd.Mailing, a.ID, string(chosen), string(texts), storage.Micros(tx.Now), cmd.Actor.Person); err != nil || n == 1 {
			if err != nil {
				return Mailing{}, err
			}
			return byID(ctx, tx, cmd.Mailing)
		}
		v, err := m.of(ctx, tx, cmd.Actor, a, cmd.Mailing)
		if err != nil || v.State == Draft && v.Version == 1 && sameJSON(v, string(chosen), string(texts)) {
			return v, err // the same form once more
		}
		return v, fault.New(fault.Conflict, "seminars.mailing.fault.changed")
	}
	if _, err := m.of(ctx, tx, cmd.Actor, a, cmd.Mailing); err != nil {
		return Mailing{}, err
	}
	n, err := tx.Exec(ctx, `UPDATE mailing SET version = version + 1, chosen = $3, texts = $4, by_person = $5
		WHERE id = $1 AND version = $2 AND state = 'draft'`, cmd.Mailing, cmd.Version, string(chosen), string(texts), cmd.Actor.Person)
	if err != nil {
		return Mailing{}, err
	}
	if n == 0 {
		return Mailing{}, fault.New(fault.Conflict, "seminars.mailing.fault.changed")
	}
	return byID(ctx, tx, cmd.Mailing)
}

func sameJSON(v Mailing, chosen, texts string) bool {
	c, errC := json.Marshal(v.Chosen)
	t, errT := json.Marshal(v.Words)
	return errC == nil && errT == nil && string(c) == chosen && string(t) == texts
}

// open refuses to write to those of an activity that is cancelled: the house has told them.
func open(a seats.Activity) error {
	if a.State == programme.Cancelled {
		return fault.New(fault.Gone, "seminars.mailing.fault.cancelled")
	}
	return nil
}

// check refuses what cannot be chosen.
func (c Chosen) check(wrong *fault.Form, form forms.Form, lists *profile.Lists) {
	wrong.Check(len(c.States) > 0, "state", "seminars.mailing.fault.states")
	for _, s := range c.States {
		wrong.Check(slices.Contains(seats.States[:], s), "state", "fault.not_a_choice")
	}
	for _, by := range slices.Sorted(maps.Keys(c.Parts)) {
		if !slices.Contains(Narrows(), by) {
			wrong.Add("p_"+by, "fault.not_a_choice")
			continue
		}
		for _, v := range c.Parts[by] {
			wrong.Check(slices.Contains(Values(lists, by), v), "p_"+by, "fault.not_a_choice")
		}
	}
	for _, key := range slices.Sorted(maps.Keys(c.Answers)) {
		q, ok := form.Question(key)
		wrong.Check(ok && Asks(q), "a_"+key, "fault.not_a_choice")
		for _, v := range c.Answers[key] {
			wrong.Check(slices.ContainsFunc(q.Choices, func(c forms.Choice) bool { return c.Value == v }), "a_"+key, "fault.not_a_choice")
		}
	}
}

// Asks reports whether people are chosen by their answers to a question.
func Asks(q forms.Question) bool { return q.Kind == forms.AskChoice || q.Kind == forms.AskMany }

// Drop throws a draft away.
//
// Faults: Forbidden; NotFound; Conflict when it is no draft any more.
func (m *Service) Drop(ctx context.Context, tx *storage.Tx, actor access.Actor, a seats.Activity, id storage.ID) error {
	if _, err := m.of(ctx, tx, actor, a, id); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM mailing WHERE id = $1 AND state = 'draft'`, id)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "seminars.mailing.fault.changed")
	}
	return err
}

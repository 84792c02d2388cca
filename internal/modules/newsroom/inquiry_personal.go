package newsroom

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// eraseInquiries removes what she asked, with all that was answered. What she had in hand
// as staff waits for somebody else; what she answered stays, without her.
func eraseInquiries(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	ids, times, err := tracesOf(ctx, tx, person)
	if err != nil {
		return err
	}
	for _, q := range []string{
		`DELETE FROM news_inquiry WHERE person_id = $1`,
		`UPDATE news_inquiry SET state = 'new', by_id = NULL, version = version + 1 WHERE by_id = $1 AND state = 'taken'`,
		`UPDATE news_inquiry SET by_id = NULL WHERE by_id = $1`,
		`UPDATE news_inquiry_step SET by_id = NULL WHERE by_id = $1`,
	} {
		if _, err := tx.Exec(ctx, q, person); err != nil {
			return err
		}
	}
	return jobs.Forget(ctx, tx, ids, times)
}

// tracesOf gives the ids of what she asked, and the moments of it, which no job that stays
// may keep.
func tracesOf(ctx context.Context, tx *storage.Tx, person storage.ID) (ids []storage.ID, times []time.Time, err error) {
	list, err := inquiriesOf(ctx, tx, person)
	if err != nil {
		return nil, nil, err
	}
	for _, q := range list {
		ids, times = append(ids, q.ID), append(times, q.Made, q.Changed)
		if !q.Open() {
			times = append(times, q.Ended)
		}
	}
	steps, err := storage.All(ctx, tx, func(row storage.Scanner) (time.Time, error) {
		var at int64
		err := row.Scan(&at)
		return storage.Instant(at), err
	}, `SELECT at FROM news_inquiry_step WHERE inquiry_id IN (SELECT id FROM news_inquiry WHERE person_id = $1)`, person)
	return ids, append(times, steps...), err
}

// mergeInquiries makes what one record asked or answered another's.
func mergeInquiries(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	for _, q := range []string{
		`UPDATE news_inquiry SET person_id = $2 WHERE person_id = $1`,
		`UPDATE news_inquiry SET by_id = $2 WHERE by_id = $1`,
		`UPDATE news_inquiry_step SET by_id = $2 WHERE by_id = $1`,
	} {
		if _, err := tx.Exec(ctx, q, from, into); err != nil {
			return err
		}
	}
	return nil
}

// openedInquiry is an inquiry with all its words.
type openedInquiry struct {
	Inquiry
	Asked Asked
	Steps []InquiryStep
}

// openedOf gives the inquiries of a person with all their words, the newest first.
func (m *Module) openedOf(ctx context.Context, tx *storage.Tx, person storage.ID) (out []openedInquiry, err error) {
	list, err := inquiriesOf(ctx, tx, person)
	if err != nil {
		return nil, err
	}
	for _, q := range list {
		one := openedInquiry{Inquiry: q}
		if one.Asked, err = m.asked(ctx, tx, q); err != nil {
			return nil, err
		}
		if one.Steps, err = m.stepsOf(ctx, tx, q); err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	return out, nil
}

// export gives a person what she asked and what was answered.
func (m *Module) export(ctx context.Context, tx *storage.Tx, person storage.ID) (map[string]any, error) {
	list, err := m.openedOf(ctx, tx, person)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	type step struct {
		At    time.Time `json:"at"`
		What  string    `json:"what"`
		Words string    `json:"words,omitempty"`
	}
	type inquiry struct {
		Asked
		State InquiryState `json:"state"`
		Made  time.Time    `json:"made"`
		Steps []step       `json:"steps,omitempty"`
	}
	out := make([]inquiry, 0, len(list))
	for _, q := range list {
		one := inquiry{Asked: q.Asked, State: q.State, Made: q.Made}
		for _, s := range q.Steps {
			one.Steps = append(one.Steps, step{s.At, s.Kind, s.Words})
		}
		out = append(out, one)
	}
	return map[string]any{"inquiries": out}, nil
}

// myData shows a person what she asked, and what became of it.
func (m *Module) myData(ctx context.Context, tx *storage.Tx, r *web.Request) (templ.Component, error) {
	list, err := m.openedOf(ctx, tx, r.Actor.Person)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return myInquiries(r, list), nil
}

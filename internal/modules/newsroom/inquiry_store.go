package newsroom

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

const inquiryColumns = `id, person_id, own, state, box, lang, by_id, version, made_at, due_at, changed_at, ended_at`

func scanInquiry(row storage.Scanner) (q Inquiry, err error) {
	var made, due, changed, ended int64
	err = row.Scan(&q.ID, &q.Person, &q.Own, &q.State, &q.box, &q.Lang, &q.By, &q.Version, &made, &due, &changed, &ended)
	q.Made, q.Due, q.Changed, q.Ended = storage.Instant(made), storage.Instant(due), storage.Instant(changed), storage.Instant(ended)
	return q, err
}

func noInquiry() error { return fault.New(fault.NotFound, "newsroom.fault.inquiry") }

// InquiryByID finds an inquiry. NotFound.
func InquiryByID(ctx context.Context, tx *storage.Tx, id storage.ID) (Inquiry, error) {
	q, err := storage.One(ctx, tx, scanInquiry, `SELECT `+inquiryColumns+` FROM news_inquiry WHERE id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return q, noInquiry()
	}
	return q, err
}

// inquiryByMark finds the inquiry that a form has become; ok is false for none.
func inquiryByMark(ctx context.Context, tx *storage.Tx, mark []byte) (q Inquiry, ok bool, err error) {
	q, err = storage.One(ctx, tx, scanInquiry, `SELECT `+inquiryColumns+` FROM news_inquiry WHERE mark = $1`, mark)
	if errors.Is(err, sql.ErrNoRows) {
		return q, false, nil
	}
	return q, err == nil, err
}

// inquiriesOf gives the inquiries of a person, the newest first.
func inquiriesOf(ctx context.Context, tx *storage.Tx, person storage.ID) ([]Inquiry, error) {
	return storage.All(ctx, tx, scanInquiry, `SELECT `+inquiryColumns+` FROM news_inquiry
		WHERE person_id = $1
		ORDER BY made_at DESC, id`, person)
}

// openOf counts what a record still waits for.
func openOf(ctx context.Context, tx *storage.Tx, person storage.ID) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM news_inquiry WHERE person_id = $1 AND state IN ('new', 'taken')`, person).Scan(&n)
	return n, err
}

// recentInquiries counts those of the last minutes, as far as it matters.
func recentInquiries(ctx context.Context, tx *storage.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*)
		FROM (
			SELECT 1
			FROM news_inquiry
			WHERE made_at > $1
			LIMIT $2
		) AS recent`, storage.Micros(tx.Now.Add(-inquirySpan)), inquiryCount).Scan(&n)
	return n, err
}

// takeHour counts one more of a kind in this hour of the clock: Limited when there were as
// many as there may be. Until the transaction ends others of the kind wait.
func takeHour(ctx context.Context, tx *storage.Tx, kind string, most int) error {
	n, err := tx.Exec(ctx, `INSERT INTO news_hour (kind, hour, count)
		VALUES ($1, $2, 1)
		ON CONFLICT (kind, hour) DO UPDATE
		SET count = news_hour.count + 1
		WHERE news_hour.count < $3`, kind, storage.Micros(tx.Now.Truncate(time.Hour)), most)
	if err == nil && n == 0 {
		return fault.New(fault.Limited, "newsroom.fault.many")
	}
	return err
}

// insert keeps a new inquiry; made is false when the same form has become one meanwhile.
func (q Inquiry) insert(ctx context.Context, tx *storage.Tx, mark []byte) (made bool, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO news_inquiry (id, person_id, own, mark, state, box, lang, version, made_at, due_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9)
		ON CONFLICT (mark) DO NOTHING`,
		q.ID, q.Person, q.Own, mark, string(q.State), q.box, string(q.Lang), q.Version, storage.Micros(q.Made), storage.Micros(q.Due))
	return n > 0, err
}

// move writes the state of an inquiry that nobody else has changed since it was read:
// Conflict.
func (q *Inquiry) move(ctx context.Context, tx *storage.Tx) error {
	n, err := tx.Exec(ctx, `UPDATE news_inquiry
		SET state = $1, by_id = $2, version = version + 1, changed_at = $3, ended_at = $4
		WHERE id = $5 AND version = $6`,
		string(q.State), q.By, storage.Micros(tx.Now), storage.Micros(q.Ended), q.ID, q.Version)
	if err == nil && n == 0 {
		return moved()
	}
	q.Version++
	q.Changed = tx.Now
	return err
}

// moved tells the slower of two.
func moved() error { return fault.New(fault.Conflict, "newsroom.fault.inquiry_moved") }

// InquiryStep is what somebody of the staff did with an inquiry.
type InquiryStep struct {
	Kind  string // the state that it came to, or Called
	By    storage.ID
	Words string // of the answer or the note
	At    time.Time

	box []byte
}

// keepStep keeps what was done; words are sealed under the key of who asked.
func (m *Module) keepStep(ctx context.Context, tx *storage.Tx, q Inquiry, kind string, by storage.ID, words string) error {
	var box []byte
	if words != "" {
		var err error
		if box, err = m.People.Seal(ctx, tx, q.Person, []byte(words)); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `INSERT INTO news_inquiry_step (id, inquiry_id, kind, by_id, box, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		tx.NewID(), q.ID, kind, by, box, storage.Micros(tx.Now))
	return err
}

// stepsOf gives what was done with an inquiry, with its words, the first first.
func (m *Module) stepsOf(ctx context.Context, tx *storage.Tx, q Inquiry) ([]InquiryStep, error) {
	list, err := storage.All(ctx, tx, func(row storage.Scanner) (s InquiryStep, err error) {
		var at int64
		err = row.Scan(&s.Kind, &s.By, &s.box, &at)
		s.At = storage.Instant(at)
		return s, err
	}, `SELECT kind, by_id, box, at FROM news_inquiry_step WHERE inquiry_id = $1 ORDER BY at, id`, q.ID)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].box == nil {
			continue
		}
		words, err := m.People.Unseal(ctx, tx, q.Person, list[i].box)
		if err != nil {
			return nil, err
		}
		list[i].Words = string(words)
	}
	return list, nil
}

// asked opens what she wrote.
func (m *Module) asked(ctx context.Context, tx *storage.Tx, q Inquiry) (a Asked, err error) {
	plain, err := m.People.Unseal(ctx, tx, q.Person, q.box)
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(plain, &a)
}

package messages

import (
	"context"
	"fmt"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/sms"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// Text messages cost. Before one leaves, its parts are taken from those of the day, in the
// transaction that marks it as being handed over; what was surely not taken gives them back.

// heldError means that a text message may not leave yet.
type heldError struct {
	reason string
	until  time.Time
}

// Error is for logs.
func (e heldError) Error() string { return "messages: held: " + e.reason }

// reserve takes the parts of a text message from those of today; heldError when there are not
// enough, or a typed number has had its messages for today. A try after one that may have been
// taken costs nothing: the gateway knows it.
func (s *Service) reserve(ctx context.Context, tx *storage.Tx, p plan) error {
	var before int
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM message_attempt
		WHERE message_id = $1 AND parts > 0 AND outcome = 'later'`, p.ID).Scan(&before); err != nil || before > 0 {
		return err
	}
	tomorrow := nextDay(tx.Now)
	if p.number.State == people.Typed {
		may, err := s.People.MayText(ctx, tx, p.number)
		if err != nil {
			return err
		}
		if !may {
			return heldError{reasonPerson, tomorrow}
		}
	}
	parts := sms.Count(p.text).Parts
	if parts > s.Daily {
		return heldError{reasonDaily, tomorrow}
	}
	n, err := tx.Exec(ctx, `INSERT INTO text_message_day (day, parts) VALUES ($1, $2)
		ON CONFLICT (day) DO UPDATE
		SET parts = text_message_day.parts + excluded.parts
		WHERE text_message_day.parts + excluded.parts <= $3`, dayOf(tx.Now), parts, s.Daily)
	if err != nil {
		return fmt.Errorf("take the parts of a text message: %w", err)
	}
	if n == 0 {
		return heldError{reasonDaily, tomorrow}
	}
	_, err = tx.Exec(ctx, `UPDATE message_attempt SET parts = $2 WHERE id = $1`, p.attempt, parts)
	return err
}

// delay lets a text message wait until it may leave; that is no try.
func (s *Service) delay(ctx context.Context, tx *storage.Tx, id storage.ID, wait heldError) error {
	n, err := tx.Exec(ctx, `UPDATE message SET channel = 'sms', reason = $2, due_at = $3, moved_at = $4
		WHERE id = $1 AND state = 'waiting'`, id, wait.reason, storage.Micros(wait.until), storage.Micros(tx.Now))
	if err != nil || n == 0 {
		return err
	}
	return enqueue(ctx, tx, id, wait.until)
}

// giveBack returns the parts of a try that was surely not taken.
func giveBack(ctx context.Context, tx *storage.Tx, attempt storage.ID) error {
	var parts, began int64
	rows, err := storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
		return struct{}{}, row.Scan(&parts, &began)
	}, `SELECT parts, began_at FROM message_attempt WHERE id = $1 AND parts > 0`, attempt)
	if err != nil || len(rows) == 0 {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE message_attempt SET parts = 0 WHERE id = $1`, attempt); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE text_message_day SET parts = parts - $2 WHERE day = $1`, dayOf(storage.Instant(began)), parts)
	return err
}

// dayOf is a day of Bishkek as one number, 20261129.
func dayOf(t time.Time) int64 {
	y, m, d := t.In(i18n.Bishkek()).Date()
	return int64(y)*10_000 + int64(m)*100 + int64(d)
}

// nextDay is when the next day of Bishkek has begun and people are awake.
func nextDay(t time.Time) time.Time {
	y, m, d := t.In(i18n.Bishkek()).Date()
	return time.Date(y, m, d+1, 8, 0, 0, 0, i18n.Bishkek())
}

// Tariff is what text messages cost, and how many may leave.
type Tariff struct {
	On    bool  // the house sends text messages
	Price int64 // of one part, in hundredths of a som; 0: not told
	Daily int   // parts on one day
	Left  int   // of these, today
}

// Tariff tells what text messages cost here.
func (s *Service) Tariff(ctx context.Context, tx *storage.Tx) (Tariff, error) {
	t := Tariff{On: s.SMS != nil, Price: s.Price, Daily: s.Daily}
	if !t.On {
		return t, nil
	}
	used := 0
	err := tx.QueryRow(ctx, `SELECT COALESCE(SUM(parts), 0) FROM text_message_day WHERE day = $1`, dayOf(tx.Now)).Scan(&used)
	t.Left = max(0, s.Daily-used)
	return t, err
}

// PartsUnder gives how many parts were paid for the messages of an activity whose keys begin alike.
func (s *Service) PartsUnder(ctx context.Context, tx *storage.Tx, activity storage.ID, beginning string) (parts int, err error) {
	err = tx.QueryRow(ctx, `SELECT COALESCE(SUM(t.parts), 0)
		FROM message_attempt t
		JOIN message m ON m.id = t.message_id
		WHERE m.activity_id = $1 AND substr(m.dedupe, 1, $2) = $3`, activity, len(beginning), beginning).Scan(&parts)
	return parts, err
}

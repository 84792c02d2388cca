package messages

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Erase removes what is kept of a person: her messages, and with them their
// tries and the jobs that were to bring them.
func Erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	_, err := erase(ctx, tx, person)
	return err
}

// erase is Erase that tells which messages there were.
func erase(ctx context.Context, tx *storage.Tx, person storage.ID) (ids []storage.ID, err error) {
	rows, err := storage.All(ctx, tx, scanMessage, `SELECT `+messageColumns+` FROM message WHERE person_id = $1`, person)
	if err != nil {
		return nil, err
	}
	var times []time.Time
	for _, m := range rows {
		ids, times = append(ids, m.ID), append(times, m.Made, m.Moved)
	}
	for _, q := range []string{
		`DELETE FROM message_hand WHERE person_id = $1`,
		`DELETE FROM message_attempt WHERE message_id IN (SELECT id FROM message WHERE person_id = $1)`,
		`DELETE FROM message WHERE person_id = $1`,
	} {
		if _, err := tx.Exec(ctx, q, person); err != nil {
			return nil, err
		}
	}
	return ids, jobs.Forget(ctx, tx, ids, times)
}

// erase also clears the boxes of the demo, which are ours, unlike those of mail providers.
func (s *Service) erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	ids, err := erase(ctx, tx, person)
	if err != nil || s.Box == nil && s.Texts == nil {
		return err
	}
	tx.AfterCommit(func() {
		for _, id := range ids {
			if s.Box != nil {
				s.Box.Drop(s.messageID(id))
			}
			if s.Texts != nil {
				s.Texts.Drop(s.messageID(id))
			}
		}
	})
	return nil
}

// Merge gives the messages of one record to another of the same person. What went to the
// one under a key that ends with its id is known under that of the other: who sends it to
// each of a list sends it to her no second time. Where both have it, what waits is stopped
// unless nothing else brings it.
func Merge(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	const under = `SELECT 1 FROM message other WHERE other.dedupe = substr(message.dedupe, 1, length(message.dedupe) - $4) || $3`
	for _, pair := range []struct {
		stays, goes storage.ID
		brings      string // the states in which the one that stays brings it
	}{
		{from, into, `'sending', 'sent', 'unsure'`},
		{into, from, `'waiting', 'sending', 'sent', 'unsure'`},
	} {
		if _, err := tx.Exec(ctx, `UPDATE message
			SET state = 'cancelled', sealed = NULL, moved_at = $5
			WHERE person_id = $1 AND state = 'waiting' AND substr(dedupe, length(dedupe) - $4 + 1) = $2
				AND EXISTS (`+under+` AND other.state IN (`+pair.brings+`))`,
			pair.goes, pair.goes.String(), pair.stays.String(), len(pair.goes.String()), storage.Micros(tx.Now)); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE message
		SET dedupe = substr(dedupe, 1, length(dedupe) - $4) || $3
		WHERE person_id = $1 AND substr(dedupe, length(dedupe) - $4 + 1) = $2
			AND NOT EXISTS (`+under+`)`,
		from, from.String(), into.String(), len(from.String())); err != nil {
		return err
	}
	for _, q := range []string{
		`UPDATE message SET person_id = $2 WHERE person_id = $1`,
		`UPDATE message_hand SET person_id = $2 WHERE person_id = $1`,
	} {
		if _, err := tx.Exec(ctx, q, from, into); err != nil {
			return err
		}
	}
	return nil
}

// export gives a person her messages, in her language.
func (s *Service) export(ctx context.Context, tx *storage.Tx, person storage.ID) (map[string]any, error) {
	p, err := s.recipient(ctx, tx, person)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	rows, err := storage.All(ctx, tx, scanMessage, `SELECT `+messageColumns+` FROM message WHERE person_id = $1 ORDER BY made_at, id`, person)
	if err != nil {
		return nil, err
	}
	type entry struct {
		Made    string `json:"made"`
		Channel string `json:"channel,omitempty"`
		State   string `json:"state"`
		Subject string `json:"subject"`
		Text    string `json:"text,omitempty"`
	}
	list := make([]entry, 0, len(rows))
	for _, m := range rows {
		v, err := s.view(ctx, tx, p, m, s.say.Printer(p.Lang))
		if err != nil {
			return nil, err
		}
		list = append(list, entry{m.Made.Format("2006-01-02T15:04:05Z07:00"), m.Channel, m.State, v.Subject, v.text()})
	}
	return map[string]any{"messages": list}, nil
}

package messages

import (
	"context"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Erase removes what is kept of a person: her messages, and with them their tries.
func Erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	for _, q := range []string{
		`DELETE FROM message_attempt WHERE message_id IN (SELECT id FROM message WHERE person_id = $1)`,
		`DELETE FROM message WHERE person_id = $1`,
	} {
		if _, err := tx.Exec(ctx, q, person); err != nil {
			return err
		}
	}
	return nil
}

// Merge gives the messages of one record to another of the same person.
func Merge(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	_, err := tx.Exec(ctx, `UPDATE message SET person_id = $2 WHERE person_id = $1`, from, into)
	return err
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

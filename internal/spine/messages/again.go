package messages

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// SendAgain puts a message that did not arrive, or perhaps did not, on its way
// once more. It keeps its Message-ID. NotFound when there is no such message, or
// none that the actor may watch; Conflict when it is not one of those, or when it
// was emptied.
func (s *Service) SendAgain(ctx context.Context, tx *storage.Tx, actor access.Actor, id storage.ID) error {
	m, err := s.watched(ctx, tx, actor, id)
	if err != nil {
		return err
	}
	return s.sendAgain(ctx, tx, actor, m, tx.Now)
}

// watched gives a message that somebody may watch. NotFound for every other.
func (s *Service) watched(ctx context.Context, tx *storage.Tx, actor access.Actor, id storage.ID) (message, error) {
	m, err := messageByID(ctx, tx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return m, fault.New(fault.NotFound, "messages.fault.unknown")
	}
	if err != nil {
		return m, fmt.Errorf("read the message: %w", err)
	}
	if ok, err := s.may(ctx, tx, actor, m.Activity); err != nil {
		return m, err
	} else if !ok {
		return m, fault.New(fault.NotFound, "messages.fault.unknown")
	}
	return m, nil
}

// mayGoAgain reports whether a message did not arrive, or perhaps did not, and still has
// its words.
func mayGoAgain(m message) bool {
	return m.Sealed != nil && (m.State == Failed || m.State == Unsure || m.State == Skipped)
}

// sendAgain puts a message on its way at a time. Conflict when it does not go again.
func (s *Service) sendAgain(ctx context.Context, tx *storage.Tx, actor access.Actor, m message, due time.Time) error {
	n, err := tx.Exec(ctx, `UPDATE message SET state = 'waiting', reason = '', attempts = 0, ends_at = 0, due_at = $2, moved_at = $3
		WHERE id = $1 AND state IN ('failed', 'unsure', 'skipped') AND sealed IS NOT NULL`, m.ID, storage.Micros(due), storage.Micros(tx.Now))
	if err != nil {
		return fmt.Errorf("send again: %w", err)
	}
	if n == 0 {
		return fault.New(fault.Conflict, "messages.fault.not_again")
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: actor.Person, Person: m.Person, Object: m.Activity, Action: "messages.audit.again", Detail: m.Kind}); err != nil {
		return err
	}
	return enqueue(ctx, tx, m.ID, due)
}

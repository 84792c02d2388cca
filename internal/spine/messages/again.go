package messages

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

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
	m, err := messageByID(ctx, tx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "messages.fault.unknown")
	}
	if err != nil {
		return fmt.Errorf("read the message: %w", err)
	}
	if ok, err := s.may(ctx, tx, actor, m.Activity); err != nil {
		return err
	} else if !ok {
		return fault.New(fault.NotFound, "messages.fault.unknown")
	}
	n, err := tx.Exec(ctx, `UPDATE message SET state = 'waiting', reason = '', attempts = 0, ends_at = 0, due_at = $2, moved_at = $2
		WHERE id = $1 AND state IN ('failed', 'unsure', 'skipped') AND sealed IS NOT NULL`, id, storage.Micros(tx.Now))
	if err != nil {
		return fmt.Errorf("send again: %w", err)
	}
	if n == 0 {
		return fault.New(fault.Conflict, "messages.fault.not_again")
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: actor.Person, Person: m.Person, Object: m.Activity, Action: "messages.audit.again", Detail: m.Kind}); err != nil {
		return err
	}
	return enqueue(ctx, tx, id, tx.Now)
}

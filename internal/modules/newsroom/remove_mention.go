package newsroom

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// RemoveMention removes a mention: it is listed and counted no more, and its evidence goes
// a while later. Forbidden, NotFound; Conflict when somebody else has changed it meanwhile.
func (m *Module) RemoveMention(ctx context.Context, tx *storage.Tx, actor access.Actor, id storage.ID) error {
	n, err := mentionByID(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := m.mayNote(ctx, tx, actor, n); err != nil {
		return err
	}
	gone, err := tx.Exec(ctx, `DELETE FROM news_mention WHERE id = $1 AND version = $2`, id, n.Version)
	if err != nil {
		return err
	}
	if gone == 0 { // moved to another day, which is where it is counted now
		return fault.New(fault.Conflict, "programme.fault.changed_meanwhile")
	}
	if err := n.uncount(ctx, tx); err != nil {
		return err
	}
	if err := forget(ctx, tx, n.Evidence.File); err != nil {
		return err
	}
	return n.note(ctx, tx, actor.Person)
}

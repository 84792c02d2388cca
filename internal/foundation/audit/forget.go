package audit

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Forget removes what a log says of a person who is erased: the looks at her and
// the changes of her data. What she did to others stays, without her.
func Forget(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	if _, err := tx.Exec(ctx, `DELETE FROM audit_entry WHERE person_id = $1`, person); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE audit_entry SET actor_id = NULL WHERE actor_id = $1`, person)
	return err
}

package people

import (
	"context"

	"platforma.kg/ashar/internal/foundation/storage"
)

// settlePiece is how many contacts are filled in one transaction.
const settlePiece = 500

// Settle finishes what a migration cannot do without the keys: contacts that were made
// from the indexes of before get their value from the box of their person, and the
// daily tidying is asked for. To be called at each start; a second time it does nothing.
func (s *Service) Settle(ctx context.Context) error {
	for done := false; !done; {
		err := s.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
			done, err = s.fillContacts(ctx, tx)
			if err != nil || !done {
				return err
			}
			if _, err := tx.Exec(ctx, `DELETE FROM person_proven_before`); err != nil {
				return err
			}
			return s.planTidy(ctx, tx)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// fillContacts fills one piece; done when nothing is left.
func (s *Service) fillContacts(ctx context.Context, tx *storage.Tx) (done bool, err error) {
	type open struct {
		id, person storage.ID
		kind       ContactKind
	}
	list, err := storage.All(ctx, tx, func(row storage.Scanner) (o open, err error) {
		err = row.Scan(&o.id, &o.person, &o.kind)
		return o, err
	}, `SELECT id, person_id, kind
		FROM contact
		WHERE sealed IS NULL
		LIMIT $1`, settlePiece)
	if err != nil || len(list) == 0 {
		return true, err
	}
	for _, o := range list {
		p, err := s.ByID(ctx, tx, o.person)
		if err != nil {
			return false, err
		}
		if p.ID != o.person || p.current(o.kind) == "" { // of a record that was merged, or nothing to be reached by
			if err := deleteContact(ctx, tx, o.id); err != nil {
				return false, err
			}
			continue
		}
		if _, err := tx.Exec(ctx, `UPDATE contact SET sealed = $2 WHERE id = $1 AND sealed IS NULL`,
			o.id, p.key.Seal(o.id[:], fieldContact, []byte(p.current(o.kind)))); err != nil {
			return false, err
		}
	}
	return false, nil
}

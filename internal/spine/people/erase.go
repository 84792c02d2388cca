package people

import (
	"context"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Erase removes a person with all records that were merged into hers: her data
// key, box, indexes, links, sessions and roles, and through the modules what
// they keep of her. Her facts stay, with nothing left that links them to her.
// After the commit her keyed name goes to the list of the erased, see Tombstones.
// NotFound when there is no such person.
func (s *Service) Erase(ctx context.Context, tx *storage.Tx, by, person storage.ID) error {
	p, err := s.ByID(ctx, tx, person)
	if err != nil {
		return err
	}
	if err := s.erase(ctx, tx, p.ID); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: by, Person: p.ID, Action: "people.audit.erased"}); err != nil {
		return err
	}
	if s.tombstones != nil {
		tx.AfterCommit(s.listErased)
	}
	return nil
}

// EraseForGood is Erase in a transaction of its own, after which the deleted
// bytes are cleared from the database's files too.
func (s *Service) EraseForGood(ctx context.Context, by, person storage.ID) error {
	err := s.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error { return s.Erase(ctx, tx, by, person) })
	if err != nil {
		return err
	}
	if err := s.ListErased(ctx); err != nil { // it may not be answered that she is gone before the list says so
		return err
	}
	if err := s.store.Forget(ctx); err != nil { // her key is gone in any case; the next erasure or vacuum clears the rest
		s.log.WarnContext(ctx, "clear deleted bytes", "error", err)
	}
	return nil
}

func (s *Service) erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	ids, err := storage.All(ctx, tx, scanID, `SELECT id FROM person WHERE merged_into = $1`, person)
	if err != nil {
		return err
	}
	for _, id := range append(ids, person) {
		for _, m := range s.modules {
			if m.Erase == nil {
				continue
			}
			if err := m.Erase(ctx, tx, id); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `DELETE FROM person_merge WHERE from_id = $1 OR into_id = $1`, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM person WHERE id = $1`, id); err != nil {
			return err
		}
		if err := s.bury(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

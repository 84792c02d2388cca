package people

import (
	"context"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
)

// EraseForGood erases a person in three steps. From the first on nothing begins
// for her; then what is under way to her, on any replica, is waited for; then
// she is erased, and the deleted bytes are cleared from the database's files
// too. Once it has answered nothing leaves for her any more.
//
// NotFound when there is no such person. Unavailable, and nothing is erased,
// when something under way does not end in time: a half answer would be none.
// docs/erasure.md tells what goes and what stays.
func (s *Service) EraseForGood(ctx context.Context, by, person storage.ID) error {
	err := s.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error { return s.leave(ctx, tx, person) })
	if err != nil {
		return err
	}
	err = s.whenQuiet(ctx, func() error {
		return s.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error { return s.eraseQuiet(ctx, tx, by, person) })
	})
	if err != nil {
		s.stay(ctx, person)
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

// eraseQuiet is Erase, or errUnderWay while something is on its way to her.
func (s *Service) eraseQuiet(ctx context.Context, tx *storage.Tx, by, person storage.ID) error {
	p, err := s.ByID(ctx, tx, person)
	if err != nil {
		return err
	}
	ids, err := records(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	if err := lock(ctx, tx, ids); err != nil {
		return err
	}
	if busy, err := s.underWay(ctx, tx, ids); err != nil {
		return err
	} else if busy {
		return errUnderWay
	}
	return s.Erase(ctx, tx, by, p.ID)
}

// Erase is the transaction of EraseForGood, which see: it removes a person with
// all records that were merged into hers, and through the modules what they keep
// of her. It waits for nothing that is under way. NotFound when there is no such
// person.
func (s *Service) Erase(ctx context.Context, tx *storage.Tx, by, person storage.ID) error {
	p, err := s.ByID(ctx, tx, person)
	if err != nil {
		return err
	}
	if err := s.erase(ctx, tx, p.ID); err != nil {
		return err
	}
	if by != p.ID { // that somebody else did it is noted, of whom is not
		if err := audit.Record(ctx, tx, audit.Entry{Actor: by, Action: "people.audit.erased"}); err != nil {
			return err
		}
	}
	s.noteBeforeAnswer(tx)
	return nil
}

// noteBeforeAnswer writes the list of the erased outside the database: it is on
// the disk before an erasure is answered.
func (s *Service) noteBeforeAnswer(tx *storage.Tx) {
	if s.tombstones != nil {
		tx.AfterCommit(s.listErased)
	}
}

// erase removes all records of a person, given the one that others were merged into.
func (s *Service) erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	ids, err := records(ctx, tx, person)
	if err != nil {
		return err
	}
	if err := lock(ctx, tx, ids); err != nil {
		return err
	}
	subjects, times, err := s.traces(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		for _, m := range s.modules {
			if m.Erase == nil {
				continue
			}
			if err := m.Erase(ctx, tx, id); err != nil {
				return err
			}
		}
	}
	if err := ledger.Sever(ctx, tx, subjects...); err != nil {
		return err
	}
	if err := s.forgetInImports(ctx, tx, ids); err != nil {
		return err
	}
	asks, err := s.asksOf(ctx, tx, ids)
	if err != nil {
		return err
	}
	if err := jobs.Forget(ctx, tx, slices.Concat(ids, asks), times); err != nil {
		return err
	}
	for _, id := range ids {
		if err := s.forget(ctx, tx, id); err != nil {
			return err
		}
	}
	tx.AfterCommit(func() { s.directory.drop(ids) })
	return signGone(ctx, tx)
}

// asksOf gives the asks to sign in with one of her addresses, which jobs name.
func (s *Service) asksOf(ctx context.Context, tx *storage.Tx, ids []storage.ID) (asks []storage.ID, err error) {
	for _, id := range ids {
		some, err := storage.All(ctx, tx, scanID, `SELECT id
			FROM sign_in
			WHERE address_index IN (SELECT value_index FROM contact WHERE person_id = $1)`, id)
		if err != nil {
			return nil, err
		}
		asks = append(asks, some...)
	}
	return asks, nil
}

// traces gives the subjects of the records, and the moments at which they changed.
// A box that cannot be opened any more hides its subject from everybody else too.
func (s *Service) traces(ctx context.Context, tx *storage.Tx, ids []storage.ID) (subjects []storage.ID, times []time.Time, err error) {
	for _, id := range ids {
		rows, err := storage.All(ctx, tx, scanRow, `SELECT `+columns+` FROM person WHERE id = $1`, id)
		if err != nil {
			return nil, nil, err
		}
		for _, r := range rows {
			times = append(times, storage.Instant(r.made), storage.Instant(r.changed))
			p, err := s.open(r)
			if err != nil {
				s.log.WarnContext(ctx, "erase a person whose box cannot be opened: her facts keep their number", "error", err)
				continue
			}
			subjects = append(subjects, p.Subject)
		}
	}
	return subjects, times, nil
}

// forgotten empties the tables of this room of one record; what has it for a
// parent, such as sessions, links, consents and roles, goes with it. What she
// did to others stays, without her.
var forgotten = []string{
	`DELETE FROM sign_in WHERE address_index IN (SELECT value_index FROM contact WHERE person_id = $1)`,
	`DELETE FROM sign_in_letter WHERE address_index IN (SELECT value_index FROM contact WHERE person_id = $1)`,
	`DELETE FROM sign_in_wrong WHERE address_index IN (SELECT value_index FROM contact WHERE person_id = $1)`,
	`DELETE FROM contact_letter WHERE value_index IN (SELECT value_index FROM contact WHERE person_id = $1)`,
	`DELETE FROM person_merge WHERE from_id = $1 OR into_id = $1`,
	`UPDATE person_merge SET by_id = NULL WHERE by_id = $1`,
	`UPDATE person_distinct SET by_id = NULL WHERE by_id = $1`,
	`UPDATE role_grant SET given_by = NULL WHERE given_by = $1`,
	`DELETE FROM person_import WHERE by_id = $1`,
	`DELETE FROM person WHERE id = $1`,
}

func (s *Service) forget(ctx context.Context, tx *storage.Tx, id storage.ID) error {
	if err := audit.Forget(ctx, tx, id); err != nil {
		return err
	}
	for _, q := range forgotten {
		if _, err := tx.Exec(ctx, q, id); err != nil {
			return err
		}
	}
	return s.bury(ctx, tx, id)
}

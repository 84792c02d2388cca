package people

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
)

// reindexPiece is how many people one turn computes, so that others can write between.
const reindexPiece = 500

// Reindex computes all indexes from the boxes, in pieces. It gives those whose
// boxes do not open: in a database from a backup their slots were blanked. It may
// be done again at any time.
func (s *Service) Reindex(ctx context.Context) (keyless []storage.ID, err error) {
	have, contacts, err := s.indexColumns(ctx)
	if err != nil {
		return nil, err
	}
	var last storage.ID
	for {
		var rows []row
		var closed []storage.ID
		err := s.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
			closed = nil
			if rows, err = storage.All(ctx, tx, scanBox, `SELECT id, data_key, sealed, merged_into FROM person
				WHERE id > $1
				ORDER BY id LIMIT `+strconv.Itoa(reindexPiece), last[:]); err != nil {
				return err
			}
			for _, r := range rows {
				err := s.reindex(ctx, tx, r, have)
				if err == nil && contacts && r.mergedInto.IsZero() {
					err = s.reindexContacts(ctx, tx, r)
				}
				if errors.Is(err, seal.ErrClosed) {
					closed = append(closed, r.id)
					continue
				}
				if err != nil {
					return fmt.Errorf("indexes of person %s: %w", r.id, err)
				}
			}
			return nil
		}, storage.Long)
		if err != nil {
			return nil, err
		}
		keyless = append(keyless, closed...)
		if len(rows) < reindexPiece {
			return keyless, nil
		}
		last = rows[len(rows)-1].id
	}
}

// indexColumns are those of the columns of indexes that the database has, and whether
// it knows contacts: with the tables of an older version it has others.
func (s *Service) indexColumns(ctx context.Context) (have []string, contacts bool, err error) {
	tables, err := s.store.Tables(ctx)
	if err != nil {
		return nil, false, err
	}
	for _, t := range tables {
		contacts = contacts || t.Name == "contact"
		for _, c := range t.Columns {
			for _, name := range personIndexes {
				if t.Name == "person" && c.Name == name {
					have = append(have, name)
				}
			}
		}
	}
	return have, contacts, nil
}

func (s *Service) reindex(ctx context.Context, tx *storage.Tx, r row, columns []string) error {
	p, err := s.open(r)
	if err != nil {
		return err
	}
	x := s.indexes(p)
	values := map[string][]byte{"subject_index": x.subject, "name_index": x.name}
	if r.mergedInto.IsZero() { // a record that was merged is found by nothing else
		for kind, column := range map[ContactKind]string{EmailContact: "email_index", PhoneContact: "phone_index", ChatContact: "telegram_index"} {
			if value := p.current(kind); value != "" {
				values[column] = s.contactIndex(kind, value)
			}
		}
		if p.Phone != "" {
			values["phone_name_index"] = s.keys.Index("phone and name", p.Phone+"\x00"+nameKey(p.FullName))
		}
	} else {
		x.buckets = nil
	}
	err = tx.Try(ctx, func() error { return s.setIndexes(ctx, tx, p.ID, columns, values) })
	if storage.IsUnique(err) {
		// Folding may have changed since the box was closed, and two are now alike:
		// the later is found by what is hers alone.
		for _, c := range columns {
			one := func() error { return s.setIndexes(ctx, tx, p.ID, []string{c}, values) }
			if err = tx.Try(ctx, one); err != nil && !storage.IsUnique(err) {
				return err
			}
		}
		err = nil
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM person_name_part WHERE person_id = $1`, p.ID); err != nil {
		return err
	}
	return s.writeBuckets(ctx, tx, p.ID, x.buckets)
}

// reindexContacts computes the indexes of a person's contacts. Those that the tables of
// before did not have come from her box: proven where she was proven then.
func (s *Service) reindexContacts(ctx context.Context, tx *storage.Tx, r row) error {
	p, err := s.open(r)
	if err != nil {
		return err
	}
	have, err := s.ContactsOf(ctx, tx, p)
	if err != nil {
		return err
	}
	kinds := map[ContactKind]bool{}
	for _, c := range have {
		kinds[c.Kind] = true
		if _, err := tx.Exec(ctx, `UPDATE contact SET value_index = $2 WHERE id = $1`, c.ID, s.contactIndex(c.Kind, c.Value)); err != nil {
			return err
		}
	}
	var proven int
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM person_proven_before WHERE person_id = $1`, p.ID).Scan(&proven); err != nil {
		return err
	}
	for _, kind := range []ContactKind{EmailContact, PhoneContact, ChatContact} {
		value := p.current(kind)
		if value == "" || kinds[kind] {
			continue
		}
		state := Typed
		if kind == ChatContact || kind == EmailContact && proven > 0 {
			state = Proven
		}
		if err := s.addContacts(ctx, tx, p.ID, p.key, state, Contact{Kind: kind, Value: value}); err != nil {
			return err
		}
	}
	return nil
}

func scanBox(sc storage.Scanner) (r row, err error) {
	err = sc.Scan(&r.id, &r.wrapped, &r.box, &r.mergedInto)
	return r, err
}

func (s *Service) setIndexes(ctx context.Context, tx *storage.Tx, id storage.ID, columns []string, values map[string][]byte) error {
	if len(columns) == 0 {
		return nil
	}
	set, args := make([]string, len(columns)), []any{id}
	for i, c := range columns {
		set[i] = c + ` = $` + strconv.Itoa(i+2)
		args = append(args, values[c])
	}
	_, err := tx.Exec(ctx, `UPDATE person SET `+strings.Join(set, ", ")+` WHERE id = $1`, args...)
	return err
}

// FinishRestore does what a restore leaves to this room, when the database comes
// from a backup and it is not done yet: indexes, and the erasure of those whose
// slots were blanked. It gives them. Cut off, it is done again at the next start.
func (s *Service) FinishRestore(ctx context.Context) (keyless []storage.ID, err error) {
	unfinished := false
	err = s.store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
		unfinished, err = tx.Unfinished(ctx)
		return err
	})
	if err != nil || !unfinished {
		return nil, err
	}
	if keyless, err = s.Reindex(ctx); err != nil {
		return nil, err
	}
	if err := s.buryKeyless(ctx, keyless); err != nil {
		return nil, err
	}
	return keyless, s.store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error { return tx.Finish(ctx) })
}

package exports

import (
	"context"
	"errors"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
)

// part is where a part lies, and who asked for its table.
type part struct {
	table, person storage.ID
	place         int
}

// erase takes a person out of every table. Her own go. Each part of all others is opened,
// one after the other, and written again without her, so that what is taken afterwards has
// nothing of her and no box keeps her id. A table with a part that does not open is thrown
// away: nobody can say who is in it.
//
// Her record is locked by now. A piece that holds her is committed before (people.KeepThere),
// and found here; one that comes later finds nobody. Her record is not that of the others in
// a part, who may be erased at the same moment: see hold.
func (s *Service) erase(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	parts, err := hold(ctx, tx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM list_export WHERE person_id = $1`, person); err != nil {
		return err
	}
	for _, p := range parts {
		if p.person == person {
			continue
		}
		if err := s.without(ctx, tx, p, person); err != nil {
			return err
		}
	}
	return nil
}

// hold gives all parts, and keeps them from being written until the transaction ends, hers
// among them: another erasure, or the making of a piece, that has written one is waited for
// and its box read; one that comes meanwhile waits, so that nothing is written of a box that
// was read before. All take them in the same order. On SQLite one writes after the other.
func hold(ctx context.Context, tx *storage.Tx) ([]part, error) {
	query := `SELECT e.id, e.person_id, p.place
		FROM list_export_part p
		JOIN list_export e ON e.id = p.export_id
		ORDER BY e.id, p.place`
	if tx.Dialect() == storage.PostgreSQL {
		query += ` FOR UPDATE OF p`
	}
	return storage.All(ctx, tx, func(row storage.Scanner) (p part, err error) {
		err = row.Scan(&p.table, &p.person, &p.place)
		return p, err
	}, query)
}

// without writes a part, which is held, again without a person.
func (s *Service) without(ctx context.Context, tx *storage.Tx, p part, person storage.ID) error {
	list, err := storage.All(ctx, tx, scanBytes, `SELECT box FROM list_export_part WHERE export_id = $1 AND place = $2`, p.table, p.place)
	if err != nil || len(list) == 0 { // its table went with an earlier part
		return err
	}
	b, err := s.unseal(ctx, tx, p.person, p.table, p.place, list[0])
	if errors.Is(err, seal.ErrClosed) || errors.Is(err, errMoved) {
		_, err = tx.Exec(ctx, `DELETE FROM list_export WHERE id = $1`, p.table)
		return err
	}
	if err != nil {
		return err
	}
	count := len(b.Entries)
	b.Entries = slices.DeleteFunc(b.Entries, func(e entry) bool { return e.of(person) })
	if len(b.Entries) == count {
		return nil
	}
	sealed, err := s.seal(ctx, tx, p.person, b)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE list_export_part SET count = $3, box = $4 WHERE export_id = $1 AND place = $2`, p.table, p.place, len(b.Entries), sealed)
	return err
}

// merge throws away what was asked for with a record that turned out to be another's.
func merge(ctx context.Context, tx *storage.Tx, from, _ storage.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM list_export WHERE person_id = $1`, from)
	return err
}

// export tells a person which tables she has asked for.
func (s *Service) export(ctx context.Context, tx *storage.Tx, person storage.ID) (map[string]any, error) {
	list, err := mine(ctx, tx, person)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	type entry struct {
		Kind  string `json:"kind"`
		Asked string `json:"asked"`
		Until string `json:"until"`
		Rows  int    `json:"rows"`
	}
	var out []entry
	for _, t := range list {
		out = append(out, entry{t.Kind, t.Asked.Format(time.RFC3339), t.End.Format(time.RFC3339), t.Rows})
	}
	return map[string]any{"exports": out}, nil
}

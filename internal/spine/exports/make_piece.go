package exports

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
)

// makeAll is the job: piece after piece, each in a transaction of its own, until none is
// left. A run that ends midway goes on where it was.
func (s *Service) makeAll(ctx context.Context, store *storage.Store, payload json.RawMessage) error {
	var w wanted
	if err := json.Unmarshal(payload, &w); err != nil {
		return err
	}
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := store.Write(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
			more, err = s.MakePiece(ctx, tx, w.Table)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// MakePiece makes the first piece of a table that is not made yet; more is false when none
// is left, and when the table is no more. It judges who asked by the roles that she has
// now: without the permission the table ends, and all that was made of it goes.
func (s *Service) MakePiece(ctx context.Context, tx *storage.Tx, table storage.ID) (more bool, err error) {
	t, err := storage.One(ctx, tx, scanTable, tableColumns+`WHERE e.id = $1 AND e.ends_at > $2 AND e.ended = ''`, table, storage.Micros(tx.Now))
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	place, sealed, err := nextPart(ctx, tx, table)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	kind, there := s.kind(t.Kind)
	if !there {
		return false, fmt.Errorf("nobody makes tables of %s", t.Kind)
	}
	actor, err := s.actor(ctx, tx, t.Person)
	if err != nil {
		return false, err
	}
	if !actor.MaySomewhere(kind.Needs) || reachOf(actor.Grants) != t.reach {
		return false, stop(ctx, tx, table)
	}
	b, err := s.unseal(ctx, tx, t.Person, table, place, sealed)
	if err != nil {
		return false, err
	}
	ids := make([]storage.ID, len(b.Entries))
	for i, e := range b.Entries {
		ids[i] = e.ID
	}
	rows, err := s.rows(ctx, tx, kind, module.Exported{Actor: actor, Lang: t.Lang, Say: s.say.Printer(t.Lang), Columns: t.Columns}, ids)
	if err != nil {
		return false, err
	}
	if sealed, err = s.seal(ctx, tx, t.Person, box{Table: table, Place: place, Entries: entriesOf(rows)}); err != nil {
		return false, err
	}
	// Whoever else makes the same piece changes nothing any more.
	if _, err := tx.Exec(ctx, `UPDATE list_export_part SET made = 1, count = $3, box = $4 WHERE export_id = $1 AND place = $2 AND made = 0`,
		table, place, len(rows), sealed); err != nil {
		return false, err
	}
	_, err = tx.Exec(ctx, `UPDATE list_export SET moved_at = $2 WHERE id = $1`, table, storage.Micros(tx.Now))
	return true, err
}

// rows reads rows so that no erasure of somebody in them comes between the reading and the
// end of the transaction. Whose they are is known only once they are read; so they are
// read again when they are held.
func (s *Service) rows(ctx context.Context, tx *storage.Tx, kind module.Export, of module.Exported, ids []storage.ID) ([]module.ExportRow, error) {
	rows, err := kind.Rows(ctx, tx, of, ids)
	if err != nil || tx.Dialect() != storage.PostgreSQL || kind.Look == "" {
		return rows, err
	}
	var persons []storage.ID
	for _, r := range rows {
		if !r.Person.IsZero() {
			persons = append(persons, r.Person)
		}
	}
	if err := people.KeepThere(ctx, tx, persons); err != nil {
		return nil, err
	}
	return kind.Rows(ctx, tx, of, ids)
}

func nextPart(ctx context.Context, tx *storage.Tx, table storage.ID) (place int, sealed []byte, err error) {
	err = tx.QueryRow(ctx, `SELECT place, box FROM list_export_part WHERE export_id = $1 AND made = 0 ORDER BY place LIMIT 1`, table).Scan(&place, &sealed)
	return place, sealed, err
}

// stop ends a table whose asker may not have it any more.
func stop(ctx context.Context, tx *storage.Tx, table storage.ID) error {
	if _, err := tx.Exec(ctx, `DELETE FROM list_export_part WHERE export_id = $1`, table); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE list_export SET ended = 'rights' WHERE id = $1`, table)
	return err
}

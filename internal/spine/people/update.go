package people

import (
	"context"
	"database/sql"
	"errors"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Update replaces the details of a person, but her contacts, for which there is
// ChangeContact. Invalid with a fault for each wrong field.
func (s *Service) Update(ctx context.Context, tx *storage.Tx, id storage.ID, d Details) error {
	p, err := s.hold(ctx, tx, id)
	if err != nil {
		return err
	}
	d.Email, d.Phone = p.Email, p.Phone
	if d, err = Tidy(s.Lists(), d, tx.Now); err != nil {
		return err
	}
	d.Demo = p.Demo
	p.Details = d
	return s.save(ctx, tx, p)
}

// save seals the person anew and writes her indexes.
func (s *Service) save(ctx context.Context, tx *storage.Tx, p Person) error {
	x := s.indexes(p)
	r, err := storage.One(ctx, tx, scanRow, `SELECT `+columns+` FROM person WHERE id = $1`, p.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return Unknown()
	}
	if err != nil {
		return err
	}
	key, err := s.keys.OpenDataKey(p.ID[:], r.wrapped)
	if err != nil {
		return err
	}
	box, err := closeBox(key, p)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE person
		SET sealed = $2, name_index = $3, changed_at = $4, mark = `+markExpression(tx)+`
		WHERE id = $1`,
		p.ID, box, x.name, storage.Micros(tx.Now)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM person_name_part WHERE person_id = $1`, p.ID); err != nil {
		return err
	}
	return s.writeBuckets(ctx, tx, p.ID, x.buckets)
}

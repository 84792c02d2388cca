package materials

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Change is a material as somebody wants it: title, audience, language,
// and another file when Kept names one.
type Change struct {
	Actor    access.Actor
	Shelf    Shelf
	Material Material // its id, the version that the person saw, and what she wrote
	Kept     Kept     // empty: the file stays
	Name     string   // of the new file
}

// Change writes a changed material. Its address stays. Invalid,
// Forbidden, NotFound; Conflict when somebody else was faster or the new file
// stands there already.
func (s *Service) Change(ctx context.Context, tx *storage.Tx, c Change) (Material, error) {
	before, err := byID(ctx, tx, c.Material.ID)
	if err != nil {
		return before, err
	}
	if !c.Shelf.holds(before) {
		return before, unknown()
	}
	if err := c.Shelf.mayPlan(ctx, tx, c.Actor); err != nil {
		return before, err
	}
	m := before
	m.Title, m.Audience, m.Language, m.Version = c.Material.Title, c.Material.Audience, c.Material.Language, c.Material.Version
	if err := m.check(); err != nil {
		return m, err
	}
	m.Stale = m.Stale.Note("title", before.Title, m.Title, tx.Now)
	if c.Kept.File != "" {
		m.Name, m.Type, m.Size, m.Digest, m.File = files.SavedAs(c.Name, c.Kept.Type), c.Kept.Type, c.Kept.Size, c.Kept.Digest, c.Kept.File
		if err := forget(ctx, tx, before.File); err != nil {
			return m, err
		}
	}
	texts, err := m.document()
	if err != nil {
		return m, err
	}
	n, err := tx.Exec(ctx, `UPDATE material
		SET audience = $3, language = $4, texts = $5, name = $6, kind = $7, size = $8, digest = $9, file = $10, changed_at = $11, version = version + 1
		WHERE id = $1 AND version = $2`,
		m.ID, m.Version, string(m.Audience), m.Language, texts, m.Name, m.Type, m.Size, m.Digest, m.File, storage.Micros(tx.Now))
	if storage.IsUnique(err) {
		return m, alreadyThere(c.Name)
	}
	if err != nil {
		return m, err
	}
	if n == 0 {
		return m, fault.New(fault.Conflict, "programme.fault.changed_meanwhile")
	}
	m.Version++
	m.Changed = tx.Now
	return m, note(ctx, tx, c.Actor, m)
}

// Remove takes a material away. Forbidden, NotFound.
func (s *Service) Remove(ctx context.Context, tx *storage.Tx, actor access.Actor, shelf Shelf, id storage.ID) error {
	m, err := byID(ctx, tx, id)
	if err != nil {
		return err
	}
	if !shelf.holds(m) {
		return unknown()
	}
	if err := shelf.mayPlan(ctx, tx, actor); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM material WHERE id = $1`, id); err != nil {
		return err
	}
	if err := forget(ctx, tx, m.File); err != nil {
		return err
	}
	return note(ctx, tx, actor, m)
}

// Move puts a material one place up (-1) or down (+1) on its shelf; at
// the end nothing happens. Forbidden, NotFound.
func (s *Service) Move(ctx context.Context, tx *storage.Tx, actor access.Actor, shelf Shelf, id storage.ID, by int) error {
	if err := shelf.mayPlan(ctx, tx, actor); err != nil {
		return err
	}
	list, err := shelf.list(ctx, tx)
	if err != nil {
		return err
	}
	for i, m := range list {
		if m.ID != id {
			continue
		}
		if j := i + by; j >= 0 && j < len(list) {
			list[i], list[j] = list[j], list[i]
		}
		for place, m := range list {
			if _, err := tx.Exec(ctx, `UPDATE material SET place = $2 WHERE id = $1`, m.ID, int64(place+1)); err != nil {
				return err
			}
		}
		return nil
	}
	return unknown()
}

// list gives the shelf's own materials in their order.
func (s Shelf) list(ctx context.Context, tx *storage.Tx) ([]Material, error) {
	if s.Activity.IsZero() {
		return ofTemplate(ctx, tx, s.Template)
	}
	return storage.All(ctx, tx, scan, `SELECT `+columns+`
		FROM material
		WHERE activity_id = $1
		ORDER BY place, id`, s.Activity)
}

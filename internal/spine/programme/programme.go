package programme

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Programme is what all activities belong to.
type Programme struct {
	ID   storage.ID
	Slug string
	Name i18n.Text
}

// Current gives the programme that the pages are about: the one made last. NotFound when there is none.
func Current(ctx context.Context, tx *storage.Tx) (Programme, error) {
	p, err := storage.One(ctx, tx, func(row storage.Scanner) (p Programme, err error) {
		var name string
		if err = row.Scan(&p.ID, &p.Slug, &name); err == nil {
			err = json.Unmarshal([]byte(name), &p.Name)
		}
		return p, err
	}, `SELECT id, slug, name FROM programme ORDER BY made_at DESC, id DESC LIMIT 1`)
	if errors.Is(err, sql.ErrNoRows) {
		return p, fault.New(fault.NotFound, "programme.fault.none")
	}
	return p, err
}

// InsertProgramme writes a new programme; its id is made when it is empty.
func InsertProgramme(ctx context.Context, tx *storage.Tx, p Programme) (Programme, error) {
	if p.ID.IsZero() {
		p.ID = tx.NewID()
	}
	name, err := json.Marshal(p.Name)
	if err != nil {
		return p, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO programme (id, slug, name, document, made_at, changed_at) VALUES ($1, $2, $3, '{}', $4, $4)`,
		p.ID, p.Slug, string(name), storage.Micros(tx.Now))
	return p, err
}

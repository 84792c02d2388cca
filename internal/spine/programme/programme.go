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
	ID       storage.ID `json:"-" yaml:"-"`
	Slug     string     `json:"-" yaml:"slug"`
	Starts   string     `json:"starts,omitempty" yaml:"starts"` // day, 2006-01-02
	Name     i18n.Text  `json:"name" yaml:"name"`
	Sentence i18n.Text  `json:"sentence" yaml:"sentence"` // what the programme is, in one sentence
	Lead     i18n.Text  `json:"lead" yaml:"lead"`         // for whom
	About    i18n.Text  `json:"about" yaml:"about"`
	Donor    struct {
		Name    i18n.Text `json:"name" yaml:"name"`
		Acronym string    `json:"acronym" yaml:"acronym"`
		By      i18n.Text `json:"by" yaml:"by"`
	} `json:"donor" yaml:"donor"`
	Organiser i18n.Text `json:"organiser" yaml:"organiser"`
	Contact   struct {
		City  string    `json:"city" yaml:"city"`
		Email string    `json:"email" yaml:"email"`
		Phone string    `json:"phone" yaml:"phone"`
		Text  i18n.Text `json:"text" yaml:"text"`
	} `json:"contact" yaml:"contact"`
}

const programmeColumns = `id, slug, document`

func scanProgramme(row storage.Scanner) (p Programme, err error) {
	var document string
	if err = row.Scan(&p.ID, &p.Slug, &document); err != nil {
		return p, err
	}
	return p, json.Unmarshal([]byte(document), &p)
}

// Current gives the programme that the pages are about: the one made last.
// NotFound when there is none.
func Current(ctx context.Context, tx *storage.Tx) (Programme, error) {
	p, err := storage.One(ctx, tx, scanProgramme, `SELECT `+programmeColumns+` FROM programme ORDER BY made_at DESC, id DESC LIMIT 1`)
	if errors.Is(err, sql.ErrNoRows) {
		return p, fault.New(fault.NotFound, "programme.fault.none")
	}
	return p, err
}

// Programmes lists all programmes of the house, the newest first: Current is the first.
func Programmes(ctx context.Context, tx *storage.Tx) ([]Programme, error) {
	return storage.All(ctx, tx, scanProgramme, `SELECT `+programmeColumns+` FROM programme ORDER BY made_at DESC, id DESC`)
}

// ProgrammeBySlug finds a programme by its address; false when there is none.
func ProgrammeBySlug(ctx context.Context, tx *storage.Tx, slug string) (Programme, bool, error) {
	p, err := storage.One(ctx, tx, scanProgramme, `SELECT `+programmeColumns+` FROM programme WHERE slug = $1`, slug)
	if errors.Is(err, sql.ErrNoRows) {
		return p, false, nil
	}
	return p, err == nil, err
}

// SaveProgramme writes a programme, new or changed.
func SaveProgramme(ctx context.Context, tx *storage.Tx, p Programme) (Programme, error) {
	document, err := json.Marshal(p)
	if err != nil {
		return p, err
	}
	if p.ID.IsZero() {
		p.ID = tx.NewID()
		_, err = tx.Exec(ctx, `INSERT INTO programme (id, slug, document, made_at, changed_at) VALUES ($1, $2, $3, $4, $4)`,
			p.ID, p.Slug, string(document), storage.Micros(tx.Now))
		return p, err
	}
	_, err = tx.Exec(ctx, `UPDATE programme SET document = $2, changed_at = $3 WHERE id = $1`, p.ID, string(document), storage.Micros(tx.Now))
	return p, err
}

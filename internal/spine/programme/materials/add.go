package materials

import (
	"context"
	"strings"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/files"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
)

// most is how many files one activity, or one template, may have.
const most = 40

// Shelf is where materials stand: one activity, or one template. One of the two is zero.
type Shelf struct{ Activity, Template storage.ID }

// held gives where the shelf lies at this moment; it lies there, and nobody else puts or
// moves anything on it, until the transaction ends. NotFound when it is gone.
func (s Shelf) held(ctx context.Context, tx *storage.Tx) (access.Scope, error) {
	if s.Activity.IsZero() {
		return programme.HeldTemplate(ctx, tx, s.Template)
	}
	a, err := programme.HeldAlone(ctx, tx, s.Activity)
	return a.Scope(), err
}

// mayPlan refuses who may not change what stands on the shelf.
func (s Shelf) mayPlan(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
	at, err := s.held(ctx, tx)
	if err == nil && !actor.May(programme.MayPlan, at) {
		err = fault.New(fault.Forbidden, "fault.forbidden")
	}
	return err
}

func (s Shelf) holds(m Material) bool { return m.Activity == s.Activity && m.Template == s.Template }

// Add is a kept file that becomes a material.
type Add struct {
	Actor    access.Actor
	Shelf    Shelf
	Kept     Kept
	Name     string // of the file, as it was handed in
	Title    i18n.Text
	Audience Audience
	Language string
}

// Add puts a material at the end of its shelf. Without a title its
// file's name is the title. Invalid, Forbidden, NotFound; Conflict when the same file
// stands there, Full when there are too many.
func (s *Service) Add(ctx context.Context, tx *storage.Tx, c Add) (Material, error) {
	m := Material{
		ID: tx.NewID(), Title: c.Title, Audience: c.Audience, Language: c.Language, Name: files.SavedAs(c.Name, c.Kept.Type),
		Type: c.Kept.Type, Size: c.Kept.Size, Digest: c.Kept.Digest, File: c.Kept.File, Version: 1, Made: tx.Now, Changed: tx.Now,
	}
	m.Activity, m.Template = c.Shelf.Activity, c.Shelf.Template
	if err := c.Shelf.mayPlan(ctx, tx, c.Actor); err != nil {
		return m, err
	}
	if m.Title == (i18n.Text{}) {
		m.Title = titleIn(c.Language, titleOf(m.Name))
	}
	if err := m.check(); err != nil {
		return m, err
	}
	var count, last int64
	err := tx.QueryRow(ctx, `SELECT COUNT(*), COALESCE(MAX(place), 0)
		FROM material
		WHERE activity_id = $1 OR template_id = $2`, m.Activity, m.Template).Scan(&count, &last)
	if err != nil {
		return m, err
	}
	if count >= most {
		return m, fault.New(fault.Full, "programme.fault.material.many", fault.Args{"count": most})
	}
	m.Place = last + 1
	texts, err := m.document()
	if err != nil {
		return m, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO material (`+columns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		m.ID, m.Activity, m.Template, m.Place, string(m.Audience), m.Language, texts, m.Name, m.Type, m.Size, m.Digest, m.File,
		m.Version, storage.Micros(m.Made), storage.Micros(m.Changed))
	if storage.IsUnique(err) {
		return m, alreadyThere(c.Name)
	}
	if err != nil {
		return m, err
	}
	return m, note(ctx, tx, c.Actor, m)
}

func alreadyThere(name string) error {
	return fault.New(fault.Conflict, "programme.fault.material.same", fault.Args{"name": strings.TrimSpace(name)})
}

func note(ctx context.Context, tx *storage.Tx, actor access.Actor, m Material) error {
	return audit.Record(ctx, tx, audit.Entry{Actor: actor.Person, Action: "programme.audit.material", Object: m.ID, Detail: m.Name})
}

// titleIn is a title in the language of the material; in Kyrgyz when it has none.
func titleIn(language, title string) i18n.Text {
	switch l, _ := i18n.Parse(language); l {
	case i18n.Russian:
		return i18n.Text{Ru: title}
	case i18n.English:
		return i18n.Text{En: title}
	}
	return i18n.Text{Ky: title}
}

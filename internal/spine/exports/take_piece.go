package exports

import (
	"context"
	"database/sql"
	"errors"
	"strconv"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/sheet"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/module"
	"platforma.kg/ashar/internal/spine/people"
)

// mayTake gives a table that somebody may take now, with its kind. NotFound when it is
// another's or over, Forbidden when she may not any more, TooEarly while it is made.
func (s *Service) mayTake(ctx context.Context, tx *storage.Tx, actor access.Actor, table storage.ID) (t Table, kind module.Export, err error) {
	if t, err = byID(ctx, tx, actor.Person, table); err != nil {
		return t, kind, err
	}
	kind, there := s.kind(t.Kind)
	now, err := s.actor(ctx, tx, actor.Person)
	if err != nil {
		return t, kind, err
	}
	state := t.state(now.Grants, tx.Now)
	switch {
	case !there || !actor.MaySomewhere(kind.Needs) || !now.MaySomewhere(kind.Needs) || state == rights || state == other:
		return t, kind, fault.New(fault.Forbidden, "exports.fault.rights")
	case state != ready:
		return t, kind, fault.New(fault.TooEarly, "exports.fault.early")
	}
	return t, kind, nil
}

// BeginTake lets who asked for a table take it, and notes that she does. Forbidden, too,
// unless she has just shown who she is.
func (s *Service) BeginTake(ctx context.Context, tx *storage.Tx, actor access.Actor, table storage.ID) (t Table, kind module.Export, err error) {
	if err := people.MustBeFresh(tx.Now, actor); err != nil {
		return t, kind, err
	}
	if t, kind, err = s.mayTake(ctx, tx, actor, table); err != nil {
		return t, kind, err
	}
	return t, kind, audit.Record(ctx, tx, audit.Entry{Actor: actor.Person, Action: "exports.audit.taken", Detail: t.Kind + " " + strconv.Itoa(t.Rows)})
}

// TakePiece gives one piece of a table to who asked for it, and notes in the log of each
// person in it that she was seen. It judges anew with each piece: who was erased since the
// one before is in none that follows, and who gave the table up gets no more of it.
func (s *Service) TakePiece(ctx context.Context, tx *storage.Tx, actor access.Actor, table storage.ID, place int) (rows [][]sheet.Value, err error) {
	t, kind, err := s.mayTake(ctx, tx, actor, table)
	if err != nil {
		return nil, err
	}
	sealed, err := storage.One(ctx, tx, scanBytes, `SELECT box FROM list_export_part WHERE export_id = $1 AND place = $2 AND made = 1`, table, place)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "exports.fault.gone")
	}
	if err != nil {
		return nil, err
	}
	b, err := s.unseal(ctx, tx, t.Person, table, place, sealed)
	if err != nil {
		return nil, err
	}
	looks := audit.Looks{Reader: actor.Person, Action: kind.Look}
	for _, e := range b.Entries {
		rows = append(rows, e.Cells)
		looks.Persons = append(looks.Persons, e.Person)
	}
	if kind.Look == "" {
		return rows, nil
	}
	return rows, audit.Looked(ctx, tx, looks)
}

package people

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
)

// UndoFor is how long a change of many can be taken back.
const UndoFor = 15 * time.Minute

// MostAtOnce is how many records one change may touch.
const MostAtOnce = 200

// manyFields are what may be changed of many people at once.
var manyFields = []profile.Name{profile.Group, profile.City}

// ChangeMany gives many people one value in one field.
type ChangeMany struct {
	Actor   access.Actor // with people.edit
	Persons []storage.ID
	Field   profile.Name
	Value   string
}

// WouldChange is one of the people of a ChangeMany.
type WouldChange struct {
	Person Person
	Was    string // the value that she has
	Left   error  // why she stays as she is; nil: she is changed
}

// PreviewMany tells what a change of many would do, and does nothing. It leaves out whom
// the asker does not see. Forbidden for who may correct nobody; Invalid when there is nobody, there are too many, or the field or
// value is none, or is offered no more.
func (s *Service) PreviewMany(ctx context.Context, tx *storage.Tx, cmd ChangeMany) ([]WouldChange, error) {
	if !cmd.Actor.MaySomewhere("people.edit") {
		return nil, fault.New(fault.Forbidden, "fault.forbidden")
	}
	ids := slices.Clone(cmd.Persons)
	slices.SortFunc(ids, func(a, b storage.ID) int { return bytes.Compare(a[:], b[:]) })
	ids = slices.Compact(ids)
	if len(ids) == 0 {
		return nil, fault.New(fault.Invalid, "people.fault.nobody_ticked")
	}
	if len(ids) > MostAtOnce {
		return nil, fault.New(fault.Invalid, "people.fault.many", fault.Args{"count": MostAtOnce})
	}
	lists, err := s.book.In(ctx, tx)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(manyFields, cmd.Field) || cmd.Value == "" || !profile.Of(cmd.Field).Offers(lists, cmd.Value) {
		return nil, fault.New(fault.Invalid, "fault.not_a_choice")
	}
	found, err := s.ByIDs(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	var out []WouldChange
	for _, id := range ids { // in one order, so that two changes do not wait for each other
		p, ok := found[id]
		if !ok || p.ID != id || !Sees(cmd.Actor, p) {
			continue
		}
		w := WouldChange{Person: p, Was: p.First(cmd.Field)}
		if w.Left = s.mayChange(ctx, tx, cmd, p); w.Left != nil && fault.Of(w.Left) == nil {
			return nil, w.Left
		}
		out = append(out, w)
	}
	return out, nil
}

// mayChange refuses whom the actor may not correct, who has the value already, and a city
// in which the actor could not correct her any more.
func (s *Service) mayChange(ctx context.Context, tx *storage.Tx, cmd ChangeMany, p Person) error {
	if err := s.MayCorrect(ctx, tx, cmd.Actor, p); err != nil {
		return err
	}
	if p.First(cmd.Field) == cmd.Value {
		return fault.New(fault.Conflict, "people.fault.so_already")
	}
	p.Set(cmd.Field, cmd.Value)
	if Reach(cmd.Actor, "people.edit", p) != nil {
		return fault.New(fault.Forbidden, "people.fault.other_city")
	}
	return nil
}

// changed is what is kept of one person of a change.
type changed struct {
	Was string `json:"was"`
	Is  string `json:"is"`
}

const fieldChanged = "person_change_part.sealed"

// ChangeMany changes all whom PreviewMany would change, notes it in their logs, and keeps
// for UndoFor what was. It gives the id by which TakeBackMany undoes it, and how many were
// changed; Conflict when nobody is.
func (s *Service) ChangeMany(ctx context.Context, tx *storage.Tx, cmd ChangeMany) (id storage.ID, count int, err error) {
	list, err := s.PreviewMany(ctx, tx, cmd)
	if err != nil {
		return id, 0, err
	}
	id = tx.NewID()
	if _, err := tx.Exec(ctx, `INSERT INTO person_change (id, by_id, field, at) VALUES ($1, $2, $3, $4)`,
		id, cmd.Actor.Person, string(cmd.Field), storage.Micros(tx.Now)); err != nil {
		return id, 0, err
	}
	for _, w := range list {
		if w.Left != nil {
			continue
		}
		p, err := s.hold(ctx, tx, w.Person.ID)
		if fault.Is(err, fault.NotFound) || err == nil && p.ID != w.Person.ID {
			continue // erased or merged in the same moment: nobody ticked the other
		}
		if err != nil {
			return id, 0, err
		}
		if err := s.mayChange(ctx, tx, cmd, p); fault.Of(err) != nil {
			continue // another was faster
		} else if err != nil {
			return id, 0, err
		}
		if err := s.setOne(ctx, tx, cmd.Actor.Person, p, cmd.Field, cmd.Value, id); err != nil {
			return id, 0, err
		}
		count++
	}
	if count == 0 {
		return id, 0, fault.New(fault.Conflict, "people.fault.nobody_changes")
	}
	return id, count, nil
}

// setOne writes a value, and what was, when the change is kept. The value has been judged;
// the rest of a record is as it was, also where it would not be taken today: a name of
// before must not keep two hundred others from their change.
func (s *Service) setOne(ctx context.Context, tx *storage.Tx, by storage.ID, p Person, field profile.Name, value string, change storage.ID) error {
	was := p.First(field)
	p.Set(field, value)
	if err := s.save(ctx, tx, p); err != nil {
		return err
	}
	if !change.IsZero() {
		plain, err := json.Marshal(changed{was, value})
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO person_change_part (change_id, person_id, sealed) VALUES ($1, $2, $3)`,
			change, p.ID, p.key.Seal(p.ID[:], fieldChanged, plain)); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: by, Person: p.ID, Action: "people.audit.changed"})
}

// Undoable is a change of many that its maker can still take back.
type Undoable struct {
	ID    storage.ID
	Field profile.Name
	Count int
	Until time.Time
}

// Undoables gives the changes that somebody made in the last minutes, the newest first.
func (s *Service) Undoables(ctx context.Context, tx *storage.Tx, by storage.ID) ([]Undoable, error) {
	return storage.All(ctx, tx, func(row storage.Scanner) (u Undoable, err error) {
		var at int64
		var field string
		err = row.Scan(&u.ID, &field, &at, &u.Count)
		u.Field, u.Until = profile.Name(field), storage.Instant(at).Add(UndoFor)
		return u, err
	}, `SELECT id, field, at, (SELECT COUNT(*) FROM person_change_part WHERE change_id = id)
		FROM person_change
		WHERE by_id = $1 AND taken_at = 0 AND at > $2
		ORDER BY at DESC`, by, storage.Micros(tx.Now.Add(-UndoFor)))
}

// TakeBackMany undoes a change of many within UndoFor, for who made it, once: each record
// gets the value that it had. Whoever was changed again since, merged or is out of reach
// stays as she is; left counts them. NotFound for a change that is not hers, Conflict when
// it is too late or done.
func (s *Service) TakeBackMany(ctx context.Context, tx *storage.Tx, a access.Actor, change storage.ID) (back, left int, err error) {
	var field string
	var by storage.ID
	var at int64
	err = tx.QueryRow(ctx, `SELECT by_id, field, at FROM person_change WHERE id = $1`, change).Scan(&by, &field, &at)
	if errors.Is(err, sql.ErrNoRows) || err == nil && by != a.Person {
		return 0, 0, fault.New(fault.NotFound, "people.fault.change_gone")
	}
	if err != nil {
		return 0, 0, err
	}
	if !tx.Now.Before(storage.Instant(at).Add(UndoFor)) {
		return 0, 0, fault.New(fault.Conflict, "people.fault.change_late")
	}
	n, err := tx.Exec(ctx, `UPDATE person_change SET taken_at = $2 WHERE id = $1 AND taken_at = 0`, change, storage.Micros(tx.Now))
	if err != nil {
		return 0, 0, err
	}
	if n == 0 {
		return 0, 0, fault.New(fault.Conflict, "people.fault.change_gone")
	}
	type part struct {
		person storage.ID
		box    []byte
	}
	parts, err := storage.All(ctx, tx, func(row storage.Scanner) (p part, err error) {
		err = row.Scan(&p.person, &p.box)
		return p, err
	}, `SELECT person_id, sealed FROM person_change_part WHERE change_id = $1 ORDER BY person_id`, change)
	if err != nil {
		return 0, 0, err
	}
	for _, one := range parts {
		p, err := s.hold(ctx, tx, one.person)
		if fault.Is(err, fault.NotFound) || err == nil && p.ID != one.person {
			left++
			continue
		}
		if err != nil {
			return 0, 0, err
		}
		plain, err := p.key.Open(p.ID[:], fieldChanged, one.box)
		if err != nil {
			return 0, 0, err
		}
		var c changed
		if err := json.Unmarshal(plain, &c); err != nil {
			return 0, 0, err
		}
		name := profile.Name(field)
		if may := s.MayCorrect(ctx, tx, a, p); p.First(name) != c.Is || fault.Of(may) != nil {
			left++
			continue
		} else if may != nil {
			return 0, 0, may
		}
		if err := s.setOne(ctx, tx, a.Person, p, name, c.Was, storage.ID{}); err != nil {
			return 0, 0, err
		}
		back++
	}
	return back, left, nil
}

// tidyChanges deletes what cannot be taken back any more.
func (s *Service) tidyChanges(ctx context.Context, tx *storage.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM person_change WHERE at <= $1`, storage.Micros(tx.Now.Add(-UndoFor)))
	return err
}

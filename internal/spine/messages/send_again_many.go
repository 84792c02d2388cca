package messages

import (
	"bytes"
	"context"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// UndoFor is how long messages that were sent again together wait, and can be taken back.
const UndoFor = 15 * time.Minute

// MostAtOnce is how many messages are sent again together.
const MostAtOnce = 200

// SendAgainMany sends several messages again.
type SendAgainMany struct {
	Actor    access.Actor
	Messages []storage.ID
	AtOnce   bool // they do not wait, and cannot be taken back
}

// WouldGo is a message of a SendAgainMany.
type WouldGo struct {
	ID     storage.ID
	Person storage.ID
	Name   string
	row    message
	Left   error // why it stays as it is; nil: it goes
}

// PreviewAgain tells what a SendAgainMany would do, and does nothing but note that the
// names were seen. It leaves out what the asker may not watch. Invalid when nothing is
// ticked, or too much.
func (s *Service) PreviewAgain(ctx context.Context, tx *storage.Tx, cmd SendAgainMany) ([]WouldGo, error) {
	if !cmd.Actor.MaySomewhere(Watch) {
		return nil, fault.New(fault.Forbidden, "fault.forbidden")
	}
	ids := slices.Clone(cmd.Messages)
	slices.SortFunc(ids, func(a, b storage.ID) int { return bytes.Compare(a[:], b[:]) })
	ids = slices.Compact(ids)
	if len(ids) == 0 {
		return nil, fault.New(fault.Invalid, "messages.fault.nothing_ticked")
	}
	if len(ids) > MostAtOnce {
		return nil, fault.New(fault.Invalid, "messages.fault.many", fault.Args{"count": MostAtOnce})
	}
	var out []WouldGo
	for _, id := range ids { // in one order, so that two do not wait for each other
		m, err := s.watched(ctx, tx, cmd.Actor, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		w := WouldGo{ID: m.ID, Person: m.Person, row: m}
		if w.Name, err = s.named(ctx, tx, cmd.Actor.Person, m); err != nil {
			return nil, err
		}
		if !mayGoAgain(m) {
			w.Left = fault.New(fault.Conflict, "messages.fault.not_again")
		}
		out = append(out, w)
	}
	return out, nil
}

// SendAgainMany sends all that PreviewAgain says would go, after UndoFor unless at once,
// and keeps for as long what was. It gives how many go; Conflict when none does.
func (s *Service) SendAgainMany(ctx context.Context, tx *storage.Tx, cmd SendAgainMany) (count int, err error) {
	list, err := s.PreviewAgain(ctx, tx, cmd)
	if err != nil {
		return 0, err
	}
	due := tx.Now.Add(UndoFor)
	if cmd.AtOnce {
		due = tx.Now
	}
	if _, err := tx.Exec(ctx, `DELETE FROM message_again WHERE at < $1`, storage.Micros(tx.Now.Add(-UndoFor))); err != nil {
		return 0, err
	}
	id := tx.NewID()
	if !cmd.AtOnce {
		if _, err := tx.Exec(ctx, `INSERT INTO message_again (id, by_id, at) VALUES ($1, $2, $3)`, id, cmd.Actor.Person, storage.Micros(tx.Now)); err != nil {
			return 0, err
		}
	}
	for _, w := range list {
		if w.Left != nil {
			continue
		}
		err := s.sendAgain(ctx, tx, cmd.Actor, w.row, due)
		if fault.Is(err, fault.Conflict) { // it went meanwhile
			continue
		}
		if err != nil {
			return 0, err
		}
		count++
		if cmd.AtOnce {
			continue
		}
		if _, err := tx.Exec(ctx, `INSERT INTO message_again_part (again_id, message_id, state, reason, attempts, ends_at, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			id, w.ID, w.row.State, w.row.Reason, w.row.Attempts, storage.Micros(w.row.Ends), storage.Micros(w.row.Due)); err != nil {
			return 0, err
		}
	}
	if count == 0 {
		return 0, fault.New(fault.Conflict, "messages.fault.none_again")
	}
	return count, nil
}

// Undoable is what somebody sent again and can still take back.
type Undoable struct {
	ID    storage.ID
	Count int
	Until time.Time
}

// Undoables are those of a person, the last first.
func (s *Service) Undoables(ctx context.Context, tx *storage.Tx, person storage.ID) ([]Undoable, error) {
	return storage.All(ctx, tx, func(row storage.Scanner) (u Undoable, err error) {
		var at int64
		err = row.Scan(&u.ID, &at, &u.Count)
		u.Until = storage.Instant(at).Add(UndoFor)
		return u, err
	}, `SELECT a.id, a.at, COUNT(m.id)
		FROM message_again a
		JOIN message_again_part p ON p.again_id = a.id
		JOIN message m ON m.id = p.message_id AND m.state = 'waiting' AND m.due_at = a.at + $3
		WHERE a.by_id = $1 AND a.at > $2
		GROUP BY a.id, a.at
		ORDER BY a.at DESC, a.id`, person, storage.Micros(tx.Now.Add(-UndoFor)), UndoFor.Microseconds())
}

// TakeBackAgain undoes a SendAgainMany of the asker: what still waits is again what it
// was. What has left, was cancelled or went another way since stays. NotFound when it is
// another's, or the time is over.
func (s *Service) TakeBackAgain(ctx context.Context, tx *storage.Tx, actor access.Actor, id storage.ID) (back, left int, err error) {
	n, err := tx.Exec(ctx, `UPDATE message_again SET at = at WHERE id = $1 AND by_id = $2 AND at > $3`, id, actor.Person, storage.Micros(tx.Now.Add(-UndoFor)))
	if err != nil {
		return 0, 0, err
	}
	if n == 0 {
		return 0, 0, fault.New(fault.NotFound, "messages.fault.again_gone")
	}
	type part struct {
		message, person storage.ID
		state, reason   string
		attempts        int64
		ends, due, at   int64
	}
	parts, err := storage.All(ctx, tx, func(row storage.Scanner) (p part, err error) {
		err = row.Scan(&p.message, &p.person, &p.state, &p.reason, &p.attempts, &p.ends, &p.due, &p.at)
		return p, err
	}, `SELECT p.message_id, m.person_id, p.state, p.reason, p.attempts, p.ends_at, p.due_at, a.at
		FROM message_again_part p
		JOIN message_again a ON a.id = p.again_id
		JOIN message m ON m.id = p.message_id
		WHERE p.again_id = $1
		ORDER BY p.message_id`, id)
	if err != nil {
		return 0, 0, err
	}
	for _, p := range parts {
		n, err := tx.Exec(ctx, `UPDATE message SET state = $2, reason = $3, attempts = $4, ends_at = $5, due_at = $6, moved_at = $7
			WHERE id = $1 AND state = 'waiting' AND due_at = $8`,
			p.message, p.state, p.reason, p.attempts, p.ends, p.due, storage.Micros(tx.Now), p.at+UndoFor.Microseconds())
		if err != nil {
			return 0, 0, err
		}
		if n == 0 {
			left++
			continue
		}
		back++
		if err := audit.Record(ctx, tx, audit.Entry{Actor: actor.Person, Person: p.person, Action: "messages.audit.not_again"}); err != nil {
			return 0, 0, err
		}
	}
	_, err = tx.Exec(ctx, `DELETE FROM message_again WHERE id = $1`, id)
	return back, left, err
}

package selection

import (
	"context"
	"database/sql"
	"errors"
	"slices"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// NextOfReserve gives whom of the waiting list a free seat is offered to, by the last draw
// that was told: the first of the reserve with whom the rules of the draw are broken least,
// best not at all, counted over those of the draw who hold a seat. The limit of those who
// belong together goes before the quotas. Two who come only together are asked when two
// seats are free; until then they keep their place, and the next who comes alone is asked.
// False when nobody of the draw waits for whom there is room.
func (m *Service) NextOfReserve(ctx context.Context, tx *storage.Tx, activity storage.ID) (next storage.ID, ok bool, err error) {
	d, err := storage.One(ctx, tx, scanDraw, `SELECT `+drawColumns+`
		FROM selection_draw
		WHERE id = (SELECT draw_id FROM selection_step
			WHERE activity_id = $1 AND state = 'done' AND draw_id IS NOT NULL
			ORDER BY at DESC, id DESC
			LIMIT 1)`, activity)
	if errors.Is(err, sql.ErrNoRows) {
		return next, false, nil
	}
	if err != nil {
		return next, false, err
	}
	type row struct {
		app    storage.ID
		state  seats.State
		number int
		passed bool // a seat was held for her in vain
	}
	list, err := storage.All(ctx, tx, func(r storage.Scanner) (v row, err error) {
		var held int64
		err = r.Scan(&v.app, &v.state, &held, &v.number)
		v.passed = held < 0
		return v, err
	}, `SELECT a.id, a.state, a.held_until, l.number
		FROM selection_lot l
		JOIN application a ON a.id = l.application_id
		WHERE l.draw_id = $1
		ORDER BY a.place, a.id`, d.ID)
	if err != nil {
		return next, false, err
	}
	boxes, err := m.openBox(d)
	if err != nil {
		return next, false, err
	}
	pairs, err := seats.CompanionsAt(ctx, tx, activity)
	if err != nil {
		return next, false, err
	}
	a, err := m.ActivityByID(ctx, tx, activity)
	if err != nil {
		return next, false, err
	}
	s, err := seats.SeatsOf(ctx, tx, a)
	if err != nil {
		return next, false, err
	}
	at := make(map[storage.ID]row, len(list))
	for _, v := range list {
		at[v.app] = v
	}
	have, homes := make([]int, len(d.Rules.Quotas)), map[int]int{}
	count := func(number, n int) {
		for _, q := range boxes[number-1].Quotas {
			have[q] += n
		}
		if home := boxes[number-1].Home; home > 0 {
			homes[home] += n
		}
	}
	for _, v := range list {
		if v.state.HoldsSeat() {
			count(v.number, 1)
		}
	}
	var least [2]int
	for _, v := range list {
		if v.state != seats.Waitlisted || v.passed {
			continue
		}
		with, paired := pairs[v.app]
		other, also := at[with] // who has no lot is counted nowhere
		if paired && (s.Left() < 2 || also && other.state != seats.Waitlisted) {
			continue
		}
		count(v.number, 1)
		if paired && also {
			count(other.number, 1)
		}
		n := [2]int{crowded(d.Rules.AtMost, homes), broken(d.Rules.Quotas, have)}
		if !ok || slices.Compare(n[:], least[:]) < 0 {
			least, next, ok = n, v.app, true
		}
		count(v.number, -1)
		if paired && also {
			count(other.number, -1)
		}
	}
	return next, ok, nil
}

// crowded is by how many people the limit of those who belong together is passed; 0 is none.
func crowded(limit int, homes map[int]int) (n int) {
	if limit == 0 {
		return 0
	}
	for _, have := range homes {
		n += max(0, have-limit)
	}
	return n
}

// broken is by how many people quotas are missed.
func broken(quotas []Quota, have []int) (n int) {
	for i, q := range quotas {
		n += max(0, q.Min-have[i])
		if q.Max >= 0 {
			n += max(0, have[i]-q.Max)
		}
	}
	return n
}

// joined hears that one of two applications of a person goes: what was decided of it by hand
// is decided of the other, and its lot becomes the other's, of two in one draw the better;
// so does what a step tells it.
func (m *Service) joined(ctx context.Context, tx *storage.Tx, stays, goes storage.ID) error {
	if _, err := tx.Exec(ctx, `UPDATE selection_mark SET application_id = $1 WHERE application_id = $2`, stays, goes); err != nil {
		return err
	}
	// What comes first in a step is the better.
	if _, err := tx.Exec(ctx, `DELETE FROM selection_planned
		WHERE application_id = $1 AND EXISTS (SELECT 1 FROM selection_planned o
			WHERE o.step_id = selection_planned.step_id AND o.application_id = $2 AND o.place < selection_planned.place)`, stays, goes); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE selection_planned SET application_id = $1
		WHERE application_id = $2 AND NOT EXISTS (SELECT 1 FROM selection_planned o
			WHERE o.step_id = selection_planned.step_id AND o.application_id = $1)`, stays, goes); err != nil {
		return err
	}
	type both struct {
		draw        storage.ID
		number      int
		kept, drawn bool
		place       int
	}
	list, err := storage.All(ctx, tx, func(r storage.Scanner) (v both, err error) {
		err = r.Scan(&v.draw, &v.number, &v.kept, &v.drawn, &v.place)
		return v, err
	}, `SELECT draw_id, number, kept, drawn, place FROM selection_lot WHERE application_id = $1 ORDER BY draw_id, number`, goes)
	if err != nil {
		return err
	}
	for _, v := range list {
		own, err := storage.One(ctx, tx, func(r storage.Scanner) (v both, err error) {
			err = r.Scan(&v.draw, &v.number, &v.kept, &v.drawn, &v.place)
			return v, err
		}, `SELECT draw_id, number, kept, drawn, place FROM selection_lot WHERE application_id = $1 AND draw_id = $2 ORDER BY number LIMIT 1`, stays, v.draw)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		// A place is 0 for who was drawn or kept: before all of the reserve, who was drawn first.
		if err == nil && own.place <= v.place && (own.drawn || !v.drawn) {
			continue
		}
		for _, q := range []struct {
			to     any
			number int
		}{{nil, own.number}, {stays, v.number}} {
			if _, err := tx.Exec(ctx, `UPDATE selection_lot SET application_id = $1 WHERE draw_id = $2 AND number = $3`, q.to, v.draw, q.number); err != nil {
				return err
			}
		}
	}
	return nil
}

package selection

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Explanation is what somebody is told of the draw that decided on her: the rules, the
// numbers and her own chance. It holds nothing of anybody else.
type Explanation struct {
	Draw   Draw // rules, numbers and seed; nothing that is sealed
	Lot    int  // her number in the draw
	Chance float64
	Kept   bool // she had a seat before it was drawn
	Drawn  bool
	Place  int  // in the reserve, 0 for none
	Paired bool // she was drawn only together with another

	Draws []Drawing // all of the activity up to this one, the first first

	ByHand Marked // the last decision by hand; zero for none
}

// Drawing says that it was drawn, when, and why again.
type Drawing struct {
	Number int
	At     time.Time
	Reason string // empty for the first
}

// Explain gives it once the selection has been told; false before, and for who took no part.
// Without a draw it tells of a decision by hand alone.
func (m *Service) Explain(ctx context.Context, tx *storage.Tx, app seats.Application) (e Explanation, ok bool, err error) {
	marks, err := m.MarksOf(ctx, tx, app)
	if err != nil {
		return e, false, err
	}
	// A mark is told with the step that follows it.
	if n := len(marks); n > 0 && marks[n-1].Put != Free {
		done := 0
		if err := tx.QueryRow(ctx, `SELECT COUNT(*)
			FROM selection_step
			WHERE activity_id = $1 AND state = 'done' AND at >= $2`, app.Activity, storage.Micros(marks[n-1].At)).Scan(&done); err != nil {
			return e, false, err
		}
		if done > 0 {
			e.ByHand, ok = marks[n-1], true
		}
	}
	lot, err := storage.One(ctx, tx, func(row storage.Scanner) (v struct {
		Lot
		draw storage.ID
	}, err error,
	) {
		err = row.Scan(&v.draw, &v.Number, &v.Kept, &v.Drawn, &v.Place)
		return v, err
	}, `SELECT l.draw_id, l.number, l.kept, l.drawn, l.place
		FROM selection_lot l
		JOIN selection_draw d ON d.id = l.draw_id
		WHERE l.application_id = $1 AND EXISTS (SELECT 1 FROM selection_step s WHERE s.draw_id = l.draw_id AND s.state = 'done')
		ORDER BY d.number DESC
		LIMIT 1`, app.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return e, ok, nil
	}
	if err != nil {
		return e, false, err
	}
	if e.Draw, err = drawByID(ctx, tx, lot.draw); err != nil {
		return e, false, err
	}
	boxes, err := m.openBox(e.Draw)
	if err != nil {
		return e, false, err
	}
	e.Lot, e.Kept, e.Drawn, e.Place, e.Chance = lot.Number, lot.Kept, lot.byLot(), lot.Place, boxes[lot.Number-1].Chance
	e.Paired = boxes[lot.Number-1].Party > 0
	all, err := drawsOf(ctx, tx, e.Draw.Activity)
	if err != nil {
		return e, false, err
	}
	for _, d := range slices.Backward(all) {
		if d.Number <= e.Draw.Number {
			e.Draws = append(e.Draws, Drawing{Number: d.Number, At: d.At, Reason: d.Reason})
		}
	}
	e.Draw.box, e.Draw.By, e.Draw.Reason = nil, storage.ID{}, ""
	return e, true, nil
}

// Record is all that was decided on a selection, for who selects.
type Record struct {
	Draws []Draw
	Steps []Step
	Marks []Marked // of all applications, the last first
}

// mostRecorded bounds how many marks are read.
const mostRecorded = 200

// Record reads it.
//
// Faults: Forbidden.
func (m *Service) Record(ctx context.Context, tx *storage.Tx, actor may, a seats.Activity) (out Record, err error) {
	if err := allowed(actor, a); err != nil {
		return out, err
	}
	if out.Draws, err = drawsOf(ctx, tx, a.ID); err != nil {
		return out, err
	}
	if out.Steps, err = stepsOf(ctx, tx, a.ID); err != nil {
		return out, err
	}
	list, err := storage.All(ctx, tx, scanMark, `SELECT k.application_id, k.put, k.reason, k.at, k.by_person
		FROM selection_mark k
		JOIN application a ON a.id = k.application_id
		WHERE a.activity_id = $1
		ORDER BY k.at DESC, k.id DESC
		LIMIT $2`, a.ID, mostRecorded)
	if err != nil {
		return out, err
	}
	for _, v := range list {
		app, err := seats.ApplicationByID(ctx, tx, v.Application)
		if err != nil {
			return out, err
		}
		plain, err := m.People.Unseal(ctx, tx, app.Person, v.reason)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return out, err
		}
		out.Marks = append(out.Marks, Marked{v, string(plain)})
	}
	return out, nil
}

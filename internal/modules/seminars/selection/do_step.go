package selection

import (
	"context"
	"errors"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Reasons that a step gives for its moves.
const (
	whyDrawn    = "seminars.why.drawn"
	whyByHand   = "seminars.why.by_hand"
	whyReserve  = "seminars.why.reserve"
	whyNotDrawn = "seminars.why.not_drawn"
	whyWaits    = "seminars.why.staff_waitlisted" // without a lot
	whyRefused  = "seminars.why.staff_declined"   // without a lot
	whyLate     = "seminars.why.after_draw"       // applied when it was drawn
)

var errNotDue = errors.New("selection: the step is not due yet")

// StepDue does what a step says, once, however many ask for it; one that was taken back or
// is done is nothing. It does what was shown and only to whom it was shown for: who stepped
// back meanwhile is passed over, who applied or came back since then stays as she is, whom no
// seat is left for waits first. What may be no more is not done, and says why.
func (m *Service) StepDue(ctx context.Context, id storage.ID) error {
	err := m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error { return m.doStep(ctx, tx, id) }, storage.Long)
	f := fault.Of(err)
	if f == nil {
		return err
	}
	return m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		s, err := stepByID(ctx, tx, id)
		if err != nil {
			return err
		}
		m.News(tx, s.Activity)
		_, err = tx.Exec(ctx, `UPDATE selection_step SET state = 'refused', refused = $2 WHERE id = $1 AND state = 'waiting'`, id, f.Key)
		return err
	})
}

func (m *Service) doStep(ctx context.Context, tx *storage.Tx, id storage.ID) error {
	s, err := stepByID(ctx, tx, id)
	if fault.Is(err, fault.NotFound) || err == nil && s.State != StepWaiting {
		return nil
	}
	if err != nil {
		return err
	}
	if tx.Now.Before(s.Due) {
		return errNotDue // it is asked for again
	}
	a, err := m.ActivityByID(ctx, tx, s.Activity)
	if err != nil {
		return err
	}
	if a, err = m.held(ctx, tx, house(a), a.ID); err != nil {
		return err
	}
	if a.TakesApplications(tx.Now) { // opened again since it was planned
		return fault.New(fault.TooEarly, "seminars.selection.fault.reopened")
	}
	t, err := m.Table(ctx, tx, house(a), a)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `UPDATE selection_step SET state = 'done' WHERE id = $1 AND state = 'waiting'`, s.ID)
	if err != nil || n == 0 { // taken back, or done by another
		return err
	}
	invite, wait, refuse, err := planned(ctx, tx, s, t)
	if err != nil {
		return err
	}
	line, err := m.line(ctx, tx, a.ID, len(invite)+len(wait))
	if err != nil {
		return err
	}
	for _, one := range invite {
		why := whyDrawn
		if t.marks[one.ID].Put == In {
			why = whyByHand
		}
		err := m.tell(ctx, tx, one.Application, seats.Invited, s.By, why)
		if fault.Is(err, fault.Full) && one.State != seats.Waitlisted {
			app := one.Application
			app.Line = line
			line++
			err = m.tell(ctx, tx, app, seats.Waitlisted, s.By, "seminars.why.full")
		}
		if err != nil && !fault.Is(err, fault.Full) {
			return err
		}
	}
	for _, one := range wait {
		app := one.Application
		app.Line = line
		line++
		why := whyReserve
		switch {
		case t.late(one):
			why = whyLate
		case !t.lotted(one.ID):
			why = whyWaits
		}
		if err := m.tell(ctx, tx, app, seats.Waitlisted, s.By, why); err != nil {
			return err
		}
	}
	for _, one := range refuse {
		why := whyNotDrawn
		switch {
		case t.marks[one.ID].Put == Out:
			why = whyByHand
		case t.late(one):
			why = whyLate
		case !t.lotted(one.ID):
			why = whyRefused
		}
		if err := m.tell(ctx, tx, one.Application, seats.Declined, s.By, why); err != nil {
			return err
		}
	}
	m.News(tx, a.ID)
	return t.noteTold(ctx, tx)
}

// lotted reports whether the draw that is told decides on an application: it had a lot there,
// and no seat was kept for it.
func (t *Table) lotted(app storage.ID) bool {
	l, has := t.lots[app]
	return has && !l.Kept && !t.Told
}

// planned gives what a step was planned to tell, of those on whom it is still to be decided.
// Who left since then and came back is none of them.
func planned(ctx context.Context, tx *storage.Tx, s Step, t *Table) (invite, wait, refuse []seats.Applicant, err error) {
	type row struct {
		app storage.ID
		to  seats.State
	}
	list, err := storage.All(ctx, tx, func(r storage.Scanner) (v row, err error) {
		err = r.Scan(&v.app, &v.to)
		return v, err
	}, `SELECT p.application_id, p.to_state
		FROM selection_planned p
		WHERE p.step_id = $1 AND NOT EXISTS (SELECT 1 FROM application_move v
			WHERE v.application_id = p.application_id AND v.at > $2
				AND v.from_state NOT IN ('applied', 'shortlisted', 'waitlisted') AND v.to_state IN ('applied', 'shortlisted', 'waitlisted'))
		ORDER BY p.place, p.application_id`, s.ID, storage.Micros(s.At))
	if err != nil {
		return nil, nil, nil, err
	}
	now := map[storage.ID]seats.Applicant{}
	for _, a := range t.Applicants {
		now[a.ID] = a
	}
	for _, v := range list {
		a, there := now[v.app]
		if !there || !open(a.State) {
			continue
		}
		switch v.to {
		case seats.Invited:
			invite = append(invite, a)
		case seats.Waitlisted:
			wait = append(wait, a)
		default:
			refuse = append(refuse, a)
		}
	}
	return invite, wait, refuse, nil
}

// tell moves one; who was moved by another in this moment stays as she is.
func (m *Service) tell(ctx context.Context, tx *storage.Tx, app seats.Application, to seats.State, by storage.ID, why string) error {
	_, err := m.Move(ctx, tx, app, to, by, why)
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

// line gives the first of so many places on the waiting list, before everybody who waits
// already: those of the draw are asked first.
func (m *Service) line(ctx context.Context, tx *storage.Tx, activity storage.ID, places int) (int64, error) {
	var first int64
	err := tx.QueryRow(ctx, `SELECT COALESCE(MIN(place), 0)
		FROM application
		WHERE activity_id = $1 AND state = 'waitlisted'`, activity).Scan(&first)
	if first == 0 {
		first = storage.Micros(tx.Now)
	}
	return max(1, first-int64(places)), err
}

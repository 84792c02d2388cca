package selection

import (
	"cmp"
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Service is the selections of a programme.
type Service struct {
	*seats.Service

	Undo    time.Duration // how long a step waits at least; 0 for UndoFor
	Drawing func()        // told when a draw has been computed and is not kept yet, in tests
}

// New makes the selections of these seats: from now on a freed seat goes by the reserve of
// the draw, and while a step waits nobody is invited or declined beside it.
func New(s *seats.Service) *Service {
	m := &Service{Service: s}
	s.Reserve, s.Joined, s.Held, s.Drawn = m.NextOfReserve, m.joined, notWaiting, drawnAt
	s.Deciding, s.DrawnSince = deciding, drawnSince
	return m
}

// UndoFor is how long a step can be taken back; its letters wait that long.
const UndoFor = 15 * time.Minute

// UndoWithin is how long a step of these selections can be taken back.
func (m *Service) UndoWithin() time.Duration { return cmp.Or(m.Undo, UndoFor) }

// held gives an activity that is held until the transaction ends, for who may select there.
//
// Faults: Forbidden; those of seats.MayInvite.
func (m *Service) held(ctx context.Context, tx *storage.Tx, actor may, activity storage.ID) (seats.Activity, error) {
	a, err := m.Schedule().Held(ctx, tx, activity)
	if err != nil {
		return a, err
	}
	if err := allowed(actor, a); err != nil {
		return a, err
	}
	if err := seats.MayInvite(a, tx.Now); err != nil {
		return a, err
	}
	if err := seats.OpenSeminar(ctx, tx, a.ID, a.Capacity); err != nil {
		return a, err
	}
	return a, m.HoldSeminar(ctx, tx, a.ID)
}

// notWaiting refuses to change what a step is about to tell.
func notWaiting(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
	_, open, err := openStep(ctx, tx, activity)
	if err == nil && open {
		err = fault.New(fault.Conflict, "seminars.selection.fault.waits")
	}
	return err
}

// deciding refuses to change who comes with whom while a draw is computed, or what was
// decided is about to be told.
func deciding(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
	if err := notWaiting(ctx, tx, activity); err != nil {
		return err
	}
	ask, there, err := AskOf(ctx, tx, activity)
	if err == nil && there && ask.Fault == "" {
		err = fault.New(fault.Conflict, "seminars.fault.part_drawing")
	}
	return err
}

// drawnSince reports whether a draw was made at a moment or later.
func drawnSince(ctx context.Context, tx *storage.Tx, activity storage.ID, at time.Time) (bool, error) {
	d, there, err := lastDraw(ctx, tx, activity)
	return there && !d.At.Before(at), err
}

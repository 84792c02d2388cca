package newsroom

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/programme"
)

// TakeInquiry takes an inquiry in hand, so that no second person answers it, or gives it
// back.
type TakeInquiry struct {
	Actor   access.Actor
	Inquiry storage.ID
	Version int64 // the one that she saw
	Back    bool
}

// TakeInquiry is the use case. Forbidden, NotFound; Conflict when somebody else has taken,
// answered or closed it since she saw it, or when it is not in hand or has ended.
func (m *Module) TakeInquiry(ctx context.Context, tx *storage.Tx, cmd TakeInquiry) (Inquiry, error) {
	q, err := m.seenInquiry(ctx, tx, cmd.Actor, cmd.Inquiry, cmd.Version)
	if err != nil {
		return q, err
	}
	from, to, by := InquiryNew, InquiryTaken, cmd.Actor.Person
	if cmd.Back {
		from, to, by = InquiryTaken, InquiryNew, storage.ID{}
	}
	if q.State != from {
		return q, moved()
	}
	q.State, q.By = to, by
	if err := q.move(ctx, tx); err != nil {
		return q, err
	}
	return q, m.keepStep(ctx, tx, q, string(to), cmd.Actor.Person, "")
}

// seenInquiry gives an inquiry to who may answer it, as she saw it. Forbidden, NotFound,
// Conflict.
func (m *Module) seenInquiry(ctx context.Context, tx *storage.Tx, actor access.Actor, id storage.ID, version int64) (Inquiry, error) {
	if err := mayAnswer(ctx, tx, actor); err != nil {
		return Inquiry{}, err
	}
	q, err := InquiryByID(ctx, tx, id)
	if err == nil && q.Version != version {
		err = moved()
	}
	return q, err
}

// mayAnswer refuses who may not answer what is asked of the programme.
func mayAnswer(ctx context.Context, tx *storage.Tx, actor access.Actor) error {
	at, err := whole(ctx, tx)
	if err == nil && !actor.May(MayAnswer, at) {
		err = fault.New(fault.Forbidden, "fault.forbidden")
	}
	return err
}

// whole is where the programme lies.
func whole(ctx context.Context, tx *storage.Tx) (access.Scope, error) {
	p, err := programme.Current(ctx, tx)
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return access.Scope{Programme: p.ID}, err
}

package review

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// Service is the reviews of a programme.
type Service struct {
	*seats.Service

	Giving func() // told when a score has been judged and is not kept yet, in tests
}

// New makes the reviews of applications to these seats. What else hears that of two
// applications one goes, hears it first.
func New(s *seats.Service) *Service {
	m := &Service{Service: s}
	before := s.Joined
	s.Joined = func(ctx context.Context, tx *storage.Tx, stays, goes storage.ID) error {
		if before != nil {
			if err := before(ctx, tx, stays, goes); err != nil {
				return err
			}
		}
		return m.joined(ctx, tx, stays, goes)
	}
	return m
}

// may is who asks.
type may = access.Actor

// chosen gives an application for who may select for its activity, with the activity.
//
// Faults: Forbidden; NotFound for an application to another activity.
func (m *Service) chosen(ctx context.Context, tx *storage.Tx, actor may, activity, application storage.ID) (a seats.Activity, app seats.Application, err error) {
	if a, err = m.ActivityByID(ctx, tx, activity); err != nil {
		return a, app, err
	}
	if !actor.May(seats.MaySelect, seats.ScopeOf(a)) {
		return a, app, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	app, err = seats.ApplicationByID(ctx, tx, application)
	if err == nil && app.Activity != a.ID {
		err = fault.New(fault.NotFound, "seminars.fault.application")
	}
	return a, app, err
}

// held makes whoever else changes an application, or writes on it, wait until the
// transaction ends; app is as it is then.
func held(ctx context.Context, tx *storage.Tx, app seats.Application) (seats.Application, error) {
	if _, err := tx.Exec(ctx, `UPDATE application SET version = version WHERE id = $1`, app.ID); err != nil {
		return app, err
	}
	return seats.ApplicationByID(ctx, tx, app.ID)
}

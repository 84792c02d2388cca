package team

import (
	"context"
	"slices"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// OfOne names the role of somebody who helps at an activity.
type OfOne struct {
	Actor           access.Actor
	Activity, Grant storage.ID
}

// TakeBack takes a role at an activity back, and ends the sessions that used it; over tells
// that it held no more, and went in silence. Forbidden as Give; NotFound when nobody has it
// there.
func (m *Module) TakeBack(ctx context.Context, tx *storage.Tx, cmd OfOne) (over bool, err error) {
	h, err := m.one(ctx, tx, cmd)
	if err != nil {
		return false, err
	}
	return h.Over(tx.Now), m.People.Revoke(ctx, tx, cmd.Actor.Person, h.Person, h.Grant)
}

// InviteAgain sends a new invitation to somebody whose role sleeps; those before end.
// A role that is awake sleeps again when she has no passkey left: it opened nothing.
// Forbidden and NotFound as TakeBack; Conflict when it is over, or awake and hers.
func (m *Module) InviteAgain(ctx context.Context, tx *storage.Tx, cmd OfOne) error {
	h, err := m.one(ctx, tx, cmd)
	if err != nil {
		return err
	}
	if h.Over(tx.Now) {
		return fault.New(fault.Conflict, "team.fault.over")
	}
	if h.Awake {
		lost, err := m.People.WithoutKey(ctx, tx, h.Person)
		if err == nil && !lost {
			err = fault.New(fault.Conflict, "people.fault.invitation_none")
		}
		if err != nil {
			return err
		}
		if err := m.People.SleepHelp(ctx, tx, h.Grant); err != nil {
			return err
		}
	}
	return m.People.InviteByLetter(ctx, tx, cmd.Actor, h.Person, cmd.Activity)
}

func (m *Module) one(ctx context.Context, tx *storage.Tx, cmd OfOne) (people.Helper, error) {
	a, err := m.kept(ctx, tx, cmd.Actor, cmd.Activity)
	if err != nil {
		return people.Helper{}, err
	}
	list, err := m.People.Helpers(ctx, tx, a.ID)
	if err != nil {
		return people.Helper{}, err
	}
	i := slices.IndexFunc(list, func(h people.Helper) bool { return h.Grant == cmd.Grant })
	if i < 0 {
		return people.Helper{}, fault.New(fault.NotFound, "team.fault.gone")
	}
	return list[i], nil
}

package seats

import (
	"context"
	"errors"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// InviteMany invites people of the list of people to one activity.
type InviteMany struct {
	Actor    access.Actor
	Activity storage.ID
	Persons  []storage.ID // in the order in which seats are given
}

// WouldInvite is what becomes of one of them.
type WouldInvite struct {
	Person people.Person
	Left   *fault.Error // why she is not invited; nil when she is
}

// InviteMany invites as many as there are seats, in the order of the list; each gets the
// letter of an invitation. Who has a seat already, has stepped back herself or finds no seat
// is left out and named. Whoever the asker may not see is left out unnamed.
//
// Faults: Forbidden; NotFound when none of them may be seen; Invalid when nobody is chosen,
// or too many; Gone when cancelled; TooLate once it has begun; Conflict while a selection is
// about to be told.
func (m *Service) InviteMany(ctx context.Context, tx *storage.Tx, cmd InviteMany) ([]WouldInvite, error) {
	a, err := m.Schedule().Held(ctx, tx, cmd.Activity)
	if err != nil {
		return nil, err
	}
	if !cmd.Actor.May(MaySelect, ScopeOf(a)) {
		return nil, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	if len(cmd.Persons) == 0 {
		return nil, fault.New(fault.Invalid, "seminars.fault.nobody")
	}
	if len(cmd.Persons) > MostAtOnce {
		return nil, fault.New(fault.Invalid, "seminars.fault.many", fault.Args{"count": MostAtOnce})
	}
	if err := MayInvite(a, tx.Now); err != nil {
		return nil, err
	}
	if err := m.decidable(ctx, tx, a); err != nil {
		return nil, err
	}
	list, err := m.People.ShownIn(ctx, tx, cmd.Actor, cmd.Persons)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.New(fault.NotFound, "fault.not_found")
	}
	rulings, err := m.Rulings(ctx, tx, a)
	if err != nil {
		return nil, err
	}
	var out []WouldInvite
	seen := map[storage.ID]bool{}
	for _, p := range list {
		if seen[p.ID] {
			continue
		}
		seen[p.ID] = true
		w := WouldInvite{Person: p}
		if w.Left, err = m.inviteOne(ctx, tx, a, cmd.Actor, p, rulings); err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	return out, nil
}

// inviteOne invites one, or tells why not; without a seat nothing is written of her.
func (m *Service) inviteOne(ctx context.Context, tx *storage.Tx, a Activity, actor access.Actor, p people.Person, rulings map[storage.ID]Ruling) (*fault.Error, error) {
	app, there, err := ApplicationOf(ctx, tx, a.ID, p.ID)
	if err == nil && !there { // a form without a sign-in made a record of its own
		app, there, err = m.alreadyHere(ctx, tx, a, p.Details)
	}
	if err != nil {
		return nil, err
	}
	switch {
	case there && app.State.HoldsSeat():
		return fault.New(fault.Conflict, "seminars.fault.has_seat"), nil
	case there && app.State == Withdrawn:
		return fault.New(fault.Conflict, "seminars.fault.stepped_back"), nil
	case there && !app.State.MayBecome(Invited):
		return fault.New(fault.Conflict, "seminars.fault.move"), nil
	case there && NeedsReason(app.State, Invited, rulings[app.ID]):
		return fault.New(fault.Conflict, "seminars.fault.by_draw"), nil
	}
	s, err := SeatsOf(ctx, tx, a)
	if err != nil {
		return nil, err
	}
	if s.Left() <= 0 {
		return fault.New(fault.Full, "seminars.fault.full"), nil
	}
	if there {
		_, err = m.Move(ctx, tx, app, Invited, actor.Person, "seminars.why.by_name")
	} else {
		_, err = m.inviteRecord(ctx, tx, a, actor, p)
	}
	if f := fault.Of(err); f != nil && (f.Code == fault.Full || f.Code == fault.Conflict) {
		return f, nil
	}
	return nil, err
}

// RehearseInvitations tells what InviteMany would do at this moment: it does it, and takes
// all of it back.
func (m *Service) RehearseInvitations(ctx context.Context, cmd InviteMany) (out []WouldInvite, err error) {
	err = m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		if out, err = m.InviteMany(ctx, tx, cmd); err != nil {
			return err
		}
		return errRehearsed
	})
	if errors.Is(err, errRehearsed) {
		err = nil
	}
	return out, err
}

// Inviting lists the activities to which an actor may invite now, those first that begin first.
func (m *Service) Inviting(ctx context.Context, tx *storage.Tx, actor access.Actor) (out []Overview, err error) {
	all, err := m.Overviews(ctx, tx, actor)
	for _, o := range all {
		if o.Activity.State == "published" && MayInvite(o.Activity, tx.Now) == nil {
			out = append(out, o)
		}
	}
	return out, err
}

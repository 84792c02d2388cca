package seats

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// MostAtOnce is how many applications are moved together.
const MostAtOnce = 200

// ChooseMany is Choose for applications to several activities.
type ChooseMany struct {
	Actor access.Actor
	To    State
	Why   string
	Seen  map[storage.ID]int64 // the chosen with the version that the coordinator saw

	rehearsed bool
}

// ChosenMany tells what became of all.
type ChosenMany struct {
	Chosen
	Stopped map[storage.ID]*fault.Error // activities for which nobody is decided on any more, or not now
	Gone    int                         // applications that are no more, or not hers to see
}

// ChooseMany lets Choose judge the applications of each activity, all in one transaction.
// What Choose refuses for a whole activity is told of it, and the others go on.
// Invalid when nothing is chosen, or too much.
func (m *Service) ChooseMany(ctx context.Context, tx *storage.Tx, cmd ChooseMany) (out ChosenMany, err error) {
	if !cmd.Actor.MaySomewhere(MaySelect) {
		return out, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	if len(cmd.Seen) == 0 {
		return out, fault.New(fault.Invalid, "seminars.fault.nobody")
	}
	if len(cmd.Seen) > MostAtOnce {
		return out, fault.New(fault.Invalid, "seminars.fault.many", fault.Args{"count": MostAtOnce})
	}
	of := map[storage.ID]map[storage.ID]int64{} // by activity
	var order []storage.ID
	for id, version := range cmd.Seen {
		app, there, err := ApplicationIfThere(ctx, tx, id)
		if err != nil {
			return out, err
		}
		if !there {
			out.Gone++
			continue
		}
		if of[app.Activity] == nil {
			of[app.Activity], order = map[storage.ID]int64{}, append(order, app.Activity)
		}
		of[app.Activity][id] = version
	}
	// In one order, so that two do not wait for each other.
	slices.SortFunc(order, func(a, b storage.ID) int { return bytes.Compare(a[:], b[:]) })
	out.Stopped = map[storage.ID]*fault.Error{}
	for _, activity := range order {
		done, err := m.Choose(ctx, tx, Choose{Activity: activity, Actor: cmd.Actor, To: cmd.To, Why: cmd.Why, Seen: of[activity], rehearsed: cmd.rehearsed})
		switch f := fault.Of(err); {
		case err == nil:
			out.Moved, out.Changed = append(out.Moved, done.Moved...), append(out.Changed, done.Changed...)
			out.Full, out.Refused = append(out.Full, done.Full...), append(out.Refused, done.Refused...)
			out.Along, out.Owed = append(out.Along, done.Along...), append(out.Owed, done.Owed...)
		case f != nil && (f.Code == fault.Forbidden || f.Code == fault.NotFound):
			out.Gone += len(of[activity])
		case f != nil && (f.Code == fault.Gone || f.Code == fault.TooLate || f.Code == fault.Conflict):
			out.Stopped[activity] = f
		default:
			return out, err
		}
	}
	return out, nil
}

// errRehearsed takes a rehearsal back.
var errRehearsed = errors.New("seats: it was a rehearsal")

// Rehearse tells what a ChooseMany would do: it does it, and takes all of it back. So there
// is one judge, and what is shown beforehand is what it would say at this moment; for whom a
// reason is needed is told, and none is asked for yet.
func (m *Service) Rehearse(ctx context.Context, cmd ChooseMany) (out ChosenMany, err error) {
	cmd.rehearsed = true
	err = m.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		if out, err = m.ChooseMany(ctx, tx, cmd); err != nil {
			return err
		}
		return errRehearsed
	})
	if errors.Is(err, errRehearsed) {
		err = nil
	}
	return out, err
}

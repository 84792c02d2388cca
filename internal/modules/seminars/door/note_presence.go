package door

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// doorsOpen is how long before the start somebody may already be there.
const doorsOpen = time.Hour

// NotePresence notes from a list on paper who came and who did not.
type NotePresence struct {
	Activity    storage.ID
	Actor       access.Actor
	Application storage.ID
	Came        bool
	On          time.Time // on which day, of a sheet that is of one; zero: now, as far as the activity lasts
}

// NotePresence makes an application attended or a no-show. To note the same
// twice changes nothing.
//
// Faults: Forbidden; NotFound when the application is of another activity;
// TooEarly before the activity begins; Conflict when she had no seat.
func (m *Desk) NotePresence(ctx context.Context, tx *storage.Tx, cmd NotePresence) (seats.Application, error) {
	a, err := m.Schedule().Held(ctx, tx, cmd.Activity)
	if err != nil {
		return seats.Application{}, err
	}
	if !cmd.Actor.May(seats.MaySelect, seats.ScopeOf(a)) {
		return seats.Application{}, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	app, err := seats.ApplicationByID(ctx, tx, cmd.Application)
	if err != nil {
		return app, err
	}
	if app.Activity != a.ID {
		return app, fault.New(fault.NotFound, "seminars.fault.application")
	}
	// Doors open an hour before; nobody is missing before it has begun.
	from := a.Starts
	if cmd.Came {
		from = from.Add(-doorsOpen)
	}
	if tx.Now.Before(from) {
		return app, fault.New(fault.TooEarly, "seminars.fault.before_day")
	}
	// In turn with the door, and read anew: what the door saw stays the day of
	// who is on the list as well.
	if err := m.TakeTurn(ctx, tx, app.ID, a.ID); err != nil {
		return app, err
	}
	if app, err = seats.ApplicationByID(ctx, tx, app.ID); err != nil {
		return app, err
	}
	known, err := seats.AttendanceOf(ctx, tx, app.ID)
	if err != nil {
		return app, err
	}
	before, listed := known.CameAt(a), known.Listed
	to, why := seats.NoShow, "seminars.why.missed"
	known.Listed = 0
	if cmd.Came {
		to, why = seats.Attended, "seminars.why.on_list"
		switch {
		case !cmd.On.IsZero():
			known.Listed = storage.Micros(cmd.On)
		case listed != 0: // to note it again says nothing new
			known.Listed = listed
		default:
			known.Listed = storage.Micros(tx.Now)
		}
	}
	if err := seats.SetListed(ctx, tx, app.ID, known.Listed); err != nil {
		return app, err
	}
	app.Came = before
	if cmd.Came {
		app.Came = known.CameAt(a)
		if app.State == seats.Attended {
			return app, m.Redate(ctx, tx, app, before, app.Came)
		}
	}
	return m.Move(ctx, tx, app, to, cmd.Actor.Person, why)
}

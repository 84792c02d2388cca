package door

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/ledger"
)

// doorsOpen is how long before the start somebody may already be there.
const doorsOpen = time.Hour

// NotePresence notes from a list on paper who came and who did not.
type NotePresence struct {
	Activity    storage.ID
	Actor       access.Actor
	Application storage.ID
	Came        bool
	Sheet       ledger.Day // of a signed sheet: that she signed on this day, or did not; empty for a list without a day
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
	if cmd.Sheet != "" {
		return m.noteSigned(ctx, tx, a, app, known, cmd)
	}
	to, why, listed := seats.NoShow, "seminars.why.missed", int64(0)
	if cmd.Came {
		to, why = seats.Attended, "seminars.why.on_list"
		if known.Listed == 0 { // to note it again says nothing new
			known.Listed = storage.Micros(tx.Now)
		}
		listed = known.Listed
	}
	if err := seats.SetListed(ctx, tx, app.ID, listed); err != nil {
		return app, err
	}
	app.Came = known.CameAt(a)
	return m.Move(ctx, tx, app, to, cmd.Actor.Person, why)
}

// noteSigned notes what the signed sheet of a day says of somebody. Whoever stands on another
// sheet too, was seen at the door, or is on a list, came all the same.
func (m *Desk) noteSigned(ctx context.Context, tx *storage.Tx, a seats.Activity, app seats.Application, known seats.Attendance, cmd NotePresence) (seats.Application, error) {
	was := known.CameAt(a)
	if err := seats.SetSigned(ctx, tx, app.ID, cmd.Sheet, cmd.Came); err != nil {
		return app, err
	}
	now, err := seats.AttendanceOf(ctx, tx, app.ID)
	if err != nil {
		return app, err
	}
	came := now.CameAt(a)
	switch {
	case came.IsZero() && app.State == seats.Attended:
		app.Came = was
		return m.Move(ctx, tx, app, seats.NoShow, cmd.Actor.Person, "seminars.why.missed")
	case came.IsZero() || app.State != seats.Attended && !cmd.Came:
		return app, nil
	case app.State == seats.Attended:
		return app, m.Redate(ctx, tx, app, was, came)
	}
	app.Came = came
	return m.Move(ctx, tx, app, seats.Attended, cmd.Actor.Person, "seminars.why.on_list")
}

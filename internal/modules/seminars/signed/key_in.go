package signed

import (
	"context"
	"slices"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
)

// KeyIn keeps who signed, as one person reads it on the sheet of a day.
type KeyIn struct {
	Activity storage.ID
	Actor    access.Actor
	Day      ledger.Day
	Place    int // 1: the first reading, 2: the second
	Version  int64
	Signed   []storage.ID // applications
	Below    int          // signatures below the list, of people who are not on it
	Done     bool         // all of it is keyed in; else it may be gone on with
	Alone    bool         // the second reading by who did the first: nobody else is there
}

// KeyIn keeps a reading. Neither reading shows or changes the other.
//
// Faults: Forbidden; NotFound for a day or an application that is not of the activity; Gone
// when it was called off; TooEarly before the day; Conflict when the
// reading was changed elsewhere, when somebody else keys it in, when both readings stand, and when who did the first
// does the second without saying so; Invalid for a number of signatures out of bounds.
func (m *Module) KeyIn(ctx context.Context, tx *storage.Tx, cmd KeyIn) error {
	a, err := m.held(ctx, tx, cmd.Actor, MayKeyIn, cmd.Activity)
	if err != nil {
		return err
	}
	days, err := readDays(ctx, tx, a)
	if err != nil {
		return err
	}
	i, err := find(days, cmd.Day)
	if err != nil {
		return err
	}
	d := days[i]
	if cmd.Place != 1 && cmd.Place != 2 {
		return fault.New(fault.NotFound, "signed.fault.day")
	}
	if !d.begun(tx.Now) {
		return fault.New(fault.TooEarly, "seminars.fault.before_day")
	}
	mine, other := d.Readings[cmd.Place-1], d.Readings[2-cmd.Place]
	switch {
	case d.Taken != nil || d.both():
		return fault.New(fault.Conflict, "signed.fault.both")
	case mine != nil && mine.Reader != cmd.Actor.Person:
		return fault.New(fault.Conflict, "signed.fault.other")
	case mine != nil && mine.Version != cmd.Version || mine == nil && cmd.Version != 0:
		return fault.New(fault.Conflict, "signed.fault.stale")
	case other != nil && other.Reader == cmd.Actor.Person && !cmd.Alone:
		return fault.New(fault.Conflict, "signed.fault.alone")
	case other != nil && other.Reader == cmd.Actor.Person && other.Done.IsZero():
		return fault.New(fault.Conflict, "signed.fault.first")
	case cmd.Below < 0 || cmd.Below > MostBelow:
		return fault.At("below", "signed.fault.below", fault.Args{"most": MostBelow})
	}
	guests, err := m.guests(ctx, tx, a, d)
	if err != nil {
		return err
	}
	on := map[storage.ID]bool{}
	for _, g := range guests {
		on[g.ID] = true
	}
	if slices.ContainsFunc(cmd.Signed, func(app storage.ID) bool { return !on[app] }) {
		return fault.New(fault.NotFound, "signed.fault.gone")
	}
	alone := other != nil && other.Reader == cmd.Actor.Person
	done := int64(0)
	if cmd.Done {
		done = storage.Micros(tx.Now)
	}
	id := tx.NewID()
	if mine == nil {
		n, err := tx.Exec(ctx, `INSERT INTO signed_reading (id, activity_id, day, place, reader, alone, below, begun_at, done_at, version)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)
			ON CONFLICT (activity_id, day, place) DO NOTHING`,
			id, a.ID, string(cmd.Day), cmd.Place, cmd.Actor.Person, alone, cmd.Below, storage.Micros(tx.Now), done)
		if err != nil {
			return err
		}
		if n == 0 { // somebody began it in this very moment
			return fault.New(fault.Conflict, "signed.fault.other")
		}
	} else {
		id = mine.ID
		if _, err := tx.Exec(ctx, `UPDATE signed_reading
			SET below = $2, done_at = $3, alone = $4, version = version + 1
			WHERE id = $1`, id, cmd.Below, done, alone); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM signed_mark WHERE reading_id = $1`, id); err != nil {
			return err
		}
	}
	ticked := map[storage.ID]bool{}
	for _, app := range cmd.Signed {
		ticked[app] = true
	}
	for _, g := range guests { // each once, however often the form names her
		if !ticked[g.ID] {
			continue
		}
		if _, err := tx.Exec(ctx, `INSERT INTO signed_mark (reading_id, application_id)
			VALUES ($1, $2)
			ON CONFLICT (reading_id, application_id) DO NOTHING`, id, g.ID); err != nil {
			return err
		}
	}
	return nil
}

// Discard takes a reading away, so that it is keyed in anew, by whomever.
type Discard struct {
	Activity storage.ID
	Actor    access.Actor
	Day      ledger.Day
	Place    int
}

// Discard takes a reading away; one that is not there is away already.
//
// Faults: Forbidden; NotFound; Conflict while the outcome of the sheet stands.
func (m *Module) Discard(ctx context.Context, tx *storage.Tx, cmd Discard) error {
	a, err := m.held(ctx, tx, cmd.Actor, MayDecide, cmd.Activity)
	if err != nil {
		return err
	}
	days, err := readDays(ctx, tx, a)
	if err != nil {
		return err
	}
	i, err := find(days, cmd.Day)
	if err != nil {
		return err
	}
	if days[i].Taken != nil {
		return fault.New(fault.Conflict, "signed.fault.taken")
	}
	if _, err := tx.Exec(ctx, `DELETE FROM signed_decision WHERE activity_id = $1 AND day = $2`, a.ID, string(cmd.Day)); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM signed_reading WHERE activity_id = $1 AND day = $2 AND place = $3`, a.ID, string(cmd.Day), cmd.Place)
	return err
}

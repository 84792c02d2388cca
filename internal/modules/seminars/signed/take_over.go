package signed

import (
	"bytes"
	"context"
	"maps"
	"slices"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/door"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/ledger"
)

// TakeOver decides where two readings differ and makes attendance of the sheet.
type TakeOver struct {
	Activity storage.ID
	Actor    access.Actor
	Day      ledger.Day
	Versions [2]int64            // of the readings, as they were shown
	Decided  map[storage.ID]bool // where they differ: whether she signed
	Missing  bool                // who signed on no day, and came in at no door, is noted as missing
}

// Result is what was taken over.
type Result struct {
	Signed, Missing int
	Left            int // who signed and holds no seat any more; left as she is
}

// TakeOver makes of each who signed one who came on that day, and of each who signed on no day
// and was not seen at the door, where Missing asks for it and the activity is over, one who did
// not come. All of it in one transaction; a second press finds it done.
//
// Faults: Forbidden; NotFound; Gone; Conflict when a reading is missing or was made
// anew since, or the sheet was taken over before; Invalid, with a field for each, where
// the readings differ and nothing was decided.
func (m *Module) TakeOver(ctx context.Context, tx *storage.Tx, cmd TakeOver) (out Result, err error) {
	a, err := m.held(ctx, tx, cmd.Actor, MayDecide, cmd.Activity)
	if err != nil {
		return out, err
	}
	days, err := readDays(ctx, tx, a)
	if err != nil {
		return out, err
	}
	i, err := find(days, cmd.Day)
	if err != nil {
		return out, err
	}
	d := days[i]
	switch {
	case d.Taken != nil:
		return out, fault.New(fault.Conflict, "signed.fault.taken")
	case !d.both():
		return out, fault.New(fault.Conflict, "signed.fault.not_both")
	case d.Readings[0].Version != cmd.Versions[0] || d.Readings[1].Version != cmd.Versions[1]:
		return out, fault.New(fault.Conflict, "signed.fault.stale")
	}
	guests, err := m.guests(ctx, tx, a, d)
	if err != nil {
		return out, err
	}
	if err := m.decide(ctx, tx, cmd, &d, guests); err != nil {
		return out, err
	}
	// The row comes first: of two who press at once the second waits here, and finds it.
	n, err := tx.Exec(ctx, `INSERT INTO signed_day (activity_id, day, taken_at, taken_by, signed, below, missing)
		VALUES ($1, $2, $3, $4, 0, 0, 0)
		ON CONFLICT (activity_id, day) DO NOTHING`, a.ID, string(cmd.Day), storage.Micros(tx.Now), cmd.Actor.Person)
	if err != nil {
		return out, err
	}
	if n == 0 {
		return out, fault.New(fault.Conflict, "signed.fault.taken")
	}
	if err := m.attend(ctx, tx, a, cmd, d, guests, &out); err != nil {
		return out, err
	}
	_, err = tx.Exec(ctx, `UPDATE signed_day
		SET signed = $3, below = $4, missing = $5
		WHERE activity_id = $1 AND day = $2`, a.ID, string(cmd.Day), out.Signed, max(d.Readings[0].Below, d.Readings[1].Below), out.Missing)
	return out, err
}

// decide keeps what was decided, and refuses when something is left open.
func (m *Module) decide(ctx context.Context, tx *storage.Tx, cmd TakeOver, d *day, guests []guest) error {
	var open fault.Form
	for _, g := range guests {
		if !d.differs(g.ID) {
			continue
		}
		if signed, decided := cmd.Decided[g.ID]; decided {
			d.Decided[g.ID] = signed
		}
		if _, waits := d.says(g.ID); waits {
			open.Add("signed_"+g.ID.String(), "signed.fault.open", fault.Args{"name": g.Name})
		}
	}
	if err := open.Err(); err != nil {
		return err
	}
	for _, app := range slices.SortedFunc(maps.Keys(d.Decided), func(x, y storage.ID) int { return bytes.Compare(x[:], y[:]) }) {
		if _, err := tx.Exec(ctx, `INSERT INTO signed_decision (activity_id, day, application_id, signed, decided_at, decided_by)
			VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (activity_id, day, application_id) DO UPDATE
			SET signed = excluded.signed, decided_at = excluded.decided_at, decided_by = excluded.decided_by`,
			cmd.Activity, string(cmd.Day), app, d.Decided[app], storage.Micros(tx.Now), cmd.Actor.Person); err != nil {
			return err
		}
	}
	return nil
}

// attend makes attendance of what the readings say.
func (m *Module) attend(ctx context.Context, tx *storage.Tx, a seats.Activity, cmd TakeOver, d day, guests []guest, out *Result) error {
	before, err := seats.SignedDays(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	// In the order in which the door takes them, so that neither waits for the other.
	guests = slices.Clone(guests)
	slices.SortFunc(guests, func(x, y guest) int { return bytes.Compare(x.ID[:], y.ID[:]) })
	for _, g := range guests {
		signed, _ := d.says(g.ID)
		was := slices.Contains(before[g.ID], d.Day)
		note := door.NotePresence{Activity: a.ID, Actor: cmd.Actor, Application: g.ID, Came: signed, Sheet: d.Day}
		switch {
		case signed && !g.State.HoldsSeat():
			out.Left++
			continue
		case signed:
			out.Signed++
		case was:
		case cmd.Missing && g.State == seats.Confirmed && len(before[g.ID]) == 0 && !tx.Now.Before(a.Ends):
			out.Missing++
			note.Sheet = ""
		default:
			continue
		}
		if _, err := m.Desk.NotePresence(ctx, tx, note); err != nil {
			return err
		}
	}
	return nil
}

// Reopen takes the outcome of a sheet back to the differences; what became attendance stays
// until it is taken over again, and follows then.
//
// Faults: Forbidden; NotFound; Conflict when it was not taken over.
func (m *Module) Reopen(ctx context.Context, tx *storage.Tx, cmd Discard) error {
	a, err := m.held(ctx, tx, cmd.Actor, MayDecide, cmd.Activity)
	if err != nil {
		return err
	}
	if _, err := find(daysOf(a), cmd.Day); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `DELETE FROM signed_day WHERE activity_id = $1 AND day = $2`, a.ID, string(cmd.Day))
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "signed.fault.not_taken")
	}
	return err
}

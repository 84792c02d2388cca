package door

import (
	"context"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
)

// What a check of a phone looks at, in the order in which it is told (web/ts/ready.ts).
const (
	ReadyPages   = "pages"   // the kept pages open with no network
	ReadyPack    = "pack"    // a pack of this activity is there, and fresh
	ReadyTicket  = "ticket"  // a made-up ticket is not known
	ReadyLedger  = "ledger"  // what is kept is on the disk
	ReadyWord    = "word"    // the word of the desk opens the names
	ReadyClock   = "clock"   // the clock is that of the house
	ReadyStorage = "storage" // there is room for what the day brings
	ReadyDay     = "day"     // the run sheet is there
)

// ReadyLines are all of them.
var ReadyLines = []string{ReadyPages, ReadyPack, ReadyTicket, ReadyLedger, ReadyWord, ReadyClock, ReadyStorage, ReadyDay}

// checkStays is how long a phone may keep the outcome of a check before the house hears of it.
const checkStays = 7 * 24 * time.Hour

// Ready is the last check of a device at an activity.
type Ready struct {
	Device  string
	Person  storage.ID // whose device it is; zero for an enrolled phone
	Missing []string   // of ReadyLines; empty when the device is ready
	At      time.Time
}

// NoteReady keeps what the check of a phone has come to.
type NoteReady struct {
	Activity storage.ID
	Actor    access.Actor
	Keeper   Keeper
	At       time.Time // by the clock of the house, as far as the phone has heard it
	Missing  []string
}

// PacksFrom is from when on the phones of an activity can be made ready.
func PacksFrom(a seats.Activity) time.Time { return a.Starts.Add(-packedBefore) }

// CanBeReady reports whether the phones of an activity may be made ready for a day to come, or
// one that goes on.
func CanBeReady(a seats.Activity, now time.Time) bool {
	return a.State == programme.Published && !a.Starts.IsZero() && !now.After(a.Ends)
}

// NoteReady keeps the check of the device in place of the one before; one that was made earlier
// than the one that stands changes nothing.
//
// Faults: Forbidden for who does not stand at this door; Conflict when nobody comes to the
// activity any more; Invalid for something that no check looks at, or for a moment that cannot be.
func (m *Desk) NoteReady(ctx context.Context, tx *storage.Tx, cmd NoteReady) error {
	a, err := m.ActivityByID(ctx, tx, cmd.Activity)
	if err != nil {
		return err
	}
	if err := cmd.Keeper.Stands(ctx, tx, cmd.Actor, a); err != nil {
		return err
	}
	if !CanBeReady(a, tx.Now) {
		return fault.New(fault.Conflict, "ready.fault.over")
	}
	if cmd.At.After(tx.Now.Add(MayBeAhead)) || cmd.At.Before(tx.Now.Add(-checkStays)) {
		return fault.New(fault.Invalid, "ready.fault.when")
	}
	var missing []string
	for _, line := range ReadyLines {
		if slices.Contains(cmd.Missing, line) {
			missing = append(missing, line)
		}
	}
	if len(missing) != len(cmd.Missing) { // something else, or one of them twice
		return fault.New(fault.Invalid, "ready.fault.line")
	}
	if m.Taking != nil {
		m.Taking()
	}
	words, at := strings.Join(missing, " "), storage.Micros(cmd.At)
	if _, err := tx.Exec(ctx, `INSERT INTO door_ready (activity_id, device, by_person, missing, at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`, a.ID, cmd.Keeper.Device, cmd.Keeper.By, words, at); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE door_ready
		SET missing = $3, at = $4
		WHERE activity_id = $1 AND device = $2 AND at <= $4`, a.ID, cmd.Keeper.Device, words, at); err != nil {
		return err
	}
	return NoteContact(ctx, tx, cmd.Keeper)
}

// ReadyAt lists the last checks of the devices of an activity.
func ReadyAt(ctx context.Context, tx *storage.Tx, activity storage.ID) ([]Ready, error) {
	return storage.All(ctx, tx, func(row storage.Scanner) (r Ready, err error) {
		var missing string
		var at int64
		err = row.Scan(&r.Device, &r.Person, &missing, &at)
		r.Missing, r.At = strings.Fields(missing), storage.Instant(at)
		return r, err
	}, `SELECT device, by_person, missing, at
		FROM door_ready
		WHERE activity_id = $1
		ORDER BY device`, activity)
}

// forgetReady drops the check of a device that stands at a door no more.
func forgetReady(ctx context.Context, tx *storage.Tx, activity storage.ID, device string) error {
	_, err := tx.Exec(ctx, `DELETE FROM door_ready WHERE activity_id = $1 AND device = $2`, activity, device)
	return err
}

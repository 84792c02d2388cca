package door

import (
	"context"
	"regexp"

	"platforma.kg/ashar/internal/foundation/offline"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// rowsOf are the rows of a device's pack, as they would be called in one that is made now.
type rowsOf struct {
	read    bool
	apps    map[string]storage.ID
	tickets map[storage.ID][]seats.Ticket // of an application, in the order in which they were made
	back    map[string]seats.Ticket       // those that were taken back, each a row of its own
	box     *offline.BoxKey
}

// boxKey gives the key of the boxes of the door, made once for a batch.
func (rows *rowsOf) boxKey(m *Desk, activity storage.ID) offline.BoxKey {
	if rows.box == nil {
		k := m.boxKey(activity)
		rows.box = &k
	}
	return *rows.box
}

// boxKey is what devices at the door of an activity close boxes to.
func (m *Desk) boxKey(activity storage.ID) offline.BoxKey {
	return offline.BoxKeyOf(m.Keys, []byte("door"), activity[:])
}

// BoxOf is the public key that devices at the door of an activity close boxes to.
func (m *Desk) BoxOf(a seats.Activity) string { return m.boxKey(a.ID).Public() }

// deviceKey is the key of a device's pack.
func deviceKey(house *seal.Keyring, device string, activity storage.ID) offline.Key {
	return offline.KeyOf(house, "door", activity[:], []byte(device))
}

var rowShape = regexp.MustCompile(`^[A-Za-z0-9_-]{16}$`)

// row is what a scan names in place of a code, empty for none.
func (s Scan) row() string {
	if s.Ticket != "" {
		return s.Ticket
	}
	return s.Guest
}

// wellRowed reports whether a scan names one thing: a code, a box, the row of a ticket, or that of a guest.
func (s Scan) wellRowed() bool {
	if s.WalkIn != "" {
		return false
	}
	if s.Box != "" {
		return s.Kind != "undo" && s.Code == "" && s.row() == "" && len(s.Box) <= offline.LongestBox
	}
	row := s.row()
	return row == "" || rowShape.MatchString(row) && s.Kind != "undo" && s.Code == "" && (s.Ticket == "" || s.Guest == "")
}

// readRow finds whose row was read. A ticket that was read is the one that she had then:
// whether it was taken back is judged by that. A row of who was erased since is unknown.
func (m *Desk) readRow(ctx context.Context, tx *storage.Tx, cmd checking, r *reading) (seats.Ticket, error) {
	if err := m.readRows(ctx, tx, cmd); err != nil {
		return seats.Ticket{}, err
	}
	if t, ok := cmd.rows.back[r.row()]; ok {
		return t, nil
	}
	app, ok := cmd.rows.apps[r.row()]
	if !ok {
		r.result, r.reason, r.valid = "unknown", "no_ticket", false
		r.At = tx.Now // as of a code that is not known: it may be of somebody who was erased
		return seats.Ticket{}, nil
	}
	had := seats.Ticket{Application: app, Activity: cmd.Activity}
	if r.Guest != "" {
		return had, nil
	}
	for _, t := range cmd.rows.tickets[app] {
		if !t.Made.After(r.At) || had.ID.IsZero() {
			had = t
		}
	}
	return had, nil
}

// readRows reads them once for a batch.
func (m *Desk) readRows(ctx context.Context, tx *storage.Tx, cmd checking) error {
	rows := cmd.rows
	if rows.read {
		return nil
	}
	apps, err := seats.ApplicationsOf(ctx, tx, cmd.Activity)
	if err != nil {
		return err
	}
	tickets, err := ticketsEver(ctx, tx, cmd.Activity)
	if err != nil {
		return err
	}
	key := deviceKey(m.Keys, cmd.Device, cmd.Activity)
	rows.apps, rows.tickets, rows.back = map[string]storage.ID{}, map[storage.ID][]seats.Ticket{}, map[string]seats.Ticket{}
	for _, app := range apps {
		rows.apps[key.Name("row", app.ID[:])] = app.ID
	}
	for _, t := range tickets {
		rows.tickets[t.Application] = append(rows.tickets[t.Application], t)
		if !t.Revoked.IsZero() {
			rows.back[key.Name("row", t.ID[:])] = t
		}
	}
	rows.read = true
	return nil
}

// ticketsEver are all tickets to an activity, also those that were taken back.
func ticketsEver(ctx context.Context, tx *storage.Tx, activity storage.ID) ([]seats.Ticket, error) {
	return storage.All(ctx, tx, seats.ScanTicket, `SELECT `+seats.TicketColumns+`
		FROM ticket
		WHERE activity_id = $1
		ORDER BY made_at, id`, activity)
}

package seats

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Ticket lets one applicant in.
type Ticket struct {
	ID          storage.ID
	Application storage.ID
	Activity    storage.ID
	Serial      Serial
	Made        time.Time
	Revoked     time.Time // zero while it holds
}

// TicketGrace is how long after the end of an activity its tickets are still
// read: days run late, and phones upload late.
const TicketGrace = 24 * time.Hour

// TicketColumns are what ScanTicket reads, in its order.
const TicketColumns = `id, application_id, activity_id, serial, made_at, revoked_at`

// ScanTicket reads a row of TicketColumns.
func ScanTicket(row storage.Scanner) (t Ticket, err error) {
	var serial, made, revoked int64
	err = row.Scan(&t.ID, &t.Application, &t.Activity, &serial, &made, &revoked)
	t.Serial = Serial(serial)
	t.Made, t.Revoked = storage.Instant(made), storage.Instant(revoked)
	return t, err
}

func (m *Service) signingKey() ed25519.PrivateKey { return m.Keys.Signing("tickets") }

// VerifyingKey is the public half of the key that tickets are signed with.
func (m *Service) VerifyingKey() ed25519.PublicKey {
	key, _ := m.signingKey().Public().(ed25519.PublicKey)
	return key
}

// Pass gives the text of the ticket's QR. Its last day is that of the activity
// as it is now: a phone without network goes by it, the server by the calendar.
func (m *Service) Pass(t Ticket, a Activity) string {
	return Pass{Serial: t.Serial, LastDay: dayOf(a.Ends.Add(TicketGrace)), Activity: ActivityTag(a.ID)}.Sign(m.signingKey())
}

// issueTicket makes the ticket of an application that may come in; one that
// has a ticket keeps it.
func (m *Service) issueTicket(ctx context.Context, tx *storage.Tx, app Application) error {
	if _, err := TicketOf(ctx, tx, app.ID); !fault.Is(err, fault.NotFound) {
		return err
	}
	for {
		serial, err := newSerial()
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `INSERT INTO ticket (id, application_id, activity_id, serial, made_at)
			VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (serial) DO NOTHING`,
			tx.NewID(), app.ID, app.Activity, int64(serial), storage.Micros(tx.Now))
		if err != nil || n == 1 {
			return err
		}
	}
}

// revokeTicket ends the ticket of an application that gave its seat up.
func (m *Service) revokeTicket(ctx context.Context, tx *storage.Tx, app Application) error {
	_, err := tx.Exec(ctx, `UPDATE ticket
		SET revoked_at = $1
		WHERE application_id = $2 AND revoked_at = 0`, storage.Micros(tx.Now), app.ID)
	return err
}

// TicketOf reads the ticket that holds; NotFound when there is none.
func TicketOf(ctx context.Context, tx *storage.Tx, application storage.ID) (Ticket, error) {
	return OneTicket(storage.One(ctx, tx, ScanTicket, `SELECT `+TicketColumns+`
		FROM ticket
		WHERE application_id = $1 AND revoked_at = 0
		ORDER BY made_at DESC, id DESC
		LIMIT 1`, application))
}

// TicketsOf gives the tickets to an activity that hold, by application.
func TicketsOf(ctx context.Context, tx *storage.Tx, activity storage.ID) (map[storage.ID]Ticket, error) {
	list, err := storage.All(ctx, tx, ScanTicket, `SELECT `+TicketColumns+`
		FROM ticket
		WHERE activity_id = $1 AND revoked_at = 0
		ORDER BY made_at, id`, activity)
	out := make(map[storage.ID]Ticket, len(list))
	for _, t := range list {
		out[t.Application] = t
	}
	return out, err
}

// TicketBySerial reads a ticket, also one that was taken back; NotFound when there is none.
func TicketBySerial(ctx context.Context, tx *storage.Tx, serial Serial) (Ticket, error) {
	return OneTicket(storage.One(ctx, tx, ScanTicket, `SELECT `+TicketColumns+`
		FROM ticket
		WHERE serial = $1`, int64(serial)))
}

// OneTicket makes a missing row a NotFound.
func OneTicket(t Ticket, err error) (Ticket, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return t, fault.New(fault.NotFound, "seminars.fault.ticket")
	}
	return t, err
}

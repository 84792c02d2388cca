package messages

import (
	"context"
	"fmt"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// The states of a message.
const (
	Waiting   = "waiting"   // its time has not come, or the next try has not
	Sending   = "sending"   // being handed over at this moment
	Sent      = "sent"      // the mail server or Telegram took it
	Failed    = "failed"    // nobody took it
	Unsure    = "unsure"    // handed over, but the answer was lost
	Skipped   = "skipped"   // not sent, for a reason that is nobody's fault
	Cancelled = "cancelled" // no longer needed
)

// The channels.
const (
	byMail     = "mail"
	byTelegram = "telegram"
	bySMS      = "sms"
)

// Channels are all, in the order in which they are told.
var Channels = []string{byMail, byTelegram, bySMS}

// Reasons of ours; others are the answers of servers, "550 5.1.1".
const (
	reasonNoAddress = "no_address"
	reasonOff       = "off"
	reasonBlocked   = "blocked"
	reasonErased    = "erased"
	reasonUnproven  = "unproven"
	reasonUnwanted  = "unwanted"
	reasonDemo      = "demo"
	reasonLate      = "late"
	reasonText      = "text"
	reasonCrash     = "crash"
	reasonAnswer    = "answer"
	reasonNoWords   = "no_words"   // only a text message would reach her, and there are no words for one
	reasonDaily     = "sms_daily"  // waits: no more parts may leave today
	reasonPerson    = "sms_person" // waits: a typed number gets no more today
)

// held are the reasons for which a text message waits.
const held = `'sms_daily', 'sms_person'`

// message is a row. Its content is sealed.
type message struct {
	ID, Person, Activity   storage.ID
	Kind                   string
	Sealed                 []byte
	Secret                 bool
	Channel, State, Reason string
	Attempts               int64
	Made, Due, Ends, Moved time.Time
}

const messageColumns = `id, person_id, activity_id, kind, sealed, secret, channel, state, reason, attempts, made_at, due_at, ends_at, moved_at`

func scanMessage(row storage.Scanner) (m message, err error) {
	var made, due, ends, moved int64
	err = row.Scan(&m.ID, &m.Person, &m.Activity, &m.Kind, &m.Sealed, &m.Secret, &m.Channel, &m.State, &m.Reason, &m.Attempts, &made, &due, &ends, &moved)
	m.Made, m.Due, m.Ends, m.Moved = storage.Instant(made), storage.Instant(due), storage.Instant(ends), storage.Instant(moved)
	return m, err
}

func messageByID(ctx context.Context, tx *storage.Tx, id storage.ID) (message, error) {
	return storage.One(ctx, tx, scanMessage, `SELECT `+messageColumns+` FROM message WHERE id = $1`, id)
}

// blockedBefore reports whether Telegram refused the message in an earlier try.
func blockedBefore(ctx context.Context, tx *storage.Tx, id storage.ID) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM message_attempt
		WHERE message_id = $1 AND channel = 'telegram' AND outcome = 'refused'`, id).Scan(&n)
	return n > 0, err
}

// begin marks a message as being handed over. It reports false when somebody
// else has it, or it was cancelled.
func begin(ctx context.Context, tx *storage.Tx, id, attempt storage.ID, channel string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE message SET state = 'sending', channel = $2, reason = '', attempts = attempts + 1, moved_at = $3
		WHERE id = $1 AND state = 'waiting'`, id, channel, storage.Micros(tx.Now))
	if err != nil || n == 0 {
		return false, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO message_attempt (id, message_id, channel, began_at) VALUES ($1, $2, $3, $4)`,
		attempt, id, channel, storage.Micros(tx.Now))
	return true, err
}

// result is how a try ended.
type result struct {
	channel string
	state   string // of the message after it
	outcome string // of the try
	reason  string
	again   time.Time // for Waiting: when
}

// end notes how a try ended. began tells whether begin had marked it.
func end(ctx context.Context, tx *storage.Tx, id, attempt storage.ID, began bool, r result) error {
	now, from, one := storage.Micros(tx.Now), Sending, 0
	if !began {
		from, one = Waiting, 1
	}
	due := tx.Now
	if r.state == Waiting {
		due = r.again
	}
	n, err := tx.Exec(ctx, `UPDATE message SET state = $2, channel = $3, reason = $4, attempts = attempts + $5, moved_at = $6,
			due_at = CASE WHEN $2 = 'waiting' THEN $7 ELSE due_at END,
			sealed = CASE WHEN secret AND $2 <> 'waiting' THEN NULL ELSE sealed END
		WHERE id = $1 AND state = $8`,
		id, r.state, r.channel, r.reason, one, now, storage.Micros(due), from)
	if err != nil {
		return fmt.Errorf("note the try: %w", err)
	}
	if n == 0 {
		return nil // cancelled meanwhile, or taken for dead
	}
	if began {
		_, err = tx.Exec(ctx, `UPDATE message_attempt SET ended_at = $2, outcome = $3, reason = $4 WHERE id = $1`,
			attempt, now, r.outcome, r.reason)
	} else if r.outcome != "" {
		_, err = tx.Exec(ctx, `INSERT INTO message_attempt (id, message_id, channel, began_at, ended_at, outcome, reason)
			VALUES ($1, $2, $3, $4, $4, $5, $6)`, attempt, id, r.channel, now, r.outcome, r.reason)
	}
	if err != nil {
		return fmt.Errorf("note the try: %w", err)
	}
	if r.state == Waiting {
		return enqueue(ctx, tx, id, due)
	}
	return nil
}

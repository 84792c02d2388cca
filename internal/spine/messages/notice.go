package messages

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// Notice is a message to be sent to a person.
type Notice struct {
	To     storage.ID    // person
	Person people.Person // the same, for who has read her already; may be zero
	Kind   string        // "seminars.invited": the texts notice.seminars.invited.subject, .body, .action
	// Args are the arguments of the texts: strings, whole numbers, booleans,
	// i18n.Text (given in the person's language), time.Time (written as date
	// and time in Bishkek), Clock, Stretch, Term, Joined and Written.
	Args map[string]any
	// Lang is the language of all of the letter, whichever she reads: of a trial. Empty: hers.
	Lang i18n.Language
	// Beside is a paragraph that staff have written beside the text of the kind, with places as
	// in Written. Who reads a language in which it is not written gets the text alone.
	Beside i18n.Text
	// Instead is what staff have written in place of the subject and the text of the kind, in
	// the languages in which it is written. The button, the foot and the words of neutral
	// messages stay as they are.
	Instead  Instead
	Path     string     // where the action leads, without host and language; empty for none
	Activity storage.ID // what it is about, for staff; may be zero
	Key      string     // when set, a second notice with the same key is not sent
	After    time.Time  // not before; zero for at once
	Until    time.Time  // not after: a reminder of yesterday helps nobody; zero for always
	// Reply says that it answers what was asked from her record. Like a letter about her
	// application it goes to the address that was typed there, though nobody has proven it.
	Reply bool
	// Purpose is what she must agree to at the moment in which it leaves, however long ago
	// it was asked for; empty for none.
	Purpose string
	// Leave is where she takes that back with one button and without a sign-in, without host
	// and language: such a letter goes by mail alone, and mail programs offer the button too.
	Leave string

	// Typed is the address that it goes to, as a form without a sign-in has just brought it:
	// by mail, and only there. Using the link proves the address, so that it is kept nowhere
	// once it has left. Its foot is notice.KIND.foot. Empty for all other letters.
	Typed string

	// Short is what a text message says of it, where her number is all there is; empty: the
	// text notice.KIND.sms, and without that none goes.
	Short i18n.Text

	secret  bool   // emptied once it has left
	channel string // prefer this one, whatever the person chose
	email   string // send by mail to this address, whatever the person has now
	chat    string // send to this chat, whatever the person has now
}

// Term is an argument that is itself a key of the catalogues, so that it is
// given in the language of the person.
type Term string

// Clock is an argument that is a time of day, "17:40" in Bishkek.
type Clock time.Time

// Stretch is an argument that is a stretch of time, written with its date.
type Stretch struct{ From, To time.Time }

// Joined is an argument of several parts, each an argument itself: a string, an i18n.Text, a
// Term, a time or a Stretch. They stand one after the other in her language.
type Joined []any

// beside is what is kept of Beside, nil for nothing.
func (n Notice) beside() *i18n.Text {
	if n.Beside == (i18n.Text{}) {
		return nil
	}
	return &n.Beside
}

// Instead is a subject and a text with places: {name} and {link} as in Written, {day} and
// {place} for the arguments "when" and "where", and any other by the name of its argument.
type Instead struct {
	Subject i18n.Text `json:"subject"`
	Body    i18n.Text `json:"body"`
}

// instead is what is kept of Instead, nil for nothing.
func (n Notice) instead() *Instead {
	if n.Instead == (Instead{}) {
		return nil
	}
	return &n.Instead
}

// short is what is kept of Short, nil for nothing.
func (n Notice) short() *i18n.Text {
	if n.Short == (i18n.Text{}) {
		return nil
	}
	return &n.Short
}

// Send asks for a message in the transaction of the change it tells of. It is
// on its way if and only if the transaction commits.
func (s *Service) Send(ctx context.Context, tx *storage.Tx, n Notice) error {
	if n.To.IsZero() || n.Kind == "" {
		return fmt.Errorf("messages: a notice needs a person and a kind")
	}
	if c := s.say; c != nil && !c.Printer(i18n.Kyrgyz).Has("notice."+n.Kind+".subject") {
		return fmt.Errorf("messages: there is no text for notice %q", n.Kind)
	}
	if n.Path != "" && !localPath(n.Path) || n.Leave != "" && !localPath(n.Leave) {
		return fmt.Errorf("messages: notice %q leads out of the site", n.Kind)
	}
	if n.Typed != "" {
		n.secret, n.email = true, n.Typed
	}
	plain, err := json.Marshal(content{Args: encodeArgs(n.Args), Lang: n.Lang, Short: n.short(), Beside: n.beside(), Instead: n.instead(), Path: n.Path, Reply: n.Reply, Purpose: n.Purpose, Leave: n.Leave, Email: n.email, Chat: n.chat, Typed: n.Typed != ""})
	if err != nil {
		return fmt.Errorf("encode notice %q: %w", n.Kind, err)
	}
	var box []byte
	if n.Person.ID == n.To {
		box = n.Person.Seal(plain)
	} else if box, err = s.People.Seal(ctx, tx, n.To, plain); err != nil {
		return fmt.Errorf("seal notice %q: %w", n.Kind, err)
	}
	due := n.After
	if due.Before(tx.Now) {
		due = tx.Now
	}
	var key any
	if n.Key != "" {
		key = n.Key
	}
	id := tx.NewID()
	added, err := tx.Exec(ctx, `INSERT INTO message
			(id, person_id, kind, activity_id, dedupe, sealed, secret, channel, state, made_at, due_at, ends_at, moved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, $10, $11, $9)
		ON CONFLICT (dedupe) DO NOTHING`,
		id, n.To, n.Kind, n.Activity, key, box, n.secret, n.channel,
		storage.Micros(tx.Now), storage.Micros(due), storage.Micros(n.Until))
	if err != nil {
		return fmt.Errorf("keep notice %q: %w", n.Kind, err)
	}
	if added == 0 {
		return nil
	}
	if n.secret {
		due = due.Add(-24 * time.Hour) // before a thousand reminders that wait
	}
	return enqueue(ctx, tx, id, due)
}

// Cancel stops the messages that wait under a key. It reports how many were
// stopped: zero when the message has already gone.
func (s *Service) Cancel(ctx context.Context, tx *storage.Tx, key string) (int, error) {
	n, err := tx.Exec(ctx, `UPDATE message SET state = 'cancelled', sealed = NULL, moved_at = $1
		WHERE dedupe = $2 AND state = 'waiting'`, storage.Micros(tx.Now), key)
	return int(n), err
}

// CancelTo stops the messages of some kinds to a person about an activity that wait for a moment
// which has not come. It reports how many were stopped.
func (s *Service) CancelTo(ctx context.Context, tx *storage.Tx, person, activity storage.ID, kinds ...string) (int, error) {
	args := []any{storage.Micros(tx.Now), person, activity}
	marks := make([]string, len(kinds))
	for i, kind := range kinds {
		args = append(args, kind)
		marks[i] = "$" + strconv.Itoa(len(args))
	}
	n, err := tx.Exec(ctx, `UPDATE message SET state = 'cancelled', sealed = NULL, moved_at = $1
		WHERE person_id = $2 AND activity_id = $3 AND state = 'waiting' AND due_at > $1 AND kind IN (`+strings.Join(marks, ", ")+`)`, args...)
	return int(n), err
}

// CancelAll stops every message that waits under a key with this beginning.
func (s *Service) CancelAll(ctx context.Context, tx *storage.Tx, beginning string) (int, error) {
	n, err := tx.Exec(ctx, `UPDATE message SET state = 'cancelled', sealed = NULL, moved_at = $1
		WHERE state = 'waiting' AND substr(dedupe, 1, $2) = $3`, storage.Micros(tx.Now), len(beginning), beginning)
	return int(n), err
}

// WaitingUnder counts the messages that CancelAll would stop.
func (s *Service) WaitingUnder(ctx context.Context, tx *storage.Tx, beginning string) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM message
		WHERE state = 'waiting' AND substr(dedupe, 1, $1) = $2`, len(beginning), beginning).Scan(&n)
	return n, err
}

// CancelActivity stops every message of a kind that still waits for an
// activity, of all kinds when kind is empty.
func (s *Service) CancelActivity(ctx context.Context, tx *storage.Tx, activity storage.ID, kind string) (int, error) {
	n, err := tx.Exec(ctx, `UPDATE message SET state = 'cancelled', sealed = NULL, moved_at = $1
		WHERE activity_id = $2 AND state = 'waiting' AND ($3 = '' OR kind = $3)`,
		storage.Micros(tx.Now), activity, kind)
	return int(n), err
}

// Failed counts the messages that did not arrive, or perhaps did not, since an instant.
func (s *Service) Failed(ctx context.Context, tx *storage.Tx, since time.Time) (int, error) {
	var n int
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM message
		WHERE state IN ('failed', 'unsure') AND moved_at >= $1`, storage.Micros(since)).Scan(&n)
	return n, err
}

// late counts the messages that should have left an hour ago and still wait.
func (s *Service) late(ctx context.Context, tx *storage.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM message
		WHERE state = 'waiting' AND due_at < $1`, storage.Micros(tx.Now.Add(-lateAfter))).Scan(&n)
	return n, err
}

// lateAfter is how long a message may wait beyond its time before staff hear of it.
const lateAfter = time.Hour

// deliver is the payload of the job: the id alone.
type deliver struct {
	Message storage.ID `json:"message"`
}

const deliverKind = "messages.deliver"

// enqueue asks for a try. A try too many does no harm: it finds that the
// message is not waiting, or not due.
func enqueue(ctx context.Context, tx *storage.Tx, id storage.ID, after time.Time) error {
	return jobs.Enqueue(ctx, tx, jobs.Job{Kind: deliverKind, Payload: deliver{id}, After: after})
}

// localPath reports whether a path stays on this site and is safe in a header or a button.
func localPath(p string) bool {
	if p[0] != '/' || len(p) > 500 || (len(p) > 1 && (p[1] == '/' || p[1] == '\\')) {
		return false
	}
	for _, r := range p {
		if r <= ' ' || r == 0x7f || r == '\\' || r == '<' || r == '>' || r == '"' {
			return false
		}
	}
	return true
}

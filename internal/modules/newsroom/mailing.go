package newsroom

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

// ReleaseNotice is the kind of letters that bring a release to the press list.
const ReleaseNotice = "newsroom.release"

// SendJob sends a release to the press list.
const SendJob = "newsroom.send"

// MailingState is how far a release is on its way to the press list.
type MailingState string

// The states.
const (
	MailingTicked  MailingState = "ticked"  // it goes when the release is public
	MailingWaiting MailingState = "waiting" // it goes at its time, and can be stopped until then
	MailingSending MailingState = "sending" // from one to the next
	MailingSent    MailingState = "sent"    // all letters are asked for: see MailingOf.Waiting
	MailingStopped MailingState = "stopped"
)

// MailingStates are all states.
var MailingStates = [...]MailingState{MailingTicked, MailingWaiting, MailingSending, MailingSent, MailingStopped}

// Mailing says when a release goes to the press list.
type Mailing string

// The choices of who publishes.
const (
	MailNever Mailing = ""
	MailLater Mailing = "later" // a quarter of an hour after it is public
	MailNow   Mailing = "now"
)

// mailingPause is how long a mailing can be taken back.
const mailingPause = 15 * time.Minute

// mailedAtOnce bounds the letters that one transaction asks for.
const mailedAtOnce = 100

// MailingOf is the row of a release.
type MailingOf struct {
	State  MailingState
	AtOnce bool
	Send   time.Time
	Count  int // letters that were asked for
	// Waiting are those of them that have not left. Only the page of a release knows.
	Waiting int
}

// Shown is the state as people see it: a mailing is over when its letters have left.
func (v MailingOf) Shown() MailingState {
	if v.State == MailingSent && v.Waiting > 0 {
		return MailingSending
	}
	return v.State
}

// Left is how many letters have left.
func (v MailingOf) Left() int { return v.Count - v.Waiting }

// Stops reports whether it can be stopped.
func (v MailingOf) Stops() bool {
	s := v.Shown()
	return s == MailingTicked || s == MailingWaiting || s == MailingSending
}

// mailingOf gives it; zero when the release does not go to the list.
func mailingOf(ctx context.Context, tx *storage.Tx, release storage.ID) (v MailingOf, err error) {
	var at int64
	err = tx.QueryRow(ctx, `SELECT state, at_once, send_at, count FROM news_mailing WHERE release_id = $1`, release).Scan(&v.State, &v.AtOnce, &at, &v.Count)
	if errors.Is(err, sql.ErrNoRows) {
		return MailingOf{}, nil
	}
	v.Send = storage.Instant(at)
	return v, err
}

// choose notes whether a release that is not public yet goes to the list when it is. What
// was stopped before it was public went to nobody, and can be chosen anew.
func (r Release) choose(ctx context.Context, tx *storage.Tx, how Mailing) error {
	if how == MailNever {
		_, err := tx.Exec(ctx, `DELETE FROM news_mailing WHERE release_id = $1 AND state IN ('ticked', 'stopped')`, r.ID)
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO news_mailing (release_id, state, at_once)
		VALUES ($1, 'ticked', $2)
		ON CONFLICT (release_id) DO UPDATE
		SET at_once = excluded.at_once, state = excluded.state
		WHERE news_mailing.state IN ('ticked', 'stopped')`, r.ID, how == MailNow)
	return err
}

// planMailing asks for the letters of a release that has just become public.
func (r Release) planMailing(ctx context.Context, tx *storage.Tx) error {
	v, err := mailingOf(ctx, tx, r.ID)
	if err != nil || v.State != MailingTicked {
		return err
	}
	at := tx.Now
	if !v.AtOnce {
		at = at.Add(mailingPause)
	}
	if _, err := tx.Exec(ctx, `UPDATE news_mailing SET state = 'waiting', send_at = $2 WHERE release_id = $1 AND state = 'ticked'`, r.ID, storage.Micros(at)); err != nil {
		return err
	}
	return jobs.Enqueue(ctx, tx, jobs.Job{Kind: SendJob, Payload: mailed{r.ID}, Key: r.ID.String(), After: at})
}

// mailed is the payload of the job.
type mailed struct {
	Release storage.ID `json:"release"`
}

// stop ends a mailing, and takes back the letters that have not left. It reports whether
// there was anything to stop.
func (m *Module) stop(ctx context.Context, tx *storage.Tx, r Release) (bool, error) {
	// First the row: whoever asks for letters holds it until they are in the outbox.
	n, err := tx.Exec(ctx, `UPDATE news_mailing SET state = 'stopped', after_id = NULL WHERE release_id = $1 AND state IN ('ticked', 'waiting', 'sending')`, r.ID)
	if err != nil || m.Messages == nil {
		return n > 0, err
	}
	back, err := m.Messages.CancelAll(ctx, tx, r.mailKey())
	if err != nil || back == 0 {
		return n > 0, err
	}
	// Its count is that of the letters that left.
	_, err = tx.Exec(ctx, `UPDATE news_mailing SET state = 'stopped', count = count - $2 WHERE release_id = $1`, r.ID, back)
	return true, err
}

// mailKey begins the keys of the letters that bring the release.
func (r Release) mailKey() string { return ReleaseNotice + "/" + r.ID.String() + "/" }

// StopMailing takes a release back from the press list: it is sent to nobody more.
type StopMailing struct {
	Actor   access.Actor
	Release storage.ID
}

// StopMailing is the use case. Forbidden, NotFound; Conflict when all letters have left, or
// it was stopped before.
func (m *Module) StopMailing(ctx context.Context, tx *storage.Tx, cmd StopMailing) error {
	r, err := ByID(ctx, tx, cmd.Release)
	if err != nil {
		return err
	}
	if err := m.may(ctx, tx, cmd.Actor, r, MayPublish); err != nil {
		return err
	}
	stopped, err := m.stop(ctx, tx, r)
	if err == nil && !stopped {
		err = fault.New(fault.Conflict, "newsroom.fault.mailed")
	}
	return err
}

// send asks for the letters, some at a time: to each person once, however often it runs
// and wherever it was broken off, and to nobody when the release was withdrawn or the
// mailing stopped.
func (m *Module) send(ctx context.Context, store *storage.Store, payload json.RawMessage) error {
	var p mailed
	if err := json.Unmarshal(payload, &p); err != nil {
		return err
	}
	for {
		var more bool
		if err := store.Write(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
			more, err = m.sendSome(ctx, tx, p.Release)
			return err
		}); err != nil || !more {
			return err
		}
	}
}

func (m *Module) sendSome(ctx context.Context, tx *storage.Tx, release storage.ID) (more bool, err error) {
	n, err := tx.Exec(ctx, `UPDATE news_mailing
		SET state = 'sending'
		WHERE release_id = $1 AND state IN ('waiting', 'sending') AND send_at <= $2`, release, storage.Micros(tx.Now))
	if err != nil || n == 0 {
		return false, err
	}
	r, err := ByID(ctx, tx, release)
	if err != nil {
		return false, err
	}
	if r.State != Published {
		_, err := m.stop(ctx, tx, r)
		return false, err
	}
	var after storage.ID
	if err := tx.QueryRow(ctx, `SELECT after_id FROM news_mailing WHERE release_id = $1`, release).Scan(&after); err != nil {
		return false, err
	}
	list, err := m.People.Agreeing(ctx, tx, ListConsent, after, mailedAtOnce)
	if err != nil {
		return false, err
	}
	sent := 0
	for _, id := range list {
		after = id
		went, err := m.sendTo(ctx, tx, r, id)
		if err != nil {
			return false, err
		}
		if went {
			sent++
		}
	}
	state := MailingSending
	if len(list) < mailedAtOnce {
		state, after = MailingSent, storage.ID{} // nobody is named by what has ended
	}
	_, err = tx.Exec(ctx, `UPDATE news_mailing SET state = $2, after_id = $3, count = count + $4 WHERE release_id = $1`, release, string(state), after, sent)
	return state == MailingSending, err
}

// stepBack lets a mailing that has come as far as a person go on from any place between her
// and who stands before her in the order of the ids: nothing names her, and nobody is passed
// over or written to twice.
func stepBack(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	if tx.Dialect() == storage.PostgreSQL { // who is just coming as far as her is waited for
		if _, err := tx.Exec(ctx, `SELECT 1 FROM news_mailing WHERE state IN ('waiting', 'sending') FOR UPDATE`); err != nil {
			return err
		}
	}
	var n int
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM news_mailing WHERE after_id = $1`, person).Scan(&n); err != nil || n == 0 {
		return err
	}
	var before storage.ID // the beginning, where she is the first
	err := tx.QueryRow(ctx, `SELECT id FROM person WHERE id < $1 ORDER BY id DESC LIMIT 1`, person).Scan(&before)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	low, high := new(big.Int).SetBytes(before[:]), new(big.Int).SetBytes(person[:])
	step, err := rand.Int(rand.Reader, high.Sub(high, low))
	if err != nil {
		return fmt.Errorf("choose a place in the press list: %w", err)
	}
	var place storage.ID
	low.Add(low, step).FillBytes(place[:])
	_, err = tx.Exec(ctx, `UPDATE news_mailing SET after_id = $2 WHERE after_id = $1`, person, place)
	return err
}

// sendTo asks for the letter to one person, unless the same address gets it by another
// record: by the first of them.
func (m *Module) sendTo(ctx context.Context, tx *storage.Tx, r Release, person storage.ID) (bool, error) {
	p, err := m.People.ByID(ctx, tx, person)
	if err != nil {
		return false, err
	}
	if first, err := m.firstOf(ctx, tx, p); err != nil || first != p.ID {
		return false, err
	}
	token, err := m.People.NewLink(ctx, tx, people.Link{Person: p.ID, Purpose: leavePurpose, Ref: r.ID})
	if err != nil {
		return false, err
	}
	l := r.In(p.Lang)
	return true, m.Messages.Send(ctx, tx, messages.Notice{
		To: p.ID, Person: p, Kind: ReleaseNotice, Key: r.mailKey() + p.ID.String(), Path: r.path(), Purpose: ListConsent, Leave: leavePath + token,
		Args: map[string]any{"title": r.Texts.Title.Exactly(l), "lead": r.Texts.Lead.Exactly(l)},
	})
}

// firstOf gives the record by which the list reaches the address of a person.
func (m *Module) firstOf(ctx context.Context, tx *storage.Tx, p people.Person) (storage.ID, error) {
	all, err := m.People.WithContact(ctx, tx, people.EmailContact, p.Email)
	if err != nil {
		return p.ID, err
	}
	for _, one := range all { // the oldest first
		if one.ID == p.ID {
			return p.ID, nil
		}
		proven, err := m.People.HasProven(ctx, tx, one.ID, people.EmailContact, p.Email)
		if err != nil {
			return p.ID, err
		}
		agrees, err := m.People.Agrees(ctx, tx, one.ID, ListConsent)
		if err != nil {
			return p.ID, err
		}
		if proven && agrees {
			return one.ID, nil
		}
	}
	return p.ID, nil
}

// subscribers gives all people whom the list reaches, by language in which they read: of
// those with one address her by whom it is reached, see firstOf.
func (m *Module) subscribers(ctx context.Context, tx *storage.Tx) (map[i18n.Language][]people.Person, error) {
	ids, err := m.People.AgreeingOnce(ctx, tx, ListConsent)
	if err != nil {
		return nil, err
	}
	persons, err := m.People.ByIDs(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	out := map[i18n.Language][]people.Person{}
	for _, id := range ids {
		if p, there := persons[id]; there {
			out[p.Lang] = append(out[p.Lang], p)
		}
	}
	return out, nil
}

// readMailing gives the page of a release what it says of the press list.
func (m *Module) readMailing(ctx context.Context, tx *storage.Tx, p *editorPage, r *web.Request) (err error) {
	if p.Mailing, err = mailingOf(ctx, tx, p.Release.ID); err != nil {
		return err
	}
	if v := p.Mailing.State; m.Messages != nil && (v == MailingSending || v == MailingSent) {
		if p.Mailing.Waiting, err = m.Messages.WaitingUnder(ctx, tx, p.Release.mailKey()); err != nil {
			return err
		}
	}
	if p.Release.Open() || !r.Actor.MaySomewhere(MayPublish) {
		return nil
	}
	p.Subscribers, err = m.People.CountAgreeing(ctx, tx, ListConsent)
	return err
}

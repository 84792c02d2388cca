package seats

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/messages"
)

// CallAnswer is what came of a call to the number of an application.
type CallAnswer string

// The answers.
const (
	Comes       CallAnswer = "comes"      // she says that she comes: as her own yes
	NotComing   CallAnswer = "not_coming" // she says that she does not: as her own no
	Herself     CallAnswer = "herself"    // it is she, and she applied, or has heard what there was to tell
	NotReached  CallAnswer = "other"      // nobody answered, or somebody else; call again
	WrongNumber CallAnswer = "wrong"      // nobody knows her there: the number leaves the record
)

// Reached reports whether she herself was spoken with.
func (a CallAnswer) Reached() bool { return a == Comes || a == NotComing || a == Herself }

// Reasons of moves that somebody has told staff by telephone, and of one that was taken back.
const (
	whyPhoneYes  = "seminars.why.phone_yes"
	whyPhoneNo   = "seminars.why.phone_no"
	whyPhoneBack = "seminars.why.phone_back"
)

// Called notes what came of a call.
type Called struct {
	Activity    storage.ID
	Actor       access.Actor
	Application storage.ID
	Answer      CallAnswer
	Again       time.Time // of NotReached: not to be called before; zero for any time
}

// callRepeats is how long the same answer about the same application by the same person is one
// call: a second tap, or a page that was sent again.
const callRepeats = 10 * time.Minute

// CallBack is for how long an answer can be taken back; so long wait the messages of what
// it did.
const CallBack = 15 * time.Minute

// mostAgain bounds how far ahead a call is put off.
const mostAgain = 30 * 24 * time.Hour

// Called notes a call. When it was she, her number is called and her applications are proven;
// her yes or no about this application is judged and carried out by Answer, as if she had
// given it on her page, with who noted it. A wrong number leaves her record. The same answer
// of the same actor within ten minutes is the call that is noted already, and changes nothing.
//
// What is sent because of a yes or a no waits for CallBack, so that TakeCallBack leaves
// nobody with a letter that is not so.
//
// Faults: Forbidden; NotFound when the application is of another activity; Invalid;
// Conflict when there is no number (any more); those of Answer.
func (m *Service) Called(ctx context.Context, tx *storage.Tx, cmd Called) error {
	a, err := m.Schedule().Held(ctx, tx, cmd.Activity)
	if err != nil {
		return err
	}
	app, err := callable(ctx, tx, cmd.Actor, a, cmd.Application)
	if err != nil {
		return err
	}
	if !cmd.Again.IsZero() {
		switch {
		case cmd.Answer != NotReached:
			cmd.Again = time.Time{}
		case cmd.Again.Before(tx.Now), cmd.Again.After(tx.Now.Add(mostAgain)):
			return fault.At("again", "fault.not_a_choice")
		}
	}
	if repeat, err := m.callRepeated(ctx, tx, cmd); err != nil || repeat {
		return err
	}
	done := call{id: tx.NewID(), application: app.ID}
	switch cmd.Answer {
	case Herself:
		err = m.People.Call(ctx, tx, cmd.Actor.Person, app.Person)
	case Comes, NotComing:
		if err = m.People.Call(ctx, tx, cmd.Actor.Person, app.Person); err == nil {
			err = m.saidByPhone(ctx, tx, cmd, &done)
		}
	case WrongNumber:
		err = m.People.WrongNumber(ctx, tx, cmd.Actor.Person, app.Person)
	case NotReached:
		err = audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Person: app.Person, Action: "seminars.audit.call_other", Object: app.Activity})
	default:
		err = fault.At("answer", "fault.not_a_choice")
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO application_call (id, application_id, answer, by_person, at, again_at,
			version, was_state, was_place, was_expires, was_reconfirm, was_facts)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		done.id, app.ID, string(cmd.Answer), cmd.Actor.Person, storage.Micros(tx.Now), storage.Micros(cmd.Again),
		done.version, string(done.was.State), done.was.Place, storage.Micros(done.was.Expires), done.was.Reconfirm, done.was.facts); err != nil {
		return err
	}
	for _, o := range done.offers {
		if _, err := tx.Exec(ctx, `INSERT INTO application_call_offer (call_id, application_id, version, place, facts)
			VALUES ($1, $2, $3, $4, $5)`, done.id, o.ID, o.Version, o.Place, o.facts); err != nil {
			return err
		}
	}
	m.News(tx, app.Activity)
	return nil
}

// callable gives an application to an activity to who selects there.
func callable(ctx context.Context, tx *storage.Tx, actor access.Actor, a Activity, id storage.ID) (Application, error) {
	if !actor.May(MaySelect, ScopeOf(a)) {
		return Application{}, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	app, err := ApplicationByID(ctx, tx, id)
	if err == nil && app.Activity != a.ID {
		err = fault.New(fault.NotFound, "seminars.fault.application")
	}
	return app, err
}

// call is what an answer did, as far as it can be taken back.
type call struct {
	id, application storage.ID
	version         int64         // of the application after it; 0: it cannot be taken back
	was             Application   // before it
	offers          []Application // of others, with the version after it and place and facts of before
}

// saidByPhone carries out a yes or a no that was given by telephone.
func (m *Service) saidByPhone(ctx context.Context, tx *storage.Tx, cmd Called, done *call) error {
	was, err := ApplicationByID(ctx, tx, cmd.Application) // the call may have proven it
	if err != nil {
		return err
	}
	s, paired, err := sideOf(ctx, tx, was.ID)
	if err != nil {
		return err
	}
	together, err := m.CompanionOf(ctx, tx, was)
	if err != nil {
		return err
	}
	waited, err := applicationsIn(ctx, tx, was.Activity, Waitlisted)
	if err != nil {
		return err
	}
	later := *m
	if m.Messages != nil {
		unread, err := m.Unread(ctx, tx, was.Person)
		if err != nil {
			return err
		}
		held := heldBack{Messenger: m.Messages, until: tx.Now.Add(CallBack)}
		if unread { // she has just heard it
			held.heard = was.Person
		}
		later.Messages = held
	}
	reply := SayYes
	if cmd.Answer == NotComing {
		reply = StepBack
	}
	app, err := later.answer(ctx, tx, was.ID, reply, cmd.Actor.Person)
	if err != nil {
		return err
	}
	if was.State == Withdrawn || app.Version == was.Version || paired && s.whole() || !together.Asked.IsZero() {
		return nil // nothing to take back, or more ends with it than comes again
	}
	done.version, done.was = app.Version, was
	for _, w := range waited {
		now, err := ApplicationByID(ctx, tx, w.ID)
		if err != nil {
			return err
		}
		if now.State == Invited && now.ID != was.ID {
			now.Place, now.facts = w.Place, w.facts
			done.offers = append(done.offers, now)
		}
	}
	return nil
}

// heldBack sends nothing before a moment, and nothing to who has heard it by telephone and
// reads nothing.
type heldBack struct {
	Messenger
	until time.Time
	heard storage.ID // zero for nobody
}

func (h heldBack) Send(ctx context.Context, tx *storage.Tx, n messages.Notice) error {
	if n.To == h.heard {
		return nil
	}
	if n.After.Before(h.until) {
		n.After = h.until
	}
	return h.Messenger.Send(ctx, tx, n)
}

// callRepeated reports whether a call is noted already. Two who note one at the same moment go
// one after the other: the second waits for the row of the application, and then sees the call.
func (m *Service) callRepeated(ctx context.Context, tx *storage.Tx, cmd Called) (bool, error) {
	if _, err := tx.Exec(ctx, `UPDATE application SET version = version WHERE id = $1`, cmd.Application); err != nil {
		return false, err
	}
	var n int
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM application_call
		WHERE application_id = $1 AND answer = $2 AND by_person = $3 AND at > $4 AND back_at = 0`,
		cmd.Application, string(cmd.Answer), cmd.Actor.Person, storage.Micros(tx.Now.Add(-callRepeats))).Scan(&n)
	return n > 0, err
}

// NotedCall is a call as staff read of it.
type NotedCall struct {
	ID, Application, Person, By storage.ID
	Answer                      CallAnswer
	At, Again, Back             time.Time // Back: when it was taken back; zero for never
	State                       State     // of the application now
	moved, version              int64     // the version of the application after it, 0 when it cannot be taken back; and now
}

// Returns reports whether it can be taken back now.
func (c NotedCall) Returns(now time.Time) bool {
	return c.Back.IsZero() && now.Before(c.At.Add(CallBack)) && (c.Answer == NotReached || c.moved > 0 && c.moved == c.version)
}

const notedColumns = `SELECT application_call.id, application_call.application_id, application.person_id, application_call.by_person, application_call.answer,
			application_call.at, application_call.again_at, application_call.back_at, application.state, application_call.version, application.version
		FROM application_call
		JOIN application ON application.id = application_call.application_id `

func scanNoted(row storage.Scanner) (c NotedCall, err error) {
	var at, again, back int64
	err = row.Scan(&c.ID, &c.Application, &c.Person, &c.By, &c.Answer, &at, &again, &back, &c.State, &c.moved, &c.version)
	c.At = storage.Instant(at)
	if again > 0 {
		c.Again = storage.Instant(again)
	}
	if back > 0 {
		c.Back = storage.Instant(back)
	}
	return c, err
}

// CallsOf gives the calls about one application, the oldest first. The caller has asked who may.
func CallsOf(ctx context.Context, tx *storage.Tx, application storage.ID) ([]NotedCall, error) {
	return storage.All(ctx, tx, scanNoted, notedColumns+`
		WHERE application_call.application_id = $1
		ORDER BY application_call.at, application_call.id`, application)
}

// mostNoted bounds how many calls that were just noted a page shows.
const mostNoted = 20

// JustCalled gives the calls about an activity that were noted within CallBack and hold, the
// latest first. The caller has asked who may.
func JustCalled(ctx context.Context, tx *storage.Tx, activity storage.ID) ([]NotedCall, error) {
	return storage.All(ctx, tx, scanNoted, notedColumns+`
		WHERE application.activity_id = $1 AND application_call.at > $2 AND application_call.back_at = 0
		ORDER BY application_call.at DESC, application_call.id DESC
		LIMIT $3`, activity, storage.Micros(tx.Now.Add(-CallBack)), mostNoted)
}

// TakeCallBack is that an answer was noted by mistake.
type TakeCallBack struct {
	Activity storage.ID
	Actor    access.Actor
	Call     storage.ID
}

// TakeCallBack undoes an answer for CallBack: that nobody was reached is struck out; a yes and
// a no leave the application as it was, with its seat. What was offered to others because
// of a no is taken back before they were told of it; when one of them has answered already,
// there may be no seat left. That she was spoken with, and her number is called, stays.
// What is taken back twice is taken back once. It gives the application.
//
// Faults: Forbidden; NotFound; TooLate after CallBack, for what cannot be taken back, and when
// the application has moved since; Full when the seat is another's now; those of
// MayInvite.
func (m *Service) TakeCallBack(ctx context.Context, tx *storage.Tx, cmd TakeCallBack) (storage.ID, error) {
	a, err := m.Schedule().Held(ctx, tx, cmd.Activity)
	if err != nil {
		return storage.ID{}, err
	}
	if !cmd.Actor.May(MaySelect, ScopeOf(a)) {
		return storage.ID{}, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	c, done, err := callByID(ctx, tx, cmd.Call)
	if err != nil {
		return storage.ID{}, err
	}
	app, err := callable(ctx, tx, cmd.Actor, a, c.Application)
	if err != nil || !c.Back.IsZero() {
		return app.ID, err
	}
	if !c.Returns(tx.Now) {
		return storage.ID{}, fault.New(fault.TooLate, "seminars.fault.call_back")
	}
	// Two who take it back at the same moment go one after the other.
	n, err := tx.Exec(ctx, `UPDATE application_call SET back_at = $2 WHERE id = $1 AND back_at = 0`, c.ID, storage.Micros(tx.Now))
	if err != nil || n == 0 {
		return app.ID, err
	}
	if c.Answer != NotReached {
		if err := m.returnCall(ctx, tx, a, app, done, cmd.Actor.Person); err != nil {
			return storage.ID{}, err
		}
	}
	m.News(tx, a.ID)
	return app.ID, audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Person: app.Person, Action: "seminars.audit.call_back", Object: a.ID})
}

func callByID(ctx context.Context, tx *storage.Tx, id storage.ID) (c NotedCall, done call, err error) {
	c, err = storage.One(ctx, tx, scanNoted, notedColumns+`WHERE application_call.id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return c, done, fault.New(fault.NotFound, "seminars.fault.application")
	}
	if err != nil {
		return c, done, err
	}
	done.id, done.application, done.version = c.ID, c.Application, c.moved
	var expires int64
	if err = tx.QueryRow(ctx, `SELECT was_state, was_place, was_expires, was_reconfirm, was_facts FROM application_call WHERE id = $1`, id).
		Scan(&done.was.State, &done.was.Place, &expires, &done.was.Reconfirm, &done.was.facts); err != nil {
		return c, done, err
	}
	done.was.Expires = storage.Instant(expires)
	done.offers, err = storage.All(ctx, tx, func(row storage.Scanner) (o Application, err error) {
		err = row.Scan(&o.ID, &o.Version, &o.Place, &o.facts)
		return o, err
	}, `SELECT application_id, version, place, facts FROM application_call_offer WHERE call_id = $1 ORDER BY place, application_id`, id)
	return c, done, err
}

// returnCall leaves an application as it was before an answer.
func (m *Service) returnCall(ctx context.Context, tx *storage.Tx, a Activity, app Application, done call, by storage.ID) error {
	if err := MayInvite(a, tx.Now); err != nil {
		return err
	}
	if err := m.HoldSeminar(ctx, tx, a.ID); err != nil {
		return err
	}
	app, err := ApplicationByID(ctx, tx, app.ID) // as it is under the lock
	if err != nil {
		return err
	}
	if app.Version != done.version {
		return fault.New(fault.Conflict, "seminars.fault.changed")
	}
	offers := make([]Application, 0, len(done.offers))
	for _, o := range done.offers {
		now, there, err := ApplicationIfThere(ctx, tx, o.ID)
		if err != nil {
			return err
		}
		if !there || now.Version != o.Version || now.State != Invited {
			offers = nil // she has answered, and those who were offered seats with her keep theirs
			break
		}
		offers = append(offers, now)
	}
	for i, now := range offers {
		o := done.offers[i]
		if err := m.putBack(ctx, tx, now, Application{State: Waitlisted, Place: o.Place, facts: o.facts}, by, "seminars.offered"); err != nil {
			return err
		}
	}
	return m.putBack(ctx, tx, app, done.was, by, "seminars.confirmed", "seminars.withdrawn")
}

// putBack leaves an application as it was: its state and place, its seat and ticket, what it
// counted. Messages of some kinds that wait are not sent.
func (m *Service) putBack(ctx context.Context, tx *storage.Tx, app, was Application, by storage.ID, kinds ...string) error {
	var err error
	switch holds := was.State.HoldsSeat(); {
	case holds && !app.State.HoldsSeat():
		if err = m.takeSeat(ctx, tx, app.Activity); fault.Is(err, fault.Full) {
			err = fault.New(fault.Full, "seminars.fault.call_seat")
		}
	case !holds && app.State.HoldsSeat():
		err = freeSeat(ctx, tx, app.Activity)
	}
	if err != nil {
		return err
	}
	next := app
	next.State, next.Place, next.Expires, next.Reconfirm, next.Changed = was.State, was.Place, was.Expires, was.Reconfirm, tx.Now
	next.facts = was.facts
	next.Version++
	n, err := tx.Exec(ctx, `UPDATE application
		SET state = $1, place = $2, expires_at = $3, reconfirm = $4, facts = $5, version = $6, changed_at = $7
		WHERE id = $8 AND version = $9`,
		string(next.State), next.Place, storage.Micros(next.Expires), next.Reconfirm, next.facts, next.Version, storage.Micros(next.Changed), app.ID, app.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "seminars.fault.changed")
	}
	for _, s := range States {
		if kind, bit := s.fact(); app.facts&^was.facts&bit != 0 {
			if err := m.retract(ctx, tx, kind, app, tx.Now); err != nil {
				return err
			}
		}
	}
	if app.State != next.State {
		if err := insertMove(ctx, tx, Move{Application: app.ID, From: app.State, To: next.State, By: by, Why: whyPhoneBack}); err != nil {
			return err
		}
		if err := audit.Record(ctx, tx, audit.Entry{Actor: by, Person: app.Person, Action: "seminars.audit." + string(next.State), Object: app.Activity}); err != nil {
			return err
		}
	}
	switch {
	case next.State == Confirmed && app.State != Confirmed:
		err = m.issueTicket(ctx, tx, next)
	case app.State == Confirmed && next.State != Confirmed:
		err = m.revokeTicket(ctx, tx, next)
	}
	if err != nil {
		return err
	}
	if m.Messages != nil {
		for _, kind := range kinds {
			if _, err := m.Messages.Cancel(ctx, tx, TellKey(app, kind)); err != nil {
				return err
			}
		}
	}
	return m.plan(ctx, tx, next)
}

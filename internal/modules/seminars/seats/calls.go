package seats

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

// CallAnswer is what came of a call to the number of an application.
type CallAnswer string

// The answers.
const (
	Herself     CallAnswer = "herself" // it is she, and she applied
	OtherPerson CallAnswer = "other"   // somebody else answered; call again
	WrongNumber CallAnswer = "wrong"   // nobody knows her there: the number leaves the record
)

// CallReason is why somebody has to be called.
type CallReason string

// The reasons.
const (
	NoOtherWay  CallReason = "alone"      // there is neither an address nor a chat
	NotArrived  CallReason = "failed"     // the last message did not arrive
	NotAnswered CallReason = "unanswered" // a letter went to her, and may still be answered
)

// ToCall is somebody who has to be called.
type ToCall struct {
	Application
	Details people.Details // of those who are shown
	Reason  CallReason
	Failed  messages.Undelivered // of NotArrived
	Calls   int                  // that were made
	Last    time.Time            // of these, the latest; zero for none
}

// OutOfReach reports whether nothing but a call reaches her, or her seat lapses while her
// letter lies unanswered.
func (c ToCall) OutOfReach() bool { return c.Reason != NotAnswered || !c.Held.IsZero() }

// Digits is her number as WhatsApp writes it in addresses.
func (c ToCall) Digits() string { return strings.TrimPrefix(c.Details.Phone, "+") }

// ToCall lists the applications to an activity whose persons gave a number and have to be
// called: whom nothing else reaches first, among these the seats that lapse first. Forbidden
// for those who may not select here.
func (m *Service) ToCall(ctx context.Context, tx *storage.Tx, actor access.Actor, a Activity) ([]ToCall, error) {
	if !actor.May(MaySelect, ScopeOf(a)) {
		return nil, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	all, err := m.toCall(ctx, tx, []Activity{a}, storage.ID{})
	if err != nil {
		return nil, err
	}
	return m.named(ctx, tx, all[a.ID])
}

// MustCall are those of some activities that are ahead at which nothing but a call reaches one
// person, by the judgement of the lists of calls.
func (m *Service) MustCall(ctx context.Context, tx *storage.Tx, person storage.ID, list []Activity) (out []Activity, err error) {
	list = slices.DeleteFunc(slices.Clone(list), func(a Activity) bool { return NothingAhead(a, tx.Now) })
	all, err := m.toCall(ctx, tx, list, person)
	for _, a := range list {
		if slices.ContainsFunc(all[a.ID], ToCall.OutOfReach) {
			out = append(out, a)
		}
	}
	return out, err
}

// named opens the records of those who are shown, and leaves out who has no number any more.
func (m *Service) named(ctx context.Context, tx *storage.Tx, list []ToCall) ([]ToCall, error) {
	ids := make([]storage.ID, len(list))
	for i, c := range list {
		ids[i] = c.Person
	}
	persons, err := m.People.ByIDs(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]ToCall, 0, len(list))
	for _, c := range list {
		if c.Details = persons[c.Person].Details; c.Details.Phone != "" {
			out = append(out, c)
		}
	}
	return out, nil
}

// CallsAbout gives some applications to an activity whose persons gave a number, with why each
// is to be called; Calls and Last are those since an instant, and who was spoken with since,
// is left out. The caller has asked who may.
func (m *Service) CallsAbout(ctx context.Context, tx *storage.Tx, a Activity, why map[storage.ID]CallReason, since time.Time) ([]ToCall, error) {
	apps, err := ApplicationsOf(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	places, args := among([]Activity{a})
	tried, err := callsOf(ctx, tx, places, args)
	if err != nil {
		return nil, err
	}
	var out []ToCall
	for _, app := range apps {
		reason, is := why[app.ID]
		calls := tried[app.ID]
		if !is || calls.reached.After(since) {
			continue
		}
		c := ToCall{Application: app, Reason: reason}
		if calls.last.After(since) {
			c.Calls, c.Last = calls.count, calls.last
		}
		out = append(out, c)
	}
	return m.named(ctx, tx, out)
}

// toCall is ToCall for some activities, without the records of the persons; of one person alone
// where an id is given.
//
// Whoever is unproven has to be called when she gave a number and no chat; whoever is proven
// and holds a seat, or waits for one, when the last message did not arrive and nobody has
// spoken with her since.
func (m *Service) toCall(ctx context.Context, tx *storage.Tx, list []Activity, only storage.ID) (map[storage.ID][]ToCall, error) {
	out := map[storage.ID][]ToCall{}
	if len(list) == 0 {
		return out, nil
	}
	ids := make([]storage.ID, len(list))
	for i, a := range list {
		ids[i] = a.ID
	}
	failed, err := messages.UndeliveredAt(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	places, args := among(list)
	hers, values := "", args
	if !only.IsZero() {
		hers, values = " AND person_id = $"+strconv.Itoa(len(args)+1), append(args[:len(args):len(args)], only)
		for _, persons := range failed {
			maps.DeleteFunc(persons, func(id storage.ID, _ messages.Undelivered) bool { return id != only })
		}
	}
	const columns = `SELECT id, activity_id, person_id, state, made_at, proven_at, held_until FROM application `
	open, err := storage.All(ctx, tx, scanToCall, columns+`
		WHERE activity_id IN (`+places+`) AND state IN ('applied', 'shortlisted', 'invited', 'confirmed', 'waitlisted') AND proven_at = 0`+hers, values...)
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(personsOf(failed), 500) {
		marks, values := make([]string, len(part)), args[:len(args):len(args)]
		for i, id := range part {
			marks[i], values = "$"+strconv.Itoa(len(args)+i+1), append(values, id)
		}
		proven, err := storage.All(ctx, tx, scanToCall, columns+`
			WHERE activity_id IN (`+places+`) AND state IN ('invited', 'confirmed', 'waitlisted') AND proven_at > 0
				AND person_id IN (`+strings.Join(marks, ", ")+`)`, values...)
		if err != nil {
			return nil, err
		}
		open = append(open, proven...)
	}
	persons := make([]storage.ID, len(open))
	for i, app := range open {
		persons[i] = app.Person
	}
	ways, err := m.People.WaysOf(ctx, tx, persons)
	if err != nil {
		return nil, err
	}
	tried, err := callsOf(ctx, tx, places, args)
	if err != nil {
		return nil, err
	}
	for _, app := range open {
		way, calls := ways[app.Person], tried[app.ID]
		if !way.Phone {
			continue
		}
		c := ToCall{Application: app, Calls: calls.count, Last: calls.last}
		var quiet bool
		if c.Failed, c.Reason, quiet = unheard(app, m.WayTo(way, true), failed[app.Activity], calls); quiet {
			continue
		}
		out[app.Activity] = append(out[app.Activity], c)
	}
	for id := range out {
		slices.SortStableFunc(out[id], urgentFirst)
	}
	return out, nil
}

// unheard judges whether what is written to somebody reaches her: the one rule of the lists of
// calls, of Today and of the lists of applicants. quiet: it does, as far as is known; failed is
// the message that did not arrive, of those about the activity, unless somebody has spoken
// with her since.
func unheard(app Application, fate messages.Fate, letters map[storage.ID]messages.Undelivered, calls triedCalls) (failed messages.Undelivered, reason CallReason, quiet bool) {
	failed, bad := letters[app.Person]
	if bad && !failed.At.After(calls.reached) {
		bad = false // somebody has told her since
	}
	switch {
	case app.Proven.IsZero() && fate.ByChat(), !app.Proven.IsZero() && !bad:
		return failed, "", true
	case !fate.Reaches():
		return failed, NoOtherWay, false
	case bad:
		return failed, NotArrived, false
	}
	return failed, NotAnswered, false
}

// OutOfReach gives, of some applications to one activity on which it is still to be decided or
// that hold a seat, those whose persons most likely read nothing that is written to them, with
// the reason: there is neither an address nor a chat, or the last message did not arrive. Who
// may read it has been decided.
func (m *Service) OutOfReach(ctx context.Context, tx *storage.Tx, a Activity, list []Applicant) (map[storage.ID]CallReason, error) {
	failed, err := messages.UndeliveredAt(ctx, tx, []storage.ID{a.ID})
	if err != nil {
		return nil, err
	}
	persons := make([]storage.ID, len(list))
	for i, one := range list {
		persons[i] = one.Person
	}
	ways, err := m.People.WaysOf(ctx, tx, persons)
	if err != nil {
		return nil, err
	}
	places, args := among([]Activity{a})
	tried, err := callsOf(ctx, tx, places, args)
	if err != nil {
		return nil, err
	}
	out := map[storage.ID]CallReason{}
	for _, one := range list {
		switch one.State {
		case Applied, Shortlisted, Invited, Confirmed, Waitlisted:
		default:
			continue
		}
		if _, reason, quiet := unheard(one.Application, m.WayTo(ways[one.Person], true), failed[a.ID], tried[one.ID]); !quiet && reason != NotAnswered {
			out[one.ID] = reason
		}
	}
	return out, nil
}

// WayTo judges by which channel a message goes to who can be reached in some ways: the
// judgement of the messages themselves. words reports that there is a short text of it.
func (m *Service) WayTo(w people.Ways, words bool) messages.Fate {
	c := messages.Carriers{Mail: true, Chat: true}
	if m.Carriers != nil {
		c = m.Carriers()
	}
	return c.Way(w, words)
}

func scanToCall(row storage.Scanner) (a Application, err error) {
	var state string
	var made, proven, held int64
	err = row.Scan(&a.ID, &a.Activity, &a.Person, &state, &made, &proven, &held)
	a.State, a.Made, a.Proven = State(state), storage.Instant(made), storage.Instant(proven)
	if held > 0 {
		a.Held = storage.Instant(held)
	}
	return a, err
}

// personsOf are those to whom something did not arrive, each once, in one order.
func personsOf(failed map[storage.ID]map[storage.ID]messages.Undelivered) (out []storage.ID) {
	for _, persons := range failed {
		for id := range persons {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b storage.ID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(out)
}

// urgentFirst orders those to be called: the seats that lapse first, then whom nothing else
// reaches, then who applied first.
func urgentFirst(a, b ToCall) int {
	switch {
	case a.Held.IsZero() != b.Held.IsZero():
		if a.Held.IsZero() {
			return 1
		}
		return -1
	case !a.Held.Equal(b.Held):
		return a.Held.Compare(b.Held)
	case a.OutOfReach() != b.OutOfReach(): // a letter may still be answered
		if a.OutOfReach() {
			return -1
		}
		return 1
	}
	return cmp.Or(a.Made.Compare(b.Made), bytes.Compare(a.ID[:], b.ID[:]))
}

type triedCalls struct {
	count         int
	last, reached time.Time // any, and that in which she herself answered
}

func callsOf(ctx context.Context, tx *storage.Tx, places string, args []any) (map[storage.ID]triedCalls, error) {
	out := map[storage.ID]triedCalls{}
	_, err := storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
		var id storage.ID
		var t triedCalls
		var at, reached int64
		err := row.Scan(&id, &t.count, &at, &reached)
		t.last, t.reached = storage.Instant(at), storage.Instant(reached)
		out[id] = t
		return struct{}{}, err
	}, `SELECT application_call.application_id, COUNT(*), MAX(application_call.at),
			MAX(CASE WHEN application_call.answer = 'herself' THEN application_call.at ELSE 0 END)
		FROM application_call
		JOIN application ON application.id = application_call.application_id
		WHERE application.activity_id IN (`+places+`)
		GROUP BY application_call.application_id`, args...)
	return out, err
}

// Called notes what came of a call.
type Called struct {
	Activity    storage.ID
	Actor       access.Actor
	Application storage.ID
	Answer      CallAnswer
}

// callRepeats is how long the same answer about the same application by the same person is one
// call: a second tap, or a page that was sent again.
const callRepeats = 10 * time.Minute

// Called notes a call: when it was she, her number is called and her applications are
// proven; a wrong number leaves her record. The same answer of the same actor within ten
// minutes is the call that is noted already, and changes nothing.
//
// Faults: Forbidden; NotFound when the application is of another activity; Invalid;
// Conflict when there is no number (any more).
func (m *Service) Called(ctx context.Context, tx *storage.Tx, cmd Called) error {
	a, err := m.Schedule().Held(ctx, tx, cmd.Activity)
	if err != nil {
		return err
	}
	if !cmd.Actor.May(MaySelect, ScopeOf(a)) {
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	app, err := ApplicationByID(ctx, tx, cmd.Application)
	if err != nil {
		return err
	}
	if app.Activity != a.ID {
		return fault.New(fault.NotFound, "seminars.fault.application")
	}
	if repeat, err := m.callRepeated(ctx, tx, cmd); err != nil || repeat {
		return err
	}
	switch cmd.Answer {
	case Herself:
		err = m.People.Call(ctx, tx, cmd.Actor.Person, app.Person)
	case WrongNumber:
		err = m.People.WrongNumber(ctx, tx, cmd.Actor.Person, app.Person)
	case OtherPerson:
		err = audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Person: app.Person, Action: "seminars.audit.call_other", Object: app.Activity})
	default:
		err = fault.At("answer", "fault.not_a_choice")
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO application_call (id, application_id, answer, by_person, at)
		VALUES ($1, $2, $3, $4, $5)`, tx.NewID(), app.ID, string(cmd.Answer), cmd.Actor.Person, storage.Micros(tx.Now)); err != nil {
		return err
	}
	m.News(tx, app.Activity)
	return nil
}

// callRepeated reports whether a call is noted already. Two who note one at the same moment go
// one after the other: the second waits for the row of the application, and then sees the call.
func (m *Service) callRepeated(ctx context.Context, tx *storage.Tx, cmd Called) (bool, error) {
	if _, err := tx.Exec(ctx, `UPDATE application SET version = version WHERE id = $1`, cmd.Application); err != nil {
		return false, err
	}
	var n int
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM application_call WHERE application_id = $1 AND answer = $2 AND by_person = $3 AND at > $4`,
		cmd.Application, string(cmd.Answer), cmd.Actor.Person, storage.Micros(tx.Now.Add(-callRepeats))).Scan(&n)
	return n > 0, err
}

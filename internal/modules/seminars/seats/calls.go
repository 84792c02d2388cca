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
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

// CallReason is why somebody has to be called.
type CallReason string

// The reasons.
const (
	Unasked     CallReason = "unasked"    // she is invited, and nothing that is written reaches her
	Unmoved     CallReason = "unmoved"    // the activity was moved, and nothing that is written reaches her
	Owes        CallReason = "owes"       // staff need an answer of hers before the day, and nothing that is written reaches her
	NoOtherWay  CallReason = "alone"      // there is neither an address nor a chat
	NotArrived  CallReason = "failed"     // the last message did not arrive
	NotAnswered CallReason = "unanswered" // a letter went to her, and may still be answered
)

// Owed is an answer that staff need before the day and have not got.
type Owed struct {
	Since time.Time // of her yes: who was spoken with later has been asked
	Until time.Time // until when it is taken
}

// ToCall is somebody who has to be called.
type ToCall struct {
	Application
	Details people.Details       // of those who are shown
	Reason  CallReason           // the first of Reasons
	Reasons []CallReason         // each ends by itself
	Moved   programme.Move       // of Unmoved: from what she knows to what is
	Failed  messages.Undelivered // of NotArrived
	Until   time.Time            // of Owes: until when the answer is taken
	Calls   int                  // that were made
	Last    time.Time            // of these, the latest; zero for none
	Again   time.Time            // not to be called before, when that is still to come
}

// For reports whether she has to be called for a reason.
func (c ToCall) For(reason CallReason) bool { return slices.Contains(c.Reasons, reason) }

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
		c := ToCall{Application: app, Reason: reason, Reasons: []CallReason{reason}, Again: calls.putOff(tx.Now)}
		if calls.last.After(since) {
			c.Calls, c.Last = calls.count, calls.last
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, urgentFirst)
	return m.named(ctx, tx, out)
}

// toCall is ToCall for some activities, without the records of the persons; of one person alone
// where an id is given.
//
// Whoever is unproven has to be called when she gave a number and no chat; whoever is proven
// and holds a seat, or waits for one, when the last message did not arrive and nobody has
// spoken with her since. Whom nothing that is written reaches has to be called also for each
// move of the activity, until somebody has spoken with her since, for an invitation, until she
// has answered it or it has run out, and for an answer that staff need before the day, until
// she has given it or somebody has spoken with her since her yes.
func (m *Service) toCall(ctx context.Context, tx *storage.Tx, list []Activity, only storage.ID) (map[storage.ID][]ToCall, error) {
	out := map[storage.ID][]ToCall{}
	if len(list) == 0 {
		return out, nil
	}
	ids := make([]storage.ID, len(list))
	ahead := map[storage.ID]bool{}
	for i, a := range list {
		ids[i], ahead[a.ID] = a.ID, MayInvite(a, tx.Now) == nil
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
	moves, err := programme.MovesOfMany(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	const columns = `SELECT id, activity_id, person_id, state, made_at, proven_at, held_until, expires_at FROM application `
	const uncertain = `(proven_at = 0 OR state = 'invited' OR activity_id IN (SELECT activity_id FROM activity_move))`
	open, err := storage.All(ctx, tx, scanToCall, columns+`
		WHERE activity_id IN (`+places+`) AND state IN ('applied', 'shortlisted', 'invited', 'confirmed', 'waitlisted') AND `+uncertain+hers, values...)
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(personsOf(failed), 500) {
		marks, values := make([]string, len(part)), args[:len(args):len(args)]
		for i, id := range part {
			marks[i], values = "$"+strconv.Itoa(len(args)+i+1), append(values, id)
		}
		proven, err := storage.All(ctx, tx, scanToCall, columns+`
			WHERE activity_id IN (`+places+`) AND state IN ('invited', 'confirmed', 'waitlisted') AND NOT `+uncertain+`
				AND person_id IN (`+strings.Join(marks, ", ")+`)`, values...)
		if err != nil {
			return nil, err
		}
		open = append(open, proven...)
	}
	owing, err := m.owing(ctx, tx, list)
	if err != nil {
		return nil, err
	}
	for _, app := range open {
		delete(owing.left, app.ID)
	}
	for part := range slices.Chunk(owing.ids(), 500) {
		marks, more := make([]string, len(part)), values[:len(values):len(values)]
		for i, id := range part {
			marks[i], more = "$"+strconv.Itoa(len(values)+i+1), append(more, id)
		}
		confirmed, err := storage.All(ctx, tx, scanToCall, columns+`
			WHERE activity_id IN (`+places+`) AND state = 'confirmed' AND id IN (`+strings.Join(marks, ", ")+`)`+hers, more...)
		if err != nil {
			return nil, err
		}
		open = append(open, confirmed...)
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
		c := ToCall{Application: app, Calls: calls.count, Last: calls.last, Again: calls.putOff(tx.Now)}
		if ahead[app.Activity] && m.unread(way) {
			if app.State == Invited && app.Expires.After(tx.Now) {
				c.Reasons = append(c.Reasons, Unasked)
			}
			if move, is := unmoved(app, moves[app.Activity], calls); is {
				c.Moved, c.Reasons = move, append(c.Reasons, Unmoved)
			}
		}
		owed, owes := owing.all[app.ID]
		owes = owes && ahead[app.Activity] && app.State == Confirmed && !calls.reached.After(owed.Since)
		if owes && m.unread(way) {
			c.Until, c.Reasons = owed.Until, append(c.Reasons, Owes)
		}
		var reason CallReason
		var quiet bool
		if c.Failed, reason, quiet = unheard(app, m.WayTo(way, true), failed[app.Activity], calls); !quiet && (len(c.Reasons) == 0 || reason != NoOtherWay) {
			c.Reasons = append(c.Reasons, reason)
		}
		if owes && reason == NotArrived && !c.For(Owes) {
			c.Until, c.Reasons = owed.Until, append(c.Reasons, Owes)
		}
		if len(c.Reasons) == 0 {
			continue
		}
		c.Reason = c.Reasons[0]
		out[app.Activity] = append(out[app.Activity], c)
	}
	for id := range out {
		slices.SortStableFunc(out[id], urgentFirst)
	}
	return out, nil
}

// owed are those who owe an answer, and of them those whose applications are not read yet.
type owed struct {
	all  map[storage.ID]Owed
	left map[storage.ID]bool
}

// ids are those that are left, in one order.
func (o owed) ids() []storage.ID {
	return slices.SortedFunc(maps.Keys(o.left), func(a, b storage.ID) int { return bytes.Compare(a[:], b[:]) })
}

func (m *Service) owing(ctx context.Context, tx *storage.Tx, list []Activity) (o owed, err error) {
	o.left = map[storage.ID]bool{}
	if m.Owing == nil {
		return o, nil
	}
	o.all, err = m.Owing(ctx, tx, list)
	for id := range o.all {
		o.left[id] = true
	}
	return o, err
}

// unread reports whether nothing that is written reaches somebody who is reached in some ways.
func (m *Service) unread(way people.Ways) bool { return !m.WayTo(way, true).Reaches() }

// Unread reports whether nothing that is written reaches a person.
func (m *Service) Unread(ctx context.Context, tx *storage.Tx, person storage.ID) (bool, error) {
	ways, err := m.People.WaysOf(ctx, tx, []storage.ID{person})
	return m.unread(ways[person]), err
}

// unmoved gives how an activity was moved since somebody applied or was last spoken with:
// from the first of these places to the last. Moves come the earliest first.
func unmoved(app Application, moves []programme.Move, calls triedCalls) (out programme.Move, is bool) {
	for _, v := range moves {
		if app.Made.After(v.At) || !v.At.After(calls.reached) {
			continue
		}
		if out.Is = v.Is; !is {
			out.Was, is = v.Was, true
		}
		out.At = v.At
	}
	return out, is && !out.Was.Same(out.Is)
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
		way := ways[one.Person]
		if one.State == Invited && way.Phone && m.unread(way) && one.Expires.After(tx.Now) {
			out[one.ID] = Unasked
		} else if _, reason, quiet := unheard(one.Application, m.WayTo(way, true), failed[a.ID], tried[one.ID]); !quiet && reason != NotAnswered {
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
	var made, proven, held, expires int64
	err = row.Scan(&a.ID, &a.Activity, &a.Person, &state, &made, &proven, &held, &expires)
	a.Expires = storage.Instant(expires)
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
// reaches, then who applied first; behind all of them who asked, or was not there, to be
// called later, the earliest first.
func urgentFirst(a, b ToCall) int {
	if c := a.Again.Compare(b.Again); c != 0 { // zero is before every moment
		return c
	}
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
	missed, again time.Time // that in which she was not reached and a later hour was set, and that hour
}

// putOff is the moment before which she is not to be called, zero when it has come or somebody
// has spoken with her since.
func (t triedCalls) putOff(now time.Time) time.Time {
	if t.again.After(now) && t.missed.After(t.reached) {
		return t.again
	}
	return time.Time{}
}

// callsOf counts the calls about the applications to some activities; what was taken back is
// none.
func callsOf(ctx context.Context, tx *storage.Tx, places string, args []any) (map[storage.ID]triedCalls, error) {
	out := map[storage.ID]triedCalls{}
	_, err := storage.All(ctx, tx, func(row storage.Scanner) (struct{}, error) {
		var id storage.ID
		var t triedCalls
		var at, reached, missed, again int64
		err := row.Scan(&id, &t.count, &at, &reached, &missed, &again)
		t.last, t.reached, t.missed, t.again = storage.Instant(at), storage.Instant(reached), storage.Instant(missed), storage.Instant(again)
		out[id] = t
		return struct{}{}, err
	}, `SELECT application_call.application_id, COUNT(*), MAX(application_call.at),
			MAX(CASE WHEN application_call.answer IN ('herself', 'comes', 'not_coming') THEN application_call.at ELSE 0 END),
			MAX(CASE WHEN application_call.again_at > 0 THEN application_call.at ELSE 0 END),
			MAX(application_call.again_at)
		FROM application_call
		JOIN application ON application.id = application_call.application_id
		WHERE application.activity_id IN (`+places+`) AND application_call.back_at = 0
		GROUP BY application_call.application_id`, args...)
	return out, err
}

package seats

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
	"platforma.kg/ashar/internal/spine/people"
)

// Move takes an application to another state: the only way a state changes.
// In the transaction it takes or gives back the seat, writes the move with who
// (zero for the house itself) and why, the fact, the ticket and the message,
// and passes a freed seat to the next who waits. To be where one is already is
// no error and changes nothing.
//
// The activity is held until the transaction ends, and judged as it is then.
//
// Faults: Conflict when the move is not allowed or app is no longer as it was
// read; Full when the state needs a seat and none is left; Gone and TooLate, see mayMove.
func (m *Service) Move(ctx context.Context, tx *storage.Tx, app Application, to State, by storage.ID, why string) (Application, error) {
	return m.moveWith(ctx, tx, app, to, by, why, false)
}

// moveWith is move; with extra a state that needs a seat gets an extra one,
// and is never Full. Of two who come only together both are moved or neither.
func (m *Service) moveWith(ctx context.Context, tx *storage.Tx, app Application, to State, by storage.ID, why string, extra bool) (next Application, err error) {
	if app.State == to {
		return app, nil
	}
	s, there, err := sideOf(ctx, tx, app.ID)
	if err != nil {
		return app, err
	}
	if there { // whoever says yes to coming together holds the seats, and so comes before or after
		if err := m.HoldSeminar(ctx, tx, app.Activity); err != nil {
			return app, err
		}
		if s, there, err = sideOf(ctx, tx, app.ID); err != nil {
			return app, err
		}
	}
	freed := false
	switch {
	case there && s.whole():
		next, freed, err = m.moveOfPair(ctx, tx, app, s, to, by, why, extra)
	default:
		next, freed, err = m.moveOne(ctx, tx, app, to, by, why, extra)
		if err == nil && there && to == Withdrawn { // what was begun with another ends
			err = m.leaveSide(ctx, tx, s)
		}
	}
	if err != nil || !freed {
		return next, err
	}
	return next, m.PassOn(ctx, tx, app.Activity)
}

// moveOne is moveWith for one application, whoever she comes with; freed reports that a seat
// is free for others now.
func (m *Service) moveOne(ctx context.Context, tx *storage.Tx, app Application, to State, by storage.ID, why string, extra bool) (_ Application, freed bool, err error) {
	from := app.State
	// The activity is always locked before the seminar, and that before applications,
	// so that two moves never wait for each other.
	a, err := m.Schedule().Held(ctx, tx, app.Activity)
	if err != nil {
		return app, false, err
	}
	if err := mayMove(a, from, to, tx.Now); err != nil {
		return app, false, err
	}
	comes, leaves := to.HoldsSeat() && !from.HoldsSeat(), from.HoldsSeat() && !to.HoldsSeat()
	if leaves {
		if extra, err = OnExtraSeat(ctx, tx, app.ID); err != nil {
			return app, false, err
		}
	}
	if !from.MayBecome(to) {
		return app, false, fault.New(fault.Conflict, "seminars.fault.move")
	}
	takes, frees := comes && !extra, leaves && !extra
	if takes {
		if err = m.takeSeat(ctx, tx, app.Activity); err != nil {
			return app, false, err
		}
	}
	if frees {
		if err = freeSeat(ctx, tx, app.Activity); err != nil {
			return app, false, err
		}
	}

	next := app
	next.State, next.Changed = to, tx.Now
	next.Version++
	next.Place, next.Expires, next.Reconfirm = 0, time.Time{}, ""
	switch to {
	case Waitlisted:
		if next.Place = storage.Micros(tx.Now); app.lapsed {
			next.Place = storage.Micros(app.Made) // before all who came later
		}
		if app.Line > 0 {
			next.Place = app.Line
		}
	case Invited:
		if next.Expires, err = m.expiry(ctx, tx, a, app); err != nil {
			return app, false, err
		}
	case Attended, NoShow:
		next.Reconfirm = app.Reconfirm
	}
	kind, bit := to.fact()
	// Staff have looked at it, or she came: from now on it counts, and all before.
	if to == Attended && app.Proven.IsZero() {
		next.Proven = tx.Now
	}
	byStaff := !by.IsZero() && by != app.Person
	held := int64(0)
	switch {
	case !next.Proven.IsZero() || byStaff:
		next.Held, next.lapsed = time.Time{}, false
	case app.lapsed:
		held = lapsedMark
	case to == Confirmed:
		held = storage.Micros(app.Held)
	default:
		next.Held = time.Time{}
	}
	begins := !app.counts() && (!next.Proven.IsZero() || byStaff)
	counted := app.counts() || begins
	if !counted {
		bit = 0
	}
	if !begins || to == Attended {
		next.facts |= bit
	}
	if from == Attended {
		_, was := Attended.fact()
		next.facts &^= was
	}
	var n int64
	n, err = tx.Exec(ctx, `UPDATE application
		SET state = $1, place = $2, expires_at = $3, reconfirm = $4, facts = $5, version = $6, changed_at = $7, proven_at = $8, held_until = $9
		WHERE id = $10 AND version = $11`,
		string(to), next.Place, storage.Micros(next.Expires), next.Reconfirm, next.facts, next.Version, storage.Micros(next.Changed),
		storage.Micros(next.Proven), held, app.ID, app.Version)
	if err != nil {
		return app, false, err
	}
	if n == 0 {
		// The caller may go on with others in this transaction.
		if takes {
			err = freeSeat(ctx, tx, app.Activity)
		} else if frees {
			err = m.takeSeat(ctx, tx, app.Activity)
		}
		if err != nil {
			return app, false, err
		}
		return app, false, fault.New(fault.Conflict, "seminars.fault.changed")
	}
	if comes && extra {
		err = addExtraSeat(ctx, tx, app)
	} else if leaves && extra {
		err = dropExtraSeat(ctx, tx, app.ID)
	}
	if err != nil {
		return app, false, err
	}
	if to == Attended {
		err = keepCameFrom(ctx, tx, app)
	} else if from == Attended {
		err = dropCameFrom(ctx, tx, app.ID)
	}
	if err != nil {
		return app, false, err
	}
	if err := insertMove(ctx, tx, Move{Application: app.ID, From: from, To: to, By: by, Why: why}); err != nil {
		return app, false, err
	}
	when := time.Time{} // a move happens now, but somebody may have come before it is known
	if kind == FactAttended {
		when = app.Came
	}
	if begins {
		if next, err = m.catchUp(ctx, tx, next); err != nil {
			return app, false, err
		}
	}
	if bit != 0 && app.facts&bit == 0 && (!begins || to == Attended) {
		if err := m.record(ctx, tx, kind, app, when); err != nil {
			return app, false, err
		}
	}
	if _, was := Attended.fact(); from == Attended && app.facts&was != 0 {
		if err := m.retract(ctx, tx, FactAttended, app, app.Came); err != nil {
			return app, false, err
		}
	}
	switch {
	case to == Confirmed && from != Attended && from != NoShow, to == Attended && from != Confirmed && from != NoShow:
		err = m.issueTicket(ctx, tx, next)
	case leaves && (from == Confirmed || from == Attended || from == NoShow):
		err = m.revokeTicket(ctx, tx, next)
	}
	if err != nil {
		return app, false, err
	}
	if from == Confirmed {
		if err := dropQuestion(ctx, tx, app.ID); err != nil {
			return app, false, err
		}
	}
	kindOf := notice(from, to, why)
	if unheard, err := m.unheard(ctx, tx, app); err != nil {
		return app, false, err
	} else if unheard && kindOf == "seminars.taken_back" { // of a seat of which she has not heard
		kindOf = "seminars.declined"
	}
	if kind := kindOf; kind != "" {
		if err := m.tellMove(ctx, tx, a, next, kind, byStaff); err != nil {
			return app, false, err
		}
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: by, Person: app.Person, Action: "seminars.audit." + string(to), Object: app.Activity}); err != nil {
		return app, false, err
	}
	if err := m.plan(ctx, tx, next); err != nil {
		return app, false, err
	}
	if to == Confirmed && from != Attended && from != NoShow && m.SaidYes != nil {
		if err := m.SaidYes(ctx, tx, a, next); err != nil {
			return app, false, err
		}
	}
	m.News(tx, app.Activity)
	return next, frees, nil
}

// expiry tells how long an invitation holds its seat: never beyond the start.
func (m *Service) expiry(ctx context.Context, tx *storage.Tx, a Activity, app Application) (time.Time, error) {
	s, err := SeatsOf(ctx, tx, a)
	if err != nil {
		return time.Time{}, err
	}
	hours := s.InvitationHours
	if app.State == Waitlisted {
		hours = s.OfferHours
	}
	// She has as long as that from the moment in which it is told to her.
	return beforeStart(m.Goes(tx.Now, a).Add(time.Duration(hours)*time.Hour), a), nil
}

// record writes a fact of an application that happened at an instant, zero for
// now, with the age band that the person had then.
func (m *Service) record(ctx context.Context, tx *storage.Tx, kind ledger.Kind, app Application, at time.Time) error {
	p, err := m.People.ByID(ctx, tx, app.Person)
	if err != nil {
		return err
	}
	return m.recordOf(ctx, tx, kind, app, p, at)
}

// recordOf is record for who has read the person already.
func (m *Service) recordOf(ctx context.Context, tx *storage.Tx, kind ledger.Kind, app Application, p people.Person, at time.Time) error {
	if at.IsZero() {
		at = tx.Now
	}
	subject, profile := p.Snapshot(m.People.Lists(), at)
	return ledger.Record(ctx, tx, ledger.Fact{Day: ledger.DayOf(at), Kind: kind, Activity: app.Activity, Subject: subject, Value: 1, Profile: profile})
}

// retract takes back the fact of an application that happened at an instant; or,
// when none stands on that day, the latest. Where none stands at all there is
// nothing to take back.
func (m *Service) retract(ctx context.Context, tx *storage.Tx, kind ledger.Kind, app Application, at time.Time) error {
	p, err := m.People.ByID(ctx, tx, app.Person)
	if err != nil {
		return err
	}
	day := ledger.DayOf(at)
	found, err := ledger.Retract(ctx, tx, kind, app.Activity, p.Subject, day)
	if err == nil && !found && day != "" {
		_, err = ledger.Retract(ctx, tx, kind, app.Activity, p.Subject, "")
	}
	return err
}

package seats

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/forms"
)

// liveliness orders the states of two applications of one person to one activity:
// the first of them is what becomes of both. She came, she has a seat, she was
// missing, she may have a seat, she waits for an answer; last what has ended.
var liveliness = [...]State{Attended, Confirmed, NoShow, Invited, Waitlisted, Shortlisted, Applied, Declined, Withdrawn}

// Merge makes the applications of one record those of another of the same person.
// Where both applied to the same activity the livelier application is hers, and all
// that hangs on the other becomes part of it; it does not matter which record stays.
func (m *Service) Merge(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	if err := lockApplications(ctx, tx, from, into); err != nil {
		return err
	}
	apps, err := ApplicationsBy(ctx, tx, from)
	if err != nil {
		return err
	}
	for _, app := range apps {
		hers, both, err := ApplicationOf(ctx, tx, app.Activity, into)
		if err != nil {
			return err
		}
		if both {
			err = m.join(ctx, tx, hers, app)
		} else {
			err = m.hand(ctx, tx, app, into)
		}
		if err != nil {
			return err
		}
		m.News(tx, app.Activity)
	}
	if _, err := tx.Exec(ctx, `DELETE FROM door_ready WHERE by_person = $1`, from); err != nil {
		return err // her phone is that of the record that stays, and is checked as such
	}
	return handOverOf(ctx, tx, from, into)
}

// handOverOf names the record that stays as whose place at a door a substitute has; where both
// have one, hers stands.
func handOverOf(ctx context.Context, tx *storage.Tx, from, into storage.ID) error {
	if _, err := tx.Exec(ctx, `UPDATE door_handover
		SET of_person = $2
		WHERE of_person = $1 AND (ended_at > 0 OR NOT EXISTS (SELECT 1 FROM door_handover o
			WHERE o.activity_id = door_handover.activity_id AND o.of_person = $2 AND o.ended_at = 0))`, from, into); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE door_handover SET of_person = NULL WHERE of_person = $1`, from)
	return err
}

// hand gives an application to the record that stays.
func (m *Service) hand(ctx context.Context, tx *storage.Tx, app Application, into storage.ID) error {
	answers, err := m.AnswersOf(ctx, tx, app)
	if err != nil {
		return err
	}
	box, err := m.sealFor(ctx, tx, into, answers)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE application
		SET person_id = $1, answers = $2
		WHERE id = $3`, into, box, app.ID)
	return err
}

func (m *Service) sealFor(ctx context.Context, tx *storage.Tx, person storage.ID, answers forms.Answers) ([]byte, error) {
	plain, err := answers.Encode()
	if err != nil {
		return nil, err
	}
	return m.People.Seal(ctx, tx, person, plain)
}

// livelier reports whether of two applications a is the one that stays. Of two in one
// state it is the one with more to lose: its place in the row, its time to answer, its proof.
func livelier(a, b Application) bool {
	rank := func(s State) int { return slices.Index(liveliness[:], s) }
	yes := func(is bool) int { return map[bool]int{true: 0, false: 1}[is] }
	return cmp.Or(
		cmp.Compare(rank(a.State), rank(b.State)),
		cmp.Compare(yes(!a.lapsed), yes(!b.lapsed)),
		cmp.Compare(a.Place, b.Place),
		b.Expires.Compare(a.Expires),
		cmp.Compare(yes(!a.Proven.IsZero()), yes(!b.Proven.IsZero())),
		a.Made.Compare(b.Made),
		bytes.Compare(a.ID[:], b.ID[:]),
	) < 0
}

// join makes one application of two to the same activity: hers, of the record that
// stays, and that of the other. Seats, tickets, scans, moves, calls, answers, links and
// facts of both are the one's; what there is twice counts once, and a seat that is
// free by that goes to who waits. She is told when her record shows another state now.
func (m *Service) join(ctx context.Context, tx *storage.Tx, hers, other Application) error {
	stays, goes := hers, other
	if livelier(other, hers) {
		stays, goes = other, hers
	}
	a, err := m.ActivityByID(ctx, tx, hers.Activity)
	if err != nil {
		return err
	}
	freed, err := m.joinSeats(ctx, tx, stays, goes)
	if err != nil {
		return err
	}
	answers, form, err := m.joinAnswers(ctx, tx, stays, goes)
	if err != nil {
		return err
	}
	box, err := m.sealFor(ctx, tx, hers.Person, answers)
	if err != nil {
		return err
	}
	next, err := m.joinFacts(ctx, tx, stays, goes)
	if err != nil {
		return err
	}
	next.Person, next.Answers, next.Form = hers.Person, box, form
	next.Version, next.Changed = max(stays.Version, goes.Version)+1, tx.Now
	if goes.Made.Before(stays.Made) {
		next.Made = goes.Made
	}
	if next.Proven.IsZero() || !goes.Proven.IsZero() && goes.Proven.Before(next.Proven) {
		next.Proven = goes.Proven
	}
	if goes.State == stays.State {
		switch {
		case goes.Reconfirm == "yes", stays.Reconfirm == "":
			next.Reconfirm = goes.Reconfirm
		}
		if goes.Held.After(stays.Held) {
			next.Held = goes.Held
		}
	}
	offer := false
	if !next.Proven.IsZero() {
		offer = next.lapsed && next.State == Waitlisted
		next.Held, next.lapsed = time.Time{}, false
	}

	at, err := m.joinMarks(ctx, tx, a, stays, goes)
	if err != nil {
		return err
	}
	// What was noted of a call to either is not taken back into an application of both.
	if _, err := tx.Exec(ctx, `DELETE FROM application_call_offer WHERE application_id IN ($1, $2)`, stays.ID, goes.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE application_call SET version = 0 WHERE application_id IN ($1, $2)`, stays.ID, goes.ID); err != nil {
		return err
	}
	for _, q := range []string{
		`UPDATE ticket SET application_id = $1 WHERE application_id = $2`,
		`UPDATE application_move SET application_id = $1 WHERE application_id = $2`,
		`UPDATE application_call SET application_id = $1 WHERE application_id = $2`,
		`UPDATE application_draft SET application_id = $1 WHERE application_id = $2`,
	} {
		if _, err := tx.Exec(ctx, q, stays.ID, goes.ID); err != nil {
			return err
		}
	}
	if err := joinCameFrom(ctx, tx, stays, goes); err != nil {
		return err
	}
	if err := m.joinWhy(ctx, tx, hers.Person, stays, goes); err != nil {
		return err
	}
	if err := m.joinCompanions(ctx, tx, stays, goes); err != nil {
		return err
	}
	if m.Joined != nil {
		if err := m.Joined(ctx, tx, stays.ID, goes.ID); err != nil {
			return err
		}
	}
	if err := m.People.MoveLinks(ctx, tx, hers.Person, goes.ID, stays.ID); err != nil {
		return err
	}
	if err := dropExtraSeat(ctx, tx, goes.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM application WHERE id = $1`, goes.ID); err != nil {
		return err
	}
	held := storage.Micros(next.Held)
	if next.lapsed {
		held = lapsedMark
	}
	if _, err := tx.Exec(ctx, `UPDATE application
		SET person_id = $2, reconfirm = $3, answers = $4, form_version_id = $5, facts = $6, version = $7, made_at = $8,
			changed_at = $9, proven_at = $10, held_until = $11
		WHERE id = $1`, next.ID, next.Person, next.Reconfirm, next.Answers, next.Form, next.facts, next.Version,
		storage.Micros(next.Made), storage.Micros(next.Changed), storage.Micros(next.Proven), held); err != nil {
		return err
	}
	if err := insertMove(ctx, tx, Move{Application: next.ID, From: goes.State, To: next.State, Why: "seminars.why.merged"}); err != nil {
		return err
	}
	if next.State == Attended {
		if err := m.Redate(ctx, tx, next, at.before, at.now); err != nil {
			return err
		}
	}
	if next.counts() {
		if next, err = m.catchUp(ctx, tx, next); err != nil {
			return err
		}
	}
	if err := m.planAgain(ctx, tx, next); err != nil {
		return err
	}
	if kind := StandingNotice(next.State); kind != "" && next.State != hers.State && a.State == "published" && (a.Starts.IsZero() || tx.Now.Before(a.Starts)) {
		if err := m.Tell(ctx, tx, next, kind); err != nil {
			return err
		}
	}
	if freed || offer {
		return m.PassOn(ctx, tx, a.ID)
	}
	return nil
}

// joinSeats leaves one seat to two applications; freed when there is one for somebody else.
func (m *Service) joinSeats(ctx context.Context, tx *storage.Tx, stays, goes Application) (freed bool, err error) {
	if !goes.State.HoldsSeat() {
		return false, nil
	}
	extra, err := OnExtraSeat(ctx, tx, goes.ID)
	if err != nil || extra {
		return false, err
	}
	if extra, err = OnExtraSeat(ctx, tx, stays.ID); err != nil {
		return false, err
	}
	if extra { // she has a seat of her own
		return false, dropExtraSeat(ctx, tx, stays.ID)
	}
	return true, freeSeat(ctx, tx, stays.Activity)
}

// joinAnswers adds to the answers of one application what only the other answered.
// A tick that was not set was an answer as well: no.
func (m *Service) joinAnswers(ctx context.Context, tx *storage.Tx, stays, goes Application) (forms.Answers, storage.ID, error) {
	own, err := m.AnswersOf(ctx, tx, stays)
	if err != nil {
		return own, storage.ID{}, err
	}
	more, err := m.AnswersOf(ctx, tx, goes)
	if err != nil {
		return own, storage.ID{}, err
	}
	if len(own.Values)+len(own.Files) == 0 {
		return more, goes.Form, nil
	}
	out := own.Clone()
	for key, v := range more.Values {
		if _, there := out.Values[key]; !there && !slices.Equal(v, []string{"on"}) {
			out.Values[key] = v
		}
	}
	for key, v := range more.Files {
		if _, there := out.Files[key]; !there {
			out.Files[key] = v
		}
	}
	return out, stays.Form, nil
}

// joinFacts takes back what both applications have counted, the later of the two, and
// gives the one that stays with the facts of both.
func (m *Service) joinFacts(ctx context.Context, tx *storage.Tx, stays, goes Application) (Application, error) {
	first := func(app Application, s State) (time.Time, error) {
		if s == Applied {
			return app.Made, nil
		}
		moves, err := MovesOf(ctx, tx, app.ID)
		for _, v := range moves {
			if v.To == s {
				return v.At, err
			}
		}
		return app.Made, err
	}
	for _, s := range []State{Applied, Invited, Confirmed} {
		kind, bit := s.fact()
		if stays.facts&goes.facts&bit == 0 {
			continue
		}
		x, err := first(stays, s)
		if err != nil {
			return stays, err
		}
		y, err := first(goes, s)
		if err != nil {
			return stays, err
		}
		if y.After(x) {
			x = y
		}
		if err := m.retract(ctx, tx, kind, stays, x); err != nil {
			return stays, err
		}
	}
	_, attended := Attended.fact()
	stays.facts |= goes.facts &^ attended
	return stays, nil
}

// cameAt is when she came, by one application before and by both now.
type cameAt struct{ before, now time.Time }

// joinMarks makes one attendance of two: all scans, and the list of either.
func (m *Service) joinMarks(ctx context.Context, tx *storage.Tx, a Activity, stays, goes Application) (at cameAt, err error) {
	ids := []storage.ID{stays.ID, goes.ID}
	slices.SortFunc(ids, func(x, y storage.ID) int { return bytes.Compare(x[:], y[:]) })
	for _, id := range ids {
		if err := m.TakeTurn(ctx, tx, id, a.ID); err != nil {
			return at, err
		}
	}
	own, err := AttendanceOf(ctx, tx, stays.ID)
	if err != nil {
		return at, err
	}
	more, err := AttendanceOf(ctx, tx, goes.ID)
	if err != nil {
		return at, err
	}
	if goes.State == Attended { // then both are; it is counted once
		if err := m.retract(ctx, tx, FactAttended, goes, more.CameAt(a)); err != nil {
			return at, err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE scan SET application_id = $1 WHERE application_id = $2`, stays.ID, goes.ID); err != nil {
		return at, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM attendance WHERE application_id = $1`, goes.ID); err != nil {
		return at, err
	}
	if err := joinSigned(ctx, tx, stays.ID, goes.ID); err != nil {
		return at, err
	}
	marks, err := MarksOf(ctx, tx, stays.ID)
	if err != nil {
		return at, err
	}
	both := MergeMarks(marks)
	stands, err := AttendanceOf(ctx, tx, stays.ID)
	if err != nil {
		return at, err
	}
	both.Signed = stands.Signed
	if both.Listed = own.Listed; both.Listed == 0 || more.Listed != 0 && more.Listed < both.Listed {
		both.Listed = more.Listed
	}
	if err := SetAttendance(ctx, tx, stays.ID, both); err != nil {
		return at, err
	}
	return cameAt{own.CameAt(a), both.CameAt(a)}, SetListed(ctx, tx, stays.ID, both.Listed)
}

// planAgain asks for what the state needs later; the jobs of before were for another
// version, or for the other application.
func (m *Service) planAgain(ctx context.Context, tx *storage.Tx, app Application) error {
	if !app.Held.IsZero() {
		if err := jobs.Enqueue(ctx, tx, jobs.Job{
			Kind: "seminars.lapse", Payload: ofApplication{Application: app.ID}, Key: fmt.Sprintf("%s/%d", app.ID, app.Held.Unix()), After: app.Held,
		}); err != nil {
			return err
		}
	}
	return m.plan(ctx, tx, app)
}

// StandingNotice is the letter that tells where an application stands, empty for none.
func StandingNotice(s State) string {
	switch s {
	case Confirmed:
		return "seminars.confirmed"
	case Invited:
		return "seminars.invited"
	case Waitlisted:
		return "seminars.waitlisted"
	case Applied, Shortlisted:
		return "seminars.received"
	}
	return ""
}

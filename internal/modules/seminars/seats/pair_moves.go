package seats

import (
	"context"
	"fmt"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
)

// whyNotAlone is the reason of who was asked whether she comes alone, and kept silent.
const whyNotAlone = "seminars.why.not_alone"

// RanOut reports whether an application ended because somebody was silent too long.
func RanOut(why string) bool {
	return why == ReasonExpired || why == ReasonSilent || why == whyNotAlone
}

// movesBoth reports whether a move is of both of a pair: what organisers decide, and what the
// house offers. What somebody does herself, or the door finds, is of her alone.
func movesBoth(from, to State, why string) bool {
	if from == Attended || from == NoShow {
		return false
	}
	switch to {
	case Applied, Shortlisted, Invited, Declined:
		return true
	case Waitlisted:
		return why != whyUnproven
	}
	return false
}

// endsPair reports whether a move of one of a pair leaves the other without her: she steps
// back, is silent, or comes to the door without a seat.
func endsPair(from, to State) bool {
	return to == Withdrawn || to == Waitlisted || to.HoldsSeat() && !from.HoldsSeat()
}

// moveOfPair moves one of two who come only together: both or neither where it is decided on
// them, in one go that is undone as a whole; else her alone, and where that leaves the other
// without her, the pair ends.
func (m *Service) moveOfPair(ctx context.Context, tx *storage.Tx, app Application, s side, to State, by storage.ID, why string, extra bool) (next Application, freed bool, err error) {
	if !movesBoth(app.State, to, why) {
		next, freed, err = m.moveOne(ctx, tx, app, to, by, why, extra)
		if err != nil || !endsPair(app.State, to) {
			return next, freed, err
		}
		return next, freed, m.endPair(ctx, tx, s)
	}
	next = app
	err = tx.Try(ctx, func() error {
		other, err := ApplicationByID(ctx, tx, s.other)
		if err != nil {
			return err
		}
		if next, freed, err = m.moveOne(ctx, tx, app, to, by, why, extra); err != nil {
			return err
		}
		if other.State == to {
			return nil
		}
		if other.Line = app.Line; other.Line == 0 {
			other.Line = next.Place // they have one place in the line
		}
		_, also, err := m.moveOne(ctx, tx, other, to, by, why, extra)
		freed = freed || also
		if fault.Is(err, fault.Conflict) {
			return fault.New(fault.Conflict, "seminars.fault.companion_move")
		}
		return err
	})
	if err != nil {
		return app, false, err
	}
	return next, freed, nil
}

// endPair ends a pair of which one does not come. The other stands alone from then on and is
// told no more than that. Who has said yes to a seat already is asked whether she comes
// alone; her seat is kept until she has answered, as long as an invitation holds.
func (m *Service) endPair(ctx context.Context, tx *storage.Tx, s side) error {
	if err := dropPair(ctx, tx, s.pair); err != nil {
		return err
	}
	other, err := ApplicationByID(ctx, tx, s.other)
	if err != nil {
		return err
	}
	a, err := m.ActivityByID(ctx, tx, other.Activity)
	if err != nil || NothingAhead(a, tx.Now) || !a.Starts.IsZero() && !tx.Now.Before(a.Starts) {
		return err
	}
	switch other.State {
	case Applied, Shortlisted, Waitlisted, Invited:
		return m.TellOnce(ctx, tx, other, noticeApart, noticeApart+"/"+s.pair.String())
	case Confirmed:
	default:
		return nil
	}
	rules, err := SeatsOf(ctx, tx, a)
	if err != nil {
		return err
	}
	until := beforeStart(m.Goes(tx.Now, a).Add(time.Duration(rules.InvitationHours)*time.Hour), a)
	if _, err := tx.Exec(ctx, `INSERT INTO companion_question (application_id, until_at)
		VALUES ($1, $2)
		ON CONFLICT (application_id) DO UPDATE
		SET until_at = excluded.until_at`, other.ID, storage.Micros(until)); err != nil {
		return err
	}
	if err := jobs.Enqueue(ctx, tx, jobs.Job{
		Kind: aloneKind, Payload: ofApplication{Application: other.ID}, Key: fmt.Sprintf("%s/%d", other.ID, until.Unix()), After: until,
	}); err != nil {
		return err
	}
	return m.tellAsked(ctx, tx, a, other, until, s.pair)
}

func (m *Service) tellAsked(ctx context.Context, tx *storage.Tx, a Activity, app Application, until time.Time, pair storage.ID) error {
	if m.Messages == nil {
		return nil
	}
	p, err := m.People.ByID(ctx, tx, app.Person)
	if err != nil {
		return err
	}
	return m.sendSaying(ctx, tx, a, p, app, noticeAsked, noticeAsked+"/"+pair.String(), map[string]any{"until": until})
}

// aloneKind is the job that looks whether somebody has said that she comes alone.
const aloneKind = "seminars.alone"

// ComesAlone is her answer that she comes alone; she is asked no more.
func (m *Service) ComesAlone(ctx context.Context, tx *storage.Tx, app Application) error {
	m.News(tx, app.Activity)
	return dropQuestion(ctx, tx, app.ID)
}

func dropQuestion(ctx context.Context, tx *storage.Tx, app storage.ID) error {
	_, err := tx.Exec(ctx, `DELETE FROM companion_question WHERE application_id = $1`, app)
	return err
}

// NotAlone gives the seat of somebody on who was asked whether she comes alone and has not
// said so in time.
func (m *Service) NotAlone(ctx context.Context, tx *storage.Tx, id storage.ID) error {
	app, there, err := ApplicationIfThere(ctx, tx, id)
	if err != nil || !there {
		return err
	}
	a, err := m.Schedule().Held(ctx, tx, app.Activity)
	if err != nil {
		return err
	}
	c, err := m.CompanionOf(ctx, tx, app)
	if err != nil || c.Asked.IsZero() || c.Asked.After(tx.Now) {
		return err
	}
	if app.State != Confirmed || NothingAhead(a, tx.Now) || !a.Starts.IsZero() && !tx.Now.Before(a.Starts) {
		return dropQuestion(ctx, tx, app.ID)
	}
	_, err = m.Move(ctx, tx, app, Withdrawn, storage.ID{}, whyNotAlone)
	return err
}

// joinCompanions is for two applications of one person that become one: a pair of both is
// none any more, and of two with others that of the one that stays holds.
func (m *Service) joinCompanions(ctx context.Context, tx *storage.Tx, stays, goes Application) error {
	s, there, err := sideOf(ctx, tx, goes.ID)
	if err != nil {
		return err
	}
	if err := dropQuestion(ctx, tx, goes.ID); err != nil {
		return err
	}
	if err := joinPartings(ctx, tx, stays.ID, goes.ID); err != nil || !there {
		return err
	}
	own, has, err := sideOf(ctx, tx, stays.ID)
	switch {
	case err != nil:
		return err
	case has && own.pair == s.pair:
		return dropPair(ctx, tx, s.pair)
	case has && (own.whole() || !s.whole()):
		return m.leaveSide(ctx, tx, s)
	case has:
		if err := m.leaveSide(ctx, tx, own); err != nil {
			return err
		}
	}
	if s.whole() && !sameStanding(stays.State, goes.State) { // what was decided on one was not on the other
		return m.endPair(ctx, tx, s)
	}
	_, err = tx.Exec(ctx, `UPDATE companion SET application_id = $1 WHERE application_id = $2`, stays.ID, goes.ID)
	return err
}

// sameStanding reports whether two are equally far, so that a pair with the one is whole
// with the other.
func sameStanding(a, b State) bool {
	return a == b || a.HoldsSeat() && b.HoldsSeat() || undecidedYet(a) && undecidedYet(b)
}

// eraseCompanions takes a person out of what she has with others, before her applications
// go: her companion stands alone.
func (m *Service) eraseCompanions(ctx context.Context, tx *storage.Tx, app Application) error {
	if err := dropQuestion(ctx, tx, app.ID); err != nil {
		return err
	}
	s, there, err := sideOf(ctx, tx, app.ID)
	if err != nil || !there {
		return err
	}
	return m.leaveSide(ctx, tx, s)
}

// leaveSide ends what one has with another. With whom it did not become a pair is told so as
// long as she may wait for it.
func (m *Service) leaveSide(ctx context.Context, tx *storage.Tx, s side) error {
	if s.whole() {
		return m.endPair(ctx, tx, s)
	}
	if err := dropPair(ctx, tx, s.pair); err != nil || s.other.IsZero() || !tx.Now.Before(s.until) {
		return err
	}
	other, err := ApplicationByID(ctx, tx, s.other)
	if err != nil || !undecidedYet(other.State) {
		return err
	}
	return m.TellOnce(ctx, tx, other, noticeApart, noticeApart+"/"+s.pair.String())
}

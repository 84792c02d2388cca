package seats

import (
	"context"
	"fmt"
	"time"

	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
)

// An application is considered whether or not it is proven that its person has the
// contact that was typed. Three things wait for the proof, or for staff to move it: it
// counts in the numbers, a seat of who came first is hers for good, and an offer of the
// waiting list reaches her when such a seat has lapsed.
const (
	// A seat of who came first is held so long for a proof; longer for who can only be called.
	holdLetter = 24 * time.Hour
	HoldPhone  = 72 * time.Hour

	whyUnproven = "seminars.why.unproven"
)

// counts reports whether an application is counted: it is proven, or staff moved it.
func (a Application) counts() bool { return !a.Proven.IsZero() || a.facts != 0 }

// lapsedMark in held_until says that the seat was held in vain.
const lapsedMark = -1

// Proved marks the applications of a person as proven and counts them, each on the day
// it was made.
func (m *Service) Proved(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	apps, err := ApplicationsBy(ctx, tx, person)
	if err != nil {
		return err
	}
	for _, app := range apps {
		if _, err := m.ProveApplication(ctx, tx, app); err != nil {
			return err
		}
	}
	return nil
}

// ProveApplication marks one application as proven, by whatever proof; a seat that is held
// for it stays, and what had lapsed is offered one again.
func (m *Service) ProveApplication(ctx context.Context, tx *storage.Tx, app Application) (Application, error) {
	if !app.Proven.IsZero() {
		return app, nil
	}
	n, err := tx.Exec(ctx, `UPDATE application
		SET proven_at = $2, held_until = 0
		WHERE id = $1 AND proven_at = 0`, app.ID, storage.Micros(tx.Now))
	if err != nil || n == 0 {
		return app, err
	}
	waits := app.lapsed && app.State == Waitlisted
	app.Proven, app.Held, app.lapsed = tx.Now, time.Time{}, false
	if app, err = m.catchUp(ctx, tx, app); err != nil {
		return app, err
	}
	if waits {
		if err := m.PassOn(ctx, tx, app.Activity); err != nil {
			return app, err
		}
		app, err = ApplicationByID(ctx, tx, app.ID)
	}
	return app, err
}

// catchUp counts what happened before an application counted, each on its own day.
func (m *Service) catchUp(ctx context.Context, tx *storage.Tx, app Application) (Application, error) {
	moves, err := MovesOf(ctx, tx, app.ID)
	if err != nil {
		return app, err
	}
	before := app.facts
	at := map[State]time.Time{Applied: app.Made}
	for _, v := range moves {
		if _, seen := at[v.To]; !seen {
			at[v.To] = v.At
		}
	}
	for _, s := range []State{Applied, Invited, Confirmed} {
		kind, bit := s.fact()
		when, was := at[s]
		if !was || app.facts&bit != 0 {
			continue
		}
		if err := m.record(ctx, tx, kind, app, when); err != nil {
			return app, err
		}
		app.facts |= bit
	}
	if app.facts == before {
		return app, nil
	}
	_, err = tx.Exec(ctx, `UPDATE application SET facts = $2 WHERE id = $1`, app.ID, app.facts)
	return app, err
}

// holdSeat holds the seat that a form without a sign-in has taken, until it is proven.
func (m *Service) holdSeat(ctx context.Context, tx *storage.Tx, app Application, byLetter bool) (Application, error) {
	until := tx.Now.Add(HoldPhone)
	if byLetter {
		until = tx.Now.Add(holdLetter)
	}
	if _, err := tx.Exec(ctx, `UPDATE application SET held_until = $2 WHERE id = $1`, app.ID, storage.Micros(until)); err != nil {
		return app, err
	}
	app.Held = until
	return app, jobs.Enqueue(ctx, tx, jobs.Job{
		Kind: "seminars.lapse", Payload: ofApplication{Application: app.ID}, Key: fmt.Sprintf("%s/%d", app.ID, until.Unix()), After: until,
	})
}

// holdOffered holds a seat that the house has offered like one of a form: to take an
// offer without a proof, or to give a seat up and come back, keeps none for good.
func (m *Service) holdOffered(ctx context.Context, tx *storage.Tx, app Application) (Application, error) {
	if app.State != Confirmed || app.counts() {
		return app, nil
	}
	p, err := m.People.ByID(ctx, tx, app.Person)
	if err != nil {
		return app, err
	}
	return m.holdSeat(ctx, tx, app, p.Email != "")
}

// Lapse gives up a seat that was held for a proof that did not come. Its application
// waits first: once it is proven the next free seat is offered to it. Once the activity
// has begun, or is cancelled, nobody else wants the seat, and there is nothing to tell.
func (m *Service) Lapse(ctx context.Context, tx *storage.Tx, id storage.ID) error {
	app, there, err := ApplicationIfThere(ctx, tx, id)
	if err != nil || !there || !app.Proven.IsZero() || app.Held.IsZero() || app.Held.After(tx.Now) {
		return err
	}
	a, err := m.Schedule().Held(ctx, tx, app.Activity)
	if err != nil || a.State == "cancelled" || !a.Starts.IsZero() && !tx.Now.Before(a.Starts) {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE application SET held_until = $2 WHERE id = $1`, app.ID, lapsedMark); err != nil {
		return err
	}
	app.Held, app.lapsed = time.Time{}, true
	if app.State != Confirmed {
		return nil
	}
	_, err = m.Move(ctx, tx, app, Waitlisted, storage.ID{}, whyUnproven)
	return err
}

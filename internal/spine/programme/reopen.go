package programme

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Shut says of an activity that moves that its applications are closed, and who could still
// have a seat.
type Shut struct {
	Since         time.Time // when they closed
	Free, Waiting int       // seats that nobody has, and people on the waiting list
	Offer         time.Time // until when they would be open, had they not been closed
}

// Opens reports whether it makes sense to open them again: somebody could get a seat, or there
// is a list that she could join.
func (s Shut) Opens() bool { return s.Free > 0 || s.Waiting > 0 }

// Hanging is what hangs on an activity in the modules, as a change would leave it.
type Hanging struct {
	Free, Waiting int // seats that nobody has, and people on the waiting list
	Moments       []Moment
}

// Moment is something that happens at a moment before or after an activity.
type Moment struct {
	Key     string // of the text that names it
	Args    []any  // of that text
	Was, Is time.Time
	Missed  bool // Is has passed: it will not happen
}

// HangsOn tells what hangs on an activity, and how it would be after a change.
type HangsOn = func(ctx context.Context, tx *storage.Tx, before, after Activity) (Hanging, error)

func (s *Service) hang(ctx context.Context, tx *storage.Tx, before, after Activity) (Hanging, error) {
	if s.hangs == nil {
		return Hanging{}, nil
	}
	return s.hangs(ctx, tx, before, after)
}

// stayClosed leaves applications that are closed as they are, when the activity moves to another
// day; what she wrote herself, she wrote.
func (a *Activity) stayClosed(before Activity, now time.Time) {
	switch {
	case !a.Deadline.Equal(before.Deadline):
	case a.Deadline.IsZero() && a.Starts.After(now): // they closed at the start
		a.Deadline = before.Starts
	case a.Deadline.After(a.Starts):
		a.Deadline = a.Starts
	}
}

// judgeShut finds whether the applications of what moves are closed, and judges that they are to
// be opened again.
func (s *Service) judgeShut(ctx context.Context, tx *storage.Tx, c ChangeActivity, wrote Activity, p *Preview) error {
	before, after := p.Before, p.After
	moves := !before.Starts.Equal(after.Starts) && after.Starts.After(tx.Now)
	if !moves || before.State != Published || !after.ByApplication() || after.InvitationOnly || !before.Closed(tx.Now) || !wrote.Deadline.Equal(before.Deadline) {
		if c.Reopen {
			return fault.At("reopen", "programme.fault.reopen_open")
		}
		return nil
	}
	var err error
	if p.Hangs, err = s.hang(ctx, tx, before, after); err != nil {
		return err
	}
	p.Shut = &Shut{Since: after.Deadline, Free: p.Hangs.Free, Waiting: p.Hangs.Waiting, Offer: after.Starts}
	if days := Midnight(after.Starts).Sub(Midnight(before.Starts)); !before.Deadline.IsZero() {
		if will := before.Deadline.Add(days); will.After(tx.Now) && will.Before(after.Starts) {
			p.Shut.Offer = will
		}
	}
	return nil
}

// reopened is the activity after the change, with its applications open again if that is wanted.
// Invalid at "reopen" where nobody could get a seat, at "reopen_until" when that is no moment
// between now and the start.
func (p Preview) reopened(c ChangeActivity, now time.Time) (Activity, error) {
	a := p.After
	if !c.Reopen || p.Shut == nil {
		return a, nil
	}
	var form fault.Form
	form.Check(p.Shut.Opens(), "reopen", "programme.fault.reopen_full")
	form.Check(c.Until.After(now) && !c.Until.After(a.Starts), "reopen_until", "programme.fault.reopen_until", fault.Args{"when": a.Starts})
	a.Deadline = c.Until
	if err := form.Err(); err != nil {
		return p.Before, err
	}
	return a, nil
}

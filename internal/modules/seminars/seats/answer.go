package seats

import (
	"context"
	"slices"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Reply is what a person answers on the page of her application.
type Reply string

// The replies.
const (
	SayYes    Reply = "confirm"   // I come; also answers the question before the day
	SayNo     Reply = "decline"   // I cannot accept the invitation
	StepBack  Reply = "withdraw"  // I withdraw
	JustMe    Reply = "alone"     // my companion does not come, and I come alone
	ComeAgain Reply = "come_back" // I withdrew, or was late, and would like to come after all
)

// Answer takes the reply of the person herself. A reply twice is as good as
// once. A late yes is welcome as long as a seat is free; else she is put on the
// waiting list and sees her place.
//
// Faults: TooLate once the activity has begun (withdrawing: ended); Conflict
// when the reply makes no sense in the state.
func (m *Service) Answer(ctx context.Context, tx *storage.Tx, id storage.ID, reply Reply) (Application, error) {
	return m.answer(ctx, tx, id, reply, storage.ID{})
}

// answer is Answer; a reply that she gave by telephone has who of the staff noted it, any
// other the zero id.
func (m *Service) answer(ctx context.Context, tx *storage.Tx, id storage.ID, reply Reply, noted storage.ID) (Application, error) {
	app, err := ApplicationByID(ctx, tx, id)
	if err != nil {
		return app, err
	}
	a, err := m.Schedule().Held(ctx, tx, app.Activity)
	if err != nil {
		return app, err
	}
	if a.State == "cancelled" {
		return app, fault.New(fault.Gone, "seminars.fault.cancelled")
	}
	switch reply {
	case SayYes:
		return m.sayYes(ctx, tx, app, noted, !a.Starts.IsZero() && !tx.Now.Before(a.Starts))
	case SayNo, StepBack:
		switch app.State {
		case Withdrawn:
			return app, nil
		case Attended, NoShow, Declined:
			return app, fault.New(fault.Conflict, "seminars.fault.move")
		}
		if !a.Ends.IsZero() && tx.Now.After(a.Ends) {
			return app, fault.New(fault.TooLate, "seminars.fault.over")
		}
		why := "seminars.why.withdrew"
		if reply == SayNo {
			why = "seminars.why.said_no"
		}
		by, why := saidBy(app, noted, why, whyPhoneNo)
		return m.Move(ctx, tx, app, Withdrawn, by, why)
	case JustMe:
		if app.State != Confirmed {
			return app, fault.New(fault.Conflict, "seminars.fault.move")
		}
		return app, m.ComesAlone(ctx, tx, app)
	case ComeAgain:
		if app.State != Withdrawn {
			return app, nil
		}
		if !a.Starts.IsZero() && !tx.Now.Before(a.Starts) {
			return app, fault.New(fault.TooLate, "seminars.fault.too_late")
		}
		s, err := SeatsOf(ctx, tx, a)
		if err != nil {
			return app, err
		}
		if AdmissionOf(a, s, tx.Now) == Open && !s.FirstCome {
			app, err := m.Move(ctx, tx, app, Applied, app.Person, "seminars.why.came_back")
			if err != nil {
				return app, err
			}
			return app, m.Tell(ctx, tx, app, "seminars.received")
		}
		if app, err = m.Move(ctx, tx, app, Waitlisted, app.Person, "seminars.why.came_back"); err != nil {
			return app, err
		}
		if err := m.PassOn(ctx, tx, app.Activity); err != nil {
			return app, err
		}
		return ApplicationByID(ctx, tx, app.ID)
	}
	return app, fault.New(fault.Invalid, "seminars.fault.reply")
}

// saidBy is who moves an application by a reply, and why: she herself, or who noted what she
// said by telephone.
func saidBy(app Application, noted storage.ID, why, byPhone string) (storage.ID, string) {
	if noted.IsZero() {
		return app.Person, why
	}
	return noted, byPhone
}

func (m *Service) sayYes(ctx context.Context, tx *storage.Tx, app Application, noted storage.ID, begun bool) (Application, error) {
	switch app.State {
	case Confirmed:
		if err := m.ComesAlone(ctx, tx, app); err != nil { // who comes comes alone too
			return app, err
		}
		if app.Reconfirm != "asked" {
			return app, nil
		}
		m.News(tx, app.Activity)
		return SetReconfirm(ctx, tx, app, "yes")
	case Attended:
		return app, nil
	case Invited:
		if begun {
			return app, fault.New(fault.TooLate, "seminars.fault.too_late")
		}
		by, why := saidBy(app, noted, "seminars.why.said_yes", whyPhoneYes)
		yes, err := m.Move(ctx, tx, app, Confirmed, by, why)
		if err != nil {
			return yes, err
		}
		return m.holdOffered(ctx, tx, yes)
	case Withdrawn:
		if begun {
			return app, fault.New(fault.TooLate, "seminars.fault.too_late")
		}
		// Only who was invited may take a seat by a late yes.
		moves, err := MovesOf(ctx, tx, app.ID)
		if err != nil {
			return app, err
		}
		if !slices.ContainsFunc(moves, func(v Move) bool { return v.To == Invited }) {
			break
		}
		_, others, err := nextWaiting(ctx, tx, app.Activity)
		if err != nil {
			return app, err
		}
		if !others {
			by, why := saidBy(app, noted, "seminars.why.late_yes", whyPhoneYes)
			yes, err := m.Move(ctx, tx, app, Confirmed, by, why)
			if err == nil {
				return m.holdOffered(ctx, tx, yes)
			}
			if !fault.Is(err, fault.Full) {
				return yes, err
			}
		}
		return m.Move(ctx, tx, app, Waitlisted, app.Person, "seminars.why.full")
	}
	return app, fault.New(fault.Conflict, "seminars.fault.move")
}

package seats

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/live"
	"platforma.kg/ashar/internal/foundation/seal"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web/effort"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

// Messenger sends what the module has to say to a person, and stops what waits and is no
// longer so. Whoever wraps one embeds it: what it does not forward would silently not happen.
type Messenger interface {
	Send(ctx context.Context, tx *storage.Tx, n messages.Notice) error
	// Cancel stops the message with a key; it tells how many it stopped, one or none.
	Cancel(ctx context.Context, tx *storage.Tx, key string) (int, error)
	// CancelTo stops messages of some kinds to a person about an activity whose moment has not come.
	CancelTo(ctx context.Context, tx *storage.Tx, person, activity storage.ID, kinds ...string) (int, error)
}

// Service is the seminars of a programme.
type Service struct {
	Store    *storage.Store
	People   *people.Service
	Calendar Calendar        // nil: that of the programme
	Messages Messenger       // nil: nothing is sent
	Night    programme.Night // when what nobody asked for goes
	Chats    Chats           // nil: there is no bot to connect
	// Carriers tells what carries messages; nil: mail, and Telegram.
	Carriers  func() messages.Carriers
	Live      *live.Bus       // nil: pages are read anew by hand
	Closing   <-chan struct{} // closed when the house closes: open streams end
	PublicURL string
	Keys      *seal.Keyring // signs tickets
	Materials Materials     // nil: there are none
	Effort    *effort.Guard // nil: a rush is not slowed

	// Reserve gives whom of the waiting list a draw names next; ok is false when no draw
	// says so, and the order of the list holds. nil: there are no draws.
	Reserve func(ctx context.Context, tx *storage.Tx, activity storage.ID) (app storage.ID, ok bool, err error)
	// Joined hears that of two applications of one person one goes, before it is gone. nil:
	// nobody wants to know.
	Joined func(ctx context.Context, tx *storage.Tx, stays, goes storage.ID) error

	// SaidYes hears of each that gets a seat by a yes, in the transaction of the yes. nil:
	// nobody wants to know.
	SaidYes func(ctx context.Context, tx *storage.Tx, a Activity, app Application) error

	// Owing gives the applications to some activities that hold a seat by a yes and still owe an
	// answer that staff need before the day. nil: nothing is asked.
	Owing func(ctx context.Context, tx *storage.Tx, list []Activity) (map[storage.ID]Owed, error)

	// Drawn gives what the last draw of an activity decided on those who took part in it; nil:
	// there are no draws.
	Drawn func(ctx context.Context, tx *storage.Tx, activity storage.ID) (map[storage.ID]Ruling, error)
	// Held refuses to decide on the applications to an activity, while what was decided on
	// them is about to be told. nil: nothing is told but at once.
	Held func(ctx context.Context, tx *storage.Tx, activity storage.ID) error
	// Deciding refuses to change who comes with whom, while it is drawn or what was decided is
	// about to be told. nil: nothing is drawn.
	Deciding func(ctx context.Context, tx *storage.Tx, activity storage.ID) error
	// DrawnSince reports whether a draw was made at a moment or later. nil: nothing is drawn.
	DrawnSince func(ctx context.Context, tx *storage.Tx, activity storage.ID, at time.Time) (bool, error)

	Seat func(ctx context.Context, tx *storage.Tx, activity storage.ID) error      // a test's own guard, nil for the real one
	Turn func(ctx context.Context, tx *storage.Tx, app, activity storage.ID) error // the same, of the door
	Hold func(ctx context.Context, tx *storage.Tx, activity storage.ID) error      // the same, of a rush

	Side  func(ctx context.Context, tx *storage.Tx, app, pair storage.ID) error // the same, of a link to come together
	Apart func(ctx context.Context, tx *storage.Tx, pair storage.ID) error      // the same, of a pair that staff end

	Checked func() // told of each signature of a ticket that is checked, in tests
}

// TakeTurn makes others at the same application or activity wait until this transaction
// ends.
func (m *Service) TakeTurn(ctx context.Context, tx *storage.Tx, app, activity storage.ID) error {
	if m.Turn != nil {
		return m.Turn(ctx, tx, app, activity)
	}
	return TakeTurn(ctx, tx, app, activity)
}

// decidable holds the seats of an activity until the transaction ends, and refuses while what
// was decided is about to be told: whoever plans that holds them too, and so comes before
// this decision or after it.
//
// Faults: Conflict.
func (m *Service) decidable(ctx context.Context, tx *storage.Tx, a Activity) error {
	if err := OpenSeminar(ctx, tx, a.ID, a.Capacity); err != nil {
		return err
	}
	if err := m.HoldSeminar(ctx, tx, a.ID); err != nil || m.Held == nil {
		return err
	}
	return m.Held(ctx, tx, a.ID)
}

func (m *Service) takeSeat(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
	if m.Seat != nil {
		return m.Seat(ctx, tx, activity)
	}
	return TakeSeat(ctx, tx, activity)
}

// Schedule is where activities are read: the programme, when nothing else was given.
func (m *Service) Schedule() Calendar {
	if m.Calendar == nil {
		return programmeCalendar{m.People.Lists}
	}
	return m.Calendar
}

// ActivityByID reads an activity; NotFound when it is gone.
func (m *Service) ActivityByID(ctx context.Context, tx *storage.Tx, id storage.ID) (Activity, error) {
	return m.Schedule().ByID(ctx, tx, id)
}

// The permissions.
const (
	MaySelect   access.Permission = "seminars.select"   // see applicants, choose, invite
	MaySetUp    access.Permission = "seminars.setup"    // form, seats, targets
	MayAdmit    access.Permission = "seminars.admit"    // stand at the door
	MayEnrol    access.Permission = "seminars.enrol"    // let phones scan at the door
	MayOverfill access.Permission = "seminars.overfill" // let people in though no seat is left
)

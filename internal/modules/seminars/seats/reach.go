package seats

import (
	"context"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
	"platforma.kg/ashar/internal/spine/people"
)

// Chats connects Telegram with a record.
type Chats interface {
	HasChat() bool
	// ChatLink gives the address that connects a chat, for a quarter of an hour.
	ChatLink(ctx context.Context, person storage.ID) (string, error)
}

// ReachData is how the person of an application can be reached, and what she may do
// about it from this page.
type ReachData struct {
	Show    bool   // something is offered
	Proves  bool   // the letter behind this page proves an address
	Token   string // of that letter
	Address string // the address that it proves
	Waits   string // the address to which a letter went that was not answered yet
	Phone   bool   // she gave a number, so staff may call
	Email   string // as typed, when it comes back
	Chat    bool   // Telegram can be connected
	ChatURL string // once asked for
	Link    string // to be saved, once asked for
	Until   time.Time
	Fault   *fault.Error
}

// Visible gives the applications that a session may open.
func (m *Service) Visible(ctx context.Context, tx *storage.Tx, r *web.Request) ([]Application, error) {
	if r.Actor.SignedIn() {
		return ApplicationsBy(ctx, tx, r.Actor.Person)
	}
	app, there, err := ApplicationIfThere(ctx, tx, r.Actor.Application)
	if err != nil || !there {
		return nil, err
	}
	return []Application{app}, nil
}

// ProveByLink proves the address that a letter went to, when its link was used to answer.
func (m *Service) ProveByLink(ctx context.Context, tx *storage.Tx, r *web.Request, token string) error {
	if token == "" {
		return nil
	}
	c, proves, err := m.People.ToProve(ctx, tx, token)
	if err != nil || !proves {
		return err
	}
	_, err = m.People.Prove(ctx, tx, people.Prove{Person: c.Person, Contact: c.ID, Actor: r.Actor})
	if fault.Is(err, fault.Forbidden) { // another contact is proven: the answer counts, this address proves nothing
		return nil
	}
	return err
}

// AddEmail gives the record of an application an address, and sends the letter about the
// application there. Its button proves the address. Who only handed an application in adds
// nothing to what somebody has proven to be hers.
//
// Faults: those of StillAhead, since no letter about it goes out any more; Forbidden when a
// contact of the record is proven; those of the address.
func (m *Service) AddEmail(ctx context.Context, tx *storage.Tx, a Activity, app Application, typed string) error {
	if err := StillAhead(a, tx.Now); err != nil {
		return err
	}
	have, err := m.People.Contacts(ctx, tx, app.Person)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(have, func(c people.Contact) bool { return c.State == people.Proven }) {
		return fault.New(fault.Forbidden, "seminars.fault.reach")
	}
	if typed == "" {
		return fault.At("email", "fault.required")
	}
	if err := m.People.ChangeContact(ctx, tx, people.ChangeContact{Person: app.Person, By: app.Person, Kind: people.EmailContact, Value: typed}); err != nil {
		return err
	}
	p, err := m.People.ByID(ctx, tx, app.Person)
	if err != nil {
		return err
	}
	may, err := m.People.MayWrite(ctx, tx, p.Email)
	if err != nil || !may {
		return err // the page is the same
	}
	return m.send(ctx, tx, a, p, app, "seminars.received", TellKey(app, "seminars.received")+"/"+tx.NewID().String())
}

package newsroom

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/messages"
	"platforma.kg/ashar/internal/spine/people"
)

// ConfirmNotice is the kind of the letter that asks an address whether it wants our releases.
const ConfirmNotice = "newsroom.confirm"

// confirmPurpose opens the page on which an address agrees to the press list.
const confirmPurpose = "newsroom/confirm"

// confirmFor is how long its button works.
const confirmFor = 14 * 24 * time.Hour

// askToConfirm sends the letter to an address that was typed just now. Nothing is sent when
// it got its letters of the day; the page that follows is the same.
func (m *Module) askToConfirm(ctx context.Context, tx *storage.Tx, p people.Person) error {
	contact, err := m.People.ContactToProve(ctx, tx, p)
	if err != nil || contact.IsZero() || m.Messages == nil {
		return err
	}
	if may, err := m.People.MayWrite(ctx, tx, p.Email); err != nil || !may {
		return err
	}
	token, err := m.People.NewLink(ctx, tx, people.Link{Person: p.ID, Purpose: confirmPurpose, Contact: contact, Until: tx.Now.Add(confirmFor)})
	if err != nil {
		return err
	}
	return m.Messages.Send(ctx, tx, messages.Notice{To: p.ID, Person: p, Kind: ConfirmNotice, Path: confirmPath + token, Typed: p.Email})
}

// ConfirmList is the answer of who reads the mail of an address to the letter that asked
// whether she wants our releases.
type ConfirmList struct {
	Actor   access.Actor // who is signed in in the browser, if anybody
	Token   string
	Words   string        // the version of the words of the consent that she read
	Lang    i18n.Language // in which she read them
	Refuses bool          // it was somebody else who typed her address
}

// ConfirmList proves the address and notes the consent, or takes the address off the record
// when she refuses. Once more does no more; after she has left the list it is her yes anew.
//
// Faults: NotFound, Gone for a token that opens nothing; Conflict when the words are others
// now than those she read; Forbidden when another contact of the record is proven already.
func (m *Module) ConfirmList(ctx context.Context, tx *storage.Tx, cmd ConfirmList) error {
	link, err := m.toConfirm(ctx, tx, cmd.Token)
	if err != nil {
		return err
	}
	if cmd.Refuses {
		return m.People.Mute(ctx, tx, storage.ID{}, link.Person, link.Contact)
	}
	if cmd.Words != m.People.WordingVersion(ListConsent) {
		return fault.New(fault.Conflict, "newsroom.fault.list_words")
	}
	if _, err := m.People.Prove(ctx, tx, people.Prove{Person: link.Person, Contact: link.Contact, Actor: cmd.Actor}); err != nil {
		return err
	}
	if agrees, err := m.People.Agrees(ctx, tx, link.Person, ListConsent); err != nil || agrees {
		return err
	}
	return m.putOnList(ctx, tx, link.Person, cmd.Lang)
}

// toConfirm gives what a token stands for. Gone when its address is no longer of the record.
func (m *Module) toConfirm(ctx context.Context, tx *storage.Tx, token string) (people.Link, error) {
	link, err := m.People.PeekLink(ctx, tx, token, confirmPurpose)
	if err == nil && link.Contact.IsZero() { // the record became another's
		err = fault.New(fault.Gone, "people.fault.link_gone")
	}
	return link, err
}

package people

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// MustBeFresh refuses a session whose person has not shown in the last quarter of an
// hour who she is: one that was left open must not carry data away, erase, give roles,
// or add a way in. The routes ask the same, so that a page can lead to the sign-in.
func MustBeFresh(now time.Time, a access.Actor) error {
	if !a.SignedIn() || now.Sub(a.Proven) > web.FreshFor {
		return fault.New(fault.Forbidden, "fault.sign_in_anew")
	}
	return nil
}

// ExportOwn gives a person all that is kept of her. Forbidden unless she has just shown
// who she is; so are the others of this file.
func (s *Service) ExportOwn(ctx context.Context, tx *storage.Tx, a access.Actor) (map[string]any, error) {
	if err := MustBeFresh(tx.Now, a); err != nil {
		return nil, err
	}
	data, err := s.Export(ctx, tx, a.Person)
	if err != nil {
		return nil, err
	}
	return data, audit.Record(ctx, tx, audit.Entry{Actor: a.Person, Person: a.Person, Action: "people.audit.exported"})
}

// EraseOwn erases the person who asks for it.
func (s *Service) EraseOwn(ctx context.Context, a access.Actor) error {
	if err := MustBeFresh(s.store.Now(), a); err != nil {
		return err
	}
	return s.EraseForGood(ctx, a.Person, a.Person)
}

// ContactChanged tells how a change of a contact ended; it is the key of its text.
type ContactChanged string

// The ends.
const (
	ContactSaved ContactChanged = "people.saved"
	ProofSent    ContactChanged = "people.contact.sent"     // a letter is on its way
	ProofNotSent ContactChanged = "people.contact.not_sent" // the address got its letters of the day
)

// ChangeOwnContact gives her record another e-mail or phone; an e-mail that is not proven
// yet gets the letter whose button proves it. Shown are the contacts that her form showed.
// Faults as ChangeContact.
func (s *Service) ChangeOwnContact(ctx context.Context, tx *storage.Tx, a access.Actor, kind ContactKind, value string, shown []storage.ID) (ContactChanged, error) {
	if err := MustBeFresh(tx.Now, a); err != nil {
		return "", err
	}
	if err := s.ChangeContact(ctx, tx, ChangeContact{Person: a.Person, By: a.Person, Kind: kind, Value: value, Shown: shown}); err != nil || kind != EmailContact {
		return ContactSaved, err
	}
	address, err := Email(value)
	if err != nil {
		return "", err
	}
	have, err := s.Contacts(ctx, tx, a.Person)
	if err != nil {
		return "", err
	}
	for _, c := range have {
		if c.Kind == EmailContact && emailKey(c.Value) == emailKey(address) && c.State != Proven {
			return s.SendOwnProof(ctx, tx, a, c.ID)
		}
	}
	return ContactSaved, nil
}

// DropOwnContact removes a contact of hers. Faults as DropContact.
func (s *Service) DropOwnContact(ctx context.Context, tx *storage.Tx, a access.Actor, id storage.ID) error {
	if err := MustBeFresh(tx.Now, a); err != nil {
		return err
	}
	return s.DropContact(ctx, tx, a, a.Person, id)
}

// DisconnectOwnChat removes the chat of hers, see DropContact; one that is her only proof
// stays that, and only gets no messages any more.
func (s *Service) DisconnectOwnChat(ctx context.Context, tx *storage.Tx, a access.Actor) error {
	if err := MustBeFresh(tx.Now, a); err != nil {
		return err
	}
	p, err := s.ByID(ctx, tx, a.Person)
	if err != nil {
		return err
	}
	have, err := s.ContactsOf(ctx, tx, p)
	if err != nil {
		return err
	}
	for _, c := range have {
		if c.Kind != ChatContact || c.State != Proven {
			continue
		}
		if err := s.DropContact(ctx, tx, a, a.Person, c.ID); !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return s.DropChat(ctx, tx, p.ID, p.TelegramChat)
}

// SendOwnProof sends the letter whose button proves an e-mail of hers. What an address
// may get in a day is bounded here as for forms. Conflict when there is nothing to prove.
func (s *Service) SendOwnProof(ctx context.Context, tx *storage.Tx, a access.Actor, id storage.ID) (ContactChanged, error) {
	if err := MustBeFresh(tx.Now, a); err != nil {
		return "", err
	}
	p, err := s.ByID(ctx, tx, a.Person)
	if err != nil {
		return "", err
	}
	c, err := s.contact(ctx, tx, p, id)
	if err != nil {
		return "", err
	}
	if c.Kind != EmailContact || c.State == Proven || s.courier == nil {
		return "", fault.New(fault.Conflict, "people.fault.contact_proven")
	}
	if may, err := s.MayWrite(ctx, tx, c.Value); err != nil || !may {
		return ProofNotSent, err
	}
	token, err := s.NewLink(ctx, tx, Link{Person: p.ID, Purpose: linkProve, Contact: c.ID, Until: tx.Now.Add(proofFor)})
	if err != nil {
		return "", err
	}
	return ProofSent, s.courier.SendProof(ctx, tx, p.ID, c.Value, "/prove/"+token)
}

// proofFor is how long the button of such a letter works.
const proofFor = 14 * 24 * time.Hour

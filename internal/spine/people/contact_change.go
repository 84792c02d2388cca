package people

import (
	"context"
	"slices"

	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// The purposes of links about contacts.
const (
	linkProve = "people.prove" // proves the contact that its letter went to
	linkUndo  = "people.undo"  // takes back a contact that was replaced
)

// mostContacts bounds how many contacts of a kind a record holds.
const mostContacts = 3

// ChangeContact gives a record another e-mail or phone, as typed, by herself or by
// staff. Where nothing of the kind is proven it takes the place of the one before;
// else the proven one stays until the new is proven by her. What was there is told.
type ChangeContact struct {
	Person storage.ID
	By     storage.ID
	Kind   ContactKind // EmailContact or PhoneContact
	Value  string      // as typed; empty removes what is not proven
}

// ChangeContact changes a contact. Faults: Invalid at "email" or "phone"; Conflict
// when too many wait for their proof.
func (s *Service) ChangeContact(ctx context.Context, tx *storage.Tx, cmd ChangeContact) error {
	var value string
	var err error
	switch cmd.Kind {
	case EmailContact:
		value, err = Email(cmd.Value)
	case PhoneContact:
		value, err = Phone(cmd.Value)
	default:
		return fault.At("kind", "fault.not_a_choice")
	}
	if err != nil {
		return err
	}
	p, err := s.ByID(ctx, tx, cmd.Person)
	if err != nil {
		return err
	}
	have, err := s.contactsOf(ctx, tx, p)
	if err != nil {
		return err
	}
	have = slices.DeleteFunc(have, func(c Contact) bool { return c.Kind != cmd.Kind })
	proven := slices.ContainsFunc(have, func(c Contact) bool { return c.State == Proven })
	index := s.contactIndex(cmd.Kind, value)
	if value != "" && slices.ContainsFunc(have, func(c Contact) bool { return slices.Equal(c.index, index) && c.State != Leaving }) {
		if p.current(cmd.Kind) != value && !proven { // the same, written another way
			if err := p.setCurrent(cmd.Kind, value); err != nil {
				return err
			}
			return s.save(ctx, tx, p)
		}
		return nil
	}
	for _, c := range have {
		if c.State == Typed || c.State == Called {
			if _, err := tx.Exec(ctx, `DELETE FROM contact WHERE id = $1`, c.ID); err != nil {
				return err
			}
		}
	}
	if len(have) >= mostContacts && proven {
		if n := slices.IndexFunc(have, func(c Contact) bool { return c.State == Leaving }); n >= 0 && len(have) > mostContacts {
			return fault.New(fault.Conflict, "people.fault.contacts_many")
		}
	}
	if value != "" {
		if err := s.addContacts(ctx, tx, p.ID, p.key, Typed, Contact{Kind: cmd.Kind, Value: value}); err != nil {
			return err
		}
	}
	if !proven {
		before := p.Details
		if err := p.setCurrent(cmd.Kind, value); err != nil {
			return err
		}
		if err := s.save(ctx, tx, p); err != nil {
			return err
		}
		if err := s.warnOfTyped(ctx, tx, cmd, before, p.Details); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: cmd.By, Person: p.ID, Action: "people.audit.contact_changed"})
}

// warnOfTyped tells what was typed before that another was typed in its place. While
// nothing of the record is proven, whoever types in its name is a browser alone: it
// could write to any address by typing one after the other.
func (s *Service) warnOfTyped(ctx context.Context, tx *storage.Tx, cmd ChangeContact, before, after Details) error {
	if cmd.By == cmd.Person {
		if none, err := s.unproven(ctx, tx, cmd.Person); err != nil || none {
			return err
		}
	}
	return s.warnOfAddress(ctx, tx, cmd.Person, before, after)
}

// DropContact removes a contact of a record. The last proven one stays: without it
// nobody could come in. NotFound when it is none of hers, Conflict when it must stay.
func (s *Service) DropContact(ctx context.Context, tx *storage.Tx, by, person, id storage.ID) error {
	p, err := s.ByID(ctx, tx, person)
	if err != nil {
		return err
	}
	c, err := s.contact(ctx, tx, p, id)
	if err != nil {
		return err
	}
	have, err := s.contactsOf(ctx, tx, p)
	if err != nil {
		return err
	}
	others := 0
	for _, o := range have {
		if o.ID != c.ID && o.State == Proven {
			others++
		}
	}
	if c.State == Proven && others == 0 {
		return fault.New(fault.Conflict, "people.fault.contact_last")
	}
	return s.removeContact(ctx, tx, by, p, c, have)
}

// removeContact takes a contact from a record; what remains of its kind takes its place.
func (s *Service) removeContact(ctx context.Context, tx *storage.Tx, by storage.ID, p Person, c Contact, have []Contact) error {
	if _, err := tx.Exec(ctx, `DELETE FROM contact WHERE id = $1`, c.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE person_link SET contact_id = NULL WHERE contact_id = $1`, c.ID); err != nil {
		return err
	}
	if p.current(c.Kind) == c.Value {
		next := ""
		for _, o := range have {
			if o.ID != c.ID && o.Kind == c.Kind && o.State != Leaving && (next == "" || o.State == Proven) {
				next = o.Value
			}
		}
		before := p.Details
		if err := p.setCurrent(c.Kind, next); err != nil {
			return err
		}
		if err := s.save(ctx, tx, p); err != nil {
			return err
		}
		if c.State == Proven {
			if err := s.warnOfAddress(ctx, tx, p.ID, before, p.Details); err != nil {
				return err
			}
		}
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: by, Person: p.ID, Action: "people.audit.contact_changed"})
}

// tellReplaced tells a contact that another was proven in its place, with the link
// that takes that back.
func (s *Service) tellReplaced(ctx context.Context, tx *storage.Tx, p Person, old Contact) error {
	token, err := s.NewLink(ctx, tx, Link{Person: p.ID, Purpose: linkUndo, Ref: old.ID, Until: tx.Now.Add(leavingFor), Once: true})
	if err != nil {
		return err
	}
	c := Change{Person: p.ID, What: changedContact, Path: "/contact/undo/" + token}
	switch old.Kind {
	case EmailContact:
		c.Email, c.Only = old.Value, true
	case ChatContact:
		c.Chat, c.Only = old.Value, true
	}
	return s.warn(ctx, tx, c)
}

// TakeBack makes a replaced contact the proven one again, by the link of its notice:
// the one that took its place goes, and every session ends.
func (s *Service) TakeBack(ctx context.Context, tx *storage.Tx, token string) error {
	l, err := s.OpenLink(ctx, tx, token, linkUndo)
	if err != nil {
		return err
	}
	p, err := s.ByID(ctx, tx, l.Person)
	if err != nil {
		return err
	}
	old, err := s.contact(ctx, tx, p, l.Ref)
	if err != nil {
		return err
	}
	if old.State != Leaving || tx.Now.After(old.Ends) {
		return fault.New(fault.Gone, "people.fault.link_gone")
	}
	have, err := s.contactsOf(ctx, tx, p)
	if err != nil {
		return err
	}
	for _, c := range have {
		if c.Kind == old.Kind && c.ID != old.ID {
			if _, err := tx.Exec(ctx, `DELETE FROM contact WHERE id = $1`, c.ID); err != nil {
				return err
			}
		}
	}
	if err := s.setState(ctx, tx, old.ID, Proven, 0); err != nil {
		return err
	}
	if err := p.setCurrent(old.Kind, old.Value); err != nil {
		return err
	}
	if err := s.save(ctx, tx, p); err != nil {
		return err
	}
	// Whoever replaced it may have made a passkey meanwhile.
	for _, q := range []string{
		`DELETE FROM passkey WHERE person_id = $1 AND NOT EXISTS (SELECT 1 FROM role_grant WHERE role_grant.person_id = $1 AND woken_at > 0)`,
		`DELETE FROM person_link WHERE person_id = $1 AND purpose = '` + linkProve + `'`,
	} {
		if _, err := tx.Exec(ctx, q, p.ID); err != nil {
			return err
		}
	}
	if err := s.EndSessions(ctx, tx, p.ID, storage.ID{}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: p.ID, Person: p.ID, Action: "people.audit.contact_taken_back"})
}

// dropLeft removes the contacts whose time to be taken back is over.
func dropLeft(ctx context.Context, tx *storage.Tx) error {
	_, err := tx.Exec(ctx, `DELETE FROM contact WHERE state = 'leaving' AND ends_at <= $1`, storage.Micros(tx.Now))
	return err
}

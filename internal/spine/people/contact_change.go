package people

import (
	"context"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web"
)

// The purposes of links about contacts.
const (
	linkProve = "people.prove" // proves the contact that its letter went to
	linkUndo  = "people.undo"  // takes back a contact that was replaced
)

// mostContacts bounds how many contacts of a kind a record holds: that is proven, those
// that were replaced and have not left yet, and one more that waits for its proof.
const mostContacts = 3

// ChangeContact gives a record another e-mail or phone, as typed, by herself or by
// staff. Where nothing of the kind is proven it takes the place of the one before;
// else the proven one stays until the new is proven by her. What is proven, or may be
// taken back, is not changed here: see Prove and DropContact.
type ChangeContact struct {
	Person storage.ID
	By     storage.ID
	Kind   ContactKind // EmailContact or PhoneContact
	Value  string      // as typed; empty removes what is not proven
	// Shown are the contacts of the form that this comes from. Nil when none was shown,
	// as where a form without a sign-in is handed in.
	Shown []storage.ID
}

// ChangeContact changes a contact. Faults: Invalid at "email" or "phone"; Forbidden when
// the record holds a role and who changes it does not give roles; Conflict
// when the record holds too many, until one that was replaced has left, and, at the
// field, when one would go that somebody has added since the form was drawn.
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
	p, err := s.hold(ctx, tx, cmd.Person)
	if err != nil {
		return err
	}
	if err := s.mayCorrectRecord(ctx, tx, cmd.By, p.ID); err != nil {
		return err
	}
	have, err := s.ContactsOf(ctx, tx, p)
	if err != nil {
		return err
	}
	have = slices.DeleteFunc(have, func(c Contact) bool { return c.Kind != cmd.Kind })
	stay := slices.DeleteFunc(slices.Clone(have), func(c Contact) bool { return c.State == Typed || c.State == Called })
	proven := slices.ContainsFunc(stay, func(c Contact) bool { return c.State == Proven })
	index := s.contactIndex(cmd.Kind, value)
	at := slices.IndexFunc(have, func(c Contact) bool { return slices.Equal(c.index, index) })
	switch {
	case value == "" && len(have) == len(stay), at >= 0 && have[at].Value == value:
		return nil
	case at >= 0 && (have[at].State == Proven || have[at].State == Leaving): // the same, written another way
		return nil
	case value != "" && len(stay) >= mostContacts:
		return fault.New(fault.Conflict, "people.fault.contacts_many")
	}
	if cmd.Shown != nil && hidden(have, cmd.Kind, cmd.Shown) {
		meanwhile := fault.New(fault.Conflict, ChangedMeanwhile)
		meanwhile.Fields = []*fault.Error{fault.At(string(cmd.Kind), "people.fault.contact_meanwhile")}
		return meanwhile
	}
	for _, c := range have {
		if c.State == Typed || c.State == Called {
			if err := deleteContact(ctx, tx, c.ID); err != nil {
				return err
			}
		}
	}
	if value != "" {
		if err := s.addContacts(ctx, tx, p.ID, p.key, Typed, Contact{Kind: cmd.Kind, Value: value}); err != nil {
			return err
		}
	}
	if !proven {
		before := p.current(cmd.Kind)
		if err := p.setCurrent(cmd.Kind, value); err != nil {
			return err
		}
		if err := s.save(ctx, tx, p); err != nil {
			return err
		}
		if err := s.warnOfTyped(ctx, tx, cmd, before, value); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: cmd.By, Person: p.ID, Action: "people.audit.contact_changed"})
}

// warnOfTyped tells what was typed before that another was typed in its place. While
// nothing of the record is proven, whoever types in its name is a browser alone: it
// could write to any address by typing one after the other.
func (s *Service) warnOfTyped(ctx context.Context, tx *storage.Tx, cmd ChangeContact, before, value string) error {
	if cmd.By == cmd.Person {
		if none, err := s.unproven(ctx, tx, cmd.Person); err != nil || none {
			return err
		}
	}
	return s.warnOfContact(ctx, tx, cmd.Person, cmd.Kind, before, value)
}

// deleteContact takes a contact from a record that was never proven to have it. The
// links of letters that went there open nothing any more: they may be a stranger's.
func deleteContact(ctx context.Context, tx *storage.Tx, id storage.ID) error {
	for _, q := range []string{`DELETE FROM person_link WHERE contact_id = $1`, `DELETE FROM contact WHERE id = $1`} {
		if _, err := tx.Exec(ctx, q, id); err != nil {
			return err
		}
	}
	return nil
}

// DropContact removes a contact of a record. One that is proven is told and may be
// taken back, like one that was replaced, and all sessions end but the one it was asked
// in, that too when this contact gave it; the last proven one stays: without it nobody
// could come in. NotFound when it is none of hers, Conflict when it must stay.
func (s *Service) DropContact(ctx context.Context, tx *storage.Tx, by access.Actor, person, id storage.ID) error {
	p, err := s.hold(ctx, tx, person)
	if err != nil {
		return err
	}
	c, err := s.contact(ctx, tx, p, id)
	if err != nil {
		return err
	}
	have, err := s.ContactsOf(ctx, tx, p)
	if err != nil {
		return err
	}
	switch c.State {
	case Leaving: // its time to be taken back is hers whom it was taken from
		return fault.New(fault.Conflict, "people.fault.contact_leaving")
	case Proven:
		if !slices.ContainsFunc(have, func(o Contact) bool { return o.ID != c.ID && o.State == Proven }) {
			return fault.New(fault.Conflict, "people.fault.contact_last")
		}
		if err := s.letLeave(ctx, tx, p, c, have, by.Session); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM session WHERE person_id = $1 AND contact_id = $2`, p.ID, c.ID); err != nil {
			return err
		}
	default:
		if err := deleteContact(ctx, tx, c.ID); err != nil {
			return err
		}
	}
	return s.withoutContact(ctx, tx, by.Person, p, c, have)
}

// withoutContact notes that a contact does not count any more; what remains of its kind
// takes its place.
func (s *Service) withoutContact(ctx context.Context, tx *storage.Tx, by storage.ID, p Person, c Contact, have []Contact) error {
	if p.current(c.Kind) == c.Value {
		next := ""
		for _, o := range have {
			if o.ID != c.ID && o.Kind == c.Kind && o.State != Leaving && (next == "" || o.State == Proven) {
				next = o.Value
			}
		}
		if err := p.setCurrent(c.Kind, next); err != nil {
			return err
		}
		if err := s.save(ctx, tx, p); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: by, Person: p.ID, Action: "people.audit.contact_changed"})
}

// letLeave lets a proven contact leave a record: it is told, and may be taken back, and
// sessions end, since they may be its; all but the one kept. Of several that leave, each
// does so later than those before it, see TakeBack.
func (s *Service) letLeave(ctx context.Context, tx *storage.Tx, p Person, c Contact, have []Contact, kept storage.ID) error {
	ends := tx.Now.Add(leavingFor)
	for _, o := range have {
		if o.State == Leaving && !ends.After(o.Ends) {
			ends = o.Ends.Add(time.Microsecond)
		}
	}
	if err := s.setState(ctx, tx, c.ID, Leaving, storage.Micros(ends)); err != nil {
		return err
	}
	if err := s.EndSessions(ctx, tx, p.ID, kept); err != nil {
		return err
	}
	return s.tellReplaced(ctx, tx, p, c)
}

// tellReplaced tells a contact that it does not count any more, with the link that takes
// that back. A phone gets no letters: its person hears it where she is reached.
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

// TakeBack makes a contact that was replaced or dropped the proven one again, by the
// link of its notice. Whoever replaced it may have been a thief: what was proven after it
// and lately, passkeys and accounts that were added since, and every session end. What left before
// it did keeps its own way back. Gone when its time is over.
func (s *Service) TakeBack(ctx context.Context, tx *storage.Tx, token string) error {
	l, p, err := s.useLink(ctx, tx, token, linkUndo)
	if err != nil {
		return err
	}
	old, err := s.contact(ctx, tx, p, l.Ref)
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.Gone, "people.fault.link_gone")
	}
	if err != nil {
		return err
	}
	if old.State != Leaving || !tx.Now.Before(old.Ends) {
		return fault.New(fault.Gone, "people.fault.link_gone")
	}
	// A session that replaces a contact was proven in the last quarter of an hour, and
	// may have added other things before.
	since := old.Ends.Add(-leavingFor - web.FreshFor)
	have, err := s.ContactsOf(ctx, tx, p)
	if err != nil {
		return err
	}
	for _, c := range have {
		later := c.State == Leaving && c.Ends.After(old.Ends) || c.State == Proven && c.Proved.After(old.Proved) && !c.Proved.Before(since)
		if c.ID == old.ID || !later && (c.Kind != old.Kind || c.State == Leaving) {
			continue
		}
		if err := deleteContact(ctx, tx, c.ID); err != nil {
			return err
		}
		if p.current(c.Kind) == c.Value {
			if err := p.setCurrent(c.Kind, ""); err != nil {
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
	for _, q := range []string{
		`DELETE FROM passkey WHERE person_id = $1 AND made_at >= $2`,
		`DELETE FROM oidc_link WHERE person_id = $1 AND made_at >= $2`,
	} {
		if _, err := tx.Exec(ctx, q, p.ID, storage.Micros(since)); err != nil {
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

package people

import (
	"context"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// Prove says that the person of a record has one of its contacts: she pressed the
// button of a letter, typed its code, wrote from the chat.
type Prove struct {
	Person  storage.ID
	Contact storage.ID
	Actor   access.Actor // who is signed in in the browser, if anybody
}

// Prove proves a contact. While nothing of the record is proven any contact may be
// the first, and whatever got in without a proof, sessions and passkeys, ends: it may
// have been a stranger's. A further contact is proven only by who has just signed in
// with one that is; it takes the place of the one of its kind, which is told and may
// take the record back for 14 days. So is one that was replaced, while it has not left.
//
// Faults: NotFound; Forbidden when another contact is proven and the actor is not
// signed in with it, or was too long ago.
func (s *Service) Prove(ctx context.Context, tx *storage.Tx, cmd Prove) (Contact, error) {
	p, err := s.hold(ctx, tx, cmd.Person)
	if err != nil {
		return Contact{}, err
	}
	c, err := s.contact(ctx, tx, p, cmd.Contact)
	if err != nil || c.State == Proven {
		return c, err
	}
	first, err := s.MayProve(ctx, tx, p.ID, cmd.Actor)
	if err != nil {
		return c, err
	}
	return c, s.prove(ctx, tx, &p, &c, first, cmd.Actor.Session)
}

// MayProve refuses who may not prove a contact of a record, and tells whether it would
// be the first.
func (s *Service) MayProve(ctx context.Context, tx *storage.Tx, person storage.ID, a access.Actor) (first bool, err error) {
	first, err = s.unproven(ctx, tx, person)
	switch {
	case err != nil || first:
		return first, err
	case a.Person != person:
		return false, fault.New(fault.Forbidden, "people.fault.prove_signed_in")
	}
	return false, MustBeFresh(tx.Now, a)
}

// unproven reports whether nothing of a record is proven: no contact, and no role
// that its passkey has woken.
func (s *Service) unproven(ctx context.Context, tx *storage.Tx, person storage.ID) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, `SELECT
			(SELECT COUNT(*) FROM contact WHERE person_id = $1 AND state IN ('proven', 'leaving'))
			+ (SELECT COUNT(*) FROM role_grant WHERE person_id = $1 AND woken_at > 0)`, person).Scan(&n)
	return n == 0, err
}

// prove writes what Prove has judged. kept is the session that goes on, zero for none.
func (s *Service) prove(ctx context.Context, tx *storage.Tx, p *Person, c *Contact, first bool, kept storage.ID) error {
	if first {
		if err := s.EndSessions(ctx, tx, p.ID, storage.ID{}); err != nil {
			return err
		}
		for _, q := range []string{
			`DELETE FROM passkey WHERE person_id = $1`,
			`DELETE FROM oidc_link WHERE person_id = $1`,
			// Links that were shown in a browser; those of letters went to her.
			`DELETE FROM person_link WHERE person_id = $1 AND contact_id IS NULL AND purpose NOT LIKE 'people.%' AND NOT ` + staysUsable,
		} {
			if _, err := tx.Exec(ctx, q, p.ID); err != nil {
				return err
			}
		}
	}
	others, err := s.ContactsOf(ctx, tx, *p)
	if err != nil {
		return err
	}
	for _, o := range others {
		switch {
		case o.ID == c.ID:
		case o.State == Proven && o.Kind != c.Kind: // who has it hears that there is another way in
			if err := s.tellAdded(ctx, tx, *p, o); err != nil {
				return err
			}
		case o.State == Proven:
			if err := s.letLeave(ctx, tx, *p, o, others, kept); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE session
				SET contact_id = $3
				WHERE person_id = $1 AND contact_id = $2`, p.ID, o.ID, c.ID); err != nil {
				return err
			}
		case o.State != Leaving && o.Kind == c.Kind: // she has another now
			if err := deleteContact(ctx, tx, o.ID); err != nil {
				return err
			}
		}
	}
	if err := s.setState(ctx, tx, c.ID, Proven, 0); err != nil {
		return err
	}
	c.State = Proven
	if p.current(c.Kind) != c.Value {
		if err := p.setCurrent(c.Kind, c.Value); err != nil {
			return err
		}
		if err := s.save(ctx, tx, *p); err != nil {
			return err
		}
	}
	if err := audit.Record(ctx, tx, audit.Entry{Actor: p.ID, Person: p.ID, Action: "people.audit.contact_proven"}); err != nil {
		return err
	}
	return s.proved(ctx, tx, p.ID)
}

// tellAdded tells a proven contact that another one of the record was proven too.
func (s *Service) tellAdded(ctx context.Context, tx *storage.Tx, p Person, to Contact) error {
	c := Change{Person: p.ID, What: addedContact, Path: "/me/contacts"}
	switch to.Kind {
	case EmailContact:
		c.Email, c.Only = to.Value, true
	case ChatContact:
		c.Chat, c.Only = to.Value, true
	default:
		return nil
	}
	return s.warn(ctx, tx, c)
}

// proved tells the modules that the person of a record has been proven.
func (s *Service) proved(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	for _, m := range s.modules {
		if m.Proved == nil {
			continue
		}
		if err := m.Proved(ctx, tx, person); err != nil {
			return err
		}
	}
	return nil
}

// IsProven reports whether anything of a record is proven.
func (s *Service) IsProven(ctx context.Context, tx *storage.Tx, person storage.ID) (bool, error) {
	none, err := s.unproven(ctx, tx, person)
	return !none, err
}

// HasProven reports whether a record holds a contact as proven: what is not about an
// application of hers goes there alone.
func (s *Service) HasProven(ctx context.Context, tx *storage.Tx, person storage.ID, kind ContactKind, value string) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, `SELECT COUNT(*)
		FROM contact
		WHERE person_id = $1 AND value_index = $2 AND state = 'proven'`, person, s.contactIndex(kind, value)).Scan(&n)
	return n > 0, err
}

func (s *Service) setState(ctx context.Context, tx *storage.Tx, contact storage.ID, state ContactState, ends int64) error {
	_, err := tx.Exec(ctx, `UPDATE contact
		SET state = $2, ends_at = $3, changed_at = $4,
			proven_at = CASE WHEN $2 = 'proven' AND proven_at = 0 THEN $4 ELSE proven_at END
		WHERE id = $1`, contact, string(state), ends, storage.Micros(tx.Now))
	return err
}

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
// have been a stranger's. A further contact is proven only by who signed in with one
// that is; it takes the place of the one of its kind, which is told and may take the
// record back for 14 days.
//
// Faults: NotFound; Forbidden when another contact is proven and the actor is not
// signed in with it.
func (s *Service) Prove(ctx context.Context, tx *storage.Tx, cmd Prove) (Contact, error) {
	p, err := s.ByID(ctx, tx, cmd.Person)
	if err != nil {
		return Contact{}, err
	}
	if err := s.lockPerson(ctx, tx, p.ID); err != nil {
		return Contact{}, err
	}
	c, err := s.contact(ctx, tx, p, cmd.Contact)
	if err != nil || c.State == Proven {
		return c, err
	}
	first, err := s.unproven(ctx, tx, p.ID)
	if err != nil {
		return c, err
	}
	if !first && (cmd.Actor.Person != p.ID || c.State == Leaving) {
		return c, fault.New(fault.Forbidden, "people.fault.prove_signed_in")
	}
	return c, s.prove(ctx, tx, &p, &c, first, cmd.Actor.Session)
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
			`DELETE FROM person_link WHERE person_id = $1 AND contact_id IS NULL AND purpose NOT LIKE 'people.%'`,
		} {
			if _, err := tx.Exec(ctx, q, p.ID); err != nil {
				return err
			}
		}
	}
	others, err := s.contactsOf(ctx, tx, *p)
	if err != nil {
		return err
	}
	for _, o := range others {
		if o.Kind != c.Kind || o.ID == c.ID {
			continue
		}
		switch o.State {
		case Proven:
			if err := s.setState(ctx, tx, o.ID, Leaving, storage.Micros(tx.Now.Add(leavingFor))); err != nil {
				return err
			}
			if err := s.tellReplaced(ctx, tx, *p, o); err != nil {
				return err
			}
			if err := s.EndSessions(ctx, tx, p.ID, kept); err != nil {
				return err
			}
		case Typed, Called: // she has another now
			if _, err := tx.Exec(ctx, `DELETE FROM contact WHERE id = $1`, o.ID); err != nil {
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

func (s *Service) setState(ctx context.Context, tx *storage.Tx, contact storage.ID, state ContactState, ends int64) error {
	_, err := tx.Exec(ctx, `UPDATE contact
		SET state = $2, ends_at = $3, changed_at = $4
		WHERE id = $1`, contact, string(state), ends, storage.Micros(tx.Now))
	return err
}

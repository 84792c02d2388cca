package people

import (
	"context"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// linkRole is the purpose of an invitation to a role: its holder makes her first
// passkey with it, and that wakes the role.
const linkRole = "people.role"

// invitationFor is how long an invitation to a role may be used.
const invitationFor = 7 * 24 * time.Hour

// Invite makes the one-time invitation to the roles of a person and gives its path,
// without host and language. Earlier ones end. With send a second one, of its own,
// goes to her contact: a link that was only shown proves no contact. Conflict when
// none of her roles sleeps.
func (s *Service) Invite(ctx context.Context, tx *storage.Tx, by, person storage.ID, send bool) (path string, err error) {
	p, err := s.ByID(ctx, tx, person)
	if err != nil {
		return "", err
	}
	var asleep int
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM role_grant WHERE person_id = $1 AND woken_at = 0`, p.ID).Scan(&asleep); err != nil {
		return "", err
	}
	if asleep == 0 {
		return "", fault.New(fault.Conflict, "people.fault.invitation_none")
	}
	if _, err := tx.Exec(ctx, `DELETE FROM person_link WHERE person_id = $1 AND purpose = $2`, p.ID, linkRole); err != nil {
		return "", err
	}
	l := Link{Person: p.ID, Purpose: linkRole, Once: true, Until: tx.Now.Add(invitationFor)}
	token, err := s.NewLink(ctx, tx, l)
	if err != nil {
		return "", err
	}
	if send && s.courier != nil && (p.Email != "" || p.TelegramChat != 0) {
		if l.Contact, err = s.ContactToProve(ctx, tx, p); err != nil {
			return "", err
		}
		sent, err := s.NewLink(ctx, tx, l)
		if err != nil {
			return "", err
		}
		if err := s.courier.SendInvitation(ctx, tx, p.ID, InvitationPath+sent); err != nil {
			return "", err
		}
	}
	return InvitationPath + token, audit.Record(ctx, tx, audit.Entry{Actor: by, Person: p.ID, Action: "people.audit.invited"})
}

// InvitationPath is where an invitation is used, before its token.
const InvitationPath = "/invitation/"

// Invitation is an invitation that is good still.
type Invitation struct {
	Link
	Person Person
	Grants []access.Grant
	Strong bool // she has a passkey, or an account that opens her: then she must use it
}

// HeldBy reports whether somebody is signed in, with her passkey, as who was invited: then
// a button accepts.
func (i Invitation) HeldBy(a access.Actor) bool {
	return a.Origin == access.OfPasskey && a.Person == i.Person.ID
}

// PeekInvitation reads an invitation without using it. Faults as PeekLink.
func (s *Service) PeekInvitation(ctx context.Context, tx *storage.Tx, token string) (i Invitation, err error) {
	if i.Link, err = s.PeekLink(ctx, tx, token, linkRole); err != nil {
		return i, err
	}
	if i.Person, err = s.ByID(ctx, tx, i.Link.Person); err != nil {
		return i, err
	}
	if i.Grants, err = s.Grants(ctx, tx, i.Person.ID); err != nil {
		return i, err
	}
	var keys int
	if err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM passkey WHERE person_id = $1`, i.Person.ID).Scan(&keys); err != nil {
		return i, err
	}
	i.Strong = keys > 0
	if i.Strong {
		return i, nil
	}
	if i.Strong, err = s.hasAccount(ctx, tx, i.Person.ID); err != nil || !i.Strong {
		return i, err
	}
	i.Strong, err = s.worksAwake(ctx, tx, i.Person.ID) // else the account does not open her
	return i, err
}

// wake uses an invitation up: all roles of its person that sleep are awake from now
// on. Every other invitation of hers ends. The contact that the link went to is proven
// when it is the first; strong says that she came by a passkey that she has, which then
// stays, with the session kept.
func (s *Service) wake(ctx context.Context, tx *storage.Tx, token string, strong bool, kept storage.ID) (storage.ID, error) {
	l, p, err := s.useLink(ctx, tx, token, linkRole)
	if err != nil {
		return p.ID, err
	}
	if !l.Contact.IsZero() {
		first, err := s.unproven(ctx, tx, p.ID)
		if err != nil {
			return p.ID, err
		}
		c, err := s.contact(ctx, tx, p, l.Contact)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return p.ID, err
		}
		if first && err == nil {
			if err := s.prove(ctx, tx, &p, &c, !strong, kept); err != nil {
				return p.ID, err
			}
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE role_grant SET woken_at = $2 WHERE person_id = $1 AND woken_at = 0`, p.ID, storage.Micros(tx.Now)); err != nil {
		return p.ID, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM person_link WHERE person_id = $1 AND purpose = $2 AND used_at = 0`, p.ID, linkRole); err != nil {
		return p.ID, err
	}
	return p.ID, audit.Record(ctx, tx, audit.Entry{Actor: p.ID, Person: p.ID, Action: "people.audit.woken"})
}

// Administrators counts the administrators whose role is awake: a house without one
// cannot be run from its pages.
func (s *Service) Administrators(ctx context.Context, tx *storage.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM role_grant WHERE role = $1 AND woken_at > 0`, string(access.Admin)).Scan(&n)
	return n, err
}

// TakesPasskeys reports whether the site has a name that passkeys accept.
func (s *Service) TakesPasskeys() bool { return s.webauthn != nil }

// InviteAdministrator gives the record with an e-mail address the role of an
// administrator Everywhere, asleep, and gives the path of its invitation. It makes a
// record when none of that address has a role. With anew an administrator who lost
// her passkeys is invited again: they go, and her roles sleep until she comes. For the
// command line: whoever may read the data folder may do everything already.
func (s *Service) InviteAdministrator(ctx context.Context, tx *storage.Tx, email, name string, anew bool) (path string, err error) {
	address, err := Email(email)
	if err != nil {
		return "", err
	}
	if address == "" {
		return "", fault.At("email", "fault.not_an_email")
	}
	list, err := s.WithContact(ctx, tx, EmailContact, address)
	if err != nil {
		return "", err
	}
	var p Person
	// One that works here already, no matter who else shares the address: rather who has
	// proven it, and never who only typed it beside a proven one.
	proven := false
	for _, have := range list {
		holds, err := s.holdsRole(ctx, tx, have.ID)
		if err != nil {
			return "", err
		}
		hers, err := s.HasProven(ctx, tx, have.ID, EmailContact, address)
		if err != nil {
			return "", err
		}
		if holds && !proven && (hers || p.ID.IsZero() && emailKey(have.Email) == emailKey(address)) {
			p, proven = have, hers
		}
	}
	if p.ID.IsZero() {
		if name == "" {
			name = "Administrator"
		}
		if p, err = s.Register(ctx, tx, Details{FullName: name, Email: address}); err != nil {
			return "", err
		}
	}
	if _, err := s.grant(ctx, tx, storage.ID{}, p.ID, access.Grant{Role: access.Admin}, time.Time{}); err != nil {
		return "", err
	}
	if anew {
		if err := s.sleep(ctx, tx, p.ID); err != nil {
			return "", err
		}
	}
	return s.Invite(ctx, tx, storage.ID{}, p.ID, false)
}

// sleep takes the ways in of who works here: her roles sleep until a new invitation
// was used.
func (s *Service) sleep(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	for _, q := range []string{
		`DELETE FROM passkey WHERE person_id = $1`,
		`DELETE FROM oidc_link WHERE person_id = $1`,
		`UPDATE role_grant SET woken_at = 0 WHERE person_id = $1`,
	} {
		if _, err := tx.Exec(ctx, q, person); err != nil {
			return err
		}
	}
	return s.EndSessions(ctx, tx, person, storage.ID{})
}

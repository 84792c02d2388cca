package people

import (
	"context"
	"slices"
	"strconv"
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
// goes to her contact: a link that was only shown proves no contact; sent says whether one
// went, see sendInvitation. Conflict when none of her roles sleeps.
func (s *Service) Invite(ctx context.Context, tx *storage.Tx, by, person storage.ID, send bool) (path string, sent bool, err error) {
	l, p, err := s.beginInvitation(ctx, tx, person)
	if err != nil {
		return "", false, err
	}
	token, err := s.NewLink(ctx, tx, l)
	if err != nil {
		return "", false, err
	}
	if send {
		if sent, err = s.sendInvitation(ctx, tx, l, p, RoleLetter{}); err != nil {
			return "", false, err
		}
	}
	return InvitationPath + token, sent, audit.Record(ctx, tx, audit.Entry{Actor: by, Person: p.ID, Action: "people.audit.invited"})
}

// InviteByLetter sends the invitation to a helper of an activity to her alone, so that who
// gave the role sees no link: whoever opens it makes her first passkey. It wakes all roles of
// hers that sleep, so that only who gives roles may send it while one of staff does: by says
// who. Invalid, with a fault at person, when no letter reaches her; Conflict as Invite, and
// while a role of staff sleeps.
func (s *Service) InviteByLetter(ctx context.Context, tx *storage.Tx, by access.Actor, person, activity storage.ID) error {
	l, p, err := s.beginInvitation(ctx, tx, person)
	if err != nil {
		return err
	}
	grants, err := s.Grants(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(grants, func(g access.Grant) bool { return g.Asleep && !g.Role.Helps() }) && !Everywhere(by, "people.roles") {
		return fault.New(fault.Conflict, "people.fault.invitation_admin")
	}
	sent, err := s.sendInvitation(ctx, tx, l, p, RoleLetter{Activity: activity})
	if err == nil && !sent {
		err = fault.At("person", "people.fault.no_letter")
	}
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: by.Person, Person: p.ID, Action: "people.audit.invited"})
}

// RoleLetter is an invitation on its way to one address or one chat.
type RoleLetter struct {
	Person      storage.ID
	Path        string
	Email, Chat string     // where it goes, and nowhere else; both empty: where she is reached
	Activity    storage.ID // that she helps at; may be zero

	// What the letter says of the role, where it says so; else the page behind the link does.
	Role access.Role
	City string // a code, empty for everywhere
	By   string // the name of who invites
}

// beginInvitation ends the invitations of a person and gives the link of a new one.
func (s *Service) beginInvitation(ctx context.Context, tx *storage.Tx, person storage.ID) (l Link, p Person, err error) {
	if p, err = s.ByID(ctx, tx, person); err != nil {
		return l, p, err
	}
	var asleep int
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM role_grant WHERE person_id = $1 AND woken_at = 0 AND (ends_at = 0 OR ends_at > $2)`, p.ID, storage.Micros(tx.Now)).Scan(&asleep); err != nil {
		return l, p, err
	}
	if asleep == 0 {
		return l, p, fault.New(fault.Conflict, "people.fault.invitation_none")
	}
	_, err = tx.Exec(ctx, `DELETE FROM person_link WHERE person_id = $1 AND purpose = $2`, p.ID, linkRole)
	return Link{Person: p.ID, Purpose: linkRole, Once: true, Until: tx.Now.Add(invitationFor)}, p, err
}

// sendInvitation sends a link of its own to one contact of a person, which it proves when
// nothing is proven yet. Of who has proven something it goes to a proven contact alone: a
// typed one may be anybody's, and whoever opens it makes her first passkey. sent is false
// when there is no such contact. While nothing is proven it goes to letter.Email where one is
// chosen, and nowhere else.
func (s *Service) sendInvitation(ctx context.Context, tx *storage.Tx, l Link, p Person, letter RoleLetter) (sent bool, err error) {
	if s.courier == nil {
		return false, nil
	}
	chosen := letter.Email
	letter.Person, letter.Email = p.ID, ""
	first, err := s.unproven(ctx, tx, p.ID)
	if err != nil {
		return false, err
	}
	if first && chosen != "" {
		return s.sendTo(ctx, tx, l, p, letter, chosen)
	}
	may := func(kind ContactKind, value string) (bool, error) {
		if first || value == "" {
			return value != "", nil
		}
		return s.HasProven(ctx, tx, p.ID, kind, value)
	}
	chat := ""
	if p.TelegramChat != 0 {
		chat = strconv.FormatInt(p.TelegramChat, 10)
	}
	if ok, err := may(ChatContact, chat); err != nil {
		return false, err
	} else if ok {
		letter.Chat = chat
	} else if ok, err := may(EmailContact, p.Email); err != nil || !ok {
		return false, err
	} else {
		letter.Email = p.Email
	}
	if l.Contact, err = s.ContactToProve(ctx, tx, p); err != nil {
		return false, err
	}
	return true, s.sendLink(ctx, tx, l, letter)
}

// sendTo sends a link to the address that was chosen, one of hers of which none is proven:
// whoever opens it there is who was meant.
func (s *Service) sendTo(ctx context.Context, tx *storage.Tx, l Link, p Person, letter RoleLetter, address string) (sent bool, err error) {
	list, err := s.ContactsOf(ctx, tx, p)
	if err != nil {
		return false, err
	}
	for _, c := range list {
		if c.Kind == EmailContact && c.State != Leaving && emailKey(c.Value) == emailKey(address) {
			l.Contact, letter.Email = c.ID, c.Value
			return true, s.sendLink(ctx, tx, l, letter)
		}
	}
	return false, nil
}

func (s *Service) sendLink(ctx context.Context, tx *storage.Tx, l Link, letter RoleLetter) error {
	token, err := s.NewLink(ctx, tx, l)
	if err != nil {
		return err
	}
	letter.Path = InvitationPath + token
	return s.courier.SendInvitation(ctx, tx, letter)
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
	i.Grants = slices.DeleteFunc(i.Grants, func(g access.Grant) bool { return g.Over(tx.Now) })
	if !slices.ContainsFunc(i.Grants, func(g access.Grant) bool { return g.Asleep }) {
		return i, fault.New(fault.Gone, "people.fault.link_gone")
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
		if !strong && !first && (err != nil || c.State != Proven) {
			// Something else was proven since it was sent: this address may be anybody's.
			return p.ID, fault.New(fault.Gone, "people.fault.link_gone")
		}
		if first && err == nil {
			if err := s.prove(ctx, tx, &p, &c, !strong, kept); err != nil {
				return p.ID, err
			}
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE role_grant SET woken_at = $2 WHERE person_id = $1 AND woken_at = 0 AND (ends_at = 0 OR ends_at > $2)`, p.ID, storage.Micros(tx.Now)); err != nil {
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
// administrator everywhere, asleep, and gives the path of its invitation. It makes a
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
	path, _, err = s.Invite(ctx, tx, storage.ID{}, p.ID, false)
	return path, err
}

// sleep takes the ways in of who works here: her roles sleep until a new invitation
// was used.
func (s *Service) sleep(ctx context.Context, tx *storage.Tx, person storage.ID) error {
	for _, q := range []string{
		`DELETE FROM passkey WHERE person_id = $1`,
		`DELETE FROM oidc_link WHERE person_id = $1`,
		`UPDATE role_grant SET woken_at = 0 WHERE person_id = $1`,
		`DELETE FROM person_link WHERE person_id = $1 AND purpose = '` + linkRole + `'`, // invitations from before
	} {
		if _, err := tx.Exec(ctx, q, person); err != nil {
			return err
		}
	}
	return s.EndSessions(ctx, tx, person, storage.ID{})
}

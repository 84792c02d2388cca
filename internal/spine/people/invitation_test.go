package people_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// roles gives what a person may do with a session of an origin.
func (s *scene) roles(person storage.ID, origin access.Origin) (out []access.Role) {
	s.t.Helper()
	for _, g := range s.who(s.start(person, origin)).Grants {
		out = append(out, g.Role)
	}
	return out
}

func TestARoleSleepsUntilItsInvitationAndStaffNeedAPasskeyBesides(t *testing.T) {
	scenes(t, func(s *scene) {
		admin := s.register(people.Details{FullName: "Админ"})
		p := s.register(people.Details{FullName: "Асан", Email: "a@mail.kg"})
		give := func(role access.Role) (given bool) {
			s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
				given, err = s.svc.GrantBy(ctx, tx, admin.ID, p.ID, access.Grant{Role: role})
				return err
			})
			return given
		}
		if !give(access.Coordinator) || !give(access.Deputy) || give(access.Deputy) {
			s.t.Fatal("a role is given once")
		}
		if got := s.roles(p.ID, access.OfPasskey); len(got) != 0 {
			s.t.Errorf("roles that sleep: %v", got)
		}
		// A role that sleeps is no proof: her first proof may come by her letter.
		if proven, err := s.isProven(p.ID); err != nil || proven {
			s.t.Errorf("proven by a role that sleeps: %v", err)
		}
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE role_grant SET woken_at = 1 WHERE person_id = $1`, p.ID)
			return err
		})
		if got := s.roles(p.ID, access.OfPasskey); len(got) != 2 {
			s.t.Errorf("awake, with a passkey: %v", got)
		}
		if got := s.roles(p.ID, access.OfProof); !slices.Equal(got, []access.Role{access.Deputy}) {
			s.t.Errorf("awake, with a code: %v", got)
		}
	})
}

func TestAnInvitationEndsThoseBeforeAndItselfAfterSevenDays(t *testing.T) {
	scenes(t, func(s *scene) {
		p := s.register(people.Details{FullName: "Асан", Email: "a@mail.kg"})
		invite := func(send bool) (string, error) {
			var path string
			err := s.do(func(ctx context.Context, tx *storage.Tx) (err error) {
				path, _, err = s.svc.Invite(ctx, tx, storage.ID{}, p.ID, send)
				return err
			})
			return strings.TrimPrefix(path, "/invitation/"), err
		}
		if _, err := invite(true); !fault.Is(err, fault.Conflict) {
			s.t.Errorf("an invitation to nothing: %v", err)
		}
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.svc.GrantBy(ctx, tx, p.ID, p.ID, access.Grant{Role: access.Coordinator})
			return err
		})
		// Said is what was done: she has proven a phone, and the address may be anybody's.
		other := s.register(people.Details{FullName: "Бермет", Email: "typed@mail.kg", Phone: "+996555123456"})
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE contact SET state = 'proven', proven_at = 1 WHERE person_id = $1 AND kind = 'phone'`, other.ID); err != nil {
				return err
			}
			if _, err := s.svc.GrantBy(ctx, tx, p.ID, other.ID, access.Grant{Role: access.Coordinator}); err != nil {
				return err
			}
			if _, sent, err := s.svc.Invite(ctx, tx, p.ID, other.ID, true); sent || err != nil || len(s.sent.Invitations) > 0 {
				s.t.Errorf("sent %v, %d letters, %v", sent, len(s.sent.Invitations), err)
			}
			return nil
		})
		first, err := invite(true)
		if err != nil || len(s.sent.Invitations) != 1 || s.sent.Invitations[0] == first {
			s.t.Fatalf("%v, sent %v", err, s.sent.Invitations)
		}
		second, err := invite(false)
		if err != nil || len(s.sent.Invitations) != 1 {
			s.t.Fatal(err)
		}
		for _, before := range []string{first, s.sent.Invitations[0]} {
			if s.opens(before, "people.role") {
				s.t.Error("an earlier invitation opens still")
			}
		}
		s.clock.Pass(7*24*time.Hour - time.Second)
		if !s.opens(second, "people.role") {
			s.t.Error("closed before seven days")
		}
		s.clock.Pass(time.Second)
		if s.opens(second, "people.role") {
			s.t.Error("open after seven days")
		}
	})
}

func TestAnAdministratorIsInvitedFromTheCommandLine(t *testing.T) {
	scenes(t, func(s *scene) {
		invite := func(email string, anew bool) {
			s.t.Helper()
			s.must(func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.svc.InviteAdministrator(ctx, tx, email, "", anew)
				return err
			})
		}
		holders := func() (list []storage.ID) {
			s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
				list, err = s.svc.Holders(ctx, tx, access.Admin)
				return err
			})
			return list
		}
		// Forms with the address make nobody an administrator.
		form := s.register(people.Details{FullName: "Бирөө", Email: "admin@office.kg"})
		invite("admin@office.kg", false)
		invite("admin@office.kg", false)
		if list := holders(); len(list) != 1 || list[0] == form.ID {
			s.t.Fatalf("administrators %v", list)
		}
		// Nor does a colleague who only typed it beside her own.
		colleague := s.register(people.Details{FullName: "Модератор", Email: "m@office.kg"})
		s.as("m@office.kg")
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			return s.svc.Grant(ctx, tx, colleague.ID, access.Grant{Role: access.Moderator})
		})
		s.change(colleague.ID, people.EmailContact, "next@office.kg")
		invite("next@office.kg", false)
		if list := holders(); slices.Contains(list, colleague.ID) || len(list) != 2 {
			s.t.Errorf("administrators %v", list)
		}
		for _, email := range []string{"", "no"} {
			if err := s.do(func(ctx context.Context, tx *storage.Tx) error {
				_, err := s.svc.InviteAdministrator(ctx, tx, email, "", false)
				return err
			}); !fault.Is(err, fault.Invalid) {
				s.t.Errorf("%q: %v", email, err)
			}
		}
		admin := holders()[0]
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE role_grant SET woken_at = 1 WHERE person_id = $1`, admin)
			return err
		})
		s.keyed(admin)
		session := s.start(admin, access.OfPasskey)
		count := func() (n int) {
			s.must(func(ctx context.Context, tx *storage.Tx) (err error) {
				n, err = s.svc.Administrators(ctx, tx)
				return err
			})
			return n
		}
		if count() != 1 {
			s.t.Errorf("%d administrators are awake", count())
		}
		mail := s.contacts(admin)[0].Value
		if err := s.do(func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.svc.InviteAdministrator(ctx, tx, mail, "", false)
			return err
		}); !fault.Is(err, fault.Conflict) {
			s.t.Errorf("she works already: %v", err)
		}
		invite(mail, true)
		if count() != 0 || s.keys(admin) != 0 || s.who(session).SignedIn() {
			s.t.Error("who lost her passkeys keeps something of before")
		}
	})
}

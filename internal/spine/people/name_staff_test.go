package people_test

import (
	"context"
	"slices"
	"testing"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
)

// naming is a scene with an administrator who has just signed in.
func naming(t *testing.T, f func(s *scene, admin access.Actor)) {
	t.Helper()
	scenes(t, func(s *scene) {
		admin := s.working(access.Admin, "")
		admin.Proven = s.clock.Now()
		f(s, admin)
	})
}

func (s *scene) names(cmd people.NameStaff) (out people.StaffNamed, err error) {
	s.t.Helper()
	err = s.do(func(ctx context.Context, tx *storage.Tx) (err error) {
		out, err = s.svc.NameStaff(ctx, tx, cmd)
		return err
	})
	return out, err
}

func TestSomebodyIsNamedByOneFormAndOneLetter(t *testing.T) {
	naming(t, func(s *scene, admin access.Actor) {
		cmd := people.NameStaff{By: admin, Name: "Нурайым Касымова", Email: "n@mail.kg", Lang: "ru", Role: access.Coordinator, City: "naryn"}
		got, err := s.names(cmd)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(s.sent.Invitations) != 1 || len(s.sent.Changes) != 0 {
			s.t.Errorf("%d invitations, %d other letters", len(s.sent.Invitations), len(s.sent.Changes))
		}
		if l := s.sent.Roles[0]; l.Role != access.Coordinator || l.City != "naryn" || l.By != "Кызматкер" || l.Email != "n@mail.kg" {
			s.t.Errorf("the letter says %+v", l)
		}
		if roles := s.roles(got.Person.ID, access.OfPasskey); len(roles) != 0 {
			s.t.Errorf("awake before the invitation was used: %v", roles)
		}
		// The button pressed again, also at the same moment, is the same naming.
		again, err := s.names(cmd)
		if err != nil || !again.Before || again.Person.ID != got.Person.ID {
			s.t.Errorf("%+v, %v", again, err)
		}
		cmd.Email, cmd.New = "m@mail.kg", true
		both := func(ctx context.Context, tx *storage.Tx) error {
			_, err := s.svc.NameStaff(ctx, tx, cmd)
			return err
		}
		if err := s.atOnce(both, both); err != nil {
			s.t.Error(err)
		}
		if n := s.count(`SELECT COUNT(*) FROM role_grant WHERE role = 'coordinator'`); n != 2 || len(s.sent.Invitations) != 2 {
			s.t.Errorf("%d roles, %d invitations", n, len(s.sent.Invitations))
		}
	})
}

func TestWhoHasTheAddressIsChosenAndNeverGuessed(t *testing.T) {
	naming(t, func(s *scene, admin access.Actor) {
		have := s.register(people.Details{FullName: "Касымова Нурайым", Email: "n@mail.kg", City: "naryn"})
		cmd := people.NameStaff{By: admin, Name: "Нурайым Касымова", Email: "n@mail.kg", Role: access.Coordinator, City: "naryn"}
		got, err := s.names(cmd)
		if f := fault.Of(err); f == nil || f.Key != people.ChooseRecord || len(got.Like) != 1 || got.Like[0].ID != have.ID {
			s.t.Fatalf("%+v, %v", got.Like, err)
		}
		if s.count(`SELECT COUNT(*) FROM role_grant WHERE role = 'coordinator'`) != 0 || len(s.sent.Invitations) != 0 {
			s.t.Error("something has happened before it was chosen")
		}
		cmd.Person = have.ID
		if got, err = s.names(cmd); err != nil || got.Person.ID != have.ID || len(s.sent.Invitations) != 1 {
			s.t.Errorf("%v, %d invitations", err, len(s.sent.Invitations))
		}
		cmd.Person, cmd.New, cmd.Name = storage.ID{}, true, "Нургүл Касымова"
		if got, err = s.names(cmd); err != nil || got.Person.ID == have.ID || len(s.sent.Invitations) != 2 {
			s.t.Errorf("another of the same address: %v", err)
		}
	})
}

func TestOnlyWhoGivesRolesAndHasJustSignedInNames(t *testing.T) {
	naming(t, func(s *scene, admin access.Actor) {
		good := people.NameStaff{By: admin, Name: "Нурайым Касымова", Email: "n@mail.kg", Role: access.Coordinator, City: "naryn"}
		stale, coordinator := admin, s.working(access.Coordinator, "")
		stale.Proven = s.clock.Now().Add(-1e12)
		coordinator.Proven = s.clock.Now()
		for name, c := range map[string]struct {
			change func(cmd *people.NameStaff)
			code   fault.Code
			field  string
		}{
			"a coordinator":       {func(cmd *people.NameStaff) { cmd.By = coordinator }, fault.Forbidden, ""},
			"signed in long ago":  {func(cmd *people.NameStaff) { cmd.By = stale }, fault.Forbidden, ""},
			"no name":             {func(cmd *people.NameStaff) { cmd.Name = "" }, fault.Invalid, "name"},
			"no address":          {func(cmd *people.NameStaff) { cmd.Email = "" }, fault.Invalid, "email"},
			"no address but text": {func(cmd *people.NameStaff) { cmd.Email = "нарын" }, fault.Invalid, "email"},
			"no role":             {func(cmd *people.NameStaff) { cmd.Role = "" }, fault.Invalid, "role"},
			"a participant":       {func(cmd *people.NameStaff) { cmd.Role = access.Participant }, fault.Invalid, "role"},
			"a helper":            {func(cmd *people.NameStaff) { cmd.Role = access.Helpers[0] }, fault.Invalid, "role"},
			"unknown language":    {func(cmd *people.NameStaff) { cmd.Lang = "de" }, fault.Invalid, "lang"},
			"nobody":              {func(cmd *people.NameStaff) { cmd.Person = storage.ID{1} }, fault.NotFound, ""},
		} {
			cmd := good
			c.change(&cmd)
			_, err := s.names(cmd)
			f := fault.Of(err)
			if f == nil || f.Code != c.code || c.field != "" && !slices.ContainsFunc(f.Fields, func(e *fault.Error) bool { return e.Field == c.field }) {
				s.t.Errorf("%s: %v", name, err)
			}
		}
		if s.count(`SELECT COUNT(*) FROM role_grant WHERE role = 'coordinator'`) != 1 || len(s.sent.Invitations) != 0 { // hers, of above
			s.t.Error("a refusal left something behind")
		}
	})
}

// Of a record with several addresses, none of them proven, the letter goes to the one that was
// typed: who has another of them is somebody else, perhaps.
func TestTheInvitationGoesToTheAddressThatWasTyped(t *testing.T) {
	naming(t, func(s *scene, admin access.Actor) {
		into := s.register(people.Details{FullName: "Касымова Нурайым", Email: "x@mail.kg", City: "naryn"})
		from := s.register(people.Details{FullName: "Касымова Нурайым", Email: "n@mail.kg", City: "naryn"})
		s.must(func(ctx context.Context, tx *storage.Tx) error {
			list, err := s.svc.ContactsOf(ctx, tx, from)
			if err != nil {
				return err
			}
			return s.svc.Merge(ctx, tx, people.MergeRecords{By: admin.Person, From: from.ID, Into: into.ID, Contacts: []storage.ID{list[0].ID}})
		})
		if _, err := s.names(people.NameStaff{By: admin, Person: into.ID, Email: "N@mail.kg", Role: access.Coordinator, City: "naryn"}); err != nil {
			s.t.Fatal(err)
		}
		if l := s.sent.Roles[len(s.sent.Roles)-1]; l.Email != "n@mail.kg" {
			s.t.Errorf("the letter goes to %q", l.Email)
		}
		if _, err := s.names(people.NameStaff{By: admin, Person: into.ID, Email: "nobody@mail.kg", Role: access.Facilitator, City: "naryn"}); !fault.Is(err, fault.Invalid) {
			s.t.Errorf("to an address that is none of hers: %v", err)
		}
	})
}

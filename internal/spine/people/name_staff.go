package people

import (
	"context"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
)

// NameStaff gives somebody a role by one form: who she is, what she does and where.
type NameStaff struct {
	By     access.Actor
	Person storage.ID // the record that was chosen; zero: the address tells, or a new one is made
	New    bool       // she is another than those who have the address
	Name   string
	Email  string
	Lang   i18n.Language // of the letter to a new record
	Role   access.Role
	City   string // empty: everywhere
}

// StaffNamed is how it ended.
type StaffNamed struct {
	Person Person
	Before bool     // she holds the role there already, asleep or awake: nothing was sent
	Like   []Person // with the fault ChooseRecord: who has the address
}

// ChooseRecord is the fault of a NameStaff whose address stands in records: one of them, or
// that it is another person, has to be chosen.
const ChooseRecord = "people.fault.choose_record"

// namingSetting is the setting that each naming holds: they come one after the other, so that
// of two who name the same person at one moment the second finds the record of the first.
const namingSetting = "people.naming"

// NameStaff makes the record of somebody who shall work for the programme, or takes the one
// that was chosen, gives it the role, asleep, and sends one letter: who invites to what and
// where, with the link that wakes it. Pressed twice it makes one record, and sends one letter.
//
// Forbidden for who does not give roles; Invalid with a fault for each wrong field, or when no
// letter reaches her; Conflict, ChooseRecord, when others have the address.
func (s *Service) NameStaff(ctx context.Context, tx *storage.Tx, cmd NameStaff) (out StaffNamed, err error) {
	if err := MayGiveRoles(tx.Now, cmd.By); err != nil {
		return out, err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
		namingSetting, tx.NewID().String()); err != nil {
		return out, err
	}
	d, err := s.tidyNamed(cmd, tx.Now)
	if err != nil {
		return out, err
	}
	g := access.Grant{Role: cmd.Role, Scope: access.Scope{City: cmd.City}}
	if cmd.Person.IsZero() {
		out, err = s.namedBefore(ctx, tx, d, g, cmd.New)
		if err != nil || out.Before {
			return out, err
		}
		out.Person, err = s.Register(ctx, tx, d)
	} else {
		out.Person, err = s.ByID(ctx, tx, cmd.Person)
	}
	if err != nil {
		return out, err
	}
	// No second letter tells of the role: the invitation does.
	given, err := s.grant(ctx, tx, cmd.By.Person, out.Person.ID, g, time.Time{})
	if err != nil {
		return out, err
	}
	if !given {
		out.Before = true
		return out, nil
	}
	link, p, err := s.beginInvitation(ctx, tx, out.Person.ID)
	if err != nil {
		return out, err
	}
	by, err := s.ByID(ctx, tx, cmd.By.Person)
	if err != nil {
		return out, err
	}
	sent, err := s.sendInvitation(ctx, tx, link, p, RoleLetter{Role: g.Role, City: g.Scope.City, By: by.FullName, Email: strings.TrimSpace(cmd.Email)})
	if err == nil && !sent {
		err = fault.At("email", "people.fault.no_letter")
	}
	if err != nil {
		return out, err
	}
	return out, audit.Record(ctx, tx, audit.Entry{Actor: cmd.By.Person, Person: p.ID, Action: "people.audit.invited"})
}

// tidyNamed judges what was typed. A record that was chosen needs no name and no address.
func (s *Service) tidyNamed(cmd NameStaff, now time.Time) (Details, error) {
	var form fault.Form
	form.Check(cmd.Role.Staff() && slices.Contains(access.Roles[:], cmd.Role), "role", "fault.not_a_choice")
	if cmd.City != "" {
		e, known := s.Lists().City(cmd.City)
		form.Check(s.book == nil || known && !e.Closed, "city", "fault.not_a_choice")
	}
	d := Details{FullName: cmd.Name, Email: cmd.Email, Lang: cmd.Lang}
	if !cmd.Person.IsZero() {
		return d, form.Err()
	}
	form.Check(cmd.Email != "", "email", "fault.required")
	form.Check(cmd.Lang == "" || profile.Of(profile.Lang).Takes(s.Lists(), string(cmd.Lang)), "lang", "fault.not_a_choice")
	tidy, err := Tidy(s.Lists(), d, now)
	if err := form.Join(err); err != nil {
		return d, err
	}
	return tidy, form.Err()
}

// namedBefore looks for records with the address: one of the same name that holds the role
// there is she; of others one has to be chosen, unless it is said that she is another.
func (s *Service) namedBefore(ctx context.Context, tx *storage.Tx, d Details, g access.Grant, another bool) (out StaffNamed, err error) {
	out.Like, err = s.WithContact(ctx, tx, EmailContact, d.Email)
	if err != nil {
		return out, err
	}
	for _, have := range out.Like {
		if nameKey(have.FullName) != nameKey(d.FullName) {
			continue
		}
		grants, err := s.Grants(ctx, tx, have.ID)
		if err != nil {
			return out, err
		}
		if slices.ContainsFunc(grants, func(h access.Grant) bool { return h.Role == g.Role && h.Scope == g.Scope && !h.Over(tx.Now) }) {
			return StaffNamed{Person: have, Before: true}, nil
		}
	}
	if len(out.Like) > 0 && !another {
		return out, fault.New(fault.Conflict, ChooseRecord)
	}
	return StaffNamed{}, nil
}

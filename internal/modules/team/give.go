package team

import (
	"context"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

// Give invites somebody to help at an activity.
type Give struct {
	Actor    access.Actor
	Activity storage.ID
	Person   storage.ID     // a record that the actor sees; zero: Details make one. Never both
	Details  people.Details // name, e-mail, language
	Role     access.Role
	// From and Until are days in Bishkek, 2006-01-02, the last one included. Empty: from
	// now, and until DaysAfter days after the activity.
	From, Until string
	Demo        bool
}

// Give gives the role and sends the invitation, when one is wanted. Nobody but the person
// gets the link, since it makes her first passkey.
//
// Forbidden for who does not keep the helpers of the activity, has not just shown who she
// is, or does not see the person; Invalid with a fault at each wrong field; Conflict for an
// activity that was called off or has people.MostHelpers.
func (m *Module) Give(ctx context.Context, tx *storage.Tx, cmd Give) error {
	a, err := m.kept(ctx, tx, cmd.Actor, cmd.Activity)
	if err != nil {
		return err
	}
	if a.State == programme.Cancelled {
		return fault.New(fault.Conflict, "programme.fault.cancelled")
	}
	var form fault.Form
	h := people.Help{Person: cmd.Person, Activity: a.ID, Role: cmd.Role, Begins: tx.Now, Ends: lastDay(a, tx.Now)}
	form.Check(cmd.Role.Helps(), "role", "fault.not_a_choice")
	if cmd.From != "" {
		day, err := time.ParseInLocation(time.DateOnly, cmd.From, i18n.Bishkek())
		if form.Check(err == nil, "from", "team.fault.day"); err == nil && day.After(tx.Now) {
			h.Begins = day
		}
	}
	if cmd.Until != "" {
		day, err := time.ParseInLocation(time.DateOnly, cmd.Until, i18n.Bishkek())
		if form.Check(err == nil, "until", "team.fault.day"); err == nil {
			h.Ends = dayAfter(day)
		}
	}
	form.Check(cmd.Person.IsZero() || cmd.Details.FullName == "" && cmd.Details.Email == "", "person", "team.fault.both")
	if cmd.Person.IsZero() {
		form.Check(cmd.Details.Email != "", "email", "team.fault.email")
		if cmd.Details, err = people.Tidy(m.People.Lists(), cmd.Details, tx.Now); form.Join(err) != nil {
			return err
		}
	}
	if err := form.Err(); err != nil {
		return err
	}
	p, err := m.whom(ctx, tx, cmd)
	if err != nil {
		return err
	}
	h.Person = p.ID
	asleep, err := m.People.GiveHelp(ctx, tx, cmd.Actor.Person, h)
	if err != nil || !asleep {
		return err
	}
	return m.People.InviteByLetter(ctx, tx, cmd.Actor, p.ID, a.ID)
}

// whom finds the record that is invited, or makes one. Of somebody whose name and address
// are known to the actor no second one is made.
func (m *Module) whom(ctx context.Context, tx *storage.Tx, cmd Give) (people.Person, error) {
	if !cmd.Person.IsZero() {
		p, err := m.People.ByID(ctx, tx, cmd.Person)
		if err != nil {
			return p, fault.At("person", "fault.not_a_choice")
		}
		if !people.Sees(cmd.Actor, p) {
			return p, fault.New(fault.Forbidden, "fault.forbidden")
		}
		return p, nil
	}
	d := cmd.Details
	d.Demo = cmd.Demo
	var wrong error
	p, there, err := m.People.Same(ctx, tx, d, func(p people.Person) bool {
		if wrong != nil || !strings.EqualFold(p.Email, d.Email) { // the letter would go elsewhere than was typed
			return false
		}
		if people.Sees(cmd.Actor, p) {
			return true
		}
		var hers bool
		hers, wrong = m.helpsHer(ctx, tx, cmd.Actor, p.ID)
		return hers
	})
	if err == nil {
		err = wrong
	}
	if err != nil || there {
		return p, err
	}
	return m.People.Register(ctx, tx, d)
}

// helpsHer reports whether somebody helps at an activity whose helpers the actor keeps:
// whom she has invited by name, of no city, she knows.
func (m *Module) helpsHer(ctx context.Context, tx *storage.Tx, actor access.Actor, person storage.ID) (bool, error) {
	list, err := m.People.HelpsOf(ctx, tx, person)
	if err != nil {
		return false, err
	}
	for _, h := range list {
		a, err := programme.ByID(ctx, tx, h.Activity)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil || actor.May(MayKeep, a.Scope()) {
			return err == nil, err
		}
	}
	return false, nil
}

// kept finds an activity whose helpers the actor keeps, and asks that she has just shown
// who she is.
func (m *Module) kept(ctx context.Context, tx *storage.Tx, actor access.Actor, id storage.ID) (programme.Activity, error) {
	a, err := programme.HeldAlone(ctx, tx, id) // two who give, or one who moves it, go one after the other
	if err != nil {
		return a, err
	}
	if !actor.May(MayKeep, a.Scope()) {
		return a, fault.New(fault.Forbidden, "fault.forbidden")
	}
	return a, people.MustBeFresh(tx.Now, actor)
}

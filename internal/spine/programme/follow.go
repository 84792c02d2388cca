package programme

import (
	"context"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/profile"
)

// Part is something that a copy takes over from its template.
type Part struct {
	Name string
	Same func(a, b Activity) bool
	Take func(to *Activity, from Activity)
}

// Parts are all that a copy takes over.
func Parts() []Part {
	var out []Part
	for _, name := range TextNames {
		out = append(out, Part{
			name,
			func(a, b Activity) bool { return *a.Text(name) == *b.Text(name) },
			func(to *Activity, from Activity) { *to.Text(name) = *from.Text(name) },
		})
	}
	return append(out,
		Part{
			"hours", func(a, b Activity) bool { return a.Starts.Equal(b.Starts) && a.Ends.Equal(b.Ends) },
			func(to *Activity, from Activity) { to.Starts, to.Ends = from.Starts, from.Ends },
		},
		Part{
			"applications", func(a, b Activity) bool { return a.Opens.Equal(b.Opens) && a.Deadline.Equal(b.Deadline) },
			func(to *Activity, from Activity) { to.Opens, to.Deadline = from.Opens, from.Deadline },
		},
		Part{
			"capacity", func(a, b Activity) bool { return a.Capacity == b.Capacity },
			func(to *Activity, from Activity) { to.Capacity = from.Capacity },
		},
		Part{
			"agenda", func(a, b Activity) bool {
				return SameAgenda(a.Agenda, b.Agenda)
			},
			func(to *Activity, from Activity) { to.Agenda = from.Agenda },
		},
		Part{
			"group", func(a, b Activity) bool { return a.Group == b.Group },
			func(to *Activity, from Activity) { to.Group = from.Group },
		},
		Part{
			"languages", func(a, b Activity) bool { return slices.Equal(a.Languages, b.Languages) },
			func(to *Activity, from Activity) { to.Languages = from.Languages },
		},
		Part{
			"invitation", func(a, b Activity) bool { return a.InvitationOnly == b.InvitationOnly },
			func(to *Activity, from Activity) { to.InvitationOnly = from.InvitationOnly },
		},
	)
}

// again makes what the template would make of a copy that is there.
func (t Template) again(lists *profile.Lists, a Activity) (Activity, error) {
	city, _ := lists.City(a.City)
	return t.calling(city, nameOn(city, a.Starts), a)
}

// nameOn gives the names of a city on the day of an activity, without a day those of today.
func nameOn(city profile.Entry, day time.Time) profile.Named {
	if day.IsZero() {
		return city.Now
	}
	return city.On(day)
}

// before makes what the template has made of a copy: with that name of its city which its
// texts have, since the city may have got another one.
func (t Template) before(lists *profile.Lists, a Activity) (Activity, error) {
	city, _ := lists.City(a.City)
	best, err := t.again(lists, a)
	same := func(made Activity) (n int) {
		for _, name := range TextNames {
			if *a.Text(name) == *made.Text(name) {
				n++
			}
		}
		return n
	}
	for _, called := range city.Names {
		if made, wrong := t.calling(city, called, a); wrong == nil && same(made) > same(best) {
			best = made
		}
	}
	return best, err
}

// calling is again with the names of the city.
func (t Template) calling(city profile.Entry, called profile.Named, a Activity) (Activity, error) {
	c := Copy{
		Slug: a.Slug, City: a.City, Venue: a.Venue, Address: a.Address, Subject: a.Subject,
		Facilitator: a.Facilitator, FacilitatorNumber: a.FacilitatorNumber,
	}
	if !a.Starts.IsZero() {
		c.Day = Midnight(a.Starts)
		if t.Hours == "" {
			c.Hours = HoursOf(a.Starts, a.Ends)
		}
	}
	made, err := t.made(city, called, c)
	if err == nil { // at the hours that the copy has
		made.Agenda = t.agendaFrom(a.Starts)
	}
	return made, err
}

// Differs names the parts in which a copy is not what its template would make:
// somebody changed them by hand.
func (t Template) Differs(lists *profile.Lists, a Activity) []string {
	made, err := t.before(lists, a)
	var out []string
	for _, p := range Parts() {
		if err == nil && !p.Same(a, made) {
			out = append(out, p.Name)
		}
	}
	return out
}

// follow takes over into a copy what the new template says; what was changed
// by hand since the old template made it stays.
func follow(lists *profile.Lists, a Activity, old, now Template, at time.Time) (Activity, error) {
	was, err := old.before(lists, a)
	if err != nil {
		return a, err
	}
	will, err := now.again(lists, a)
	if err != nil {
		return a, err
	}
	if a.Starts.Equal(was.Starts) { // it has the template's hours, and will have the new ones
		will.Agenda = now.Agenda
	}
	before := a
	for _, p := range Parts() {
		if p.Same(before, was) && !p.Same(was, will) {
			p.Take(&a, will)
		}
	}
	// What was changed by hand and stays goes along where the hours are other ones now.
	a, _ = MoveAlong(before, a, at)
	for _, name := range TextNames {
		a.Stale = a.Stale.Note(name, *before.Text(name), *a.Text(name), at)
	}
	a.Stale = a.Stale.NoteAgenda(before.Agenda, a.Agenda, at)
	return a, nil
}

// hoursMoved lets the agenda of a template follow its hours, unless it was changed too.
func (t Template) hoursMoved(old Template) Template {
	day := Midnight(time.Unix(0, 0))
	was, _, err := Span(day, old.Hours)
	is, _, err2 := Span(day, t.Hours)
	if err == nil && err2 == nil && SameTimes(old.Agenda, t.Agenda) {
		t.Agenda = LaterBy(t.Agenda, is.Sub(was))
	}
	return t
}

// ChangeTemplate is a template as a coordinator wants it, and the copies that
// are to follow.
type ChangeTemplate struct {
	Actor    access.Actor
	Template storage.ID
	Version  int64 // the one that she saw
	// Write puts what she wrote into the template as it is. It may run again.
	Write  func(Template) (Template, error)
	Follow []storage.ID
}

// ChangeTemplate writes a changed template and takes the change over into the
// chosen copies. It gives how many of them changed. Invalid, Forbidden, NotFound;
// Conflict when somebody else has changed the template since she saw it.
func (s *Service) ChangeTemplate(ctx context.Context, tx *storage.Tx, c ChangeTemplate) (followed int, err error) {
	old, err := templateToChange(ctx, tx, c.Template)
	if err != nil {
		return 0, err
	}
	if !c.Actor.May(MayPlan, access.Scope{Programme: old.Programme}) {
		return 0, fault.New(fault.Forbidden, "fault.forbidden")
	}
	if old.Version != c.Version {
		return 0, fault.New(fault.Conflict, "programme.fault.changed_meanwhile")
	}
	t, err := c.Write(old)
	if err != nil {
		return 0, err
	}
	// What nobody writes on this page stays as it is.
	t.ID, t.Programme, t.Key, t.Kind, t.Version, t.Stale = old.ID, old.Programme, old.Key, old.Kind, old.Version, old.Stale
	t = t.hoursMoved(old)
	lists, err := s.Lists(ctx, tx)
	if err != nil {
		return 0, err
	}
	if err := t.check(lists); err != nil {
		return 0, err
	}
	for _, name := range TextNames {
		t.Stale = t.Stale.Note(name, *old.Text(name), *t.Text(name), tx.Now)
	}
	t.Stale = t.Stale.NoteAgenda(old.Agenda, t.Agenda, tx.Now)
	if t, err = SaveTemplate(ctx, tx, t); err != nil {
		return 0, err
	}
	copies, err := All(ctx, tx, Filter{Template: t.ID})
	if err != nil {
		return 0, err
	}
	for _, a := range copies {
		if !slices.Contains(c.Follow, a.ID) {
			continue
		}
		next, err := follow(lists, a, old, t, tx.Now)
		if err != nil {
			return 0, fault.At("hours", "programme.fault.hours")
		}
		if Same(a, next) {
			continue
		}
		if _, err := s.write(ctx, tx, c.Actor, a, next); err != nil {
			return 0, err
		}
		followed++
	}
	return followed, audit.Record(ctx, tx, audit.Entry{Actor: c.Actor.Person, Action: "programme.audit.template", Object: t.ID, Detail: t.Key})
}

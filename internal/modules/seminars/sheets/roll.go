package sheets

import (
	"bytes"
	"context"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/people"
	"platforma.kg/ashar/internal/spine/programme"
)

const (
	// MostGuests bounds who stands on a sheet.
	MostGuests = 500
	// MostDays bounds the days of a sheet to sign and of allowances.
	MostDays = 31
)

// guest is somebody who holds a seat.
type guest struct {
	seats.Applicant
	Serial   *seats.Serial // of her ticket; nil before she confirmed
	Came     int           // on how many days she was there
	Photo    people.Consent
	Answered bool // whether photos of her may be shown
	Named    bool // others may read her name
	OnBadge  bool // her organisation may stand on her badge
}

// host is somebody who leads or helps on the day.
type host struct {
	Person storage.ID
	people.Details
	Role access.Role
}

// roll is what sheets are drawn of, as it was at one moment.
type roll struct {
	Activity  programme.Activity
	Programme programme.Programme
	Days      []time.Time
	Guests    []guest // by name
	Hosts     []host
	Amounts   Amounts
	By        people.Details // who prints
	At        time.Time
}

// persons lists whose data stand on a sheet.
func (v roll) persons(k Kind) (ids []storage.ID) {
	if k == Poster {
		return nil
	}
	for _, g := range v.Guests {
		ids = append(ids, g.Person)
	}
	if k == Badges || k == all {
		for _, h := range v.Hosts {
			ids = append(ids, h.Person)
		}
	}
	return ids
}

// hosting are the roles of those who stand before the people on the day; the others read
// and write beforehand.
var hosting = []access.Role{access.Speaker, access.Interpreter, access.Rater}

// read reads all that the sheets of an activity need. Forbidden for those who may not
// select here, since they see no list of its people; TooLarge with more than MostGuests.
func (m *Module) read(ctx context.Context, tx *storage.Tx, actor access.Actor, slug string) (v roll, err error) {
	if v.Activity, err = m.Schedule().BySlug(ctx, tx, slug); err != nil {
		return v, err
	}
	a := v.Activity
	v.At, v.Days = tx.Now, seats.DaysOf(a, MostDays)
	everybody, err := m.Applicants(ctx, tx, actor, a) // judges who asks
	if err != nil {
		return v, err
	}
	if v.Programme, err = programme.Current(ctx, tx); err != nil && !fault.Is(err, fault.NotFound) {
		return v, err
	}
	by, err := m.People.ByID(ctx, tx, actor.Person)
	if err != nil {
		return v, err
	}
	v.By = by.Details
	if v.Amounts, err = AmountsOf(ctx, tx, a.ID); err != nil {
		return v, err
	}
	var ids []storage.ID
	var apps []seats.Application
	for _, one := range everybody {
		if one.State.HoldsSeat() {
			v.Guests = append(v.Guests, guest{Applicant: one})
			ids, apps = append(ids, one.Person), append(apps, one.Application)
		}
	}
	if len(v.Guests) > MostGuests {
		return v, fault.New(fault.TooLarge, "sheets.fault.many", fault.Args{"people": len(v.Guests), "most": MostGuests})
	}
	if err := m.readMore(ctx, tx, &v, ids, apps); err != nil {
		return v, err
	}
	v.Hosts, err = m.hosts(ctx, tx, a)
	return v, err
}

// readMore reads tickets, days and consents of those who are on the roll.
func (m *Module) readMore(ctx context.Context, tx *storage.Tx, v *roll, ids []storage.ID, apps []seats.Application) error {
	tickets, err := seats.TicketsOf(ctx, tx, v.Activity.ID)
	if err != nil {
		return err
	}
	came, err := seats.DaysCame(ctx, tx, v.Activity, apps)
	if err != nil {
		return err
	}
	said := map[string]map[storage.ID]people.Consent{}
	for _, purpose := range []string{people.ForPhoto, people.ForList, OnBadge} {
		if said[purpose], err = m.People.ConsentOf(ctx, tx, purpose, ids); err != nil {
			return err
		}
	}
	for i := range v.Guests {
		g := &v.Guests[i]
		if t, ok := tickets[g.ID]; ok {
			g.Serial = &t.Serial
		}
		g.Came = came[g.ID]
		g.Photo, g.Answered = said[people.ForPhoto][g.Person]
		g.Named, g.OnBadge = said[people.ForList][g.Person].Given, said[OnBadge][g.Person].Given
	}
	slices.SortStableFunc(v.Guests, func(a, b guest) int {
		return bytes.Compare(i18n.CollationKey(a.Details.FullName), i18n.CollationKey(b.Details.FullName))
	})
	return nil
}

// hosts lists who leads, then who helps on the day.
func (m *Module) hosts(ctx context.Context, tx *storage.Tx, a programme.Activity) (out []host, err error) {
	add := func(id storage.ID, role access.Role) {
		if !id.IsZero() && !slices.ContainsFunc(out, func(h host) bool { return h.Person == id }) {
			out = append(out, host{Person: id, Role: role})
		}
	}
	add(a.Facilitator, access.Facilitator)
	helpers, err := m.People.Helpers(ctx, tx, a.ID)
	if err != nil {
		return nil, err
	}
	for _, h := range helpers {
		if slices.Contains(hosting, h.Role) && h.Ends.After(a.Starts) {
			add(h.Person, h.Role)
		}
	}
	ids := make([]storage.ID, len(out))
	for i, h := range out {
		ids[i] = h.Person
	}
	persons, err := m.People.ByIDs(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	for i := range out {
		out[i].Details = persons[out[i].Person].Details
	}
	return slices.DeleteFunc(out, func(h host) bool { return h.FullName == "" }), nil
}

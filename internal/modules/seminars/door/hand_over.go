package door

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
)

// HandOverFor is how long the link serves by which a substitute takes a place over.
const HandOverFor = 30 * time.Minute

// HandOver gives the place of a phone, or of a member of the team, to a substitute's phone.
type HandOver struct {
	Activity storage.ID
	Actor    access.Actor
	Phone    storage.ID // whose place it is; zero when it is a person's
	Person   storage.ID // of the team; zero when it is a phone's
	Name     string     // of the substitute's phone in the list of phones
}

// Member is somebody of the team whose place at a door can be handed over.
type Member struct {
	ID    storage.ID
	Name  string
	Leads bool // she may run the day, too
}

// HandOver makes the link by which one phone takes a place over, once and within HandOverFor.
// Nothing changes for who has the place before it is taken: EnrolDevice does that.
//
// Faults: Forbidden; TooLate once phones may scan no more; NotFound for a phone that does not scan here, or
// somebody who is not of the team; Conflict when the place is being handed over, or was.
func (m *Desk) HandOver(ctx context.Context, tx *storage.Tx, cmd HandOver) (token string, err error) {
	a, err := m.ActivityByID(ctx, tx, cmd.Activity)
	if err != nil {
		return "", err
	}
	if err := mayEnrol(ctx, tx, cmd.Actor, a); err != nil {
		return "", err
	}
	if tx.Now.After(a.Ends.Add(seats.TicketGrace)) {
		return "", fault.New(fault.TooLate, "seminars.fault.over")
	}
	leads, err := m.place(ctx, tx, cmd, a)
	if err != nil {
		return "", err
	}
	if _, err := tx.Exec(ctx, `UPDATE door_handover
		SET ended_at = $1
		WHERE activity_id = $2 AND ended_at = 0 AND taken_at = 0 AND until_at <= $1`, storage.Micros(tx.Now), a.ID); err != nil {
		return "", err
	}
	if token, err = m.InviteDevice(ctx, tx, cmd.Actor, a.ID, cmd.Name); err != nil {
		return "", err
	}
	d, err := DeviceByLink(ctx, tx, token)
	if err != nil {
		return "", err
	}
	if m.Taking != nil {
		m.Taking()
	}
	n, err := tx.Exec(ctx, `INSERT INTO door_handover (device_id, activity_id, of_phone, of_person, leads, until_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT DO NOTHING`, d.ID, a.ID, cmd.Phone, cmd.Person, leads, storage.Micros(tx.Now.Add(HandOverFor)))
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "seminars.fault.handed_twice")
	}
	if err != nil {
		return "", err
	}
	return token, audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Person: cmd.Person, Action: "seminars.audit.handover", Object: a.ID})
}

// place judges whose place is handed over, and reports whether whoever has it runs the day.
func (m *Desk) place(ctx context.Context, tx *storage.Tx, cmd HandOver, a seats.Activity) (leads bool, err error) {
	if cmd.Person.IsZero() {
		list, err := DevicesOf(ctx, tx, a.ID)
		at := slices.IndexFunc(list, func(d Device) bool { return d.ID == cmd.Phone && d.On(tx.Now) })
		if err == nil && at < 0 {
			err = fault.New(fault.NotFound, "seminars.fault.handed_phone")
		}
		if err != nil {
			return false, err
		}
		return list[at].Leads, nil
	}
	if !cmd.Phone.IsZero() {
		return false, fault.New(fault.Invalid, "seminars.fault.handed_place")
	}
	if cmd.Person == cmd.Actor.Person {
		return true, nil // who may let phones scan runs the day
	}
	if !actorDecides(cmd.Actor, a) {
		return false, fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	team, err := m.Team(ctx, tx, a)
	at := slices.IndexFunc(team, func(p Member) bool { return p.ID == cmd.Person })
	if err == nil && at < 0 {
		err = fault.New(fault.NotFound, "seminars.fault.handed_person")
	}
	if err != nil {
		return false, err
	}
	return team[at].Leads, nil
}

// actorDecides reports whether somebody may hand over the places of others, and not hers alone.
func actorDecides(actor access.Actor, a seats.Activity) bool {
	return actor.May(seats.MaySelect, seats.ScopeOf(a))
}

// Places are those of the team whose places somebody may hand over: the team's, or hers alone.
func (m *Desk) Places(ctx context.Context, tx *storage.Tx, actor access.Actor, a seats.Activity) (out []Member, err error) {
	team, err := m.Team(ctx, tx, a)
	if err != nil || actorDecides(actor, a) {
		return team, err
	}
	return slices.DeleteFunc(team, func(p Member) bool { return p.ID != actor.Person }), nil
}

// Team are those whose role lets them stand at the door of an activity and who are on the spot,
// by name: facilitators and the front desk.
func (m *Desk) Team(ctx context.Context, tx *storage.Tx, a seats.Activity) (out []Member, err error) {
	leads := map[storage.ID]bool{}
	var ids []storage.ID
	for _, role := range []access.Role{access.FrontDesk, access.Facilitator} {
		some, err := m.People.HoldersAt(ctx, tx, role, seats.ScopeOf(a))
		if err != nil {
			return nil, err
		}
		for _, id := range some {
			leads[id] = role == access.Facilitator
		}
		ids = append(ids, some...)
	}
	names, err := m.People.ByIDs(ctx, tx, ids)
	for id, p := range names {
		out = append(out, Member{id, p.FullName, leads[id]})
	}
	slices.SortFunc(out, func(x, y Member) int {
		return cmp.Or(i18n.CompareNames(x.Name, y.Name), cmp.Compare(x.ID.String(), y.ID.String()))
	})
	return out, err
}

// takeOver ends what a substitute's phone takes the place of; nothing for another phone.
func takeOver(ctx context.Context, tx *storage.Tx, d Device) error {
	if d.LinkUntil.IsZero() {
		return nil
	}
	now := storage.Micros(tx.Now)
	person := d.OfPerson
	if !d.OfPhone.IsZero() {
		// Whose place that phone had is the place of this one now.
		err := tx.QueryRow(ctx, `SELECT of_person
			FROM door_handover
			WHERE device_id = $1 AND ended_at = 0`, d.OfPhone).Scan(&person)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE door_device SET revoked_at = $1 WHERE id = $2 AND revoked_at = 0`, now, d.OfPhone)
		if err == nil && n == 0 { // its right was taken back meanwhile: there is no place to take
			err = fault.New(fault.Gone, "seminars.fault.device_link")
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE door_handover SET ended_at = $1 WHERE device_id = $2 AND ended_at = 0`, now, d.OfPhone); err != nil {
			return err
		}
		if err := forgetReady(ctx, tx, d.Activity, d.OfPhone.String()); err != nil {
			return err
		}
	}
	if !person.IsZero() {
		if err := forgetReady(ctx, tx, d.Activity, seats.StaffDevice(person)); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE door_handover
		SET taken_at = $1, of_person = $2
		WHERE device_id = $3`, now, person, d.ID); err != nil || person.IsZero() {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: d.ID, Person: person, Action: "seminars.audit.handed_over", Object: d.Activity})
}

// endLinks takes back the links to the place of a phone whose right ends: who has one of them
// still would stand in nobody's place.
func endLinks(ctx context.Context, tx *storage.Tx, activity, phone storage.ID) error {
	now := storage.Micros(tx.Now)
	if _, err := tx.Exec(ctx, `UPDATE door_device
		SET revoked_at = $1
		WHERE revoked_at = 0 AND id IN (SELECT device_id FROM door_handover WHERE activity_id = $2 AND of_phone = $3 AND taken_at = 0 AND ended_at = 0)`, now, activity, phone); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE door_handover
		SET ended_at = $1
		WHERE activity_id = $2 AND of_phone = $3 AND taken_at = 0 AND ended_at = 0`, now, activity, phone)
	return err
}

// giveBack ends the place of a phone whose right is taken back: whose it was stands there again.
func giveBack(ctx context.Context, tx *storage.Tx, actor access.Actor, activity, device storage.ID) error {
	n, err := tx.Exec(ctx, `UPDATE door_handover
		SET ended_at = $1
		WHERE device_id = $2 AND activity_id = $3 AND ended_at = 0`, storage.Micros(tx.Now), device, activity)
	if err != nil || n == 0 {
		return err
	}
	d, err := storage.One(ctx, tx, scanDevice, `SELECT `+deviceColumns+`
		FROM door_device
		WHERE id = $1`, device)
	if err != nil || d.OfPerson.IsZero() {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: actor.Person, Person: d.OfPerson, Action: "seminars.audit.handed_back", Object: activity})
}

// Present refuses whoever's place at the door of an activity is a substitute's now: Forbidden.
func Present(ctx context.Context, tx *storage.Tx, person, activity storage.ID) error {
	if person.IsZero() {
		return nil
	}
	var n int
	err := tx.QueryRow(ctx, `SELECT COUNT(*)
		FROM door_handover
		WHERE activity_id = $1 AND of_person = $2 AND taken_at > 0 AND ended_at = 0`, activity, person).Scan(&n)
	if err == nil && n > 0 {
		err = fault.New(fault.Forbidden, "seminars.fault.handed_over")
	}
	return err
}

// Stands refuses whoever does not stand at the door of this activity (May), or has a substitute.
func (k Keeper) Stands(ctx context.Context, tx *storage.Tx, actor access.Actor, a seats.Activity) error {
	if err := k.May(actor, a); err != nil {
		return err
	}
	return Present(ctx, tx, k.By, a.ID)
}

// mayEnrol refuses whoever may not let phones scan at a door.
func mayEnrol(ctx context.Context, tx *storage.Tx, actor access.Actor, a seats.Activity) error {
	if !actor.May(seats.MayEnrol, seats.ScopeOf(a)) {
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	return Present(ctx, tx, actor.Person, a.ID)
}

package seats

import (
	"context"
	"fmt"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
)

// ActivityChanged follows a change in the calendar, in its transaction: the
// seats get the new number, and of a cancellation everybody who has a seat or waits for an
// answer gets a message, once. Of another day, hour or place TellMoved tells them. What hangs on the day moves with it: until when an invitation holds, the
// question and the reminder before it, the phones of its door, and on which day she
// came who is known from a list. Conflict as Binds says; Invalid when more seats are held than the activity is to have, or
// when it has applicants and is to have no number of seats.
func (m *Service) ActivityChanged(ctx context.Context, tx *storage.Tx, before, after Activity) error {
	apps, err := ApplicationsOf(ctx, tx, after.ID)
	if err != nil {
		return err
	}
	if before.State == "published" && after.State == "draft" {
		if err := m.Binds(ctx, tx, after); err != nil {
			return err
		}
	}
	if before.Capacity != after.Capacity {
		if err := m.resize(ctx, tx, after, apps); err != nil {
			return err
		}
	}
	if !before.Ends.Equal(after.Ends) {
		if _, err := tx.Exec(ctx, `UPDATE door_device SET until_at = $2 WHERE activity_id = $1 AND revoked_at = 0`,
			after.ID, storage.Micros(after.Ends.Add(TicketGrace))); err != nil {
			return err
		}
	}
	if err := m.redateListed(ctx, tx, before, after, apps); err != nil {
		return err
	}
	if after.Past(tx.Now) {
		return nil
	}
	if !before.Starts.Equal(after.Starts) {
		if apps, err = m.followDay(ctx, tx, before, after, apps); err != nil {
			return err
		}
	}
	switch {
	case before.State == "published" && after.State == "cancelled":
		return m.tellOf(ctx, tx, after, apps, cancelledNotice, Applied, Shortlisted, Invited, Confirmed, Waitlisted)
	case before.State == "published" && after.State == "published" && moved(before, after):
		m.News(tx, after.ID) // who is concerned is told by TellMoved
		return m.planDay(ctx, tx, after)
	}
	return nil
}

// moved reports whether one has to come at another time or to another place.
func moved(a, b Activity) bool {
	return !a.Starts.Equal(b.Starts) || !a.Ends.Equal(b.Ends) || a.Online != b.Online || a.City != b.City || a.Venue != b.Venue || a.Address != b.Address
}

// tellOf sends a message about an activity to those who are in one of the states.
func (m *Service) tellOf(ctx context.Context, tx *storage.Tx, a Activity, apps []Application, kind string, states ...State) error {
	for _, app := range apps {
		for _, s := range states {
			if app.State != s {
				continue
			}
			if err := m.TellOnce(ctx, tx, app, kind, fmt.Sprintf("%s/%s/of%d", kind, app.ID, a.Version)); err != nil {
				return err
			}
		}
	}
	m.News(tx, a.ID)
	return nil
}

// followDay lets invitations hold as long as the new day allows, and asks anew who
// was asked whether she comes on the old one.
func (m *Service) followDay(ctx context.Context, tx *storage.Tx, before, after Activity, apps []Application) ([]Application, error) {
	otherDay := ledger.DayOf(before.Starts) != ledger.DayOf(after.Starts)
	out := slices.Clone(apps)
	for i, app := range apps {
		var err error
		switch {
		case app.State == Confirmed && app.Reconfirm != "" && otherDay:
			out[i], err = SetReconfirm(ctx, tx, app, "")
		case app.State == Invited && !app.Expires.IsZero():
			out[i], err = m.holdUntil(ctx, tx, before, after, app)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// holdUntil moves the end of an invitation: never beyond the start, and where the old
// start had cut it short, as long as it would have held.
func (m *Service) holdUntil(ctx context.Context, tx *storage.Tx, before, after Activity, app Application) (Application, error) {
	until := app.Expires
	if until.Equal(before.Starts) {
		moves, err := MovesOf(ctx, tx, app.ID)
		if err != nil {
			return app, err
		}
		s, err := SeatsOf(ctx, tx, after)
		if err != nil {
			return app, err
		}
		for _, v := range moves { // the last one counts
			if v.To != Invited {
				continue
			}
			hours := s.InvitationHours
			if v.From == Waitlisted {
				hours = s.OfferHours
			}
			until = m.Goes(v.At, before).Add(time.Duration(hours) * time.Hour)
		}
	}
	until = beforeStart(until, after)
	if until.Equal(app.Expires) {
		return app, nil
	}
	n, err := tx.Exec(ctx, `UPDATE application
		SET expires_at = $1, version = version + 1, changed_at = $2
		WHERE id = $3 AND version = $4`, storage.Micros(until), storage.Micros(tx.Now), app.ID, app.Version)
	if err != nil {
		return app, err
	}
	if n == 0 {
		return app, fault.New(fault.Conflict, "seminars.fault.changed")
	}
	app.Expires, app.Changed = until, tx.Now
	app.Version++
	return app, m.plan(ctx, tx, app)
}

// Binds refuses that an activity with applicants becomes a draft: Conflict. Those who were
// erased count too.
func (m *Service) Binds(ctx context.Context, tx *storage.Tx, a Activity) error {
	apps, err := ApplicationsOf(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	gone, err := shellsOf(ctx, tx, a.ID)
	if err == nil && len(apps)+gone.all() > 0 {
		err = fault.New(fault.Conflict, "seminars.fault.unpublish")
	}
	return err
}

// resize gives the seats their new number, if they have been opened. Without a number
// nobody could be told whether a seat is left: that is for who has no applicants.
func (m *Service) resize(ctx context.Context, tx *storage.Tx, a Activity, apps []Application) error {
	s, there, err := SeminarOf(ctx, tx, a.ID)
	if err != nil || !there {
		return err
	}
	if a.Capacity == 0 && slices.ContainsFunc(apps, func(app Application) bool { return app.State != Declined && app.State != Withdrawn }) {
		return fault.At("capacity", "seminars.fault.capacity_empty")
	}
	n, err := tx.Exec(ctx, `UPDATE seminar
		SET capacity = $1
		WHERE activity_id = $2 AND taken <= $1`, a.Capacity, a.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.At("capacity", "seminars.fault.capacity", fault.Args{"count": s.Taken})
	}
	return m.PassOn(ctx, tx, a.ID)
}

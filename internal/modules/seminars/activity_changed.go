package seminars

import (
	"context"
	"fmt"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// ActivityChanged follows a change in the calendar, in its transaction: the
// seats get the new number, and who is concerned gets a message, once for each
// version of the activity. A change of day, time or place concerns those who
// are invited or confirmed; a cancellation everybody who waits for an answer
// as well. Who came by a list came on the day of the activity. Conflict when an activity that has applicants would become a draft;
// Invalid when more seats are held than the activity is to have.
func (m *Module) ActivityChanged(ctx context.Context, tx *storage.Tx, before, after Activity) error {
	apps, err := applicationsOf(ctx, tx, after.ID)
	if err != nil {
		return err
	}
	gone, err := shellsOf(ctx, tx, after.ID)
	if err != nil {
		return err
	}
	if before.State == "published" && after.State == "draft" && len(apps)+gone.all() > 0 {
		return fault.New(fault.Conflict, "seminars.fault.unpublish")
	}
	if before.Capacity != after.Capacity {
		if err := m.resize(ctx, tx, after); err != nil {
			return err
		}
	}
	if err := m.redateListed(ctx, tx, before, after, apps); err != nil {
		return err
	}
	if after.Past(tx.Now) {
		return nil
	}
	switch {
	case before.State == "published" && after.State == "cancelled":
		return m.tellOf(ctx, tx, after, apps, "seminars.cancelled", Applied, Shortlisted, Invited, Confirmed, Waitlisted)
	case before.State == "published" && after.State == "published" && moved(before, after):
		if err := m.tellOf(ctx, tx, after, apps, "seminars.changed", Invited, Confirmed); err != nil {
			return err
		}
		return m.planDay(ctx, tx, after)
	}
	return nil
}

// moved reports whether one has to come at another time or to another place.
func moved(a, b Activity) bool {
	return !a.Starts.Equal(b.Starts) || !a.Ends.Equal(b.Ends) || a.Online != b.Online || a.City != b.City || a.Venue != b.Venue || a.Address != b.Address
}

// tellOf sends a message about an activity to those who are in one of the states.
func (m *Module) tellOf(ctx context.Context, tx *storage.Tx, a Activity, apps []Application, kind string, states ...State) error {
	for _, app := range apps {
		for _, s := range states {
			if app.State != s {
				continue
			}
			if err := m.tellOnce(ctx, tx, app, kind, fmt.Sprintf("%s/%s/of%d", kind, app.ID, a.Version)); err != nil {
				return err
			}
		}
	}
	m.news(tx, a.ID)
	return nil
}

// resize gives the seats their new number, if they have been opened.
func (m *Module) resize(ctx context.Context, tx *storage.Tx, a Activity) error {
	s, there, err := seminarOf(ctx, tx, a.ID)
	if err != nil || !there || a.Capacity == 0 {
		return err
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
	return m.passOn(ctx, tx, a.ID)
}

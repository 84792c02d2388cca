package seats

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/spine/ledger"
)

// CameAt gives when she came: as the door saw it, by its own clock, or on the first day of
// which a signed sheet says so where the door knows of none as early; else as a list without
// a day says; zero when none of them does. It depends on what is known alone, not on when and
// in which order it became known.
func (a Attendance) CameAt(of Activity) time.Time {
	seen := storage.Instant(a.FirstIn)
	switch {
	case a.Signed != "" && (a.FirstIn == 0 || a.Signed < ledger.DayOf(seen)):
		return during(of, a.Signed.Noon())
	case a.FirstIn != 0 || a.Listed == 0:
		return seen
	}
	// A list is often typed in days later: then the day is that of the activity.
	return during(of, storage.Instant(a.Listed))
}

// during is an instant of a day of an activity, its start for another day.
func during(of Activity, at time.Time) time.Time {
	if day := ledger.DayOf(at); !of.Starts.IsZero() && (day < ledger.DayOf(of.Starts) || day > ledger.DayOf(of.Ends)) {
		return of.Starts
	}
	return at
}

// Redate moves the fact of an attendance to the day on which she came, where it
// stands on another.
func (m *Service) Redate(ctx context.Context, tx *storage.Tx, app Application, was, came time.Time) error {
	if ledger.DayOf(was) == ledger.DayOf(came) {
		return nil
	}
	if err := m.retract(ctx, tx, FactAttended, app, was); err != nil {
		return err
	}
	return m.record(ctx, tx, FactAttended, app, came)
}

// redateListed follows an activity to another day with the attendances that are
// known from a list alone.
func (m *Service) redateListed(ctx context.Context, tx *storage.Tx, before, after Activity, apps []Application) error {
	if before.Starts.Equal(after.Starts) && before.Ends.Equal(after.Ends) {
		return nil
	}
	for _, app := range apps {
		if app.State != Attended {
			continue
		}
		a, err := AttendanceOf(ctx, tx, app.ID)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err == nil {
			err = m.Redate(ctx, tx, app, a.CameAt(before), a.CameAt(after))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// SetListed notes when staff saw her on a list, 0 for not.
func SetListed(ctx context.Context, tx *storage.Tx, app storage.ID, at int64) error {
	_, err := tx.Exec(ctx, `UPDATE attendance
		SET listed_at = $1
		WHERE application_id = $2`, at, app)
	return err
}

package followup

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"platforma.kg/ashar/internal/foundation/access"
	"platforma.kg/ashar/internal/foundation/audit"
	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/modules/seminars/seats"
	"platforma.kg/ashar/internal/spine/programme"
)

// Rules say how the questions of one activity are asked.
type Rules struct {
	Asks       bool // who says yes is asked
	DaysBefore int  // the deadline is so many days before the start, 0 to 60
	Needed     bool // staff call who has not answered; the seat stays hers all the same
	ForgetDays int  // answers are forgotten so many days after the end, 1 to 180
	Version    int64
}

// usual are the rules where nobody has set any.
var usual = Rules{DaysBefore: 3, ForgetDays: 30}

const (
	mostBefore = 60
	mostForget = 180
	day        = 24 * time.Hour
)

// lateGrace is for how long somebody may answer who got her seat when the deadline was near or
// over; never longer than until the start.
const lateGrace = day

// RulesOf reads the rules of an activity.
func RulesOf(ctx context.Context, tx *storage.Tx, activity storage.ID) (r Rules, err error) {
	err = tx.QueryRow(ctx, `SELECT asks, days_before, needed, forget_days, version
		FROM followup
		WHERE activity_id = $1`, activity).Scan(&r.Asks, &r.DaysBefore, &r.Needed, &r.ForgetDays, &r.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return usual, nil
	}
	return r, err
}

// Deadline is until when answers are taken and corrected.
func (r Rules) Deadline(a seats.Activity) time.Time { return a.Starts.AddDate(0, 0, -r.DaysBefore) }

// closes is the deadline of who may be asked from a moment on, at which she got her seat or the
// night after that was over.
func (r Rules) closes(a seats.Activity, asked time.Time) time.Time {
	until := r.Deadline(a)
	if late := asked.Add(lateGrace); late.After(until) {
		until = late
	}
	if until.After(a.Starts) {
		until = a.Starts
	}
	return until
}

// forgets is when the answers to an activity are forgotten.
func (r Rules) forgets(a seats.Activity) time.Time { return a.Ends.AddDate(0, 0, r.ForgetDays) }

// remindBefore is how long before the deadline who has not answered is asked once more.
const remindBefore = 2 * day

// SetRules is a change of the rules.
type SetRules struct {
	Activity storage.ID
	Actor    access.Actor
	Rules    // Version as it was seen
}

// SetRules changes how an activity asks. Once it asks, whoever has a seat already is asked as
// well, after the wait in which this can be taken back.
//
// Faults: Forbidden; Gone when the activity is cancelled; TooLate when it is over; Conflict
// when somebody else changed them; those of the fields.
func (m *Module) SetRules(ctx context.Context, tx *storage.Tx, cmd SetRules) error {
	a, err := m.Schedule().Held(ctx, tx, cmd.Activity)
	if err != nil {
		return err
	}
	if !cmd.Actor.May(seats.MaySetUp, seats.ScopeOf(a)) {
		return fault.New(fault.Forbidden, "seminars.fault.forbidden")
	}
	if err := seats.StillAhead(a, tx.Now); err != nil {
		return err
	}
	var form fault.Form
	form.Check(cmd.DaysBefore >= 0 && cmd.DaysBefore <= mostBefore, "days_before", "forms.fault.range", fault.Args{"min": 0, "max": mostBefore})
	form.Check(cmd.ForgetDays >= 1 && cmd.ForgetDays <= mostForget, "forget_days", "forms.fault.range", fault.Args{"min": 1, "max": mostForget})
	if err := form.Err(); err != nil {
		return err
	}
	before, err := RulesOf(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	if before.Version != cmd.Version {
		return fault.New(fault.Conflict, "followup.fault.rules_changed")
	}
	n, err := tx.Exec(ctx, `INSERT INTO followup (activity_id, asks, days_before, needed, forget_days, version, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (activity_id) DO UPDATE
		SET asks = $2, days_before = $3, needed = $4, forget_days = $5, version = $6, changed_at = $7
		WHERE followup.version = $6 - 1`,
		a.ID, cmd.Asks, cmd.DaysBefore, cmd.Needed, cmd.ForgetDays, cmd.Version+1, storage.Micros(tx.Now))
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.Conflict, "followup.fault.rules_changed")
	}
	cmd.Version++
	if err := m.plan(ctx, tx, a, cmd.Rules); err != nil {
		return err
	}
	return audit.Record(ctx, tx, audit.Entry{Actor: cmd.Actor.Person, Action: "followup.audit.rules", Object: a.ID})
}

// open refuses where nothing is asked at all.
func (r Rules) open(a seats.Activity, now time.Time) error {
	switch {
	case a.State == programme.Cancelled:
		return fault.New(fault.Gone, "seminars.fault.cancelled")
	case !r.Asks || a.State != programme.Published:
		return fault.New(fault.NotFound, "followup.fault.off")
	case !now.Before(a.Starts):
		return fault.New(fault.TooLate, "followup.fault.closed")
	}
	return nil
}

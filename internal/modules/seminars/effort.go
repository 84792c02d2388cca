package seminars

import (
	"context"
	"encoding/json"
	"time"

	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/web/effort"
)

// A rush: so many applications to one activity in so short a time. The next
// asks for an effort, where the first to come get the seats.
const (
	rushCount = 20
	rushSpan  = time.Minute
)

// mostRush is how far a rush is counted: beyond it nothing gets harder.
const mostRush = rushCount << effort.MostLevel

// askedForEffort lets an application through, or answers effort.Refused: in a
// rush on free seats it must carry an effort, which is spent with it. It is
// called by Apply when all else of the application is found good, before
// anything is written.
func (m *Module) askedForEffort(ctx context.Context, tx *storage.Tx, cmd applying, s Seminar, how Admission) error {
	if m.Effort == nil || how != Open || !s.FirstCome || s.Left() == 0 {
		return nil
	}
	n, err := rush(ctx, tx, cmd.Activity.ID)
	if err != nil {
		return err
	}
	if n >= rushCount && cmd.Effort.Empty() {
		return effort.Refused()
	}
	// Who may be the twentieth is decided one after the other, so that of many
	// at the same moment no more than twenty pass. The row of the seminar comes
	// before all others, as in move.
	if err := m.holdSeminar(ctx, tx, cmd.Activity.ID); err != nil {
		return err
	}
	if n, err = rush(ctx, tx, cmd.Activity.ID); err != nil || n < rushCount {
		return err
	}
	return m.Effort.Pass(ctx, tx, effortCase(cmd.Activity.ID, cmd.Secret, n), cmd.Effort)
}

// rush counts the applications to an activity in the last minute, to mostRush.
func rush(ctx context.Context, tx *storage.Tx, activity storage.ID) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*)
		FROM (
			SELECT 1
			FROM application
			WHERE activity_id = $1 AND made_at > $2
			LIMIT $3
		) AS recent`,
		activity, storage.Micros(tx.Now.Add(-rushSpan)), mostRush).Scan(&n)
	return n, err
}

// holdSeminar makes the applications to an activity wait for this one, until it ends.
func (m *Module) holdSeminar(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
	if m.hold != nil {
		return m.hold(ctx, tx, activity)
	}
	_, err := tx.Exec(ctx, `UPDATE seminar SET taken = taken WHERE activity_id = $1`, activity)
	return err
}

// effortCase is applying to an activity in one browser while n others do. The
// work doubles as the rush does.
func effortCase(activity storage.ID, secret string, n int) effort.Case {
	level := 0
	for n >= 2*rushCount {
		level, n = level+1, n/2
	}
	return effort.Case{Purpose: "apply/" + activity.String(), Browser: secret, Level: level}
}

// effortJob deletes the traces of efforts that are over.
func effortJob() jobs.Kind {
	return jobs.Kind{Name: "seminars.effort", Text: "seminars.job.effort", Lane: jobs.Light, Limit: time.Minute, Attempts: 10, Do: func(ctx context.Context, store *storage.Store, _ json.RawMessage) error {
		return store.Write(ctx, effort.Forget)
	}}
}

// forgetEfforts asks for that, once an hour.
func forgetEfforts(ctx context.Context, tx *storage.Tx) error {
	hour := tx.Now.Truncate(time.Hour).Add(2 * time.Hour)
	return jobs.Enqueue(ctx, tx, jobs.Job{Kind: "seminars.effort", Payload: struct{}{}, Key: hour.Format(time.RFC3339), After: hour})
}

package seats

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
	RushCount = 20
	RushSpan  = time.Minute
)

// MostRush is how far a rush is counted: beyond it nothing gets harder.
const MostRush = RushCount << effort.MostLevel

// askedForEffort lets an application through, or answers effort.Refused: in a
// rush on free seats it must carry an effort, which is spent with it. It is
// called by Apply when all else of the application is found good, before
// anything is written.
func (m *Service) askedForEffort(ctx context.Context, tx *storage.Tx, cmd applying, s Seminar, how Admission) error {
	if m.Effort == nil || how != Open || !s.FirstCome || s.Left() == 0 {
		return nil
	}
	n, err := RushOf(ctx, tx, cmd.Activity.ID)
	if err != nil {
		return err
	}
	if n >= RushCount && cmd.Effort.Empty() {
		return effort.Refused()
	}
	// Who may be the twentieth is decided one after the other, so that of many
	// at the same moment no more than twenty pass. The row of the seminar comes
	// before all others, as in move.
	if err := m.HoldSeminar(ctx, tx, cmd.Activity.ID); err != nil {
		return err
	}
	if n, err = RushOf(ctx, tx, cmd.Activity.ID); err != nil || n < RushCount {
		return err
	}
	return m.Effort.Pass(ctx, tx, EffortCase(cmd.Activity.ID, cmd.Secret, n), cmd.Effort)
}

// RushOf counts the applications to an activity in the last minute, up to MostRush.
func RushOf(ctx context.Context, tx *storage.Tx, activity storage.ID) (n int, err error) {
	err = tx.QueryRow(ctx, `SELECT COUNT(*)
		FROM (
			SELECT 1
			FROM application
			WHERE activity_id = $1 AND made_at > $2
			LIMIT $3
		) AS recent`,
		activity, storage.Micros(tx.Now.Add(-RushSpan)), MostRush).Scan(&n)
	return n, err
}

// HoldSeminar makes the applications to an activity wait for this one, until it ends.
func (m *Service) HoldSeminar(ctx context.Context, tx *storage.Tx, activity storage.ID) error {
	if m.Hold != nil {
		return m.Hold(ctx, tx, activity)
	}
	_, err := tx.Exec(ctx, `UPDATE seminar SET taken = taken WHERE activity_id = $1`, activity)
	return err
}

// EffortCase is applying to an activity in one browser while n others do. The
// work doubles as the rush does.
func EffortCase(activity storage.ID, secret string, n int) effort.Case {
	level := 0
	for n >= 2*RushCount {
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

// ForgetEfforts asks for that, once an hour.
func ForgetEfforts(ctx context.Context, tx *storage.Tx) error {
	hour := tx.Now.Truncate(time.Hour).Add(2 * time.Hour)
	return jobs.Enqueue(ctx, tx, jobs.Job{Kind: "seminars.effort", Payload: struct{}{}, Key: hour.Format(time.RFC3339), After: hour})
}

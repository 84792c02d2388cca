package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"platforma.kg/ashar/internal/foundation/fault"
	"platforma.kg/ashar/internal/foundation/storage"
)

// State tells where a job is on its way.
type State string

// The states of a job.
const (
	Waiting State = "waiting"
	Running State = "running"
	Done    State = "done"
	Failed  State = "failed"
)

// Gone is how a run ends whose job was removed while it ran. No row has it.
const Gone State = "gone"

// Record is a job as the administrator sees it.
type Record struct {
	ID        storage.ID
	Kind      string
	Key       string
	State     State
	Attempts  int
	RunAt     time.Time // when it is or was due
	MadeAt    time.Time
	DoneAt    time.Time // done or failed; zero before
	LastError string    // without personal data
}

// Filter chooses jobs; empty fields choose all.
type Filter struct {
	State State
	Kind  string
	Limit int // 0 for 100
}

// List gives jobs, the newest first.
func List(ctx context.Context, tx *storage.Tx, f Filter) ([]Record, error) {
	if f.Limit == 0 {
		f.Limit = 100
	}
	return storage.All(ctx, tx, func(row storage.Scanner) (r Record, err error) {
		var key sql.NullString
		var runAt, madeAt, doneAt int64
		err = row.Scan(&r.ID, &r.Kind, &key, &r.State, &r.Attempts, &runAt, &madeAt, &doneAt, &r.LastError)
		r.Key = key.String
		r.RunAt, r.MadeAt, r.DoneAt = storage.Instant(runAt), storage.Instant(madeAt), storage.Instant(doneAt)
		return r, err
	}, `SELECT id, kind, dedupe, state, attempts, run_at, made_at, done_at, last_error
		FROM job
		WHERE ($1 = '' OR state = $1) AND ($2 = '' OR kind = $2)
		ORDER BY id DESC
		LIMIT $3`, string(f.State), f.Kind, f.Limit)
}

// Count gives the number of jobs in each state.
func Count(ctx context.Context, tx *storage.Tx) (map[State]int, error) {
	type count struct {
		state State
		n     int
	}
	counts, err := storage.All(ctx, tx, func(row storage.Scanner) (c count, err error) {
		err = row.Scan(&c.state, &c.n)
		return c, err
	}, "SELECT state, count(*) FROM job GROUP BY state")
	all := map[State]int{}
	for _, c := range counts {
		all[c.state] = c.n
	}
	return all, err
}

// OldestDue tells when the job that waits longest was or will be due; zero when
// none waits.
func OldestDue(ctx context.Context, tx *storage.Tx) (time.Time, error) {
	var at sql.NullInt64
	err := tx.QueryRow(ctx, "SELECT min(run_at) FROM job WHERE state = 'waiting'").Scan(&at)
	if err != nil || !at.Valid {
		return time.Time{}, err
	}
	return storage.Instant(at.Int64), nil
}

// Retry lets a failed job run again as if it were new. A job that is not there
// is NotFound, one that has not failed is Conflict.
func Retry(ctx context.Context, tx *storage.Tx, id storage.ID) error {
	n, err := tx.Exec(ctx, `UPDATE job SET state = 'waiting', attempts = 0, run_at = $1, done_at = 0
		WHERE id = $2 AND state = 'failed'`, storage.Micros(tx.Now), id)
	if err != nil {
		return fmt.Errorf("retry job: %w", err)
	}
	if n == 1 {
		tx.Raise(signal)
		return nil
	}
	var state State
	err = tx.QueryRow(ctx, "SELECT state FROM job WHERE id = $1", id).Scan(&state)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fault.New(fault.NotFound, "fault.not_found")
	case err != nil:
		return fmt.Errorf("retry job: %w", err)
	}
	return fault.New(fault.Conflict, "fault.conflict")
}

// Clean removes jobs that were done before the instant, with their keys, and
// tells how many. Failed jobs stay until somebody has looked at them.
func Clean(ctx context.Context, tx *storage.Tx, before time.Time) (int64, error) {
	return tx.Exec(ctx, "DELETE FROM job WHERE state = 'done' AND done_at < $1", storage.Micros(before))
}

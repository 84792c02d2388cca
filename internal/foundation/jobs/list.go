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
	LastError string    // without personal data as far as is known; for the log's readers alone
	Class     Class     // why the last run failed, empty when it did not
	Incident  string    // under which the log tells more of it
}

// Filter chooses jobs; empty fields choose all.
type Filter struct {
	State State
	Kind  string
	Limit int // 0 for 100
	// Incident is the number under which the log tells of a failed run; empty for all.
	Incident string
	// Past is a job behind which the list begins, which has the state asked for; nil: from the
	// first. Back gives those before it instead, the nearest first, and of nil the last first.
	Past *Record
	Back bool
}

// List gives jobs, the newest first; of those that wait, those first that are due first.
func List(ctx context.Context, tx *storage.Tx, f Filter) ([]Record, error) {
	if f.Limit == 0 {
		f.Limit = 100
	}
	return storage.All(ctx, tx, func(row storage.Scanner) (r Record, err error) {
		var key sql.NullString
		var runAt, madeAt, doneAt int64
		err = row.Scan(&r.ID, &r.Kind, &key, &r.State, &r.Attempts, &runAt, &madeAt, &doneAt, &r.LastError, &r.Class, &r.Incident)
		r.Key = key.String
		r.RunAt, r.MadeAt, r.DoneAt = storage.Instant(runAt), storage.Instant(madeAt), storage.Instant(doneAt)
		return r, err
	}, listQuery(f), f.args()...)
}

// CountBeyond tells how many List would give without a limit.
func CountBeyond(ctx context.Context, tx *storage.Tx, f Filter) (n int, err error) {
	f.Limit = 1 << 30
	err = tx.QueryRow(ctx, "SELECT COUNT(*) FROM ("+listQuery(f)+") AS beyond", f.args()...).Scan(&n)
	return n, err
}

func (f Filter) args() []any {
	args := []any{string(f.State), f.Kind, f.Limit, f.Incident}
	if f.Past != nil {
		args = append(args, f.Past.ID)
		if f.State == Waiting {
			args = append(args, storage.Micros(f.Past.RunAt))
		}
	}
	return args
}

// listQuery asks by the index on state and kind where it can, so that a few that failed
// are found at once among many that are done.
func listQuery(f Filter) string {
	state, kind := "($1 = '' OR state = $1)", "($2 = '' OR kind = $2)"
	if f.State != "" {
		state = "state = $1"
	}
	if f.Kind != "" {
		kind = "kind = $2"
	}
	order, past := "id DESC", "id < $5"
	switch {
	case f.State == Waiting && f.Back:
		order, past = "run_at DESC, id DESC", "(run_at < $6 OR run_at = $6 AND id < $5)"
	case f.State == Waiting:
		order, past = "run_at, id", "(run_at > $6 OR run_at = $6 AND id > $5)"
	case f.Back:
		order, past = "id", "id > $5"
	}
	if f.Past == nil {
		past = "1 = 1"
	}
	return `SELECT id, kind, dedupe, state, attempts, run_at, made_at, done_at, last_error, last_class, incident
		FROM job
		WHERE ` + state + ` AND ` + kind + ` AND ($4 = '' OR incident = $4) AND ` + past + `
		ORDER BY ` + order + `
		LIMIT $3`
}

// Open counts the jobs that wait, run or have failed, by state and kind.
func Open(ctx context.Context, tx *storage.Tx) (map[State]map[string]int, error) {
	return OpenOf(ctx, tx, "")
}

// OpenOf is Open for those of an incident.
func OpenOf(ctx context.Context, tx *storage.Tx, incident string) (map[State]map[string]int, error) {
	all := map[State]map[string]int{Waiting: {}, Running: {}, Failed: {}}
	type count struct {
		state State
		kind  string
		n     int
	}
	counts, err := storage.All(ctx, tx, func(row storage.Scanner) (c count, err error) {
		err = row.Scan(&c.state, &c.kind, &c.n)
		return c, err
	}, `SELECT state, kind, count(*)
		FROM job
		WHERE state IN ('waiting', 'running', 'failed') AND ($1 = '' OR incident = $1)
		GROUP BY state, kind`, incident)
	for _, c := range counts {
		all[c.state][c.kind] = c.n
	}
	return all, err
}

// ByID gives a job; NotFound when it is not there.
func ByID(ctx context.Context, tx *storage.Tx, id storage.ID) (r Record, err error) {
	var runAt int64
	err = tx.QueryRow(ctx, "SELECT id, kind, state, run_at FROM job WHERE id = $1", id).Scan(&r.ID, &r.Kind, &r.State, &runAt)
	r.RunAt = storage.Instant(runAt)
	if errors.Is(err, sql.ErrNoRows) {
		return r, fault.New(fault.NotFound, "fault.not_found")
	}
	return r, err
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

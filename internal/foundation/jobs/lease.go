package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// leased is a job in the hands of this runner.
type leased struct {
	id       storage.ID
	kind     string
	payload  json.RawMessage
	attempts int // this one included
}

// Two sorts of jobs are due: those of a runner that died, and those whose time
// has come. They are asked for apart, because only so does the index on state
// and time give the first few of a hundred thousand that wait.
var due = []string{
	` FROM job WHERE state = 'running' AND lease_ends <= $1`,
	` FROM job WHERE state = 'waiting' AND run_at <= $1`,
}

// kindsOf gives a condition for the kinds this runner knows: those of a newer
// replica wait for it.
func (r *Runner) kindsOf(args []any) (string, []any) {
	names := make([]string, 0, len(r.kinds))
	for name := range r.kinds {
		names = append(names, name)
	}
	slices.Sort(names)
	marks := make([]string, len(names))
	for i, name := range names {
		args = append(args, name)
		marks[i] = fmt.Sprintf("$%d", len(args))
	}
	return " AND kind IN (" + strings.Join(marks, ", ") + ")", args
}

// lease takes at most count jobs that are due, and tells when the next will be.
func (r *Runner) lease(ctx context.Context, count int) (list []leased, next time.Time, err error) {
	if len(r.kinds) == 0 {
		return nil, next, nil
	}
	now := r.options.Clock()
	condition, args := r.kindsOf([]any{storage.Micros(now)})
	found := false
	err = r.options.Store.Read(ctx, func(ctx context.Context, tx *storage.Tx) error {
		for _, sort := range due {
			if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT 1"+sort+condition+")", args...).Scan(&found); err != nil || found {
				return err
			}
		}
		later, args := r.kindsOf(nil)
		var micros int64
		err := tx.QueryRow(ctx, "SELECT COALESCE(MIN(run_at), 0) FROM job WHERE state = 'waiting'"+later, args...).Scan(&micros)
		next = storage.Instant(micros)
		return err
	})
	if err != nil || !found {
		return nil, next, err
	}
	err = r.options.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		var candidates []leased
		for _, sort := range due {
			some, err := candidatesIn(ctx, tx, sort+condition, count-len(candidates), args)
			if err != nil {
				return err
			}
			candidates = append(candidates, some...)
		}
		list = list[:0]
		for _, l := range candidates {
			n, err := tx.Exec(ctx, `UPDATE job SET state = 'running', attempts = attempts + 1, leased_by = $2, lease_ends = $3
				WHERE id = $4 AND ((state = 'waiting' AND run_at <= $1) OR (state = 'running' AND lease_ends <= $1))`,
				storage.Micros(now), r.name, storage.Micros(now.Add(r.options.Lease)), l.id)
			if err != nil {
				return err
			}
			if n == 1 {
				l.attempts++
				list = append(list, l)
			}
		}
		return nil
	})
	if err != nil {
		return nil, next, err
	}
	return list, next, nil
}

func candidatesIn(ctx context.Context, tx *storage.Tx, from string, count int, args []any) ([]leased, error) {
	query := "SELECT id, kind, payload, attempts" + from + fmt.Sprintf(" ORDER BY run_at, id LIMIT %d", count)
	if tx.Dialect() == storage.PostgreSQL {
		query += " FOR UPDATE SKIP LOCKED" // replicas take different jobs instead of waiting for each other
	}
	return storage.All(ctx, tx, func(row storage.Scanner) (l leased, err error) {
		var payload string
		err = row.Scan(&l.id, &l.kind, &payload, &l.attempts)
		l.payload = json.RawMessage(payload)
		return l, err
	}, query, args...)
}

// keep renews the leases of these jobs.
func (r *Runner) keep(ctx context.Context, ids []storage.ID) error {
	ends := storage.Micros(r.options.Clock().Add(r.options.Lease))
	return r.options.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		for _, id := range ids {
			if _, err := tx.Exec(ctx, "UPDATE job SET lease_ends = $1 WHERE id = $2 AND leased_by = $3 AND state = 'running'", ends, id, r.name); err != nil {
				return err
			}
		}
		return nil
	})
}

// settle writes down how a run went, unless the lease was lost meanwhile.
func (r *Runner) settle(ctx context.Context, l leased, err error, stopped bool) (State, error) {
	now := r.options.Clock()
	state, message, runAt, doneAt, attempts := Done, "", now, now, l.attempts
	var hopeless giveUp
	switch {
	case err == nil:
	case stopped: // the runner ended it: that is no try
		state, doneAt, attempts = Waiting, time.Time{}, l.attempts-1
	case errors.As(err, &hopeless) || l.attempts >= r.kinds[l.kind].Attempts:
		state, message = Failed, withoutPersonalData(err)
		r.options.Log.ErrorContext(ctx, "jobs: gave up", "job", l.id, "kind", l.kind, "attempts", l.attempts, "error", message)
	default:
		state, message, doneAt = Waiting, withoutPersonalData(err), time.Time{}
		runAt = now.Add(pause(l.attempts))
		r.options.Log.WarnContext(ctx, "jobs: will try again", "job", l.id, "kind", l.kind, "attempts", l.attempts, "at", runAt, "error", message)
	}
	return state, r.options.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE job SET state = $1, last_error = $2, run_at = $3, done_at = $4, attempts = $5, leased_by = '', lease_ends = 0
			WHERE id = $6 AND leased_by = $7 AND state = 'running' AND attempts = $8`,
			string(state), message, storage.Micros(runAt), storage.Micros(doneAt), attempts, l.id, r.name, l.attempts)
		return err
	})
}

// pause is the back-off after so many tries: 5 s doubled each time up to an
// hour, a quarter more or less by chance so that jobs do not come back together.
func pause(attempts int) time.Duration {
	p := min(5*time.Second<<min(attempts-1, 20), time.Hour)
	return p - p/4 + rand.N(p/2)
}

package jobs

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
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
	attempts int   // this one included
	runAt    int64 // when it was due
}

// Two sorts of jobs are due: those of a runner that died, and those whose time
// has come. They are asked for apart and for each kind, because only so does the
// index on state, kind and time give the first few of a hundred thousand that
// wait, however many letters wait before the one document.
var due = []string{
	` FROM job WHERE kind = $1 AND state = 'running' AND lease_ends <= $2`,
	` FROM job WHERE kind = $1 AND state = 'waiting' AND run_at <= $2`,
}

// lease takes jobs that are due, in each lane at most so many as it has free
// workers, and tells when the next will be. Kinds that this runner does not know
// are those of a newer replica and wait for it.
func (r *Runner) lease(ctx context.Context, free map[Lane]int) (list []leased, next time.Time, err error) {
	var kinds []Kind
	for _, k := range r.kinds {
		if free[k.Lane] > 0 {
			kinds = append(kinds, k)
		}
	}
	if len(kinds) == 0 {
		return nil, next, nil
	}
	slices.SortFunc(kinds, func(a, b Kind) int { return strings.Compare(a.Name, b.Name) })
	now := r.options.Clock()
	var ready map[Lane][]Kind
	err = r.options.Store.Read(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		ready, next, err = dueOf(ctx, tx, kinds, now)
		return err
	})
	if err != nil || len(ready) == 0 {
		return nil, next, err
	}
	err = r.options.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		list = list[:0]
		for _, lane := range Lanes {
			taken, err := r.leaseIn(ctx, tx, ready[lane], free[lane], now)
			if err != nil {
				return err
			}
			list = append(list, taken...)
		}
		return nil
	})
	if err != nil {
		return nil, next, err
	}
	return list, next, nil
}

// dueOf gives the kinds of which jobs are due, by lane, and the time of the next
// job of all of them.
func dueOf(ctx context.Context, tx *storage.Tx, kinds []Kind, now time.Time) (ready map[Lane][]Kind, next time.Time, err error) {
	parts, args := make([]string, len(kinds)), []any{storage.Micros(now)}
	for i, k := range kinds {
		args = append(args, k.Name)
		kind := fmt.Sprintf("$%d", len(args))
		parts[i] = `SELECT ` + kind + `, EXISTS (SELECT 1 FROM job WHERE kind = ` + kind + ` AND state = 'running' AND lease_ends <= $1),
			(SELECT MIN(run_at) FROM job WHERE kind = ` + kind + ` AND state = 'waiting')`
	}
	type answer struct {
		kind  string
		dead  bool
		first sql.NullInt64
	}
	answers, err := storage.All(ctx, tx, func(row storage.Scanner) (a answer, err error) {
		err = row.Scan(&a.kind, &a.dead, &a.first)
		return a, err
	}, strings.Join(parts, " UNION ALL "), args...)
	if err != nil {
		return nil, next, err
	}
	ready = map[Lane][]Kind{}
	for _, k := range kinds {
		for _, a := range answers {
			if a.kind != k.Name {
				continue
			}
			first := storage.Instant(a.first.Int64)
			switch {
			case a.dead || a.first.Valid && !first.After(now):
				ready[k.Lane] = append(ready[k.Lane], k)
			case a.first.Valid && (next.IsZero() || first.Before(next)):
				next = first
			}
		}
	}
	return ready, next, nil
}

// leaseIn takes at most count jobs of the kinds of a lane, those first that were
// due first.
func (r *Runner) leaseIn(ctx context.Context, tx *storage.Tx, kinds []Kind, count int, now time.Time) (list []leased, err error) {
	var candidates []leased
	for _, k := range kinds {
		for _, sort := range due {
			some, err := candidatesIn(ctx, tx, sort, count, k.Name, now)
			if err != nil {
				return nil, err
			}
			candidates = append(candidates, some...)
		}
	}
	slices.SortStableFunc(candidates, func(a, b leased) int {
		return cmp.Or(cmp.Compare(a.runAt, b.runAt), bytes.Compare(a.id[:], b.id[:]))
	})
	for _, l := range candidates[:min(count, len(candidates))] {
		n, err := tx.Exec(ctx, `UPDATE job SET state = 'running', attempts = attempts + 1, leased_by = $2, lease_ends = $3
			WHERE id = $4 AND ((state = 'waiting' AND run_at <= $1) OR (state = 'running' AND lease_ends <= $1))`,
			storage.Micros(now), r.name, storage.Micros(now.Add(r.options.Lease)), l.id)
		if err != nil {
			return nil, err
		}
		if n == 1 {
			l.attempts++
			list = append(list, l)
		}
	}
	return list, nil
}

func candidatesIn(ctx context.Context, tx *storage.Tx, from string, count int, kind string, now time.Time) ([]leased, error) {
	query := "SELECT id, kind, payload, attempts, run_at" + from + " ORDER BY run_at, id LIMIT $3"
	if tx.Dialect() == storage.PostgreSQL {
		query += " FOR UPDATE SKIP LOCKED" // replicas take different jobs instead of waiting for each other
	}
	return storage.All(ctx, tx, func(row storage.Scanner) (l leased, err error) {
		var payload string
		err = row.Scan(&l.id, &l.kind, &payload, &l.attempts, &l.runAt)
		l.payload = json.RawMessage(payload)
		return l, err
	}, query, kind, storage.Micros(now), count)
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

// settle writes down how a run went, unless the lease was lost meanwhile or the
// job was removed, with the person whom it was for. Then the state is Gone, and
// nothing is said of it.
func (r *Runner) settle(ctx context.Context, l leased, err error, stopped bool) (State, error) {
	now := r.options.Clock()
	state, message, runAt, doneAt, attempts := Done, "", now, now, l.attempts
	var class Class
	var incident string
	var hopeless giveUp
	switch {
	case err == nil:
	case stopped: // the runner ended it: that is no try
		state, doneAt, attempts = Waiting, time.Time{}, l.attempts-1
	case errors.As(err, &hopeless) || l.attempts >= r.kinds[l.kind].Attempts:
		state, message = Failed, withoutPersonalData(err)
	default:
		state, message, doneAt = Waiting, withoutPersonalData(err), time.Time{}
		runAt = now.Add(pause(l.attempts))
	}
	if message != "" {
		class, incident = classOf(err), newIncident()
	}
	var there int64
	failed := r.options.Store.Write(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		there, err = tx.Exec(ctx, `UPDATE job SET state = $1, last_error = $2, run_at = $3, done_at = $4, attempts = $5, leased_by = '', lease_ends = 0, last_class = $9, incident = $10
			WHERE id = $6 AND leased_by = $7 AND state = 'running' AND attempts = $8`,
			string(state), message, storage.Micros(runAt), storage.Micros(doneAt), attempts, l.id, r.name, l.attempts, string(class), incident)
		if err != nil || there == 0 {
			return err
		}
		return forgetMoment(ctx, tx, l.id)
	})
	switch {
	case failed != nil:
	case there == 0:
		state = Gone
	case message != "" && state == Failed:
		r.options.Log.ErrorContext(ctx, "jobs: gave up", "job", l.id, "kind", l.kind, "attempts", l.attempts, "incident", incident, "error", message)
	case message != "":
		r.options.Log.WarnContext(ctx, "jobs: will try again", "job", l.id, "kind", l.kind, "attempts", l.attempts, "at", runAt, "incident", incident, "error", message)
	}
	return state, failed
}

// pause is the back-off after so many tries: 5 s doubled each time up to an
// hour, a quarter more or less by chance so that jobs do not come back together.
func pause(attempts int) time.Duration {
	p := min(5*time.Second<<min(attempts-1, 20), time.Hour)
	return p - p/4 + rand.N(p/2)
}

package ledger

import (
	"context"
	"encoding/json"
	"time"

	"platforma.kg/ashar/internal/foundation/i18n"
	"platforma.kg/ashar/internal/foundation/jobs"
	"platforma.kg/ashar/internal/foundation/storage"
)

// nightKind is the job that settles what was written in the day.
const nightKind = "ledger.settle"

// afterMidnight is when it runs: before backups of the night are made.
const afterMidnight = 5 * time.Minute

// Jobs are the kinds of jobs of the ledger. Each night plans the next; who
// starts the house calls PlanNight for the first.
func Jobs() []jobs.Kind {
	return []jobs.Kind{{Name: nightKind, Text: "upkeep.job.settle", Lane: jobs.Heavy, Limit: 30 * time.Minute, Attempts: 10, Do: func(ctx context.Context, store *storage.Store, _ json.RawMessage) error {
		// In a transaction of its own: a night that fails is not the last.
		if err := store.Write(ctx, PlanNight); err != nil {
			return err
		}
		if err := store.Write(ctx, Settle, storage.Long); err != nil {
			return err
		}
		// The rows as they were before lie in the log of SQLite and among the
		// dead rows of PostgreSQL.
		return store.Forget(ctx)
	}}}
}

// PlanNight asks for the next night, once.
func PlanNight(ctx context.Context, tx *storage.Tx) error {
	now := tx.Now.In(i18n.Bishkek())
	midnight := time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, now.Location())
	return jobs.Enqueue(ctx, tx, jobs.Job{
		Kind: nightKind, Payload: struct{}{}, Key: string(DayOf(midnight)), After: midnight.Add(afterMidnight),
	})
}

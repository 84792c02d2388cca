package jobs

import (
	"context"
	"encoding/json"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Kind is a kind of work with the function that does it. Do is idempotent: a
// job may run again after a crash. It opens its own transactions on the store.
type Kind struct {
	Name     string
	Attempts int // tries before it gives up visibly, 0 for 10
	Do       func(ctx context.Context, store *storage.Store, payload json.RawMessage) error
}

// signal wakes the runners of this process.
const signal = "jobs"

// Job is work to be done.
type Job struct {
	Kind    string
	Payload any       // encodes as JSON; ids, never personal data
	Key     string    // when set, a second job with the same kind and key is not added
	After   time.Time // not before; zero for at once
}

// Enqueue adds a job in the transaction.
func Enqueue(ctx context.Context, tx *storage.Tx, j Job) error {
	payload, err := json.Marshal(j.Payload)
	if err != nil {
		return err
	}
	after := j.After
	if after.IsZero() {
		after = tx.Now
	}
	var key any
	if j.Key != "" {
		key = j.Key
	}
	_, err = tx.Exec(ctx, `INSERT INTO job (id, kind, dedupe, payload, state, run_at, attempts, made_at)
		VALUES ($1, $2, $3, $4, 'waiting', $5, 0, $6)
		ON CONFLICT (kind, dedupe) DO NOTHING`,
		tx.NewID(), j.Kind, key, string(payload), storage.Micros(after), storage.Micros(tx.Now))
	if err != nil {
		return err
	}
	tx.Raise(signal)
	return nil
}

package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
)

// Kind is a kind of work with the function that does it. Do is idempotent: a
// job may run again after a crash. It opens its own transactions on the store,
// and ends when its context does. When what it was to work on is gone, because
// somebody was erased, it does nothing and gives no error.
type Kind struct {
	Name     string
	Text     string // key of its name in the catalogues, for the administrator
	Lane     Lane
	Limit    time.Duration // of one run, after which its context ends
	Attempts int           // tries before it gives up visibly
	Do       func(ctx context.Context, store *storage.Store, payload json.RawMessage) error
}

// Lane is a queue with workers of its own, so that work of one sort never waits
// for work of another.
type Lane string

// The lanes. Mail is whatever somebody waits for at this moment: codes and
// letters. Heavy is what takes a processor for seconds or the writer for longer
// than a request may: documents, archives, the settling of the night.
const (
	Mail  Lane = "mail"
	Light Lane = "light"
	Heavy Lane = "heavy"
)

// Lanes lists them, that of the hastiest first.
var Lanes = [...]Lane{Mail, Light, Heavy}

// What no kind may ask for: a run that never ends, or tries without end.
const (
	LongestLimit = time.Hour
	MostAttempts = 100
)

// Check reports what a kind leaves open: each has a name, a lane, a limit of time
// and a number of tries.
func (k Kind) Check() error {
	switch {
	case k.Name == "" || k.Do == nil:
		return fmt.Errorf("a kind of jobs (%q) has no name or nothing to do", k.Name)
	case !slices.Contains(Lanes[:], k.Lane):
		return fmt.Errorf("jobs of the kind %s have no lane", k.Name)
	case k.Limit <= 0 || k.Limit > LongestLimit:
		return fmt.Errorf("jobs of the kind %s have no limit of time between 0 and %s", k.Name, LongestLimit)
	case k.Attempts < 1 || k.Attempts > MostAttempts:
		return fmt.Errorf("jobs of the kind %s have no number of tries between 1 and %d", k.Name, MostAttempts)
	}
	return nil
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

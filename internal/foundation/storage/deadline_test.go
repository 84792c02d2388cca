package storage_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

// closure is one caller of a batch: what she does after her row is written, and
// what she gets.
type closure struct {
	name string
	then func(ctx context.Context, tx *storage.Tx) error
	want error // nil: her row is stored
}

// The limit of a write is ten seconds; the time of these tests is made up and
// passes only while all sleep.
const within, beyond = 9 * time.Second, 11 * time.Second

func reader(slow time.Duration) func(context.Context, *storage.Tx) error {
	return func(ctx context.Context, tx *storage.Tx) error {
		rows, err := tx.Query(ctx, "WITH named AS (SELECT name FROM setting) SELECT name FROM named")
		if err != nil {
			return err
		}
		defer rows.Close()
		time.Sleep(slow)
		for rows.Next() {
		}
		if err := rows.Err(); err != nil {
			return err
		}
		rows.Close()
		return tx.QueryRow(ctx, "SELECT count(*) FROM setting").Scan(new(int))
	}
}

func writer(slow time.Duration) func(context.Context, *storage.Tx) error {
	return func(ctx context.Context, tx *storage.Tx) error {
		time.Sleep(slow)
		return put(ctx, tx, "the last of a slow writer", "x")
	}
}

func computation(slow time.Duration) func(context.Context, *storage.Tx) error {
	return func(context.Context, *storage.Tx) error { time.Sleep(slow); return nil }
}

func changesHerMind(slow time.Duration) func(context.Context, *storage.Tx) error {
	return func(context.Context, *storage.Tx) error { time.Sleep(slow); return errOwn }
}

func fast(context.Context, *storage.Tx) error { return nil }

func TestWhoIsSlowInABatchFailsNobodyElse(t *testing.T) {
	t.Parallel()
	slow := []closure{
		{"a slow reader", reader(within), nil},
		{"a reader beyond her time", reader(beyond), context.DeadlineExceeded},
		{"a slow writer", writer(within), nil},
		{"a writer beyond her time", writer(beyond), context.DeadlineExceeded},
		{"a slow computation", computation(within), nil},
		{"a computation beyond its time", computation(beyond), context.DeadlineExceeded},
		{"one who changes her mind late", changesHerMind(within), errOwn},
		{"one who changes her mind too late", changesHerMind(beyond), context.DeadlineExceeded},
	}
	around := func(some ...closure) (batch []closure) {
		for i, c := range some {
			batch = append(batch, closure{fmt.Sprintf("neighbour %d", i), fast, nil}, closure{fmt.Sprintf("the next of neighbour %d", i), fast, nil}, c)
		}
		return append(batch, closure{"the last neighbour", fast, nil})
	}
	t.Run("sqlite", func(t *testing.T) {
		for _, first := range slow {
			for _, second := range slow {
				t.Run(first.name+", then "+second.name, func(t *testing.T) {
					storagetest.Open(t) // what all stores of the tests are made from takes real time
					synctest.Test(t, func(t *testing.T) { runBatch(t, storagetest.Open(t), around(first, second)) })
				})
			}
		}
	})
	t.Run("postgresql", func(t *testing.T) {
		url := storagetest.Database(t, true)
		synctest.Test(t, func(t *testing.T) {
			s, err := storage.Open(t.Context(), storage.Options{URL: url})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			runBatch(t, s, around(slow...))
		})
	})
}

// runBatch lets the closures come while the writer is held, so that SQLite takes
// them together and in their order.
func runBatch(t *testing.T, s *storage.Store, batch []closure) {
	t.Helper()
	gate, got := make(chan struct{}), make([]chan error, len(batch))
	held := make(chan error, 1)
	go func() {
		held <- s.Write(t.Context(), func(context.Context, *storage.Tx) error { <-gate; return nil })
	}()
	for i, c := range batch {
		synctest.Wait()
		got[i] = make(chan error, 1)
		go func() {
			got[i] <- s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				if err := put(ctx, tx, fmt.Sprint(i), "x"); err != nil {
					return err
				}
				return c.then(ctx, tx)
			})
		}()
	}
	synctest.Wait()
	close(gate)
	if err := <-held; err != nil {
		t.Error(err)
	}
	for i, c := range batch {
		if err := <-got[i]; !errors.Is(err, c.want) || c.want == nil && err != nil {
			t.Errorf("%s got %v", c.name, err)
		}
	}
	stored := settings(t, s)
	for i, c := range batch {
		if there := stored[fmt.Sprint(i)] != ""; there != (c.want == nil) {
			t.Errorf("the row of %s is there: %v", c.name, there)
		}
	}
}

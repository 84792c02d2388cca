package storage_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
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

// TestWhoNeverEndsFailsNobodyElse lets closures go on for ever: each behind some
// that wait with her, and twice as many as PostgreSQL has connections.
func TestWhoNeverEndsFailsNobodyElse(t *testing.T) {
	t.Parallel()
	run := func(t *testing.T, s *storage.Store) {
		// Some go on while others use the connection that was theirs, some when the store is closed.
		meanwhile, atLast, ended := make(chan struct{}), make(chan struct{}), make(chan error, 4)
		began := make(chan struct{}, cap(ended))
		letGo := sync.OnceFunc(func() { close(meanwhile); close(atLast) })
		held := time.AfterFunc(10*time.Minute, func() { t.Error("neighbours are held for ever"); letGo() })
		later := map[string]func(tx *storage.Tx) error{
			"writes": func(tx *storage.Tx) error { return put(context.Background(), tx, "of the dead", "x") },
			"reads": func(tx *storage.Tx) error {
				return tx.QueryRow(context.Background(), "SELECT count(*) FROM setting").Scan(new(int))
			},
			"tries": func(tx *storage.Tx) error { return tx.Try(context.Background(), func() error { return nil }) },
		}
		never := func(name string, forever chan struct{}) func(context.Context, *storage.Tx) error {
			return func(ctx context.Context, tx *storage.Tx) error {
				if err := put(ctx, tx, name, "x"); err != nil {
					return err
				}
				rows, err := tx.Query(ctx, "SELECT name FROM setting UNION ALL SELECT name FROM setting")
				if err != nil {
					return err
				}
				if !rows.Next() {
					t.Error("no row while she had time")
				}
				began <- struct{}{}
				<-forever
				if rows.Next() || rows.Err() == nil || rows.Scan(new(string)) == nil {
					t.Errorf("%s reads on in rows of a transaction that is dead", name)
				}
				if _, err := rows.Columns(); err == nil {
					t.Errorf("%s asks rows of a transaction that is dead", name)
				}
				rows.Close()
				for what, do := range later {
					if do(tx) == nil {
						t.Errorf("%s %s in a transaction that is dead", name, what)
					}
				}
				tx.AfterCommit(func() { t.Errorf("%s committed", name) })
				return nil
			}
		}
		good := func(name string) func(context.Context, *storage.Tx) error {
			return func(ctx context.Context, tx *storage.Tx) error { return put(ctx, tx, name, "x") }
		}
		begin := func(got chan error, f func(context.Context, *storage.Tx) error) {
			go func() { got <- s.Write(t.Context(), f) }()
			synctest.Wait()
		}
		if err := s.Write(t.Context(), good("first")); err != nil {
			t.Fatal(err)
		}
		neighbours := make(chan error, 2*cap(ended))
		for i := range cap(ended) {
			begin(neighbours, good(fmt.Sprint("before ", i)))
			begin(ended, never(fmt.Sprint("never ", i), []chan struct{}{meanwhile, atLast}[i%2]))
			begin(neighbours, good(fmt.Sprint("behind ", i)))
		}
		for range cap(neighbours) {
			if err := <-neighbours; err != nil {
				t.Errorf("a neighbour got %v", err)
			}
		}
		if !held.Stop() {
			for range cap(ended) {
				<-ended
			}
			return
		}
		for range cap(began) { // also who was handed a connection that was closed, and waits for another
			<-began
		}
		time.Sleep(time.Minute) // in made-up time: hers is over
		synctest.Wait()
		late := func() {
			for range cap(ended) / 2 {
				if err := <-ended; !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("who never ended got %v", err)
				}
			}
		}
		err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			close(meanwhile)
			late()
			return put(ctx, tx, "long", "x")
		}, storage.Long)
		if err != nil {
			t.Error(err)
		}
		if stored := settings(t, s); len(stored) != cap(neighbours)+2 {
			t.Errorf("stored %v", stored)
		}
		if err := s.Close(); err != nil { // nobody waits for them here either
			t.Error(err)
		}
		close(atLast)
		late()
	}
	t.Run("sqlite", func(t *testing.T) {
		storagetest.Open(t)
		synctest.Test(t, func(t *testing.T) { run(t, storagetest.Open(t)) })
	})
	t.Run("postgresql", func(t *testing.T) {
		url := storagetest.Database(t, true)
		synctest.Test(t, func(t *testing.T) {
			s, err := storage.Open(t.Context(), storage.Options{URL: url, MaxConns: 2})
			if err != nil {
				t.Fatal(err)
			}
			run(t, s)
		})
	})
}

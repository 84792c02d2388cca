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

func TestEachRunOfASerializableWriteHasItsOwnTime(t *testing.T) {
	t.Parallel()
	url := storagetest.Database(t, true)
	synctest.Test(t, func(t *testing.T) {
		s, err := storage.Open(t.Context(), storage.Options{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		runs := make([]int, 3)
		var group sync.WaitGroup
		for i := range runs {
			group.Go(func() { // each counts what the others add: only one at a time can be right
				err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					runs[i]++
					var n int
					if err := tx.QueryRow(ctx, "SELECT count(*) FROM setting").Scan(&n); err != nil {
						return err
					}
					time.Sleep(within)
					return put(ctx, tx, fmt.Sprint(i), fmt.Sprint(n))
				}, storage.Serializable)
				if err != nil {
					t.Errorf("writer %d, after %d runs: %v", i, runs[i], err)
				}
			})
		}
		group.Wait()
		seen := map[string]bool{}
		for _, n := range settings(t, s) {
			seen[n] = true
		}
		if len(seen) != len(runs) || runs[0]+runs[1]+runs[2] <= len(runs) {
			t.Errorf("they counted %v in %v runs", seen, runs)
		}
	})
}

// one opens a store with a single connection.
func one(t *testing.T) *storage.Store {
	t.Helper()
	return storagetest.OpenPostgreSQL(t, func(o *storage.Options) { o.MaxConns = 1 })
}

func TestOfAThousandStatementsPostgreSQLPreparesNoneTwiceInARowAndKeepsFew(t *testing.T) {
	t.Parallel()
	s := one(t)
	const different, most = 1000, 512
	err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		for i := range different {
			query := fmt.Sprintf("SELECT %d + $1::bigint", i)
			for again := range 3 {
				var n int
				if err := tx.QueryRow(ctx, query, again).Scan(&n); err != nil || n != i+again {
					return fmt.Errorf("statement %d gave %d, %w", i, n, err)
				}
			}
			if i%100 > 0 && i < different-1 {
				continue
			}
			var prepared, runs, kept int
			if err := tx.QueryRow(ctx, "SELECT count(*), COALESCE(SUM(generic_plans + custom_plans), 0) FROM pg_prepared_statements WHERE statement = $1", query).Scan(&prepared, &runs); err != nil {
				return err
			}
			if prepared != 1 || runs != 3 {
				t.Errorf("statement %d is prepared %d times, with %d runs", i, prepared, runs)
			}
			if err := tx.QueryRow(ctx, "SELECT count(*) FROM pg_prepared_statements").Scan(&kept); err != nil {
				return err
			}
			if kept > most+1 {
				t.Errorf("after %d statements %d are prepared", i+1, kept)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAConnectionThatTheServerEndedHurtsOneWriteAtMost(t *testing.T) {
	t.Parallel()
	s := one(t)
	end := func(ctx context.Context, tx *storage.Tx) error {
		var yes bool
		return tx.QueryRow(ctx, "SELECT pg_terminate_backend(pg_backend_pid())").Scan(&yes)
	}
	for range 3 {
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			if err := put(ctx, tx, "lost", "x"); err != nil {
				return err
			}
			_ = end(ctx, tx) // and she says nothing of it
			return nil
		}); err == nil {
			t.Error("a write whose connection had ended was answered as stored")
		}
		if err := s.Read(t.Context(), end); err == nil {
			t.Error("a read whose connection had ended gave a row")
		}
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return put(ctx, tx, "next", "x") }); err != nil {
			t.Errorf("the next write: %v", err)
		}
	}
	if got := settings(t, s); len(got) != 1 || got["next"] == "" {
		t.Errorf("stored %v", got)
	}
}

func TestAStatementOfBeforeAChangeOfTablesGoesOn(t *testing.T) {
	t.Parallel()
	s := one(t)
	read := func() (int, error) {
		var columns int
		err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			rows, err := tx.Query(ctx, "SELECT * FROM setting")
			if err != nil {
				return err
			}
			names, err := rows.Columns()
			columns = len(names)
			return err
		})
		return columns, err
	}
	before, err := read()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Exec(ctx, "ALTER TABLE setting ADD COLUMN more BIGINT")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if after, err := read(); err != nil || after != before+1 {
		t.Errorf("%d columns became %d, %v", before, after, err)
	}
}

func TestWhoWaitsForAConnectionMayLeaveAndCloseWaitsForTheRest(t *testing.T) {
	t.Parallel()
	s := one(t)
	begun, goOn := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			close(begun)
			<-goOn
			return put(ctx, tx, "a", "1")
		}); err != nil {
			t.Error(err)
		}
	})
	<-begun
	nothing := func(context.Context, *storage.Tx) error { t.Error("it ran"); return nil }
	for _, ask := range []func(context.Context) error{
		func(ctx context.Context) error { return s.Write(ctx, nothing) },
		func(ctx context.Context) error { return s.Read(ctx, nothing) },
		func(ctx context.Context) error { _, err := s.Stamp(ctx); return err },
	} {
		caller, leave := context.WithCancel(t.Context())
		answered := make(chan error, 1)
		go func() { answered <- ask(caller) }()
		leave()
		if err := <-answered; !errors.Is(err, context.Canceled) {
			t.Errorf("who left got %v", err)
		}
	}
	close(goOn)
	group.Wait()
}

package storage_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

// slow takes SQLite long enough that a cancellation arrives while it runs.
const slow = `INSERT INTO setting (name, value)
	WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000)
	SELECT 'slow' || i, 'x' FROM n WHERE i % 1000 = 0`

// The reason for the rules of the writer: three callers share a transaction,
// each in a savepoint, each with her own context, as one would write it first.
func TestNaiveBatchingLosesTheRowsOfOthersWhenOneCallerLeaves(t *testing.T) {
	t.Parallel()
	for range 200 { // until the second caller leaves while SQLite works for her
		first, third, undone, committed := naive(t)
		if undone == nil {
			continue // she left before SQLite had begun
		}
		if first != 0 || third != 1 || committed == nil {
			t.Errorf("naive batching kept %d of the first row, %d of the third, COMMIT says %v: the rules may no longer be needed", first, third, committed)
		}
		return
	}
	t.Error("no caller left in the middle of her statement")
}

// naive gives which rows are left, and what ROLLBACK TO and COMMIT answered.
func naive(t *testing.T) (first, third int, undone, committed error) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "naive.db")+"?_pragma=journal_mode(WAL)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	background := t.Context()
	conn, err := db.Conn(background)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	exec := func(ctx context.Context, query string) error {
		_, err := conn.ExecContext(ctx, query)
		return err
	}
	must := func(query string) {
		t.Helper()
		if err := exec(background, query); err != nil {
			t.Fatal(err)
		}
	}
	must("CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT)")
	must("BEGIN")
	must("SAVEPOINT c")
	must("INSERT INTO setting VALUES ('first', 'x')")
	must("RELEASE c")
	must("SAVEPOINT c")
	caller, leave := context.WithCancel(background)
	var group sync.WaitGroup
	group.Go(leave)
	if err := exec(caller, slow); err == nil {
		t.Fatal("the second caller was not cancelled")
	}
	group.Wait()
	undone = exec(background, "ROLLBACK TO c")
	must("SAVEPOINT c")
	must("INSERT INTO setting VALUES ('third', 'x')")
	must("RELEASE c")
	committed = exec(background, "COMMIT")
	if err := conn.QueryRowContext(background, "SELECT count(*) FILTER (WHERE name = 'first'), count(*) FILTER (WHERE name = 'third') FROM setting").Scan(&first, &third); err != nil {
		t.Fatal(err)
	}
	return first, third, undone, committed
}

// lose makes SQLite roll back the whole transaction, as a full disk does.
func lose(ctx context.Context, tx *storage.Tx) error {
	_, err := tx.Exec(ctx, "INSERT OR ROLLBACK INTO setting (name, value) VALUES ('there', 'x')")
	return err
}

func TestABatchThatTheEngineGivesUpIsRunAgainWithoutTheGuilty(t *testing.T) {
	t.Parallel()
	s := storagetest.Open(t)
	if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return put(ctx, tx, "there", "x") }); err != nil {
		t.Fatal(err)
	}
	gate := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() { // holds the writer until the others wait
		_ = s.Write(t.Context(), func(context.Context, *storage.Tx) error { <-gate; return nil })
	})
	write := func(name string, then func(ctx context.Context, tx *storage.Tx) error) {
		group.Go(func() {
			err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				if err := put(ctx, tx, name, "x"); err != nil {
					return err
				}
				return then(ctx, tx)
			})
			guilty := name[0] == 'g'
			if (err != nil) != guilty {
				t.Errorf("%s got %v", name, err)
			}
		})
	}
	fine := func(context.Context, *storage.Tx) error { return nil }
	for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
		write(name, fine)
	}
	write("guilty", lose)
	write("guilty and silent", func(ctx context.Context, tx *storage.Tx) error {
		_ = lose(ctx, tx)
		_ = put(ctx, tx, "stray", "x") // would commit by itself
		return nil
	})
	close(gate)
	group.Wait()
	got := settings(t, s)
	if len(got) != 7 {
		t.Errorf("stored %v", got)
	}
}

func TestAWriteThatLastsTooLongIsEndedAndHurtsNobodyElse(t *testing.T) {
	t.Parallel()
	s := storagetest.Open(t, storage.LimitWrites(500*time.Millisecond))
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				if err := put(ctx, tx, strconv.Itoa(i), "x"); err != nil {
					return err
				}
				if i == 3 {
					_, err := tx.Exec(ctx, slow)
					return err
				}
				return nil
			})
			if slowest := i == 3; slowest != errors.Is(err, context.DeadlineExceeded) || !slowest && err != nil {
				t.Errorf("caller %d got %v", i, err)
			}
		})
	}
	group.Wait()
	if got := settings(t, s); len(got) != 7 || got["3"] != "" {
		t.Errorf("stored %v", got)
	}
}

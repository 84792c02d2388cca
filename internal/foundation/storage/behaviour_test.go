package storage_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

var errOwn = errors.New("the use case changed its mind")

func put(ctx context.Context, tx *storage.Tx, name, value string) error {
	_, err := tx.Exec(ctx, `INSERT INTO setting (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
	return err
}

func settings(t *testing.T, s *storage.Store) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		rows, err := tx.Query(ctx, "SELECT name, value FROM setting")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name, value string
			if err := rows.Scan(&name, &value); err != nil {
				return err
			}
			all[name] = value
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAFailedWriteLeavesNothing(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		told := false
		err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			tx.AfterCommit(func() { told = true })
			if err := put(ctx, tx, "a", "1"); err != nil {
				return err
			}
			return errOwn
		})
		if !errors.Is(err, errOwn) {
			t.Errorf("the error is %v", err)
		}
		if got := settings(t, s); len(got) != 0 {
			t.Errorf("stored %v", got)
		}
		if told {
			t.Error("AfterCommit ran for a change that was rolled back")
		}
	})
}

func TestAfterCommitAndSignalsComeOnceTheChangeIsVisible(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		raised, stop := s.Signal("news")
		defer stop()
		var seen map[string]string
		err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			tx.AfterCommit(func() { seen = settings(t, s) })
			tx.Raise("news")
			return put(ctx, tx, "a", "1")
		})
		if err != nil {
			t.Fatal(err)
		}
		if seen["a"] != "1" {
			t.Errorf("AfterCommit saw %v", seen)
		}
		select {
		case <-raised:
		default:
			t.Error("nobody was woken")
		}
	})
}

func TestAReadSeesOneUnchangingView(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		count := func(ctx context.Context, tx *storage.Tx) (n int) {
			if err := tx.QueryRow(ctx, "SELECT count(*) FROM setting").Scan(&n); err != nil {
				t.Error(err)
			}
			return n
		}
		err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			before := count(ctx, tx)
			if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return put(ctx, tx, "a", "1") }); err != nil {
				return err
			}
			if after := count(ctx, tx); after != before {
				t.Errorf("the view changed from %d rows to %d", before, after)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := settings(t, s); got["a"] != "1" {
			t.Errorf("a later read sees %v", got)
		}
	})
}

func TestAReadCannotChangeAnything(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		err := s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return put(ctx, tx, "a", "1") })
		if err == nil {
			t.Error("a read wrote")
		}
		if got := settings(t, s); len(got) != 0 {
			t.Errorf("stored %v", got)
		}
	})
}

func TestAPanicUndoesItsOwnWriteAndReachesItsCaller(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		var group sync.WaitGroup
		for i := range 32 {
			group.Go(func() {
				defer func() {
					if r := recover(); (r != nil) != (i%4 == 0) {
						t.Errorf("caller %d recovered %v", i, r)
					}
				}()
				err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					if err := put(ctx, tx, strconv.Itoa(i), "1"); err != nil {
						return err
					}
					if i%4 == 0 {
						panic("a defect")
					}
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if got := settings(t, s); len(got) != 24 || got["4"] != "" {
			t.Errorf("stored %v", got)
		}
	})
}

func TestAClosureThatEndsItsGoroutineDoesNotEndTheStore(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		var group sync.WaitGroup
		group.Go(func() {
			_ = s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				_ = put(ctx, tx, "a", "1")
				runtime.Goexit() // as t.FailNow does
				return nil
			})
		})
		group.Wait()
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return put(ctx, tx, "b", "1") }); err != nil {
			t.Fatal(err)
		}
		if got := settings(t, s); len(got) != 1 {
			t.Errorf("stored %v", got)
		}
	})
}

func TestACallerWhoLeavesTakesNobodyElsesChangeWithHer(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		var group sync.WaitGroup
		var mu sync.Mutex
		acknowledged := map[string]bool{}
		for i := range 64 {
			name := strconv.Itoa(i)
			group.Go(func() {
				caller, leave := context.WithCancel(t.Context())
				defer leave()
				err := s.Write(caller, func(_ context.Context, tx *storage.Tx) error {
					if i%2 == 0 {
						leave() // in the middle of her own closure, using her own context
					}
					if err := put(caller, tx, name+"/1", "x"); err != nil {
						return err
					}
					return put(caller, tx, name+"/2", "x")
				})
				if err == nil {
					mu.Lock()
					acknowledged[name] = true
					mu.Unlock()
				}
			})
		}
		group.Wait()
		got := settings(t, s)
		for i := range 64 {
			name := strconv.Itoa(i)
			if !acknowledged[name] {
				t.Errorf("%s had begun and was not finished", name)
			}
			if got[name+"/1"] == "" || got[name+"/2"] == "" {
				t.Errorf("%s lost its rows", name)
			}
		}
	})
}

func TestACallerWhoLeftBeforeHerTurnChangesNothing(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		caller, leave := context.WithCancel(t.Context())
		leave()
		err := s.Write(caller, func(ctx context.Context, tx *storage.Tx) error { return put(ctx, tx, "a", "1") })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("the error is %v", err)
		}
		if got := settings(t, s); len(got) != 0 {
			t.Errorf("stored %v", got)
		}
	})
}

func TestACallerMayLeaveTheQueue(t *testing.T) {
	t.Parallel()
	s := storagetest.Open(t)
	begun, goOn := make(chan struct{}), make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		err := s.Write(t.Context(), func(context.Context, *storage.Tx) error {
			close(begun)
			<-goOn
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-begun
	caller, leave := context.WithCancel(t.Context())
	answered := make(chan error)
	go func() {
		answered <- s.Write(caller, func(ctx context.Context, tx *storage.Tx) error { return put(ctx, tx, "a", "1") })
	}()
	leave()
	if err := <-answered; !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	close(goOn)
	group.Wait()
	if got := settings(t, s); len(got) != 0 {
		t.Errorf("stored %v", got)
	}
}

func TestOneFailureInABatchDoesNotHurtTheOthers(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		var group sync.WaitGroup
		for i := range 64 {
			group.Go(func() {
				err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
					if err := put(ctx, tx, strconv.Itoa(i), "1"); err != nil {
						return err
					}
					switch i % 4 {
					case 0:
						return errOwn
					case 1:
						_, err := tx.Exec(ctx, "INSERT INTO setting (name) VALUES (NULL)")
						return err
					}
					return nil
				})
				if (err == nil) != (i%4 > 1) {
					t.Errorf("caller %d got %v", i, err)
				}
			})
		}
		group.Wait()
		if got := settings(t, s); len(got) != 32 {
			t.Errorf("stored %d rows: %v", len(got), got)
		}
	})
}

func TestTryUndoesOnlyItsPart(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			if err := put(ctx, tx, "a", "1"); err != nil {
				return err
			}
			err := tx.Try(ctx, func() error {
				if err := put(ctx, tx, "b", "1"); err != nil {
					return err
				}
				_, err := tx.Exec(ctx, "INSERT INTO setting (name, value) VALUES ('a', '2')")
				return err
			})
			if !storage.Violates(err, "setting_pkey") {
				t.Errorf("the error is %v", err)
			}
			return put(ctx, tx, "c", "1")
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := settings(t, s); len(got) != 2 || got["b"] != "" {
			t.Errorf("stored %v", got)
		}
	})
}

func TestATransactionInsideAWriteIsRefused(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		nothing := func(context.Context, *storage.Tx) error { return nil }
		err := s.Write(t.Context(), func(ctx context.Context, _ *storage.Tx) error {
			if err := s.Read(ctx, nothing); !errors.Is(err, storage.ErrNested) {
				t.Errorf("a read inside a write: %v", err)
			}
			return s.Write(ctx, nothing)
		})
		if !errors.Is(err, storage.ErrNested) {
			t.Errorf("a write inside a write: %v", err)
		}
	})
}

func TestValuesKeepTheirTypeAndPlaceholdersTheirNumber(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		at := time.Date(2026, 11, 22, 10, 30, 0, 123456000, time.UTC)
		err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			id := tx.NewID()
			if _, err := tx.Exec(ctx, `INSERT INTO fact (id, day, value, kind, subject, city) VALUES ($3, '2026-11-22', $2, $1, $4, $1)`,
				"Өзгөн", storage.Micros(at), id, storage.ID{}); err != nil {
				return err
			}
			var kind, city string
			var micros int64
			var gotID, subject storage.ID
			if err := tx.QueryRow(ctx, "SELECT id, value, kind, city, subject FROM fact WHERE kind = $2 AND id = $1", id, "Өзгөн").
				Scan(&gotID, &micros, &kind, &city, &subject); err != nil {
				return err
			}
			if gotID != id || !storage.Instant(micros).Equal(at) || kind != "Өзгөн" || city != kind || !subject.IsZero() {
				t.Errorf("read back %v %v %q %q %v", gotID, storage.Instant(micros), kind, city, subject)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestTheSameQueryMayRunWhileItsRowsAreOpen(t *testing.T) {
	t.Parallel()
	s := storagetest.Open(t) // pgx has one result at a time; SQLite must not confuse two
	err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
		for i := range 3 {
			if err := put(ctx, tx, strconv.Itoa(i), "x"); err != nil {
				return err
			}
		}
		const query = "SELECT name FROM setting ORDER BY name"
		outer, err := tx.Query(ctx, query)
		if err != nil {
			return err
		}
		defer outer.Close()
		var met string
		for outer.Next() {
			var a, b string
			if err := outer.Scan(&a); err != nil {
				return err
			}
			inner, err := tx.Query(ctx, query)
			if err != nil {
				return err
			}
			for inner.Next() {
				if err := inner.Scan(&b); err != nil {
					return err
				}
				met += a + b + " "
			}
			inner.Close()
		}
		if met != "00 01 02 10 11 12 20 21 22 " {
			t.Errorf("met %s", met)
		}
		return outer.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEachAcknowledgedWriteOfSixtyFourCallersIsStoredOnce(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		var group sync.WaitGroup
		for caller := range 64 {
			group.Go(func() {
				for i := range 20 {
					if err := writePair(t.Context(), s, fmt.Sprintf("%d.%d", caller, i)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		if got := settings(t, s); len(got) != 64*20*2 {
			t.Errorf("stored %d rows of %d", len(got), 64*20*2)
		}
	})
}

func TestAConditionalUpdateNeverLosesAnUpdateAndNeverPassesItsBound(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return put(ctx, tx, "taken", "0") })
		if err != nil {
			t.Fatal(err)
		}
		var group sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for range 64 {
			group.Go(func() {
				for range 5 {
					var changed int64
					err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) (err error) {
						changed, err = tx.Exec(ctx, `UPDATE setting SET value = CAST(CAST(value AS BIGINT) + 1 AS TEXT)
							WHERE name = 'taken' AND CAST(value AS BIGINT) < 200`)
						return err
					})
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					won += int(changed)
					mu.Unlock()
				}
			})
		}
		group.Wait()
		if got := settings(t, s)["taken"]; got != "200" || won != 200 {
			t.Errorf("%s of 200 taken, %d callers were told so", got, won)
		}
	})
}

// increment reads, thinks and writes: only right when no other write comes between.
func increment(ctx context.Context, s *storage.Store, options ...storage.WriteOption) error {
	return s.Write(ctx, func(ctx context.Context, tx *storage.Tx) error {
		var value string
		if err := tx.QueryRow(ctx, "SELECT value FROM setting WHERE name = 'count'").Scan(&value); err != nil {
			return err
		}
		n, err := strconv.Atoi(value)
		if err != nil {
			return err
		}
		runtime.Gosched()
		_, err = tx.Exec(ctx, "UPDATE setting SET value = $1 WHERE name = 'count'", strconv.Itoa(n+1))
		return err
	}, options...)
}

func TestSerializableWritesLoseNoUpdate(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		run := func(options ...storage.WriteOption) int {
			if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return put(ctx, tx, "count", "0") }); err != nil {
				t.Fatal(err)
			}
			var group sync.WaitGroup
			for range 8 {
				group.Go(func() {
					for range 10 {
						if err := increment(t.Context(), s, options...); err != nil {
							t.Error(err)
						}
					}
				})
			}
			group.Wait()
			n, _ := strconv.Atoi(settings(t, s)["count"])
			return n
		}
		if got := run(storage.Serializable); got != 80 {
			t.Errorf("%d of 80 serializable increments are left", got)
		}
		if s.Dialect() == storage.SQLite {
			if got := run(); got != 80 {
				t.Errorf("%d of 80 increments are left", got)
			}
		}
	})
}

func TestReadCommittedLosesAnUpdateThatSerializableKeeps(t *testing.T) {
	t.Parallel()
	s := storagetest.OpenPostgreSQL(t)
	if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return put(ctx, tx, "count", "0") }); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		options []storage.WriteOption
		want    string
	}{{nil, "1"}, {[]storage.WriteOption{storage.Serializable}, "3"}} {
		first := true
		err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
			var value string
			if err := tx.QueryRow(ctx, "SELECT value FROM setting WHERE name = 'count'").Scan(&value); err != nil {
				return err
			}
			if first { // another write comes between the look and the change
				first = false
				if err := increment(t.Context(), s, c.options...); err != nil {
					return err
				}
			}
			n, err := strconv.Atoi(value)
			if err != nil {
				return err
			}
			return put(ctx, tx, "count", strconv.Itoa(n+1))
		}, c.options...)
		if err != nil {
			t.Fatal(err)
		}
		if got := settings(t, s)["count"]; got != c.want {
			t.Errorf("after two increments beside each other the count is %s, want %s", got, c.want)
		}
	}
}

func TestAHistoryOfReadsWritesAndSwapsIsLinearizable(t *testing.T) {
	t.Parallel()
	type input struct {
		swap     bool
		from, to int
	}
	type output struct {
		value int
		done  bool
	}
	model := porcupine.Model{
		Init: func() any { return 0 },
		Step: func(state, in, out any) (bool, any) {
			i, o, value := in.(input), out.(output), state.(int)
			switch {
			case !i.swap:
				return o.value == value, value
			case value == i.from:
				return o.done, i.to
			default:
				return !o.done, value
			}
		},
	}
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		if err := s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error { return put(ctx, tx, "register", "0") }); err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		var history []porcupine.Operation
		started := time.Now()
		var group sync.WaitGroup
		for client := range 8 {
			random := rand.New(rand.NewPCG(1, uint64(client)))
			group.Go(func() {
				for range 40 {
					in := input{swap: random.IntN(2) == 0, from: random.IntN(4), to: random.IntN(4)}
					var out output
					call := time.Since(started).Nanoseconds()
					var err error
					if in.swap {
						err = s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
							n, err := tx.Exec(ctx, "UPDATE setting SET value = $1 WHERE name = 'register' AND value = $2", strconv.Itoa(in.to), strconv.Itoa(in.from))
							out.done = n == 1
							return err
						})
					} else {
						err = s.Read(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
							var value string
							err := tx.QueryRow(ctx, "SELECT value FROM setting WHERE name = 'register'").Scan(&value)
							out.value, _ = strconv.Atoi(value)
							return err
						})
					}
					answered := time.Since(started).Nanoseconds()
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					history = append(history, porcupine.Operation{ClientId: client, Input: in, Call: call, Output: out, Return: answered})
					mu.Unlock()
				}
			})
		}
		group.Wait()
		if !porcupine.CheckOperations(model, history) {
			t.Error("no order of the calls explains the answers")
		}
	})
}

func TestCloseWaitsForTheWriteThatRuns(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		begun, goOn, closed := make(chan struct{}), make(chan struct{}), make(chan struct{})
		written := make(chan error, 1)
		go func() {
			written <- s.Write(t.Context(), func(ctx context.Context, tx *storage.Tx) error {
				close(begun)
				<-goOn
				return put(ctx, tx, "a", "1")
			})
		}()
		<-begun
		go func() { defer close(closed); _ = s.Close() }()
		for { // Close has begun once new writes are refused
			err := s.Read(t.Context(), func(context.Context, *storage.Tx) error { return nil })
			if errors.Is(err, storage.ErrClosed) {
				break
			}
		}
		select {
		case <-closed:
			t.Error("closed while a write was running")
		default:
		}
		close(goOn)
		<-closed
		if err := <-written; err != nil {
			t.Error(err)
		}
	})
}

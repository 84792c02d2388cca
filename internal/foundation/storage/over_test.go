package storage_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"platforma.kg/ashar/internal/foundation/storage"
	"platforma.kg/ashar/internal/foundation/storage/storagetest"
)

func TestAClosedStoreAnswersWithAnError(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		if _, err := s.Stamp(t.Context()); err != nil { // its connection is open when the store closes
			t.Fatal(err)
		}
		settings(t, s) // so is that of a reader
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("closed twice: %v", err)
		}
		touched := func(context.Context, *storage.Tx) error { t.Error("a closure ran"); return nil }
		for name, ask := range map[string]func() error{
			"write":        func() error { return s.Write(t.Context(), touched) },
			"serializable": func() error { return s.Write(t.Context(), touched, storage.Serializable) },
			"long":         func() error { return s.Write(t.Context(), touched, storage.Long) },
			"read":         func() error { return s.Read(t.Context(), touched) },
			"stamp":        func() error { _, err := s.Stamp(t.Context()); return err },
			"tables":       func() error { _, err := s.Tables(t.Context()); return err },
			"pending":      func() error { _, err := s.Pending(t.Context()); return err },
			"size":         func() error { _, err := s.Size(t.Context()); return err },
			"check":        func() error { return s.Check(t.Context()) },
			"vacuum":       func() error { return s.Vacuum(t.Context()) },
			"forget":       func() error { return s.Forget(t.Context()) },
			"backup":       func() error { return s.Backup(t.Context(), filepath.Join(t.TempDir(), "b"), nil) },
		} {
			if err := ask(); !errors.Is(err, storage.ErrClosed) {
				t.Errorf("%s of a closed store: %v", name, err)
			}
		}
	})
}

func TestATransactionThatIsKeptReachesNothing(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, s *storage.Store) {
		keep := func(kept **storage.Tx, then error) func(context.Context, *storage.Tx) error {
			return func(ctx context.Context, tx *storage.Tx) error {
				*kept = tx
				_, err := tx.Query(ctx, "SELECT name FROM setting") // left open
				return errors.Join(err, then)
			}
		}
		var written, failed, read *storage.Tx
		if err := s.Write(t.Context(), keep(&written, nil)); err != nil {
			t.Fatal(err)
		}
		if err := s.Write(t.Context(), keep(&failed, errOwn)); !errors.Is(err, errOwn) {
			t.Fatal(err)
		}
		if err := s.Read(t.Context(), keep(&read, nil)); err != nil {
			t.Fatal(err)
		}
		for name, tx := range map[string]*storage.Tx{"a write": written, "a write that failed": failed, "a read": read} {
			if err := put(t.Context(), tx, "stray", "x"); !errors.Is(err, storage.ErrOver) {
				t.Errorf("after %s it wrote: %v", name, err)
			}
			if err := tx.QueryRow(t.Context(), "SELECT 1").Scan(new(int)); !errors.Is(err, storage.ErrOver) {
				t.Errorf("after %s it read: %v", name, err)
			}
			if err := tx.Try(t.Context(), func() error { return nil }); !errors.Is(err, storage.ErrOver) {
				t.Errorf("after %s it tried: %v", name, err)
			}
		}
		if got := settings(t, s); len(got) != 0 {
			t.Errorf("stored %v", got)
		}
	})
}
